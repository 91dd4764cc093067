//! A stream of bytes as the few lines in it that may matter, whatever the chunks it comes in.
//! What a line is judged by depends on the bytes alone, so a fixed piece around each is kept.
//!
//! The last [`TAIL`] bytes are searched in full. Before them the work per [`BLOCK`] is limited, so
//! that no stream is slower to scan than to produce: where a block uses it up, only what announces
//! itself is looked at in the rest of it, and behind the [`HEAD`] nothing is.

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
const CREDIT_IN_HEAD: Credit = Credit { is_for_main: false, lines: 3072, announcements: u32::MAX };
const CREDIT: Credit = Credit { is_for_main: true, lines: 256, announcements: 0 };
const NO_LIMIT: Credit = Credit { is_for_main: false, lines: u32::MAX, announcements: u32::MAX };
const CLOSER_LOOK: u32 = 32;
const LOOKED_AT: usize = 4;

/// How far below an announcement every line counts again: the URL may be on the next one.
const NEAR: u64 = 256;

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

/// What makes a line worth a look, and what still does in a flood.
#[derive(Debug)]
pub(super) struct Triggers {
    pub(super) lines: Searcher,
    /// The most important ones: few enough to be searched twice as fast.
    pub(super) main_lines: Searcher,
    pub(super) announcements: Searcher,
}

/// The work that is left for a block: for every line with a trigger, and then for announcements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Credit {
    /// The main ones alone are searched for.
    is_for_main: bool,
    lines: u32,
    announcements: u32,
}

/// Gathers a stream and finds the lines in it that hold a trigger.
#[derive(Debug)]
pub(super) struct Lines {
    triggers: Triggers,
    buffer: Vec<u8>,
    /// Where in the stream the buffer begins.
    start: u64,
    /// Before this place everything has been looked at.
    scanned: usize,
    /// Where the last line that was judged ends.
    judged: usize,
    /// The block that is being searched, and the work that is left for it.
    block: Option<u64>,
    credit: Credit,
    /// Work that went beyond the credit of earlier blocks.
    debt: u32,
    /// Where in the stream the neighborhood of the last announcement ends.
    near_until: u64,
    numbers: Option<Numbers>,
}

/// How many lines end before a place in the buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    ended: u64,
    before: usize,
}

impl Lines {
    pub(super) fn new(triggers: Triggers, counts_lines: bool) -> Self {
        Self {
            triggers,
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            judged: 0,
            block: None,
            credit: NO_LIMIT,
            debt: 0,
            near_until: 0,
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
                self.clear();
            }
        }
    }

    /// Takes the end of the stream. Its last lines are judged whether they hold a trigger or not.
    pub(super) fn finish(&mut self, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        let end = self.buffer.len();
        self.scan(end.saturating_sub(TAIL), judge);
        self.credit = NO_LIMIT;
        self.search(end.saturating_sub(BELOW).max(self.scanned), judge);
        while self.scanned < end {
            self.judge_line_at(self.scanned, judge);
        }
    }

    /// Searches up to a place before the tail, block by block.
    fn scan(&mut self, until: usize, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        while self.scanned < until {
            let block = (self.start + self.scanned as u64) / BLOCK;
            if self.block != Some(block) {
                self.block = Some(block);
                self.credit = if block < HEAD / BLOCK { CREDIT_IN_HEAD } else { CREDIT };
                let paid = self.debt.min(self.credit.lines);
                self.credit.lines -= paid;
                self.debt -= paid;
            }
            let end_of_block = ((block + 1) * BLOCK - self.start).min(until as u64);
            let end_of_block = usize::try_from(end_of_block).unwrap_or(until);
            self.search(end_of_block, judge);
            self.scanned = self.scanned.max(end_of_block);
        }
    }

    /// Judges each line with a trigger, while there is credit.
    fn search(&mut self, until: usize, judge: &mut impl FnMut(Window<'_>) -> Effort) {
        while self.scanned < until {
            let near = usize::try_from(self.near_until.saturating_sub(self.start)).unwrap_or(0);
            let is_near = self.scanned < near;
            let until = if is_near { until.min(near) } else { until };
            let trigger = match self.credit {
                Credit { lines: 0, announcements: 1.., .. } if is_near => &self.triggers.lines,
                Credit { lines: 1.., is_for_main: true, .. } => &self.triggers.main_lines,
                Credit { lines: 1.., .. } => &self.triggers.lines,
                Credit { announcements: 1.., .. } => &self.triggers.announcements,
                Credit { .. } => return,
            };
            let rest = (self.scanned..self.buffer.len().min(until + LONGEST_TRIGGER)).into();
            let hit = trigger.find_in(&self.buffer, rest).map(|hit| hit.start());
            let Some(hit) = hit.filter(|hit| *hit < until) else {
                self.scanned = until;
                continue;
            };
            let is_announcement = self.credit.lines == 0 && !is_near;
            self.judge_line_at(hit, judge);
            if is_announcement {
                self.near_until = self.start + self.scanned as u64 + NEAR;
            }
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
            is_flooded: self.credit.lines == 0,
            number: self.numbers.as_mut().map_or(0, |numbers| numbers.at(hit, &self.buffer)),
            offset: self.start + start as u64,
        });
        self.judged = next;
        self.scanned = next;
        let length = u32::try_from((end - start) / LOOKED_AT).unwrap_or(u32::MAX);
        let debt = self.credit.spend(match effort {
            Effort::Sieved => 1 + length / 64,
            Effort::CloserLook => CLOSER_LOOK.saturating_add(length),
        });
        self.debt = self.debt.saturating_add(debt);
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

    fn clear(&mut self) {
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

impl Credit {
    /// Takes a cost and gives what it goes beyond; the most is no limit.
    fn spend(&mut self, cost: u32) -> u32 {
        let left = if self.lines > 0 { &mut self.lines } else { &mut self.announcements };
        if *left == u32::MAX {
            return 0;
        }
        let debt = cost.saturating_sub(*left);
        *left = left.saturating_sub(cost);
        debt
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
