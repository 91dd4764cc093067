//! Lines about somebody else's pages: traces of HTTP, the environment of a CI job.

use super::super::data::labels::{AMBIENT_VARIABLES, HEADERS};

/// Why a line is about somebody else's pages: an HTTP trace, or the environment of a CI job.
pub(super) fn foreign(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let traced = text.strip_prefix("< ").or_else(|| text.strip_prefix("> "));
    let line = traced.unwrap_or(text);
    if let Some((name, _)) = line.split_once(':') {
        let is_lower = name.bytes().all(|byte| !byte.is_ascii_uppercase());
        let is_extra = name.starts_with("x-") && !name.contains(' ');
        let is_header = HEADERS.contains(&name.to_ascii_lowercase().as_str()) || is_extra;
        // Tools name such values of their own so.
        let is_word = ["host", "link", "origin", "server"].contains(&name);
        if is_header && (traced.is_some() || (is_lower && !is_word)) {
            return Some("a header of an HTTP answer");
        }
    }
    let variable = text.trim_start_matches("export ").trim_start_matches("declare -x ");
    let is_variable = variable.find('=').is_some_and(|end| {
        variable[..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    (is_variable && AMBIENT_VARIABLES.iter().any(|start| variable.starts_with(start)))
        .then_some("a variable that CI jobs have")
}
