//! Secrets, and how they are kept out of text: out of logs, errors, files, arguments and URLs.

mod masks;
mod tokens;

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

pub(crate) use self::masks::MaskScanner;
pub(crate) use self::tokens::holds_token;
use self::tokens::without_tokens;

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

/// Every secret that is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor(Vec<Secret>);

impl Redactor {
    /// Blank secrets are left out; longer ones are replaced first, so that none is cut in two.
    pub(crate) fn new(secrets: Vec<Secret>) -> Self {
        let mut secrets: Vec<Secret> =
            secrets.into_iter().filter(|secret| !secret.expose().trim().is_empty()).collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Self(secrets)
    }

    /// The same with more secrets.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = Secret>) -> Self {
        Self::new(self.0.iter().cloned().chain(more).collect())
    }

    /// Whether the text contains a secret, or what looks like a well-known token, as it stands or
    /// percent-encoded.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let decoded: Cow<'_, str> = percent_decode_str(text).decode_utf8_lossy();
        let is_in = |text: &str| {
            holds_token(text) || self.0.iter().any(|secret| text.contains(secret.expose()))
        };
        is_in(text) || is_in(&decoded)
    }

    /// The text with `***` in place of every secret.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), "***"))
    }

    /// The text with `***` in place of every secret, and of what looks like a well-known token.
    pub(crate) fn redact_all(&self, text: &str) -> String {
        without_tokens(&self.redact(text))
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

    #[test]
    fn a_percent_encoded_secret_is_found() {
        let redactor = Redactor::new(vec![Secret::new("a/b+c&d")]);
        assert!(redactor.matches("https://x.example/?t=a%2Fb%2bc%26d"));
        assert!(Redactor::new(vec![Secret::new("a%2Fb")]).matches("https://x.example/a%2Fb"));
    }

    #[test]
    fn a_secret_that_begins_as_another_is_hidden_whole() {
        let redactor = Redactor::default().with([Secret::new("ghp"), Secret::new("ghp_abc")]);
        assert_eq!(redactor.redact("ghp_abc"), "***");
    }
}
