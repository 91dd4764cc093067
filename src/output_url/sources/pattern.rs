//! `url-pattern`: a regular expression of the user's, asked of one line after the other.
//! It keeps the last match alone, and sees only the first part of a line that never ends. A pattern
//! that is too slow for what the command writes is asked of the end alone.

use std::time::{Duration, Instant};

use memchr::memchr2;
use regex::{Captures, Regex};

use super::super::ansi::strip;
use super::json_key::Tail;

/// How much of a line is looked at.
const MAX_LINE: usize = 16 * 1024;

/// What a pattern may take: this once, and this for every byte, which makes 10 MB a second.
/// Ordinary patterns take a hundredth of it.
const BUDGET: Duration = Duration::from_secs(2);
const BUDGET_PER_BYTE: Duration = Duration::from_nanos(100);

/// The lines of a stream against a pattern.
#[derive(Debug)]
pub(in super::super) struct Matches {
    pattern: Regex,
    /// The line that has not ended yet, at most its first [`MAX_LINE`] bytes.
    line: Vec<u8>,
    last: Option<String>,
    /// What the search may still take.
    budget: Duration,
    /// What came after the pattern had taken too long.
    unread: Option<Tail>,
}

impl Matches {
    pub(in super::super) fn new(pattern: Regex) -> Self {
        Self { pattern, line: Vec::new(), last: None, budget: BUDGET, unread: None }
    }

    pub(in super::super) fn observe(&mut self, bytes: &[u8]) {
        if let Some(unread) = &mut self.unread {
            unread.observe(bytes);
            return;
        }
        let begun = Instant::now();
        self.search(bytes);
        self.budget += BUDGET_PER_BYTE * u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        match self.budget.checked_sub(begun.elapsed()) {
            Some(budget) => self.budget = budget,
            None => self.unread = Some(Tail::default()),
        }
    }

    /// Takes the end of the stream.
    pub(in super::super) fn finish(&mut self) {
        if let Some(unread) = self.unread.as_ref() {
            let text = unread.text();
            let mut whole_lines = text.as_str();
            if unread.has_lost() {
                self.line.clear();
                let end = text.find(['\n', '\r']).unwrap_or(text.len());
                whole_lines = &text[end..];
            }
            self.search(whole_lines.as_bytes());
        }
        self.finish_line();
    }

    /// What the last match found, without blanks around it.
    pub(in super::super) fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The pattern took too long, so a part of the stream was not searched.
    pub(in super::super) fn has_skipped(&self) -> bool {
        self.unread.as_ref().is_some_and(Tail::has_lost)
    }

    fn search(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            self.extend_line(&rest[..end]);
            self.finish_line();
            rest = &rest[end + 1..];
        }
        self.extend_line(rest);
    }

    fn finish_line(&mut self) {
        // An empty match is none, so an empty line has none.
        if self.line.is_empty() {
            return;
        }
        if let Some(found) = self.pattern.captures(&strip(&self.line)).and_then(|c| wanted(&c)) {
            self.last = Some(found);
        }
        self.line.clear();
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
    fn a_pattern_that_takes_too_long_is_asked_of_the_end_alone() {
        let pattern = Regex::new("Live: (.*)").expect("the pattern is good");
        let mut matches = Matches::new(pattern);
        matches.observe(b"Live: https://a\nLive: https:");
        matches.budget = Duration::ZERO;
        matches.unread = Some(Tail::default());
        matches.observe(b"//b\n");
        assert!(!matches.has_skipped());
        matches.observe(&b"Live: https://c\n".repeat(64 * 1024));
        matches.observe(b"nothing\n");
        assert_eq!(matches.last(), Some("https://a"));
        matches.finish();
        assert_eq!(matches.last(), Some("https://c"));
        assert!(matches.has_skipped());
    }

    #[test]
    fn the_rest_of_a_line_whose_beginning_was_lost_is_not_searched() {
        let mut matches = Matches::new(Regex::new(r"\S+\.example").expect("the pattern is good"));
        matches.unread = Some(Tail::default());
        matches.observe(b"pr-");
        matches.observe(b"12.example\n");
        matches.observe(&vec![b'x'; 256 * 1024 - b"12.example\n".len()]);
        matches.finish();
        assert!(matches.has_skipped());
        assert_eq!(matches.last(), None);
    }

    #[test]
    fn a_budget_ends_and_grows_with_what_is_read() {
        let mut matches = Matches::new(Regex::new("a").expect("the pattern is good"));
        matches.budget = Duration::ZERO;
        matches.observe(b"");
        assert!(matches.unread.is_some());
        let mut matches = Matches::new(Regex::new("a").expect("the pattern is good"));
        matches.observe(&b"b\n".repeat(1024));
        assert!(matches.unread.is_none());
    }

    #[test]
    fn only_the_beginning_of_an_endless_line_is_read() {
        check("x(y)", &format!("{}xy", "-".repeat(MAX_LINE)), None);
    }
}
