//! Detection: candidates from a stream, scored by the words around them and by where they lead.
//! It prefers no URL to a wrong one.

mod judge;
mod outcome;

use aho_corasick::packed::Searcher;

use super::data::vendors::Vendors;
use super::explain::Explanation;
use super::lines::{Lines, Triggers};
use super::rank::Best;
use super::sieve;
use judge::Judge;

/// Reads one stream and remembers its best URLs.
#[derive(Debug)]
pub(super) struct Detector {
    lines: Lines,
    judge: Judge,
}

impl Detector {
    pub(super) fn new(vendors: Vendors, explains: bool) -> Self {
        let search = |words| Searcher::new(words).expect("these literals can be searched");
        let triggers = Triggers {
            lines: search(sieve::triggers().collect::<Vec<_>>()),
            main_lines: search(sieve::MAIN_TRIGGERS.to_vec()),
            announcements: search(sieve::ANNOUNCEMENTS.to_vec()),
        };
        Self { lines: Lines::new(triggers, explains), judge: Judge::new(vendors, explains) }
    }

    pub(super) fn exclude(&mut self, host: &str) {
        self.judge.exclude(host);
    }

    pub(super) fn observe(&mut self, bytes: &[u8]) {
        self.lines.observe(bytes, &mut |window| self.judge.line(window));
    }

    /// Takes the end of the stream. Needed once, before [`Self::winner`].
    pub(super) fn finish(&mut self) {
        self.lines.finish(&mut |window| self.judge.line(window));
    }

    pub(super) fn winner(&self) -> Option<&Best> {
        self.judge.winner()
    }

    pub(super) fn explanation(&self) -> Option<&Explanation> {
        self.judge.explanation()
    }
}
