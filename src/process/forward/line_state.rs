//! What the command wrote last, for those who write lines of their own between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A shared view of the command's output; cheap to clone and to read from any thread.
#[derive(Clone, Debug)]
pub(crate) struct LineState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    created: Instant,
    is_line_open: AtomicBool,
    /// In milliseconds since `created`.
    last_write: AtomicU64,
}

impl Default for LineState {
    fn default() -> Self {
        Self(Arc::new(Shared {
            created: Instant::now(),
            is_line_open: AtomicBool::new(false),
            last_write: AtomicU64::new(0),
        }))
    }
}

impl LineState {
    /// The command's last byte on our stderr, or on the file that is both stdout and stderr, is no
    /// newline: a line of ours would continue the command's.
    pub(crate) fn is_line_open(&self) -> bool {
        self.0.is_line_open.load(Ordering::Acquire)
    }

    /// How long the command has written nothing, on stdout or stderr; counted from the creation of
    /// this value when it never has.
    pub(crate) fn silent_for(&self) -> Duration {
        let last_write = Duration::from_millis(self.0.last_write.load(Ordering::Relaxed));
        self.0.created.elapsed().saturating_sub(last_write)
    }

    pub(super) fn wrote(&self) {
        let now = u64::try_from(self.0.created.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last_write.fetch_max(now, Ordering::Relaxed);
    }

    pub(super) fn set_line_open(&self, is_open: bool) {
        self.0.is_line_open.store(is_open, Ordering::Release);
    }
}
