//! The controlling terminal, and which process group is in its foreground.
//! Only the foreground group may read from it, and the keyboard's signals go to it alone.

use std::fs::File;

use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};
use rustix::process::test_kill_process_group;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Our controlling terminal. SIGTTOU is blocked, so we may use it from the background.
#[derive(Debug)]
pub(super) struct Terminal {
    tty: File,
    ours: Pid,
    /// Echo, line editing and the like, as we found them.
    modes: Option<Termios>,
}

impl Terminal {
    /// None where we have no controlling terminal, or our process group has no number here.
    pub(super) fn open() -> Option<Self> {
        let ours = getpgrp();
        let tty = File::options().read(true).write(true).open("/dev/tty").ok()?;
        let modes = tcgetattr(&tty).ok();
        (ours.as_raw() > 0).then_some(Self { tty, ours, modes })
    }

    pub(super) fn is_ours(&self) -> bool {
        self.foreground() == Some(self.ours)
    }

    pub(super) fn is_of(&self, group: rustix::process::Pid) -> bool {
        self.foreground() == Some(from_rustix(group))
    }

    /// Puts a group into the foreground. Allocates nothing and takes no lock.
    pub(super) fn give_to(&self, group: rustix::process::Pid) {
        // A terminal that was hung up has no foreground.
        let _ = tcsetpgrp(&self.tty, from_rustix(group));
    }

    /// Puts our own group into the foreground.
    pub(super) fn take_back(&self) {
        let _ = tcsetpgrp(&self.tty, self.ours);
    }

    /// Puts our own group into the foreground if `group` is there, or one that is gone. A shell
    /// that has put us into the background keeps what it took.
    pub(super) fn take_back_from(&self, group: rustix::process::Pid) {
        let is_left = self.foreground().is_none_or(|foreground| {
            let pid = rustix::process::Pid::from_raw(foreground.as_raw());
            foreground == from_rustix(group)
                || pid
                    .is_some_and(|pid| test_kill_process_group(pid) == Err(rustix::io::Errno::SRCH))
        });
        if is_left {
            self.take_back();
        }
    }

    /// Undoes what a command that was killed left: no echo after a password's prompt, raw input.
    pub(super) fn restore_modes(&self) {
        if self.is_ours()
            && let Some(modes) = &self.modes
        {
            // A terminal that was hung up has none.
            let _ = tcsetattr(&self.tty, OptionalActions::Now, modes);
        }
    }

    fn foreground(&self) -> Option<Pid> {
        tcgetpgrp(&self.tty).ok()
    }
}

fn from_rustix(pid: rustix::process::Pid) -> Pid {
    Pid::from_raw(pid.as_raw_nonzero().get())
}
