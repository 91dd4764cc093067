//! One line on a terminal that shows that a long call goes on. It is drawn behind the cursor, which
//! stays where it is, and erased before anything else is written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::stderr::write_to_stderr;

/// Saves the cursor, wraps no line from here on, and erases what is behind the cursor.
const BEGIN: &str = "\u{1b}7\u{1b}[?7l\u{1b}[K";

/// Wraps lines again, and restores the cursor.
const END: &str = "\u{1b}[?7h\u{1b}8";

const ERASE: &str = "\u{1b}[K";

static IS_WANTED: OnceLock<bool> = OnceLock::new();

/// Stays false while nothing is drawn, so that who writes much takes no lock.
static MAY_BE_SHOWN: AtomicBool = AtomicBool::new(false);

/// The line stands on the terminal. Held while it is drawn or erased.
static IS_SHOWN: Mutex<bool> = Mutex::new(false);

/// Says once, at the start, whether a terminal shows the line.
pub(crate) fn set_status_line(is_wanted: bool) {
    IS_WANTED.get_or_init(|| is_wanted);
}

/// Draws the line in the place of the last one, or erases that where `is_quiet` does not hold.
/// False where it is not drawn.
///
/// Another thread may write at the same time if it makes `is_quiet` false first, calls
/// [`erase_status_line`], and then writes: either we see the one, or it sees the other.
pub(super) fn show(text: &str, is_quiet: impl FnOnce() -> bool) -> bool {
    if IS_WANTED.get() != Some(&true) || !system::is_terminal_free() {
        erase_status_line();
        return false;
    }
    let mut is_shown = IS_SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    MAY_BE_SHOWN.store(true, Ordering::SeqCst);
    if is_quiet() {
        *is_shown |= write_to_stderr(&format!("{BEGIN}{text}{END}"));
        return *is_shown;
    }
    drop(is_shown);
    erase_status_line();
    false
}

/// Erases the line where one is shown.
pub(crate) fn erase_status_line() {
    if MAY_BE_SHOWN.load(Ordering::SeqCst) {
        let mut is_shown = IS_SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_shown {
            write_to_stderr(ERASE);
        }
        *is_shown = false;
        MAY_BE_SHOWN.store(false, Ordering::SeqCst);
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use rustix::process::{Pid, WaitId, WaitIdOptions, getpgrp, waitid};
    use rustix::termios::{LocalModes, tcgetattr, tcgetpgrp};

    /// Stderr is a terminal, its foreground is ours or the command's, and nobody reads single keys
    /// or without echo from it: that is a password, or a program that draws the whole screen.
    pub(super) fn is_terminal_free() -> bool {
        let stderr = io::stderr();
        let line_mode = LocalModes::ICANON | LocalModes::ECHO;
        tcgetattr(&stderr).is_ok_and(|terminal| terminal.local_modes.contains(line_mode))
            && tcgetpgrp(&stderr).is_ok_and(|group| group == getpgrp() || has_child_in(group))
    }

    fn has_child_in(group: Pid) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pgid(Some(group)), look).is_ok()
    }
}

/// Not every console of Windows understands the sequences.
#[cfg(not(unix))]
mod system {
    pub(super) fn is_terminal_free() -> bool {
        false
    }
}
