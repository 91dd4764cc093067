//! Why nobody answered: no name, no way, no trust, or a line that broke.

use std::error::Error;
use std::io;

use super::message::quote;
use super::{Scene, advice};

pub(super) struct Silence {
    pub(super) why: String,
    pub(super) help: Option<&'static str>,
    /// The same will happen again.
    pub(super) is_final: bool,
}

/// Explains an error of the connection by the chain of its causes.
pub(super) fn explain(scene: &Scene, err: &(dyn Error + 'static), sent: bool) -> Silence {
    let causes = causes(err);
    let root = causes.last().map(|cause| quote(&cause.to_string())).unwrap_or_default();
    let root = root.split(" (os error").next().unwrap_or_default();
    let has = |words: &str| causes.iter().any(|cause| cause.to_string().contains(words));
    let host = scene.host;
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        let is_final = matches!(tls, rustls::Error::InvalidCertificate(_));
        let why = format!("no secure connection to `{host}`: {root}");
        return Silence { why, help: is_final.then_some(advice::FOR_A_CERTIFICATE), is_final };
    }
    if sent {
        let why =
            format!("the connection to `{host}` broke before the answer was complete: {root}");
        return Silence { why, help: None, is_final: false };
    }
    if let Some(proxy) = scene.proxy {
        let is_final = has("authorization required");
        let why = format!("no way to `{host}` through the proxy `{proxy}`: {root}");
        return Silence { why, help: Some(advice::for_a_proxy(is_final)), is_final };
    }
    if has("dns error") {
        let why = format!("the name `{host}` cannot be looked up: {root}");
        return Silence { why, help: Some(advice::FOR_DNS), is_final: false };
    }
    let why = format!("no connection to `{host}`: {root}");
    Silence { why, help: Some(advice::for_no_connection(scene)), is_final: false }
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
