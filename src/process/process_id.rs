//! Which process is this, so that a number that was given again is not taken for it?

use serde::{Deserialize, Serialize};

/// A process's number and when it started, in the words of its system.
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
        // A chain of processes is never that long.
        for _ in 0..MAX_ANCESTORS {
            match parent(pid) {
                Some(parent) if parent == self.pid => return true,
                Some(parent) if parent > 1 => pid = parent,
                Some(_) | None => return false,
            }
        }
        false
    }

    /// Asks the process to come to its end.
    #[cfg(unix)]
    pub(crate) fn send_sigterm(&self) {
        use rustix::process::{Pid, Signal, kill_process};

        if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            // It may just have gone.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn send_sigterm(&self) {}
}

/// How many ancestors are looked at.
const MAX_ANCESTORS: usize = 256;

/// The number of our session, which a shell script shares with its `trap`.
#[cfg(target_os = "linux")]
pub(crate) fn session() -> Option<String> {
    // `getsid` is 0 where the session began outside our PID namespace, which `rustix` does not
    // expect.
    fields(std::process::id())?.nth(3)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn session() -> Option<String> {
    let session = rustix::process::getsid(None).ok()?;
    Some(session.as_raw_nonzero().to_string())
}

#[cfg(not(unix))]
pub(crate) fn session() -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
fn parent(pid: u32) -> Option<u32> {
    fields(pid)?.nth(1)?.parse().ok()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn parent(pid: u32) -> Option<u32> {
    let mut ps = std::process::Command::new("ps");
    let output = ps.args(["-o", "ppid=", "-p", &pid.to_string()]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

#[cfg(not(unix))]
fn parent(_: u32) -> Option<u32> {
    None
}

/// Field 22 of `/proc/PID/stat`, in clock ticks since boot; a zombie has ended already.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
#[cfg(target_os = "linux")]
fn started(pid: u32) -> Option<String> {
    let mut fields = fields(pid)?;
    let state = fields.next()?;
    if state == "Z" { None } else { fields.nth(18) }
}

/// What follows the name, from the state on.
#[cfg(target_os = "linux")]
fn fields(pid: u32) -> Option<impl Iterator<Item = String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, blanks and parentheses too.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
    Some(fields.into_iter())
}

/// POSIX has no start time, but every `ps` of these systems does.
#[cfg(all(unix, not(target_os = "linux")))]
fn started(pid: u32) -> Option<String> {
    let ps = std::process::Command::new("ps")
        .args(["-o", "lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8(ps.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A job's processes go with its job object there.
#[cfg(not(unix))]
fn started(_: u32) -> Option<String> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn we_are_alive_and_another_start_is_not_us() {
        let ours = ProcessId::ours();
        assert!(ours.is_alive());
        assert!(!ProcessId { started: "1".to_owned(), ..ours }.is_alive());
    }
}
