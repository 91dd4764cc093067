//! The words beside a status.

use serde::{Deserialize, Serialize};

/// GitHub refuses a longer description with a 422.
/// <https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status>
const MAX_DESCRIPTION: usize = 140;

/// The one line that GitHub shows beside a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Description(String);

impl From<String> for Description {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl Description {
    /// Makes any text fit: blanks collapse, characters outside the Basic Multilingual Plane are
    /// replaced, and what passes [`MAX_DESCRIPTION`] characters is cut with `…`.
    pub(crate) fn new(text: &str) -> Self {
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let mut kept: String = line
            .chars()
            .map(|c| if c > '\u{FFFF}' { char::REPLACEMENT_CHARACTER } else { c })
            .collect();
        if kept.chars().count() > MAX_DESCRIPTION {
            let cut: String = kept.chars().take(MAX_DESCRIPTION - 1).collect();
            kept = format!("{}…", cut.trim_end());
        }
        Self(kept)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Description::new(text).as_str(), expected);
    }

    #[test]
    fn blanks_and_line_ends_collapse() {
        check("  a \n\t b\u{1b} ", "a b");
        check("", "");
    }

    #[test]
    fn what_github_refuses_is_replaced() {
        check("shipped 🚀 ü", "shipped \u{FFFD} ü");
    }

    #[test]
    fn a_long_text_is_cut_where_a_character_ends() {
        check(&"ü".repeat(140), &"ü".repeat(140));
        check(&"ü".repeat(141), &format!("{}…", "ü".repeat(139)));
    }

    proptest! {
        #[test]
        fn any_text_fits(text in any::<String>()) {
            let fitted = Description::new(&text);
            assert!(fitted.as_str().chars().count() <= MAX_DESCRIPTION);
            assert!(fitted.as_str().chars().all(|c| c <= '\u{FFFF}' && !c.is_control()));
            assert_eq!(Description::new(fitted.as_str()), fitted);
        }
    }
}
