//! Why nobody answered: no name, no way, no trust, or a line that broke.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::{RequestContext, help};
use crate::github::quote::quote;

pub(super) struct TransportFailure {
    pub(super) why: String,
    pub(super) help: Option<&'static str>,
    /// The same will happen again.
    pub(super) is_final: bool,
}

/// Explains an error of the connection by the chain of its causes.
pub(super) fn explain(
    context: &RequestContext,
    err: &(dyn Error + 'static),
    sent: bool,
) -> TransportFailure {
    let causes = causes(err);
    let root = causes.last().map(|cause| quote(&cause.to_string())).unwrap_or_default();
    let root = root.split(" (os error").next().unwrap_or_default();
    let has = |words: &str| causes.iter().any(|cause| cause.to_string().contains(words));
    let host = context.host;
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return insecure(host, tls);
    }
    if sent {
        let why =
            format!("the connection to `{host}` broke before the answer was complete: {root}");
        return TransportFailure { why, help: None, is_final: false };
    }
    if let Some(proxy) = context.proxy {
        let is_final = has("authorization required");
        let why = format!("no way to `{host}` through the proxy `{proxy}`: {root}");
        return TransportFailure { why, help: Some(help::for_a_proxy(is_final)), is_final };
    }
    if has("dns error") {
        let why = format!("the name `{host}` cannot be looked up: {root}");
        return TransportFailure { why, help: Some(help::FOR_DNS), is_final: false };
    }
    let why = format!("no connection to `{host}`: {root}");
    TransportFailure { why, help: Some(help::for_no_connection(context)), is_final: false }
}

/// A certificate stays what it is; anything else about TLS may be better the next time.
fn insecure(host: &str, err: &rustls::Error) -> TransportFailure {
    let (why, help) = match err {
        rustls::Error::InvalidCertificate(err) => match err {
            CertificateError::UnknownIssuer => (
                "its certificate comes from an authority that is not trusted here".to_owned(),
                Some(help::FOR_AN_AUTHORITY),
            ),
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                (quote(&err.to_string()), Some("check this machine's clock"))
            }
            _ => (quote(&err.to_string()), Some("check `api-url`")),
        },
        _ => (quote(&err.to_string()), None),
    };
    let is_final = matches!(err, rustls::Error::InvalidCertificate(_));
    TransportFailure { why: format!("no secure connection to `{host}`: {why}"), help, is_final }
}

/// The error and what caused it, outermost first. An [`io::Error`] may hide another inside.
fn causes<'a>(err: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = vec![err];
    let mut last = err;
    loop {
        let inner = last.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let next: Option<&'a (dyn Error + 'static)> = match inner {
            Some(inner) => Some(inner),
            None => last.source(),
        };
        let Some(cause) = next else { return causes };
        causes.push(cause);
        last = cause;
    }
}
