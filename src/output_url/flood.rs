//! What keeps a flood of lines cheap: what was found to be hopeless once is not judged again.
//! Everything here is a shortcut; what it leaves out could not have won.

use std::hash::Hasher as _;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::quick_hash::{QuickHasher, words};
use super::score::keywords::MOST;

/// How many hosts, and how many shapes of lines, are remembered.
const HOSTS: usize = 1024;
const SHAPES: usize = 4096;

/// How much of a line counts for its shape.
const SHAPE: usize = 1024;

/// What may be above a line that is judged by what is above it.
const ABOVE: usize = 384;

/// The most that is possible on a host, whatever words and path there are.
#[derive(Debug)]
pub(super) struct HostBounds(Vec<Option<(u64, i32)>>);

impl HostBounds {
    pub(super) fn new() -> Self {
        Self(vec![None; HOSTS])
    }

    /// Whether a host may reach so many points; `judge` gives those of the host alone.
    pub(super) fn may_reach(
        &mut self,
        host: &[u8],
        wanted: i32,
        judge: impl FnOnce() -> i32,
    ) -> bool {
        let mut hasher = QuickHasher::default();
        hasher.write(host);
        let hash = hasher.finish();
        let slot = &mut self.0[slot(hash, HOSTS)];
        let points = match slot {
            Some((known, points)) if *known == hash => *points,
            Some(_) | None => slot.insert((hash, judge())).1,
        };
        points + MOST >= wanted
    }
}

/// Lines that were judged and came to nothing, but for their digits.
#[derive(Debug)]
pub(super) struct Shapes(Vec<u64>);

/// What a line looks like: by itself, and with what is above it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    alone: u64,
    line: &'a [u8],
    above: &'a [u8],
}

impl<'a> Shape<'a> {
    pub(super) fn of(line: &'a [u8], above: &'a [u8]) -> Self {
        let alone = without_digits(0, &line[..line.len().min(SHAPE)]);
        Self { alone, line, above: &above[above.len().saturating_sub(ABOVE)..] }
    }

    fn placed(&self) -> u64 {
        let is_placed = opens_with_url(self.line) || may_announce(self.above);
        if is_placed { without_digits(self.alone, self.above) } else { !self.alone }
    }
}

/// Nothing but marks stands before the URL, so that every line above may be about it.
fn opens_with_url(line: &[u8]) -> bool {
    let first = line.iter().position(u8::is_ascii_alphabetic).unwrap_or(line.len());
    line[first..].get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http"))
}

/// A heading, or something that went well, in whatever language.
fn may_announce(above: &[u8]) -> bool {
    static WELL: LazyLock<Searcher> = LazyLock::new(|| {
        let words = [
            "eploy", "ublish", "omplete", "ucces", "uccee", "eady", "live", "Live", "done", "Done",
            "inished",
        ];
        Searcher::new(words).expect("these literals can be searched")
    });
    // A color may end the line.
    let is_heading = |end: usize| {
        let line = above[..end].trim_ascii_end();
        line.last().is_some_and(|last| *last == b':') || line.ends_with(b"\x1b[0m")
    };
    !above.is_ascii()
        || memchr::memchr_iter(b'\n', above).any(is_heading)
        || WELL.find(above).is_some()
}

impl Shapes {
    pub(super) fn new() -> Self {
        Self(vec![0; SHAPES])
    }

    pub(super) fn are_known(&self, shape: &Shape<'_>) -> bool {
        let knows = |hash| self.0[slot(hash, SHAPES)] == hash;
        knows(shape.alone) || knows(shape.placed())
    }

    /// Remembers a line that came to nothing, whatever is above it or just there.
    pub(super) fn remember(&mut self, shape: &Shape<'_>, wherever: bool) {
        let hash = if wherever { shape.alone } else { shape.placed() };
        self.0[slot(hash, SHAPES)] = hash;
    }
}

/// Where in a table of a size that is a power of two; the upper bits are the best mixed.
fn slot(hash: u64, size: usize) -> usize {
    usize::try_from(hash >> 40).unwrap_or_default() & (size - 1)
}

/// A hash of some bytes in which all digits are the same, those of hexadecimal numbers, too.
fn without_digits(seed: u64, bytes: &[u8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut hasher = QuickHasher::with_seed(seed ^ bytes.len() as u64);
    for word in words(bytes) {
        // A byte is a digit where adding moves it over the top only from '0' on, not from ':' on.
        let low = word & !HIGH;
        let from_zero = low + ONES * (0x80 - 0x30);
        let from_colon = low + ONES * (0x80 - 0x3a);
        let digits = from_zero & !from_colon & !word & HIGH;
        let from_a = low + ONES * (0x80 - 0x61);
        let from_g = low + ONES * (0x80 - 0x67);
        let letters = from_a & !from_g & !word & HIGH;
        hasher.add(word & !(((digits | letters) >> 7) * 0xff));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_in_digits_have_one_shape() {
        let shape = |line: &str| Shape::of(line.as_bytes(), b"").alone;
        assert_eq!(shape("12:30:07 GET /a?b=1"), shape("99:00:58 GET /a?b=7"));
        assert_ne!(shape("GET /x"), shape("GET /y"));
        assert_eq!(shape("layer 3fa9 done"), shape("layer 00bc done"));
        assert_ne!(shape("GET /:"), shape("GET /0"));
        assert_ne!(shape("GET //"), shape("GET /0"));
        assert_ne!(shape("é"), shape("è"));
    }

    #[test]
    fn a_line_is_remembered_with_what_is_above_it_or_wherever_it_is() {
        let mut shapes = Shapes::new();
        let here = Shape::of(b"https://a.example", b"noise\n");
        let there = Shape::of(b"https://a.example", b"Deployed to:\n");
        shapes.remember(&here, false);
        assert!(shapes.are_known(&here) && !shapes.are_known(&there));
        shapes.remember(&here, true);
        assert!(shapes.are_known(&there));
    }

    #[test]
    fn a_host_is_judged_once() {
        let mut bounds = HostBounds::new();
        assert!(bounds.may_reach(b"a.example", 5, || 0));
        assert!(!bounds.may_reach(b"a.example", 6, || unreachable!("it is known")));
    }
}
