//! The signals that mean *stop*, their names, and what we inherited about them.

#[cfg(unix)]
mod ignored;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

/// The numbers are the same on every system that has signals.
pub(super) const TERM: i32 = 15;
pub(super) const INT: i32 = 2;

#[cfg(target_os = "linux")]
pub(super) use self::ignored::SignalMask;
#[cfg(unix)]
pub(super) use self::unix::{Inherited, StopSignals, end_by_sigint, interrupt_our_group, listen};
#[cfg(windows)]
pub(super) use self::windows::{Inherited, StopSignals, listen};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_a_name() {
        assert_eq!(signal_name(TERM), "SIGTERM");
        assert_eq!(signal_name(99), "signal 99");
    }
}
