//! What is still judged once a log has more URLs than anybody would read: what announces itself.
//! It decides nothing else, so that a flood costs little and hides no announcement.

use aho_corasick::AhoCorasick;

use super::vendors::Vendors;
use super::vocabulary::{BEFORE, BEHIND};

/// So many lines with a URL are judged whatever they say.
pub(super) const MANY: u64 = 1000;

/// A word must count that much to announce something by itself.
const PLAIN: i32 = 2;

/// How much of what stands above may announce a URL that stands alone.
const HEADING: usize = 200;

/// Plain words and known app hosts, for one search through a line.
#[derive(Debug)]
pub(super) struct Cues(AhoCorasick);

impl Cues {
    pub(super) fn new(vendors: &Vendors) -> Self {
        let phrases = BEFORE.at_least(PLAIN).chain(BEHIND.at_least(PLAIN));
        let words = phrases.filter_map(|phrase| phrase.split(' ').max_by_key(|word| word.len()));
        let cues = words.chain(vendors.apps());
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(cues);
        Self(search.expect("the tables are small"))
    }

    /// A line may announce the URL in it, or be announced by what stands above.
    pub(super) fn are_about(&self, line: &str, above: &[u8]) -> bool {
        self.0.is_match(line)
            || (line.trim_start().starts_with("http")
                && self.0.is_match(&above[above.len().saturating_sub(HEADING)..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output_url::vendors::VENDORS;

    #[test]
    fn an_announcement_is_told_from_chatter() {
        let cues = Cues::new(&Vendors::new(&VENDORS));
        assert!(cues.are_about("Your site is LIVE: https://x.example", b""));
        assert!(cues.are_about("-> https://hello.netlify.app", b""));
        assert!(cues.are_about("https://x.example", b"Deployed to:\n"));
        assert!(!cues.are_about(
            "copied a.js in 12 ms, this is https://docs.example.com",
            b"Deployed to:\n"
        ));
        assert!(!cues.are_about("https://x.example", b"copied b.js\n"));
    }
}
