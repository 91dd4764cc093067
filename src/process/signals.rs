//! The signals that mean *stop*, their names, and what our parent had already decided about them.

use std::io;

use super::shutdown::{Cause, ShutdownNotifier};

/// The number is the same on every system that has signals.
pub(super) const TERM: i32 = 15;

#[cfg(unix)]
pub(super) use self::unix::{Inherited, listen};
#[cfg(target_os = "linux")]
pub(super) use self::unix::{contains, ignored_by};
#[cfg(windows)]
pub(super) use self::windows::{Inherited, listen};

/// `SIGKILL` for 9; the number where it has no name.
pub(crate) fn signal_name(signal: i32) -> String {
    NAMES
        .iter()
        .find(|(number, _)| *number == signal)
        .map_or_else(|| format!("signal {signal}"), |(_, name)| format!("SIG{name}"))
}

#[cfg(unix)]
const NAMES: &[(i32, &str)] = {
    use rustix::process::Signal;
    &[
        (Signal::HUP.as_raw(), "HUP"),
        (Signal::INT.as_raw(), "INT"),
        (Signal::QUIT.as_raw(), "QUIT"),
        (Signal::ILL.as_raw(), "ILL"),
        (Signal::TRAP.as_raw(), "TRAP"),
        (Signal::ABORT.as_raw(), "ABRT"),
        (Signal::BUS.as_raw(), "BUS"),
        (Signal::FPE.as_raw(), "FPE"),
        (Signal::KILL.as_raw(), "KILL"),
        (Signal::USR1.as_raw(), "USR1"),
        (Signal::SEGV.as_raw(), "SEGV"),
        (Signal::USR2.as_raw(), "USR2"),
        (Signal::PIPE.as_raw(), "PIPE"),
        (Signal::ALARM.as_raw(), "ALRM"),
        (Signal::TERM.as_raw(), "TERM"),
        (Signal::XCPU.as_raw(), "XCPU"),
        (Signal::XFSZ.as_raw(), "XFSZ"),
        (Signal::VTALARM.as_raw(), "VTALRM"),
        (Signal::PROF.as_raw(), "PROF"),
        (Signal::IO.as_raw(), "IO"),
        (Signal::SYS.as_raw(), "SYS"),
    ]
};

#[cfg(windows)]
const NAMES: &[(i32, &str)] = &[(2, "INT"), (15, "TERM"), (21, "BREAK")];

#[cfg(unix)]
mod unix {
    use nix::sys::signal::{SigSet, Signal};
    use tokio::signal::unix::{SignalKind, signal};

    use super::{Cause, ShutdownNotifier, io};

    const STOP: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

    /// What the command is to find as we found it.
    #[derive(Debug)]
    pub(in crate::process) struct Inherited {
        pub(in crate::process) blocked: SigSet,
    }

    /// Notes every signal that means *stop*, but for those that our parent wants ignored.
    pub(in crate::process) fn listen(notifier: &ShutdownNotifier) -> io::Result<Inherited> {
        let ignored = ignored();
        let blocked = SigSet::thread_get_mask()?;
        for stop in STOP.into_iter().filter(|stop| !contains(ignored, *stop as i32)) {
            let mut stream = signal(SignalKind::from_raw(stop as i32))?;
            let notifier = notifier.clone();
            tokio::spawn(async move {
                while stream.recv().await.is_some() {
                    notifier.note(Cause::Signal(stop as i32));
                }
            });
        }
        // An ignored SIGCHLD would cost us the exit code. A handler ends that, and it stays.
        drop(signal(SignalKind::child())?);
        STOP.into_iter().chain([Signal::SIGCHLD]).collect::<SigSet>().thread_unblock()?;
        Ok(Inherited { blocked })
    }

    /// The signals that we were started with as ignored, one bit each; the first is bit 0.
    /// <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>
    pub(in crate::process) fn ignored_by(pid: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    }

    // Other systems do not tell without unsafe code.
    fn ignored() -> u64 {
        ignored_by("self").unwrap_or(0)
    }

    pub(in crate::process) fn contains(signals: u64, signal: i32) -> bool {
        signals >> (signal - 1) & 1 == 1
    }
}

#[cfg(windows)]
mod windows {
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    use super::{Cause, ShutdownNotifier, io};

    const SIGINT: i32 = 2;
    /// Microsoft's own number.
    /// <https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/signal>
    const SIGBREAK: i32 = 21;

    #[derive(Debug)]
    pub(in crate::process) struct Inherited;

    /// Notes the keys that mean *stop*.
    pub(in crate::process) fn listen(notifier: &ShutdownNotifier) -> io::Result<Inherited> {
        let (mut ctrl_c, mut ctrl_break, notifier) = (ctrl_c()?, ctrl_break()?, notifier.clone());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(()) = ctrl_c.recv() => notifier.note(Cause::Signal(SIGINT)),
                    Some(()) = ctrl_break.recv() => notifier.note(Cause::Signal(SIGBREAK)),
                    else => return,
                }
            }
        });
        Ok(Inherited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_a_name() {
        assert_eq!(signal_name(TERM), "SIGTERM");
        assert_eq!(signal_name(99), "signal 99");
    }
}
