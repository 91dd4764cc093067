//! The line that the log has for a request.

use serde_json::Value;

use super::auth;
use super::request::Request;

/// Shorter tokens are not redacted: they may be part of an ordinary word.
const MIN_REDACTED_TOKEN: usize = 8;

/// `POST /path (authorization: ***) -> 201 [rule] {"state":"success"}`, without the token.
pub(super) fn describe(request: &Request, body: &[u8], rule: Option<&str>, result: &str) -> String {
    let token = request.authorization.as_deref().map(auth::token);
    let authorization = if token.is_some() { " (authorization: ***)" } else { "" };
    let aside = if request.control.is_aside { " (aside)" } else { "" };
    let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(json) => format!(" {json}"),
        Err(_) if body.is_empty() => String::new(),
        Err(_) => format!(" {}", String::from_utf8_lossy(body).escape_debug()),
    };
    let Request { method, target, .. } = request;
    let line = format!("{method} {target}{authorization}{aside} -> {result}{rule}{body}");
    match token.flatten().filter(|token| token.len() >= MIN_REDACTED_TOKEN) {
        Some(token) => line.replace(&token, "***"),
        None => line,
    }
}
