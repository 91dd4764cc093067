//! Why there was no answer: the name is unknown, the host or proxy is not reached, TLS fails, or the
//! connection breaks.

use std::error::Error;
use std::io;

use super::{RequestContext, TransportFailure, help, tls};
use crate::github::proxy::ProxyError;
use crate::github::quote::quote;

/// Explains an error of the connection by the chain of its causes.
pub(super) fn explain(
    context: &RequestContext,
    err: &(dyn Error + 'static),
    sent: bool,
) -> TransportFailure {
    let causes = causes(err);
    let root = causes.last().map(|cause| root_cause(*cause)).unwrap_or_default();
    let root = root.as_str();
    let has = |words: &str| causes.iter().any(|cause| cause.to_string().contains(words));
    let host = context.host;
    let is_proxys = causes.iter().any(|cause| cause.is::<ProxyError>());
    let whose = match context.proxy.filter(|_| is_proxys) {
        Some(proxy) => format!("the proxy `{proxy}`"),
        None => format!("`{host}`"),
    };
    if let Some(err) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return tls::explain(&whose, err, is_proxys);
    }
    if has("tls handshake eof") {
        return tls::explain_end(&whose, is_proxys);
    }
    if sent {
        let why =
            format!("the connection to `{host}` broke before the answer was complete: {root}");
        return TransportFailure { why, help: None, is_final: false };
    }
    if let Some(proxy) = context.proxy {
        let is_final = has("authorization required");
        let root = match root {
            "tunnel error: unsuccessful" => "it refuses the connection",
            "tunnel error: unexpected end of file" => "it closed the connection",
            "tunnel error: proxy authorization required" => "it wants a user name and a password",
            other => other,
        };
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

/// What went wrong in the first place; where every system means the same, in the same words.
fn root_cause(cause: &(dyn Error + 'static)) -> String {
    match cause.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "Connection refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset) => "Connection reset by peer".to_owned(),
        Some(_) | None => {
            let text = quote(&cause.to_string());
            text.split(" (os error").next().unwrap_or_default().trim_end_matches('.').to_owned()
        }
    }
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
