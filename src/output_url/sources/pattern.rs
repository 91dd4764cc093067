//! `url-pattern`: a regular expression of the user's, asked of one line after the other.
//! It keeps the last match alone, and sees only the first part of a line that never ends.

use memchr::memchr2;
use regex::{Captures, Regex};

use super::super::ansi::strip;

/// How much of a line is looked at.
const MAX_LINE: usize = 16 * 1024;

/// The lines of a stream against a pattern.
#[derive(Debug)]
pub(in super::super) struct Matches {
    pattern: Regex,
    /// The line that has not ended yet, at most its first [`MAX_LINE`] bytes.
    line: Vec<u8>,
    last: Option<String>,
}

impl Matches {
    pub(in super::super) fn new(pattern: Regex) -> Self {
        Self { pattern, line: Vec::new(), last: None }
    }

    pub(in super::super) fn observe(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            self.extend_line(&rest[..end]);
            self.finish();
            rest = &rest[end + 1..];
        }
        self.extend_line(rest);
    }

    /// Takes the end of a line, or of the stream.
    pub(in super::super) fn finish(&mut self) {
        // An empty match is none, so an empty line has none.
        if self.line.is_empty() {
            return;
        }
        if let Some(found) = self.pattern.captures(&strip(&self.line)).and_then(|c| wanted(&c)) {
            self.last = Some(found);
        }
        self.line.clear();
    }

    /// What the last match found, without blanks around it.
    pub(in super::super) fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    fn extend_line(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.line.len();
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Group `url`, else group 1, else the whole match.
fn wanted(captures: &Captures<'_>) -> Option<String> {
    let group = captures.name("url").or_else(|| captures.get(1)).or_else(|| captures.get(0))?;
    let text = group.as_str().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        for size in [1, 7, text.len().max(1)] {
            let mut matches = Matches::new(Regex::new(pattern).expect("the pattern is good"));
            text.as_bytes().chunks(size).for_each(|chunk| matches.observe(chunk));
            matches.finish();
            assert_eq!(matches.last(), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn the_last_match_wins() {
        check(r"https://\S+", "a https://a\nb https://b\r\nc", Some("https://b"));
        check(r"https://\S+", "nothing", None);
    }

    #[test]
    fn the_group_url_goes_before_the_first_and_the_first_before_the_whole() {
        check(r"(\w+): (?P<url>\S+)", "Live: https://a", Some("https://a"));
        check(r"Live: (\S+)", "Live: https://a", Some("https://a"));
        check(r"https://\S+", "Live: https://a", Some("https://a"));
    }

    #[test]
    fn colors_do_not_hide_a_match() {
        check(r"^Live: (\S+)$", "\x1b[1mLive:\x1b[0m https://a\x1b[K", Some("https://a"));
    }

    #[test]
    fn only_the_beginning_of_an_endless_line_is_read() {
        check("x(y)", &format!("{}xy", "-".repeat(MAX_LINE)), None);
    }
}
