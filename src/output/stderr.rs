//! Writes to stderr without waiting for a reader that does not come.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a line waits for a reader of stderr.
const STDERR_LIMIT: Duration = Duration::from_secs(1);

/// A pipe that polls as writable takes this much without blocking (POSIX's `PIPE_BUF`, at least).
const PIECE: usize = 512;

/// Nobody may be reading: a line is lost rather than waited for, and only the first one waits.
/// False where it is lost.
pub(super) fn write_to_stderr(text: &str) -> bool {
    static IS_STUCK: AtomicBool = AtomicBool::new(false);
    text.as_bytes().chunks(PIECE).all(|piece| {
        let limit = if IS_STUCK.load(Ordering::Relaxed) { Duration::ZERO } else { STDERR_LIMIT };
        let takes_more = takes_more(io::stderr(), limit);
        IS_STUCK.store(!takes_more, Ordering::Relaxed);
        takes_more && io::stderr().write_all(piece).is_ok()
    })
}

/// Waits until a pipe's reader has made room, for at most `limit`.
#[cfg(unix)]
pub(super) fn takes_more(file: impl std::os::fd::AsFd, limit: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let limit = Timespec::try_from(limit).expect("the limit is short");
    let mut fds = [PollFd::new(&file, PollFlags::OUT)];
    poll(&mut fds, Some(&limit)).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
pub(super) fn takes_more<T>(_: T, _: Duration) -> bool {
    true
}
