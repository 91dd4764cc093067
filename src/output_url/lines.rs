//! A stream of bytes as the few lines in it that may matter, whatever the chunks it comes in.
//! What a line is judged by depends on the bytes alone, so a fixed piece around each is kept.
//!
//! The last [`TAIL`] bytes are searched in full. Before them the work per [`BLOCK`] is limited, so
//! that no stream is slower to scan than to produce: where the first [`HEAD`] bytes use it up, only
//! what announces itself is looked at; later on, nothing is up to the next block.

use aho_corasick::packed::Searcher;
use memchr::{memchr_iter, memchr2, memrchr2};

/// How much is gathered before it is looked at.
const BATCH: usize = 64 * 1024;

/// How far a line is followed beyond what made it interesting; longer than any URL.
const AHEAD: usize = 4 * 1024;

/// How far a line is followed back, and how much above it is kept.
const BEHIND: usize = 1024;

/// How much below a line is kept.
pub(super) const BELOW: usize = 512;

/// How much of the beginning is searched with more patience: more than a flood of 10 MB.
const HEAD: u64 = 21 * 512 * 1024;

/// How much of the end is searched without a limit.
const TAIL: usize = 256 * 1024;

/// The unit for which work is limited.
const BLOCK: u64 = 64 * 1024;

/// How much work each block is worth: a line costs 1, a closer look at it [`CLOSER_LOOK`] and one
/// more for every [`LOOKED_AT`] bytes.
const BLOCK_CREDIT: u32 = 1024;
const BLOCK_CREDIT_IN_HEAD: u32 = 6 * 1024;
const CLOSER_LOOK: u32 = 32;
const LOOKED_AT: usize = 4;

/// How much is dropped from the front of the buffer at once: moving the rest is not free.
const DROP: usize = 512 * 1024;

/// Longer than any trigger.
const LONGEST_TRIGGER: usize = 16;

/// A line that may hold a URL, with what stands around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    pub(super) above: &'a [u8],
    pub(super) line: &'a [u8],
    pub(super) below: &'a [u8],
    /// The stream ends within `below`.
    pub(super) is_near_end: bool,
    /// There were so many lines to look at that only what announces itself still is.
    pub(super) is_flooded: bool,
    /// The line's number; 0 where lines are not counted.
    pub(super) number: u64,
    /// Where in the stream the line begins.
    pub(super) offset: u64,
}

/// How much work a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    Sieved,
    CloserLook,
}

/// Gathers a stream and finds the lines in it that hold a trigger.
#[derive(Debug)]
pub(super) struct Lines {
    trigger: Searcher,
    buffer: Vec<u8>,
    /// Where in the stream the buffer begins.
    start: u64,
    /// Before this place everything has been looked at.
    scanned: usize,
    /// Where the last line that was judged ends.
    judged: usize,
    /// The block that is being searched, and the work that is left for it; the most is no limit.
    block: u64,
    credit: u32,
    numbers: Option<Numbers>,
}

/// How many lines end before a place in the buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    ended: u64,
    before: usize,
}

impl Lines {
    pub(super) fn new(trigger: Searcher, counts_lines: bool) -> Self {
        Self {
            trigger,
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            judged: 0,
            block: 0,
            credit: u32::MAX,
            numbers: counts_lines.then(Numbers::default),
        }
    }

