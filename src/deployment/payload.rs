//! A deployment's payload, as far as we act on it. Anybody may have put anything there, so what is
//! kept of it is bounded, and nothing in it makes the deployment unreadable.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The key under which this tool names the owner of a deployment that it made.
const OWNER: &str = "deployment_status";

/// No more of the owner's entries are kept.
const MAX_ENTRIES: usize = 32;

/// No longer text is kept; in bytes.
const MAX_TEXT: usize = 1024;

/// Reads a payload: a text or a number as it is; of an object, or of a text that is one, only the
/// owner, and of that only texts and numbers. The rest is null, or missing.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Level::Payload.deserialize(deserializer)
}

/// How deep in the payload a value stands.
#[derive(Clone, Copy)]
enum Level {
    Payload,
    Owner,
    Entry,
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let level = match self {
                Self::Payload if key == OWNER => Self::Owner,
                Self::Owner if kept.len() < MAX_ENTRIES && key.len() <= MAX_TEXT => Self::Entry,
                Self::Payload | Self::Owner | Self::Entry => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            kept.insert(key, map.next_value_seed(level)?);
        }
        Ok(match self {
            Self::Payload | Self::Owner => Value::Object(kept),
            Self::Entry => Value::Null,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        // Some clients send an object as a text, which GitHub keeps as one.
        if let Self::Payload = self
            && text.trim_start().starts_with('{')
            && let Ok(object) = deserialize(&mut serde_json::Deserializer::from_str(text))
        {
            return Ok(object);
        }
        Ok(if text.len() > MAX_TEXT { Value::Null } else { Value::from(text) })
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(payload: &str, kept: &Value) {
        let mut json = serde_json::Deserializer::from_str(payload);
        assert_eq!(deserialize(&mut json).as_ref().ok(), Some(kept), "{payload}");
        json.end().expect("all of it was read");
    }

    #[test]
    fn the_owner_is_kept_and_what_else_an_object_holds_is_not() {
        check(
            r#"{"a": [{"b": 1}], "deployment_status": {"run": "1", "attempt": 2, "x": {"y": []}}}"#,
            &json!({ "deployment_status": { "run": "1", "attempt": 2, "x": null } }),
        );
        check(r#"{"deployment_status": ["run"]}"#, &json!({ "deployment_status": null }));
    }

    #[test]
    fn a_payload_that_is_no_object_is_read_too() {
        for payload in ["null", "true", "-7", "7", "0.5", r#""a text""#] {
            check(payload, &payload.parse().expect("this is JSON"));
        }
        check("[[[]], {}]", &Value::Null);
        check(
            r#""{\"deployment_status\": {\"run\": \"1\"}, \"a\": []}""#,
            &json!({ "deployment_status": { "run": "1" } }),
        );
        check(&format!("{:?}", "x".repeat(2000)), &Value::Null);
    }

    #[test]
    fn an_owner_without_end_is_cut() {
        let entries: Vec<String> = (0..1000).map(|n| format!(r#""{n}": "{n}""#)).collect();
        let payload = format!(r#"{{"deployment_status": {{{}}}}}"#, entries.join(","));
        let mut json = serde_json::Deserializer::from_str(&payload);
        let kept = deserialize(&mut json).expect("this is JSON");
        assert_eq!(kept[OWNER].as_object().map(Map::len), Some(MAX_ENTRIES));
        let long = format!(r#"{{"deployment_status": {{"run": "{}"}}}}"#, "x".repeat(2000));
        check(&long, &json!({ "deployment_status": { "run": null } }));
    }
}
