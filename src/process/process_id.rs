//! Identifies a process across runs, so that a pid that was given again is not taken for it.

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use super::proc_stat::ProcStat;

/// A process's number, and when it started as its system says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProcessId {
    pid: u32,
    /// Empty where the system does not say; then the process counts as gone.
    started: String,
}

impl ProcessId {
    pub(crate) fn ours() -> Self {
        let pid = std::process::id();
        Self { pid, started: started(pid).unwrap_or_default() }
    }

    pub(crate) fn is_alive(&self) -> bool {
        !self.started.is_empty() && started(self.pid).as_ref() == Some(&self.started)
    }

    /// The process started us, or started who did.
    pub(crate) fn is_our_ancestor(&self) -> bool {
        let mut pid = std::process::id();
        for _ in 0..MAX_ANCESTORS {
            match parent(pid) {
                Some(parent) if parent == self.pid => return true,
                Some(parent) if parent > 1 => pid = parent,
                Some(_) | None => return false,
            }
        }
        false
    }

    /// Asks the process to end.
    #[cfg(unix)]
    pub(crate) fn stop(&self) {
        use rustix::process::{Pid, Signal, kill_process};

        if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            // It may just have ended.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    /// Windows cannot ask a process of another console: it is ended, and what it runs with it.
    #[cfg(windows)]
    pub(crate) fn stop(&self) {
        refreshed(self.pid, |process| {
            (process.start_time().to_string() == self.started).then(|| process.kill())
        });
    }
}

/// How many ancestors are looked at: no chain of processes is that long.
const MAX_ANCESTORS: usize = 256;

/// The number of our session, which a shell script shares with its `trap`. 0 where the session
/// began outside our PID namespace.
#[cfg(unix)]
pub(crate) fn session() -> Option<String> {
    nix::unistd::getsid(None).ok().map(|session| session.to_string())
}

#[cfg(not(unix))]
pub(crate) fn session() -> Option<String> {
    None
}

/// In clock ticks since boot; none for a zombie, which has ended.
#[cfg(target_os = "linux")]
fn started(pid: u32) -> Option<String> {
    ProcStat::of(pid).filter(|stat| !stat.is_zombie).map(|stat| stat.started.to_string())
}

#[cfg(target_os = "linux")]
fn parent(pid: u32) -> Option<u32> {
    u32::try_from(ProcStat::of(pid)?.parent).ok()
}

#[cfg(not(target_os = "linux"))]
fn parent(pid: u32) -> Option<u32> {
    refreshed(pid, |process| process.parent().map(sysinfo::Pid::as_u32))
}

/// In seconds since 1970, which neither the locale nor the time zone changes.
#[cfg(not(target_os = "linux"))]
fn started(pid: u32) -> Option<String> {
    refreshed(pid, |process| {
        let is_zombie = process.status() == sysinfo::ProcessStatus::Zombie;
        (!is_zombie).then(|| process.start_time().to_string())
    })
}

#[cfg(not(target_os = "linux"))]
fn refreshed<T>(pid: u32, read: impl FnOnce(&sysinfo::Process) -> Option<T>) -> Option<T> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    let pid = Pid::from_u32(pid);
    let mut system = System::new().ok()?;
    let only = ProcessesToUpdate::Some(&[pid]);
    system.refresh_processes_specifics(only, false, ProcessRefreshKind::nothing());
    system.process(pid).and_then(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_are_alive_and_another_start_is_not_us() {
        let ours = ProcessId::ours();
        assert!(ours.is_alive());
        assert!(!ProcessId { started: "1".to_owned(), ..ours }.is_alive());
    }
}
