//! An environment's name, or a pattern for several, such as `preview-*`.
//! GitHub compares environment names without regard to case, and so do we.

use std::fmt;

use wildmatch::WildMatch;

/// `*` stands for any characters, `?` for one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EnvironmentGlob {
    text: String,
    pattern: WildMatch,
}

impl EnvironmentGlob {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), pattern: WildMatch::new(&text.to_lowercase()) }
    }

    pub(crate) fn matches(&self, environment: &str) -> bool {
        self.pattern.matches(&environment.to_lowercase())
    }

    /// The one name that is meant, where this is no pattern: GitHub can filter by it.
    pub(crate) fn name(&self) -> Option<&str> {
        (!self.text.contains(['*', '?'])).then_some(&self.text)
    }
}

impl fmt::Display for EnvironmentGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters_and_case_does_not_count() {
        let previews = EnvironmentGlob::new("Preview-*");

        assert!(previews.matches("preview-7") && previews.matches("PREVIEW-"));
        assert!(!previews.matches("preview") && !previews.matches("my-preview-7"));
        assert_eq!(previews.name(), None);
    }

    #[test]
    fn without_a_star_one_name_is_meant() {
        let production = EnvironmentGlob::new("Production");

        assert!(production.matches("production"));
        assert!(!production.matches("production-eu"));
        assert_eq!(production.name(), Some("Production"));
    }
}
