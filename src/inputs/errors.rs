//! Everything that is wrong with the inputs, in one message.
//! It never shows a secret, and what it quotes cannot begin a line of its own.

use std::collections::BTreeMap;
use std::fmt;

use crate::env::Variables;
use crate::redact::Redactor;

/// Longer values are cut where they are quoted, in characters.
const MAX_QUOTED: usize = 80;

/// Why we cannot start. Nothing was posted and nothing was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InputErrors(Vec<String>);

impl InputErrors {
    pub(super) fn add(&mut self, sentence: impl Into<String>) {
        self.0.push(sentence.into());
    }
}

impl fmt::Display for InputErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot start:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for InputErrors {}

/// Where each input was found, by its name with hyphens.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(BTreeMap<String, String>);

impl Sources {
    pub(super) fn insert(&mut self, name: String, source: String) {
        self.0.insert(name, source);
    }

    /// Where an input was found, or the flag that would give it.
    pub(super) fn of(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| format!("--{name}"))
    }
}

/// Reads values one by one and collects what is wrong with them.
pub(super) struct Validator<'a> {
    sources: &'a Sources,
    variables: &'a Variables,
    redactor: Redactor,
    errors: InputErrors,
}

impl<'a> Validator<'a> {
    pub(super) fn new(
        sources: &'a Sources,
        variables: &'a Variables,
        redactor: Redactor,
        errors: InputErrors,
    ) -> Self {
        Self { sources, variables, redactor, errors }
    }

    /// What was read, unless there was a problem.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, InputErrors> {
        read.filter(|_| self.errors.0.is_empty()).ok_or(self.errors)
    }

    /// Reads an input. What `parse` refuses is an error, and absent.
    pub(super) fn input<T>(
        &mut self,
        name: &str,
        text: Option<&str>,
        accepted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text?;
        let parsed = parse(text);
        if parsed.is_none() {
            self.refuse(&self.sources.of(name), text, accepted);
        }
        parsed
    }

    /// Reads one of the variables that are not ours; one that is not UTF-8 is a problem.
    pub(super) fn variable(&mut self, name: &str) -> Option<&'a str> {
        let raw = self.variables.raw(name)?;
        if raw.to_str().is_none() {
            self.add(format!("{name} is not UTF-8"));
        }
        self.variables.get(name)
    }

    pub(super) fn refuse(&mut self, source: &str, text: &str, accepted: &str) {
        self.add(format!("{source} is `{}`: expected {accepted}", self.quoted(text)));
    }

    /// What is posted is public, so a token of ours in it is an error.
    pub(super) fn refuse_secret(&mut self, name: &str, text: Option<&str>) {
        if text.is_some_and(|text| self.redactor.redact(text) != text) {
            let source = self.sources.of(name);
            self.add(format!("{source} holds a token, and deployments are public: leave it out"));
        }
    }

    pub(super) fn add(&mut self, sentence: impl Into<String>) {
        self.errors.add(sentence);
    }

    /// The text as it may be shown: without secrets and control characters, and not too long.
    pub(super) fn quoted(&self, text: &str) -> String {
        let hidden = without_credentials(&self.redactor.redact_all(text));
        let mut shown: String = hidden
            .chars()
            .take(MAX_QUOTED)
            .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
            .collect();
        if hidden.chars().nth(MAX_QUOTED).is_some() {
            shown.push('…');
        }
        shown
    }
}

/// A URL may carry a password before its host, and a key in its query.
fn without_credentials(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (login, host) =
        authority.rsplit_once('@').map_or(("", authority), |(_, host)| ("***@", host));
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, _)| (path, "?***"));
    format!("{scheme}://{login}{host}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(without_credentials(text), shown);
    }

    #[test]
    fn a_url_is_shown_without_credentials() {
        check("https://me:pass@x.example/api?key=1", "https://***@x.example/api?***");
        check("https://a@b:c@x.example", "https://***@x.example");
        check("https://x.example/@me", "https://x.example/@me");
        check("what? no://", "what? no://");
    }
}
