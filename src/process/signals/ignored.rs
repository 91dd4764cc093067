//! Which signals we inherited as ignored, as `nohup` and a shell's `trap ''` leave them.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use nix::sys::signal::{SigSet, Signal};

const NO_PROC: &str = "there is no /proc: no ancestor is watched, and `finish` cannot tell whether \
     a run goes on";

/// A set of signals, one bit each; signal 1 is bit 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::process) struct SignalMask(u64);

impl SignalMask {
    pub(in crate::process) fn contains(self, signal: i32) -> bool {
        self.0 >> (signal - 1) & 1 == 1
    }

    fn with(self, signal: Signal) -> Self {
        Self(self.0 | 1 << (signal as i32 - 1))
    }

    /// What a process ignores; none where there is no `/proc`.
    /// <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>
    #[cfg(target_os = "linux")]
    pub(in crate::process) fn ignored_by(pid: &str) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok().map(Self)
    }
}

/// The signals that were ignored when the program was loaded; empty where there is no `/proc`.
static AT_LOAD: OnceLock<SignalMask> = OnceLock::new();

/// Rust's runtime ignores SIGPIPE before `main`, so its inherited disposition is read before that.
#[cfg(target_os = "linux")]
#[ctor::ctor(unsafe)]
fn read_at_load() {
    if let Some(ignored) = SignalMask::ignored_by("self") {
        let _ = AT_LOAD.set(ignored);
    }
}

/// The signals that we were started with as ignored, and a note where that cannot be known fully.
pub(super) fn at_start(blocked: SigSet) -> (SignalMask, Option<&'static str>) {
    match AT_LOAD.get() {
        Some(ignored) => (*ignored, None),
        None => (ask_shell(blocked), cfg!(target_os = "linux").then_some(NO_PROC)),
    }
}

/// Asks a shell, which can trap no signal that it inherited as ignored: it then goes on and exits
/// with 0. A blocked signal would look the same, and is taken as not ignored.
fn ask_shell(blocked: SigSet) -> SignalMask {
    [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM]
        .into_iter()
        .filter(|signal| !blocked.contains(*signal))
        .filter(|signal| {
            let name = signal.as_str().trim_start_matches("SIG");
            let script = format!("trap 'exit 1' {name}; kill -{name} $$; exit 0");
            Command::new("/bin/sh")
                .args(["-c", &script])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
        .fold(SignalMask::default(), SignalMask::with)
}
