//! What the command wrote last, for those who write lines of their own between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A shared view of the command's output; cheap to clone and to read from any thread.
#[derive(Clone, Debug)]
pub(crate) struct LineState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    created: Instant,
    is_line_open: AtomicBool,
    is_stdout_line_open: AtomicBool,
    /// How many forwarders are writing.
    writing: AtomicUsize,
    /// In milliseconds since `created`.
    last_write: AtomicU64,
    erase_status_line: fn(),
}

impl LineState {
    /// `erase_status_line` is called before each of the command's bytes, and before a stop.
    pub(crate) fn new(erase_status_line: fn()) -> Self {
        Self(Arc::new(Shared {
            created: Instant::now(),
            is_line_open: AtomicBool::new(false),
            is_stdout_line_open: AtomicBool::new(false),
            writing: AtomicUsize::new(0),
            last_write: AtomicU64::new(0),
            erase_status_line,
        }))
    }

    /// The command's last byte on our stderr, or on the file that is both stdout and stderr, is no
    /// newline: a line of ours would continue the command's.
    pub(crate) fn is_line_open(&self) -> bool {
        self.0.is_line_open.load(Ordering::Acquire)
    }

    /// Nothing is being written, and no line of the command's is open on stdout or stderr.
    pub(crate) fn is_between_lines(&self) -> bool {
        self.0.writing.load(Ordering::SeqCst) == 0
            && !self.is_line_open()
            && !self.0.is_stdout_line_open.load(Ordering::Acquire)
    }

    /// How long the command has written nothing, on stdout or stderr; counted from the creation of
    /// this value when it never has.
    pub(crate) fn silent_for(&self) -> Duration {
        let last_write = Duration::from_millis(self.0.last_write.load(Ordering::Relaxed));
        self.0.created.elapsed().saturating_sub(last_write)
    }

    pub(in crate::process) fn erase_status_line(&self) {
        (self.0.erase_status_line)();
    }

    /// From here to the end of `write` it is not [`LineState::is_between_lines`].
    pub(super) fn while_writing(&self, write: impl FnOnce()) {
        self.0.writing.fetch_add(1, Ordering::SeqCst);
        self.wrote();
        self.erase_status_line();
        write();
        self.wrote();
        self.0.writing.fetch_sub(1, Ordering::SeqCst);
    }

    fn wrote(&self) {
        let now = u64::try_from(self.0.created.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last_write.fetch_max(now, Ordering::Relaxed);
    }

    /// `is_ours`: our own lines go to the same file.
    pub(super) fn set_line_open(&self, is_ours: bool, is_open: bool) {
        let flag = if is_ours { &self.0.is_line_open } else { &self.0.is_stdout_line_open };
        flag.store(is_open, Ordering::Release);
    }
}
