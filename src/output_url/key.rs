//! `url-key`: the value that the command's output gives to a name.
//! It takes the last one that is there and guesses nothing.

use std::collections::VecDeque;

use serde_json::Value;

use super::escapes::strip;

/// How much of stdout is kept.
const MAX_TAIL: usize = 256 * 1024;

/// The last [`MAX_TAIL`] bytes of a stream.
#[derive(Debug, Default)]
pub(super) struct Tail(VecDeque<u8>);

impl Tail {
    pub(super) fn see(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(MAX_TAIL)..];
        let surplus = (self.0.len() + bytes.len()).saturating_sub(MAX_TAIL);
        self.0.drain(..surplus);
        self.0.extend(bytes);
    }

    pub(super) fn text(&self) -> String {
        let (front, back) = self.0.as_slices();
        String::from_utf8_lossy(&[front, back].concat()).into_owned()
    }
}

/// The last value of a key: in the JSON values of a text, else in its lines (`key = value`,
/// `key: value`, a row of a table). A key that begins with `/` is a JSON pointer.
/// <https://datatracker.ietf.org/doc/html/rfc6901>
pub(super) fn value_of(key: &str, text: &str) -> Option<String> {
    let in_json = if key.starts_with('/') {
        last_json_value(text, |value| value.pointer(key).and_then(as_text))
    } else {
        last_json_value(text, |value| in_object(value, key))
    };
    in_json.or_else(|| in_lines(text, key))
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

/// A string, the `value` of a Terraform output, or the only one of a list.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => fields.get("value").and_then(as_text),
        Value::Array(items) => match items.as_slice() {
            [only] => as_text(only),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The last line that gives the key a value. The tables of SAM and of the AWS CLI name the key on one
/// row (`Key`, `OutputKey`) and give its value (`Value`, `OutputValue`) on a later one.
fn in_lines(text: &str, key: &str) -> Option<String> {
    let mut found = None;
    let mut is_row_of_key = false;
    for line in text.lines().flat_map(|line| line.split('\r')) {
        let line = strip(line.as_bytes());
        let Some((name, value)) = name_and_value(&line) else { continue };
        match name {
            "Key" | "OutputKey" => is_row_of_key = value == key,
            "Value" | "OutputValue" if is_row_of_key => found = Some(value.to_owned()),
            // CDK puts the stack's name in front: `Stack.Key = …`.
            _ if name == key || name.rsplit('.').next() == Some(key) => {
                found = Some(value.to_owned());
            }
            _ => {}
        }
    }
    found
}

/// A line's first word, and what an equals sign, a colon, a box or blanks part from it.
fn name_and_value(line: &str) -> Option<(&str, &str)> {
    let is_mark = |c: char| {
        c.is_whitespace() || "|-*•>+,".contains(c) || matches!(c, '\u{2500}'..='\u{259f}')
    };
    let is_quote = |c: char| "\"'`".contains(c);
    let line = line.trim_matches(is_mark);
    let line = line.strip_prefix(is_quote).unwrap_or(line);
    let end = line.find(|c: char| is_mark_of_end(c))?;
    let (name, rest) = line.split_at(end);
    let is_parting = |c: char| {
        c.is_whitespace() || "=:|>\"'`".contains(c) || matches!(c, '\u{2500}'..='\u{259f}')
    };
    let value = rest.trim_matches(is_parting);
    let value = value.split(|c: char| c.is_whitespace() || is_quote(c)).next()?;
    (!value.is_empty()).then_some((name, value.trim_end_matches([',', ';'])))
}

fn is_mark_of_end(c: char) -> bool {
    c.is_whitespace() || "=:\"'`|".contains(c) || matches!(c, '\u{2500}'..='\u{259f}')
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
    fn a_key_is_found_in_lines() {
        check("url", "Outputs:\n\nurl = \"https://a\"\n", Some("https://a"));
        check("url", "    url     : \"https://a\"\n    other: 1", Some("https://a"));
        check(
            "ApiUrl",
            "Stack.ApiUrl = https://a\nStack.OtherApiUrl = https://b",
            Some("https://a"),
        );
        check("website", "  website  https://a\n", Some("https://a"));
        check("url", "url: https://a\nurl: https://b", Some("https://b"));
        check("url", "no such key", None);
    }

    #[test]
    fn a_key_is_found_in_tables() {
        let sam = "Key                 ApiUrl\nDescription         -\nValue               https://a\n\nKey                 Other\nValue               https://b\n";
        check("ApiUrl", sam, Some("https://a"));
        let aws = "|  OutputKey    |  ApiUrl      |\n|  OutputValue  |  https://a   |\n";
        check("ApiUrl", aws, Some("https://a"));
        check("ApiUrl", "│ ApiUrl │ https://a │", Some("https://a"));
    }

    #[test]
    fn only_the_tail_is_kept() {
        let mut tail = Tail::default();
        tail.see(b"url: https://a\n");
        for _ in 0..40 {
            tail.see(&[b'x'; 10_000]);
        }
        tail.see(b"\n");
        assert_eq!(tail.text().len(), MAX_TAIL);
        check("url", &tail.text(), None);
    }
}
