//! The URL in what the command wrote. Precision first: a wrong URL is worse than none.

use regex::Regex;

use crate::deployment::WebUrl;

/// How the output URL is found in what the command wrote.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// `url-pattern`: for one line; group `url`, else group 1, else the whole match.
    Pattern(Regex),
    /// `url-key`: a JSON pointer or a key into what was written to stdout.
    Key(String),
    Detect,
    /// `detect-url: false`.
    Nothing,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) url: Option<WebUrl>,
    /// A pattern or a key that found nothing, in words.
    pub(crate) warning: Option<String>,
}
