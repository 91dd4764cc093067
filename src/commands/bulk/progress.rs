//! A line now and then, for who waits for a long call.

use std::time::Duration;

use tokio::time::Instant;

use crate::output::console::{self, Console};

const INTERVAL: Duration = Duration::from_secs(5);

/// How often the line on a terminal is replaced.
const TERMINAL_INTERVAL: Duration = Duration::from_millis(200);

/// Counts what is done: on a terminal in one line that is replaced, elsewhere in a line each
/// [`INTERVAL`].
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
        let elapsed = self.last.elapsed();
        if elapsed < TERMINAL_INTERVAL {
            return;
        }
        let text = format!("{} of {} {}", self.done, self.all, self.what);
        if console::show_status_line(&text, || true) {
            self.last = Instant::now();
        } else if elapsed >= INTERVAL {
            self.last = Instant::now();
            self.console.info(&text);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        console::erase_status_line();
    }
}