    /// Takes the next bytes; `judge` is called for each line that holds a trigger.
    pub(super) fn observe(&mut self, bytes: &[u8], judge: &mut impl FnMut(Window<'_>) -> Effort) {
        for piece in bytes.chunks(BATCH) {
            self.buffer.extend_from_slice(piece);
            // What may be the stream's tail waits for its end.
            if self.buffer.len() >= self.scanned + BATCH + TAIL {
                self.scan(self.buffer.len() - TAIL, judge);
                self.forget();
            }
        }
    }

    /// Takes the end of the stream. Its last lines are judged whether they hold a trigger or not.
    pub(super) fn finish(&mut self, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        let end = self.buffer.len();
        self.scan(end.saturating_sub(TAIL), judge);
        self.credit = u32::MAX;
        let last_lines = end.saturating_sub(BELOW).max(self.scanned);
        self.search(last_lines, true, judge);
        while self.scanned < end {
            self.judge_line_at(self.scanned, judge);
        }
    }

    /// Searches up to a place before the tail, block by block.
    fn scan(&mut self, until: usize, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        while self.scanned < until {
            let block = (self.start + self.scanned as u64) / BLOCK;
            let is_in_head = block < HEAD / BLOCK;
            if block != self.block || self.credit == u32::MAX {
                self.block = block;
                self.credit = if is_in_head { BLOCK_CREDIT_IN_HEAD } else { BLOCK_CREDIT };
            }
            let end_of_block = ((block + 1) * BLOCK - self.start).min(until as u64);
            let end_of_block = usize::try_from(end_of_block).unwrap_or(until);
            self.search(end_of_block, is_in_head, judge);
            self.scanned = self.scanned.max(end_of_block);
        }
    }

    /// Judges each line with a trigger. Where it does not `persist`, only while there is credit.
    fn search(
        &mut self,
        until: usize,
        persists: bool,
        judge: &mut impl FnMut(Window<'_>) -> Effort,
    ) {
        while self.scanned < until && (persists || self.credit > 0) {
            let rest = (self.scanned..self.buffer.len().min(until + LONGEST_TRIGGER)).into();
            let hit = self.trigger.find_in(&self.buffer, rest).map(|hit| hit.start());
            let Some(hit) = hit.filter(|hit| *hit < until) else {
                self.scanned = until;
                return;
            };
            self.judge_line_at(hit, judge);
        }
    }

    /// Judges the line around a place, and takes what that costs from the credit.
    fn judge_line_at(&mut self, hit: usize, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        let (start, end, next) = self.line_around(hit);
        let below_end = self.buffer.len().min(end + BELOW);
        let above_start =
            if self.line_is_whole_from(start) { start.saturating_sub(BEHIND) } else { start };
        let effort = judge(Window {
            above: &self.buffer[above_start..start],
            line: &self.buffer[start..end],
            below: &self.buffer[end..below_end],
            is_near_end: below_end < end + BELOW,
            is_flooded: self.credit == 0,
            number: self.numbers.as_mut().map_or(0, |numbers| numbers.at(hit, &self.buffer)),
            offset: self.start + start as u64,
        });
        self.judged = next;
        self.scanned = next;
        if self.credit < u32::MAX {
            let length = u32::try_from((end - start) / LOOKED_AT).unwrap_or(u32::MAX);
            self.credit = self.credit.saturating_sub(match effort {
                Effort::Sieved => 1 + length / 64,
                Effort::CloserLook => CLOSER_LOOK.saturating_add(length),
            });
        }
    }

    /// From where to where a line is followed, and where to go on. Where its end is out of reach
    /// it is cut behind a blank or a quote, so that no URL is cut in two.
    fn line_around(&self, hit: usize) -> (usize, usize, usize) {
        let from = hit.saturating_sub(BEHIND).max(self.judged).min(hit);
        let start =
            memrchr2(b'\n', b'\r', &self.buffer[from..hit]).map_or(from, |at| from + at + 1);
        let reach = &self.buffer[hit..self.buffer.len().min(hit + AHEAD)];
        let cut = || reach.iter().rposition(|byte| b" \t\"'<>`".contains(byte));
        match memchr2(b'\n', b'\r', reach) {
            Some(end) => (start, hit + end, hit + end + 1),
            None if reach.len() < AHEAD => (start, hit + reach.len(), hit + reach.len().max(1)),
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
        if keep_from < DROP {
            return;
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.at(keep_from, &self.buffer);
            numbers.before -= keep_from;
        }
        self.buffer.drain(..keep_from);
        self.start += keep_from as u64;
        self.scanned -= keep_from;
        self.judged = self.judged.saturating_sub(keep_from);
    }
}

impl Numbers {
    /// The number of the line at a place.
    fn at(&mut self, place: usize, buffer: &[u8]) -> u64 {
        if place > self.before {
            self.ended += memchr_iter(b'\n', &buffer[self.before..place]).count() as u64;
            self.before = place;
        }
        self.ended + 1
    }
}
