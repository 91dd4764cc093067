//! Lines of JSON and logfmt: the message in them is the line.

use std::borrow::Cow;

use super::logger::is_complaint_in;

/// What a line of JSON or logfmt says; of any other line, the line.
pub(super) struct Structured<'a> {
    /// The message, with the name of the field that follows it where the line ends there.
    pub(super) text: Cow<'a, str>,
    pub(super) is_complaint: bool,
    /// The text is a message, and ends where its string does.
    pub(super) is_message: bool,
}

pub(super) fn structured(text: &str) -> Structured<'_> {
    let plain = |text, is_complaint| Structured {
        text: Cow::Borrowed(text),
        is_complaint,
        is_message: false,
    };
    let is_json = text.starts_with('{') && text.contains("\":");
    let is_logfmt = text.contains('=') && (text.contains("level=") || text.contains("msg="));
    if !is_json && !is_logfmt {
        return plain(text, false);
    }
    let value = |names: &[&str]| names.iter().find_map(|name| field(text, name, is_json));
    let level = value(&["level", "severity", "lvl", "levelname", "log.level"]).unwrap_or_default();
    // pino and bunyan count: 40 is a warning.
    let is_complaint =
        is_complaint_in(level.0) == Some(true) || ["40", "50", "60"].contains(&level.0);
    let Some((message, end)) = value(&["msg", "message", "log", "text"]) else {
        return plain(if level.0.is_empty() { text } else { last_field(text) }, is_complaint);
    };
    // Docker's own log keeps the end of the line.
    let message = ["\\n", "\\r"].iter().fold(message, |text, end| text.trim_end_matches(end));
    let behind = &text[end..];
    let is_cut_before_value = behind.trim_end_matches(['"', ' ']).ends_with([':', '=']);
    if !behind.contains(char::is_alphanumeric) || !is_cut_before_value {
        return Structured { is_message: true, ..plain(message, is_complaint) };
    }
    let text = Cow::Owned(format!("{message} {}", last_field(behind)));
    Structured { text, is_complaint, is_message: false }
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
        assert_eq!(structured(line).text.trim_end(), message, "in: {line}");
    }

    #[test]
    fn the_message_of_a_structured_line_is_the_line() {
        check(r#"{"level":"info","time":1,"msg":"Live at "#, "Live at");
        check(r#"level=info ts=1 msg="Live at "#, "Live at");
        check(r#"{"level":"info","msg":"deployed","url":""#, r#"deployed "url":""#);
        check(r#"{"url": ""#, r#"{"url": ""#);
        check(r#"{"level":"info","msg":"Live at:","v":0}"#, "Live at:");
        check(
            r#"{"log":"Live at:\n","stream":"stdout","time":"2024-06-01T08:00:05Z"}"#,
            "Live at:",
        );
        check(r#"level=info msg="" ts="1""#, "");
    }

    #[test]
    fn a_level_may_be_a_number() {
        assert!(structured(r#"{"level":40,"time":1,"msg":"x"#).is_complaint);
        assert!(!structured(r#"{"level":30,"time":1,"msg":"x"#).is_complaint);
    }
}
