//! Writes to stderr without waiting for a reader that does not come.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Back to the line's begin, and erase it.
const ERASE_LINE: &str = "\r\u{1b}[K";

/// A status line stands on the terminal, which the next line replaces.
static HAS_STATUS_LINE: AtomicBool = AtomicBool::new(false);

/// Shows a line that the next one replaces; false where stderr is no terminal.
pub(super) fn show_status_line(text: &str) -> bool {
    if !io::stderr().is_terminal() {
        return false;
    }
    write_pieces(&format!("{ERASE_LINE}{text}"));
    HAS_STATUS_LINE.store(true, Ordering::Relaxed);
    true
}

pub(super) fn erase_status_line() {
    if HAS_STATUS_LINE.swap(false, Ordering::Relaxed) {
        write_pieces(ERASE_LINE);
    }
}

pub(super) fn write_to_stderr(text: &str) {
    erase_status_line();
    write_pieces(text);
}

/// Nobody may be reading: a line is lost rather than waited for, and only the first one waits.
fn write_pieces(text: &str) {
    static IS_STUCK: AtomicBool = AtomicBool::new(false);
    for piece in text.as_bytes().chunks(PIECE) {
        let limit = if IS_STUCK.load(Ordering::Relaxed) { Duration::ZERO } else { STDERR_LIMIT };
        let takes_more = takes_more(io::stderr(), limit);
        IS_STUCK.store(!takes_more, Ordering::Relaxed);
        if !takes_more || io::stderr().write_all(piece).is_err() {
            return;
        }
    }
}

/// How long a line waits for a reader of stderr.
const STDERR_LIMIT: Duration = Duration::from_secs(1);

/// A pipe that polls as writable takes this much without blocking (POSIX's `PIPE_BUF`, at least).
const PIECE: usize = 512;

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
