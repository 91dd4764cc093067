//! `url-key`: the value that the command's output gives to a name.
//! It takes the last one that is there and guesses nothing.

use std::collections::VecDeque;

use serde_json::Value;

/// How much of stdout is kept.
const MAX_TAIL: usize = 256 * 1024;

/// The last [`MAX_TAIL`] bytes of a stream.
#[derive(Debug, Default)]
pub(in super::super) struct Tail {
    bytes: VecDeque<u8>,
    /// There were more.
    has_lost: bool,
}

impl Tail {
    pub(in super::super) fn observe(&mut self, bytes: &[u8]) {
        let surplus = (self.bytes.len() + bytes.len()).saturating_sub(MAX_TAIL);
        self.has_lost |= surplus > 0;
        self.bytes.drain(..surplus.min(self.bytes.len()));
        self.bytes.extend(&bytes[bytes.len().saturating_sub(MAX_TAIL)..]);
    }

    pub(in super::super) fn has_lost(&self) -> bool {
        self.has_lost
    }

    pub(in super::super) fn text(&self) -> String {
        let (front, back) = self.bytes.as_slices();
        String::from_utf8_lossy(&[front, back].concat()).into_owned()
    }
}

/// The last value of a key: in the JSON values of a text, else in its lines (`key = value`,
/// `key: value`, a row of a table). A key that begins with `/` is a JSON pointer.
/// <https://datatracker.ietf.org/doc/html/rfc6901>
pub(in super::super) fn value_of(key: &str, text: &str) -> Option<String> {
    let in_json = if key.starts_with('/') {
        last_json_value(text, |value| pointed(value, key).and_then(as_text))
    } else {
        last_json_value(text, |value| in_object(value, key).or_else(|| in_path(value, key)))
    };
    in_json.or_else(|| super::lines::value_of(key, text))
}

/// What `pick` finds in the last complete JSON value that has it.
fn last_json_value(text: &str, pick: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let mut found = None;
    let mut from = 0;
    while let Some(start) = text[from..].find(['{', '[']).map(|at| from + at) {
        // Inside of a value that is not complete; to try each would take quadratic time.
        let before = text[..start].trim_end();
        if before.ends_with(['[', '{', ',']) || before.ends_with("\":") {
            from = start + 1;
            continue;
        }
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        from = match values.next() {
            Some(Ok(value)) => {
                found = pick(&value).or(found);
                start + values.byte_offset()
            }
            Some(Err(_)) | None => start + 1,
        };
    }
    found
}

/// A key at any depth; of several the last.
fn in_object(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let named = |name: &str| fields.get(name).and_then(Value::as_str);
            let is_output = ["OutputKey", "ExportName"].iter().any(|name| named(name) == Some(key));
            let deeper = || fields.values().rev().find_map(|field| in_object(field, key));
            fields
                .get(key)
                .and_then(as_text)
                .or_else(|| is_output.then(|| named("OutputValue")).flatten().map(str::to_owned))
                .or_else(deeper)
        }
        Value::Array(items) => items.iter().rev().find_map(|item| in_object(item, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// What dots lead to: `metadata.url`.
fn in_path(value: &Value, key: &str) -> Option<String> {
    let (first, rest) = key.split_once('.')?;
    let deeper = || match value {
        Value::Object(fields) => fields.values().rev().find_map(|field| in_path(field, key)),
        Value::Array(items) => items.iter().rev().find_map(|item| in_path(item, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    let inside = step(value, first).and_then(|inside| {
        let deeper = rest.contains('.').then(|| in_path(inside, rest)).flatten();
        deeper.or_else(|| step(inside, rest).and_then(as_text))
    });
    inside.or_else(deeper)
}

/// What a JSON pointer leads to. Where it says nothing of them, it steps through the `value` of
/// Terraform's outputs.
fn pointed<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let tokens = pointer.split('/').skip(1);
    tokens
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .try_fold(value, |value, token| step(value, &token))
}

fn step<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => {
            fields.get(name).or_else(|| fields.get("value").and_then(|value| step(value, name)))
        }
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A string, the `value` of a Terraform output, or the first of a list.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => fields.get("value").and_then(as_text),
        Value::Array(items) => items.first().and_then(as_text),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, text: &str, expected: Option<&str>) {
        assert_eq!(value_of(key, text).as_deref(), expected);
    }

    #[test]
    fn a_pointer_leads_into_the_last_value_that_has_it() {
        let text = "Deploying\n{\"outputs\": {\"url\": \"https://a\"}}\n{\"outputs\": {\"url\": \"https://b\"}}\n{\"done\": true} {";
        check("/outputs/url", text, Some("https://b"));
        check("/outputs/nothing", text, None);
    }

    #[test]
    fn a_key_is_found_at_any_depth_of_json() {
        check("url", r#"[{"api": {"id": 1, "url": "https://a"}}]"#, Some("https://a"));
        check("url", r#"{"url": {"sensitive": false, "value": "https://a"}}"#, Some("https://a"));
        check("Url", r#"[{"OutputKey": "Url", "OutputValue": "https://a"}]"#, Some("https://a"));
    }

    #[test]
    fn a_path_steps_through_the_values_of_terraform() {
        let text = r#"{"metadata": {"sensitive": false, "value": {"url": "https://a"}}}"#;
        check("/metadata/url", text, Some("https://a"));
        check("/metadata/value/url", text, Some("https://a"));
        check("metadata.url", text, Some("https://a"));
        check("metadata.name", text, None);
        check("urls", r#"{"urls": {"value": ["https://a", "https://b"]}}"#, Some("https://a"));
        check("/urls/1", r#"{"urls": {"value": ["https://a", "https://b"]}}"#, Some("https://b"));
        check("a.b.c", r#"[{"x": {"a": {"b": {"c": "https://a"}}}}]"#, Some("https://a"));
    }

    #[test]
    fn only_the_tail_is_kept() {
        let mut tail = Tail::default();
        tail.observe(b"url: https://a\n");
        for _ in 0..40 {
            tail.observe(&[b'x'; 10_000]);
        }
        tail.observe(b"\n");
        assert_eq!(tail.text().len(), MAX_TAIL);
        check("url", &tail.text(), None);
    }
}
