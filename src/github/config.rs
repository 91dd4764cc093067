//! Where GitHub is, who we are there, and the way to it.
//! It checks nothing: `inputs` makes these values from what the user gave.

use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use super::app_jwt::Key;
use crate::deployment::Slug;
use crate::redact::Secret;

/// Where GitHub is, and who we are there.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// https, or http on loopback; may have a path (`https://HOST/api/v3`), which does not end in
    /// a slash unless it is the root.
    pub(crate) url: Url,
    pub(crate) repository: Slug,
    pub(crate) credentials: Credentials,
    pub(crate) proxies: Proxies,
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`: roots beside the built-in and the system's.
    pub(crate) certificate_file: Option<PathBuf>,
    pub(crate) certificate_directory: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    Token(Secret),
    App(App),
    /// A fork's pull request, or Dependabot: nothing can be posted, and nobody can mend it.
    Missing,
}

/// A GitHub App's identity.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// The numeric id or the client id.
    pub(crate) id: String,
    pub(crate) private_key: Arc<Key>,
    /// None is looked up from the repository.
    pub(crate) installation: Option<u64>,
}

/// The values of `HTTPS_PROXY` and its siblings, either case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    pub(crate) https: Option<Secret>,
    pub(crate) http: Option<Secret>,
    pub(crate) all: Option<Secret>,
    pub(crate) none: Option<String>,
}
