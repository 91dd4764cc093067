//! The message in a refusal's body, made fit to be quoted.
//! <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>

use std::fmt;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;

use crate::github::quote::quote;
use crate::redact::Redactor;

/// No more of a message's errors are quoted.
const MAX_ERRORS: usize = 10;

/// GitHub's refusals are shorter; in bytes. A tree of JSON takes a hundred times its text.
const MAX_BODY: usize = 16 << 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) errors: Vec<String>,
}

#[derive(Deserialize)]
struct Body {
    message: String,
    #[serde(default)]
    errors: Value,
}

/// A body that is too long for its `errors` to be looked at.
#[derive(Deserialize)]
struct LongBody {
    message: String,
}

impl Message {
    /// Empty where the body is neither GitHub's JSON nor a line of plain text.
    pub(super) fn read(headers: &HeaderMap, body: &[u8], secrets: &Redactor) -> Self {
        // Redacted as a whole, lest half a secret be left when a quotation is cut.
        let quote =
            |text: &str| quote(&secrets.redact(&text[..text.floor_char_boundary(MAX_BODY)]));
        if let Some(Body { message, errors }) = parse(body) {
            let errors = described(&errors).iter().map(|error| quote(error)).collect();
            return Self { text: quote(&message), errors };
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_plain = content_type.is_some_and(|kind| kind.starts_with("text/plain"));
        let text = String::from_utf8_lossy(&body[..body.len().min(MAX_BODY)]);
        let line = text.trim_start();
        if is_plain && !line.starts_with('<') {
            return Self { text: quote(line), errors: Vec::new() };
        }
        Self::default()
    }

    pub(super) fn mentions(&self, words: &str) -> bool {
        let is_in = |text: &String| text.to_ascii_lowercase().contains(words);
        is_in(&self.text) || self.errors.iter().any(is_in)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.trim_end_matches('.'))?;
        match self.errors.as_slice() {
            [] => Ok(()),
            errors => write!(f, ": {}", errors.join("; ")),
        }
    }
}

fn parse(body: &[u8]) -> Option<Body> {
    if body.len() <= MAX_BODY {
        return serde_json::from_slice(body).ok();
    }
    let LongBody { message } = serde_json::from_slice(body).ok()?;
    Some(Body { message, errors: Value::Null })
}

/// `errors` is a list of objects, a list of sentences, or one of either.
fn described(errors: &Value) -> Vec<String> {
    match errors {
        Value::Null => Vec::new(),
        Value::Array(errors) => errors.iter().take(MAX_ERRORS).map(one).collect(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![one(errors)]
        }
    }
}

fn one(error: &Value) -> String {
    let part = |name: &str| error[name].as_str().filter(|text| !text.is_empty());
    if let Some(text) = error.as_str().or_else(|| part("message")) {
        return text.to_owned();
    }
    match (part("field"), part("code")) {
        (Some(field), Some("missing_field")) => format!("`{field}` is missing"),
        (Some(field), Some(code)) => format!("`{field}` is {}", code.replace('_', " ")),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn whatever_the_errors_are_they_are_told_in_lines(errors in any::<String>(), n in 0..9_usize) {
            let shapes = [
                format!("{errors:?}"), format!("[{errors:?},{n},null,[],{{}}]"),
                format!("{{\"field\":{n}}}"), format!("[{{\"code\":{errors:?}}}]"),
            ];
            let body = format!(r#"{{"message":"No","errors":{}}}"#, shapes[n % shapes.len()]);
            let shown = Message::read(&HeaderMap::new(), body.as_bytes(), &Redactor::default());
            let shown = shown.to_string();
            assert!(!shown.chars().any(char::is_control));
        }
    }
}
