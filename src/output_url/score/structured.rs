//! Lines of JSON and logfmt: the message in them is the line.

use std::borrow::Cow;

use super::super::data::keywords::COMPLAINTS;

/// The message of a line of JSON or logfmt, with the name of the field that follows it.
pub(super) fn structured(text: &str) -> (Cow<'_, str>, bool) {
    let is_json = text.starts_with('{') && text.contains("\":");
    let is_logfmt = text.contains('=') && (text.contains("level=") || text.contains("msg="));
    if !is_json && !is_logfmt {
        return (Cow::Borrowed(text), false);
    }
    let value = |names: &[&str]| names.iter().find_map(|name| field(text, name, is_json));
    let level = value(&["level", "severity", "lvl", "levelname", "log.level"]).unwrap_or_default();
    let is_complaint = COMPLAINTS.contains(&level.0.to_lowercase().as_str());
    let Some((message, end)) = value(&["msg", "message", "log", "text"]) else {
        return (
            Cow::Borrowed(if level.0.is_empty() { text } else { last_field(text) }),
            is_complaint,
        );
    };
    let behind = &text[end..];
    if !behind.contains(char::is_alphanumeric) {
        return (Cow::Borrowed(message), is_complaint);
    }
    (Cow::Owned(format!("{message} {}", last_field(behind))), is_complaint)
}

/// The value of a field, and where in the text it ends.
fn field<'a>(text: &'a str, name: &str, is_json: bool) -> Option<(&'a str, usize)> {
    let start = if is_json {
        let key = format!("\"{name}\":");
        text.find(&key)? + key.len()
    } else {
        let key = format!("{name}=");
        let at = text.find(&key)?;
        (at == 0 || text.as_bytes()[at - 1] == b' ').then_some(at + key.len())?
    };
    let value = text[start..].trim_start();
    let start = text.len() - value.len();
    let (value, start) = match value.strip_prefix('"') {
        Some(quoted) => (&quoted[..end_of_string(quoted)], start + 1),
        None => (value.split([' ', ',', '}']).next().unwrap_or_default(), start),
    };
    Some((value, start + value.len()))
}

/// Where a string ends that may have escaped quotes in it.
fn end_of_string(text: &str) -> usize {
    let ends = |at: &usize| *at == 0 || text.as_bytes()[at - 1] != b'\\';
    text.match_indices('"').map(|(at, _)| at).find(ends).unwrap_or(text.len())
}

/// The last field's name, and what stands behind it.
fn last_field(text: &str) -> &str {
    text.rfind([',', ' '])
        .filter(|at| text[*at..].contains(char::is_alphabetic))
        .map_or(text, |at| &text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, message: &str) {
        assert_eq!(structured(line).0.trim_end(), message, "in: {line}");
    }

    #[test]
    fn the_message_of_a_structured_line_is_the_line() {
        check(r#"{"level":"info","time":1,"msg":"Live at "#, "Live at");
        check(r#"level=info ts=1 msg="Live at "#, "Live at");
        check(r#"{"level":"info","msg":"deployed","url":""#, r#"deployed "url":""#);
        check(r#"{"url": ""#, r#"{"url": ""#);
    }
}
