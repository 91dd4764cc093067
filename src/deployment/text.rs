//! Texts of GitHub's. Of one without end only the beginning is kept.

use serde::{Deserialize, Deserializer};

/// Longer than anything that GitHub takes; in bytes.
const MAX_TEXT: usize = 4 << 10;

/// Reads a text; null is empty.
pub(super) fn cut<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    cut_if_any(deserializer).map(Option::unwrap_or_default)
}

pub(super) fn cut_if_any<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text[..text.floor_char_boundary(MAX_TEXT)].to_owned()))
}
