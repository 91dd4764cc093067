//! Every candidate in order, its line, its points and the reasons, for `url --explain`.

use std::fmt;

/// How many candidates an explanation lists.
const MAX_VERDICTS: usize = 1000;

/// The candidates of a stream in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Explanation {
    verdicts: Vec<Verdict>,
    left_out: u64,
}

/// A candidate and its points. None of them: it was ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) line: u64,
    pub(super) url: String,
    pub(super) points: Option<i32>,
    pub(super) why: String,
}

impl Explanation {
    pub(super) fn push(&mut self, verdict: Verdict) {
        if self.verdicts.len() < MAX_VERDICTS {
            self.verdicts.push(verdict);
        } else {
            self.left_out += 1;
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  line  points  URL and why")?;
        for Verdict { line, url, points, why } in &self.verdicts {
            match points {
                Some(points) => writeln!(f, "{line:>6}  {points:>6}  {url}  {why}")?,
                None => writeln!(f, "{line:>6}       -  {url}  {why}")?,
            }
        }
        if self.left_out > 0 {
            writeln!(f, "and {} more", self.left_out)?;
        }
        Ok(())
    }
}
