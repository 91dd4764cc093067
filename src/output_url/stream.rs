//! A stream of bytes as the few lines in it that may matter, whatever the chunks it comes in.
//! What a line is judged by depends on the bytes alone, so it keeps a fixed piece around each.

use aho_corasick::packed::Searcher;
use memchr::{memchr_iter, memchr2, memrchr2};

/// How much is gathered before it is looked at.
const BATCH: usize = 64 * 1024;

/// How far a line is followed beyond what made it interesting; longer than any URL.
const AHEAD: usize = 4 * 1024;

/// How far a line is followed back, and how much above it is kept.
const BEHIND: usize = 1024;

/// How much below a line is kept.
const BELOW: usize = 512;

/// A line that may hold a URL, with what stands around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    pub(super) above: &'a [u8],
    pub(super) line: &'a [u8],
    pub(super) below: &'a [u8],
    /// The stream ends within `below`.
    pub(super) is_near_end: bool,
    /// The line's number; 0 where lines are not counted.
    pub(super) number: u64,
}

/// Gathers a stream and finds the lines in it that hold a trigger.
#[derive(Debug)]
pub(super) struct Stream {
    trigger: Searcher,
    buffer: Vec<u8>,
    /// Before this place everything has been looked at.
    scanned: usize,
    /// Where the last line that was judged ends.
    judged: usize,
    lines: Option<Lines>,
}

/// How many lines end before a place in the buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Lines {
    ended: u64,
    before: usize,
}

impl Stream {
    pub(super) fn new(trigger: Searcher, counts_lines: bool) -> Self {
        let lines = counts_lines.then(Lines::default);
        Self { trigger, buffer: Vec::new(), scanned: 0, judged: 0, lines }
    }

    /// Takes the next bytes; `judge` is called for each line that holds a trigger.
    pub(super) fn see(&mut self, bytes: &[u8], judge: &mut impl FnMut(Window<'_>)) {
        for piece in bytes.chunks(BATCH) {
            self.buffer.extend_from_slice(piece);
            if self.buffer.len() >= self.scanned + BATCH + AHEAD + BELOW {
                self.scan(self.buffer.len() - AHEAD - BELOW, judge);
                self.forget();
            }
        }
    }

    /// Takes the end of the stream.
    pub(super) fn finish(&mut self, judge: &mut impl FnMut(Window<'_>)) {
        self.scan(self.buffer.len(), judge);
    }

    fn scan(&mut self, until: usize, judge: &mut impl FnMut(Window<'_>)) {
        while self.scanned < until {
            let rest = (self.scanned..self.buffer.len()).into();
            let hit = self.trigger.find_in(&self.buffer, rest).map(|hit| hit.start());
            let Some(hit) = hit.filter(|hit| *hit < until) else {
                self.scanned = until;
                return;
            };
            let (start, end, next) = self.line_around(hit);
            let below_end = self.buffer.len().min(end + BELOW);
            let above_start = self.line_is_whole_from(start).then(|| start.saturating_sub(BEHIND));
            judge(Window {
                above: &self.buffer[above_start.unwrap_or(start)..start],
                line: &self.buffer[start..end],
                below: &self.buffer[end..below_end],
                is_near_end: below_end < end + BELOW,
                number: self.lines.as_mut().map_or(0, |lines| lines.at(hit, &self.buffer)),
            });
            self.judged = next;
            self.scanned = next;
        }
    }

    /// From where to where a line is followed, and where to go on. Where its end is out of reach
    /// it is cut behind a blank or a quote, so that no URL is cut in two.
    fn line_around(&self, hit: usize) -> (usize, usize, usize) {
        let from = hit.saturating_sub(BEHIND).max(self.judged);
        let start =
            memrchr2(b'\n', b'\r', &self.buffer[from..hit]).map_or(from, |at| from + at + 1);
        let reach = &self.buffer[hit..self.buffer.len().min(hit + AHEAD)];
        let cut = || reach.iter().rposition(|byte| b" \t\"'<>`".contains(byte));
        match memchr2(b'\n', b'\r', reach) {
            Some(end) => (start, hit + end, hit + end + 1),
            None if reach.len() < AHEAD => (start, hit + reach.len(), hit + reach.len()),
            None => match cut() {
                Some(end) => (start, hit + end, hit + end + 1),
                None => (start, hit, hit + AHEAD),
            },
        }
    }

    fn line_is_whole_from(&self, start: usize) -> bool {
        start == 0 || matches!(self.buffer[start - 1], b'\n' | b'\r')
    }

    fn forget(&mut self) {
        let keep_from = self.scanned.saturating_sub(2 * BEHIND);
        if let Some(lines) = &mut self.lines {
            lines.at(keep_from, &self.buffer);
            lines.before -= keep_from;
        }
        self.buffer.drain(..keep_from);
        self.scanned -= keep_from;
        self.judged = self.judged.saturating_sub(keep_from);
    }
}

impl Lines {
    /// The number of the line at a place.
    fn at(&mut self, place: usize, buffer: &[u8]) -> u64 {
        if place > self.before {
            self.ended += memchr_iter(b'\n', &buffer[self.before..place]).count() as u64;
            self.before = place;
        }
        self.ended + 1
    }
}
