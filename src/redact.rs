//! What must never be seen: not in a log, an error, a file, an argument or a URL.

use std::fmt;

/// A token, a key or a password. Only [`Secret::expose`] gives it out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Every secret that we know of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor(Vec<Secret>);

impl Redactor {
    pub(crate) fn new(redactor: Vec<Secret>) -> Self {
        Self(redactor.into_iter().filter(|secret| !secret.expose().is_empty()).collect())
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.expose()))
    }

    /// The text with `***` where a secret stood.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), "***"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("ghp_abc")), "***");
    }

    #[test]
    fn a_known_secret_is_found_and_hidden() {
        let redactor = Redactor::new(vec![Secret::new(""), Secret::new("ghp_abc")]);
        assert!(redactor.matches("https://x.example/?t=ghp_abc"));
        assert!(!redactor.matches("https://x.example/"));
        assert_eq!(redactor.redact("a ghp_abc b"), "a *** b");
    }
}
