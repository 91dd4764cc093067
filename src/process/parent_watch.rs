//! Watches our ancestors: GitHub's runner signals only the step's shell, whose death reaches nobody.
//! Never by `PR_SET_PDEATHSIG` on ourselves: that fires when a *thread* of the parent ends.

use std::ffi::OsString;

use super::shutdown_request::ShutdownNotifier;

/// Which ancestors' death counts as a SIGTERM.
#[derive(Clone, Debug)]
pub(crate) enum Tracking {
    /// Ancestors that carry this value of `RUNNER_TRACKING_ID`, as GitHub's runner gives it to all
    /// that belongs to one step.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "others show no environment"))]
    Marked(OsString),
    /// All ancestors below the Azure agent, or below PID 1 where there is none.
    BelowAgent,
}

/// Starts to watch; false where the system does not show whose process is whose. With nobody to
/// watch, as under `exec`, nothing is missing.
pub(super) fn start(tracking: &Tracking, notifier: &ShutdownNotifier) -> bool {
    #[cfg(unix)]
    {
        let chain = chain::of_ours(tracking);
        let is_watching = chain.is_some();
        tokio::spawn(poll::until_one_dies(chain.unwrap_or_default(), notifier.clone()));
        is_watching
    }
    // The runner signals everybody on the console there.
    #[cfg(windows)]
    {
        let _ = (tracking, notifier);
        false
    }
}

#[cfg(unix)]
mod poll {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::ShutdownNotifier;
    use super::chain::Ancestor;
    use crate::process::shutdown_request::Cause;

    /// An ancestor that ends in our first second was a launcher and left us on purpose.
    const LAUNCH: Duration = Duration::from_secs(1);

    /// How often the ancestors are looked at. A pidfd would be faster, but some sandboxes refuse it.
    const INTERVAL: Duration = Duration::from_millis(100);

    /// Notifies when an ancestor dies after [`LAUNCH`]. Whoever is above one that died before is
    /// no ancestor of ours any more.
    pub(super) async fn until_one_dies(mut chain: Vec<Ancestor>, notifier: ShutdownNotifier) {
        let begun = Instant::now();
        while !chain.is_empty() {
            match chain.iter().position(|ancestor| !ancestor.is_alive()) {
                Some(dead) if begun.elapsed() < LAUNCH => chain.truncate(dead),
                Some(_) => return notifier.notify(Cause::ParentDied),
                None => sleep(INTERVAL).await,
            }
        }
    }
}

#[cfg(target_os = "linux")]
mod chain {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;

    use super::Tracking;
    use crate::process::proc_stat::ProcStat;
    use crate::process::signals::SignalMask;

    /// No deploy's chain is longer.
    const MAX_ANCESTORS: usize = 32;

    const SIGHUP: i32 = 1;

    /// PID 1 is nobody's shell.
    const INIT: u32 = 1;

    /// A pid with its start time, which together never mean another process.
    pub(super) struct Ancestor {
        pid: u32,
        started: u64,
    }

    impl Ancestor {
        pub(super) fn is_alive(&self) -> bool {
            ProcStat::of(self.pid)
                .is_some_and(|stat| stat.started == self.started && !stat.is_zombie)
        }
    }

    /// The ancestors that count, nearest first; none where there is no `/proc`.
    pub(super) fn of_ours(tracking: &Tracking) -> Option<Vec<Ancestor>> {
        let mut chain = Vec::new();
        let mut child = std::process::id();
        ProcStat::of(child)?;
        while chain.len() < MAX_ANCESTORS
            && let Some(ancestor) = parent(child)
            && is_tracked(ancestor.pid, tracking)
            && !was_left_on_purpose(child, ancestor.pid)
        {
            child = ancestor.pid;
            chain.push(ancestor);
        }
        Some(chain)
    }

    fn parent(child: u32) -> Option<Ancestor> {
        loop {
            let parent = ProcStat::of(child)?.parent;
            let pid = u32::try_from(parent).ok().filter(|pid| *pid > INIT)?;
            let stat = ProcStat::of(pid);
            // It may have died meanwhile, and its number may be another's.
            if ProcStat::of(child)?.parent == parent {
                return Some(Ancestor { pid, started: stat?.started });
            }
        }
    }

    fn is_tracked(pid: u32, tracking: &Tracking) -> bool {
        let read = |file: &str| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        match tracking {
            Tracking::Marked(value) => {
                let mark = [b"RUNNER_TRACKING_ID=", value.as_bytes()].concat();
                read("environ").split(|byte| *byte == 0).any(|variable| variable == mark)
            }
            Tracking::BelowAgent => {
                let name = read("comm");
                !matches!(name.trim_ascii(), b"Agent.Worker" | b"Agent.Listener")
            }
        }
    }

    /// `nohup` stands between them: the child is meant to survive whoever is above.
    fn was_left_on_purpose(child: u32, parent: u32) -> bool {
        let ignores_hangup = |pid: u32| {
            SignalMask::ignored_by(&pid.to_string()).is_some_and(|mask| mask.contains(SIGHUP))
        };
        ignores_hangup(child) && !ignores_hangup(parent)
    }
}

/// Elsewhere the parent alone is watched: it is gone when we have another.
#[cfg(all(unix, not(target_os = "linux")))]
mod chain {
    use rustix::process::{Pid, getppid};

    use super::Tracking;

    pub(super) struct Ancestor(Pid);

    impl Ancestor {
        pub(super) fn is_alive(&self) -> bool {
            getppid() == Some(self.0)
        }
    }

    pub(super) fn of_ours(_: &Tracking) -> Option<Vec<Ancestor>> {
        Some(getppid().filter(|parent| *parent != Pid::INIT).map(Ancestor).into_iter().collect())
    }
}
