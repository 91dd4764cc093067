//! The few values that we want of a JSON text, which may be huge, odd or cut off.
//! Everything else is skipped without being kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A longer text is none of the names, numbers and URLs that we look for, in bytes.
const MAX_VALUE: usize = 2048;

/// What was found, by path (`pull_request/head/sha`): texts, numbers and booleans as text.
pub(super) type Leaves = BTreeMap<&'static str, String>;

/// Reads what is there under the `wanted` paths. What was found before an error counts.
pub(super) fn read(json: impl Read, wanted: &'static [&'static str]) -> (Leaves, Option<String>) {
    let found = RefCell::default();
    let mut deserializer = serde_json::Deserializer::from_reader(json);
    let walk = Walk { path: String::new(), wanted, found: &found };
    let read = walk.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    (found.into_inner(), read.err().map(|err| err.to_string()))
}

/// One value of the text, and where it stands.
struct Walk<'a> {
    path: String,
    wanted: &'static [&'static str],
    found: &'a RefCell<Leaves>,
}

impl Walk<'_> {
    fn keep(self, value: &str) {
        if let Some(path) = self.wanted.iter().find(|path| **path == self.path)
            && value.len() <= MAX_VALUE
        {
            self.found.borrow_mut().insert(path, value.to_owned());
        }
    }

    fn leads_to(&self, path: &str) -> bool {
        self.wanted.iter().any(|wanted| {
            wanted.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { key } else { format!("{}/{key}", self.path) };
            if self.leads_to(&path) {
                map.next_value_seed(Walk { path, wanted: self.wanted, found: self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.keep(text);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.keep(&number.to_string());
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.keep(&number.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.keep(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
