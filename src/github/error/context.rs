//! What an error has to know of its request, to name it and its remedy.

use http::HeaderMap;

use crate::deployment::Slug;
use crate::github::operation::Operation;
use crate::github::quote::quote;
use crate::redact::Redactor;

/// The request that an error is about.
pub(in crate::github) struct RequestContext<'a> {
    pub(in crate::github) operation: Operation<'a>,
    pub(in crate::github) caller: Caller,
    pub(in crate::github) repository: &'a Slug,
    /// Host and port of the API.
    pub(in crate::github) host: &'a str,
    /// The proxy's address, without credentials.
    pub(in crate::github) proxy: Option<&'a str>,
    pub(in crate::github) secrets: Redactor,
}

impl RequestContext<'_> {
    /// What GitHub's support asks for.
    pub(in crate::github) fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let id = headers.get("x-github-request-id")?;
        Some(quote(&self.secrets.redact(&String::from_utf8_lossy(id.as_bytes()))))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::github) enum Caller {
    Token,
    /// A token of a GitHub App's installation (`ghs_…`), which ends after an hour; the job's own
    /// in a workflow, which ends with the job, looks the same.
    InstallationToken,
    App,
    Nobody,
}
