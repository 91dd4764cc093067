//! A line now and then, for who waits for a long call.

use std::time::Duration;

use tokio::time::Instant;

use crate::output::console::Console;

const INTERVAL: Duration = Duration::from_secs(5);

/// Counts what is done; the first line comes after [`INTERVAL`].
pub(in crate::commands) struct Progress<'a> {
    console: &'a Console,
    what: &'static str,
    done: usize,
    all: usize,
    last: Instant,
}

impl<'a> Progress<'a> {
    pub(in crate::commands) fn new(console: &'a Console, what: &'static str, all: usize) -> Self {
        Self { console, what, done: 0, all, last: Instant::now() }
    }

    pub(in crate::commands) fn step(&mut self) {
        self.done += 1;
        if self.last.elapsed() >= INTERVAL {
            self.last = Instant::now();
            self.console.info(&format!("{} of {} {}", self.done, self.all, self.what));
        }
    }
}
