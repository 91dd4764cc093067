//! Those above us: GitHub's runner signals only the shell, and a shell that dies tells nobody.
//! Never `PR_SET_PDEATHSIG` on ourselves: that fires when a thread of the parent ends.

use std::time::Duration;

use rustix::process::{Pid, getpid};
use tokio::time::{Instant, sleep};

use super::shutdown::{Cause, ShutdownNotifier, Tracking};

/// Who leaves in our first second was a launcher and means it.
const FIRST: Duration = Duration::from_secs(1);

/// How often we look. A pidfd would tell at once, but not in every sandbox, and not safely.
const LOOK: Duration = Duration::from_millis(100);

/// Notes when an ancestor dies after our first second. Who is above one that died before is no
/// ancestor of ours any more.
pub(super) async fn watch(tracking: Tracking, notifier: ShutdownNotifier) {
    let begun = Instant::now();
    let mut chain = chain::of(getpid(), &tracking);
    while !chain.is_empty() {
        match chain.iter().position(|ancestor| !ancestor.lives()) {
            Some(dead) if begun.elapsed() < FIRST => chain.truncate(dead),
            Some(_) => return notifier.note(Cause::ParentDied),
            None => sleep(LOOK).await,
        }
    }
}

#[cfg(target_os = "linux")]
mod chain {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;

    use super::{Pid, Tracking};
    use crate::process::signals;

    /// No deploy's chain is longer.
    const MOST: usize = 32;

    const HUP: i32 = 1;

    /// A pid, and when its process was born: together they never mean another.
    pub(super) struct Ancestor {
        pid: Pid,
        born: u64,
    }

    impl Ancestor {
        pub(super) fn lives(&self) -> bool {
            Stat::of(self.pid).is_some_and(|stat| stat.born == self.born && !stat.is_dead)
        }
    }

    /// The ancestors that count, nearest first.
    pub(super) fn of(us: Pid, tracking: &Tracking) -> Vec<Ancestor> {
        let mut chain = Vec::new();
        let mut child = us;
        while chain.len() < MOST
            && let Some(ancestor) = above(child)
            && counts(ancestor.pid, tracking)
            && !was_left_on_purpose(child, ancestor.pid)
        {
            child = ancestor.pid;
            chain.push(ancestor);
        }
        chain
    }

    fn above(child: Pid) -> Option<Ancestor> {
        loop {
            let pid = Stat::of(child)?.parent.filter(|parent| *parent != Pid::INIT)?;
            let stat = Stat::of(pid);
            // It may have died while we looked, and its number be another's.
            if Stat::of(child)?.parent == Some(pid) {
                return Some(Ancestor { pid, born: stat?.born });
            }
        }
    }

    fn counts(pid: Pid, tracking: &Tracking) -> bool {
        let read = |what: &str| fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
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

    /// `nohup` stands between them: whoever is above means to be survived.
    fn was_left_on_purpose(child: Pid, parent: Pid) -> bool {
        let ignores = |pid: Pid| {
            let ignored = signals::ignored_by(&pid.to_string());
            ignored.is_some_and(|ignored| signals::contains(ignored, HUP))
        };
        ignores(child) && !ignores(parent)
    }

    struct Stat {
        parent: Option<Pid>,
        /// In clock ticks since boot.
        born: u64,
        /// And nobody has reaped it yet.
        is_dead: bool,
    }

    impl Stat {
        /// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
        fn of(pid: Pid) -> Option<Self> {
            Self::read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
        }

        fn read(stat: &str) -> Option<Self> {
            // The name before it may hold anything, parentheses too.
            let (_, after_name) = stat.rsplit_once(") ")?;
            let fields: Vec<&str> = after_name.split_ascii_whitespace().collect();
            let threads: u64 = fields.get(17)?.parse().ok()?;
            Some(Self {
                parent: Pid::from_raw(fields.get(1)?.parse().ok()?),
                born: fields.get(19)?.parse().ok()?,
                // The first thread of a process may end while others go on.
                is_dead: matches!(fields[0], "Z" | "X") && threads <= 1,
            })
        }
    }

    #[cfg(test)]
    mod tests {
        use proptest::{prop_assert_eq, proptest};

        use super::*;

        const STAT: &str = "42 (a) S 7 42 42 0 -1 0 9 0 0 0 1 2 0 0 20 0 3 0 12345 0";

        proptest! {
            #[test]
            fn no_name_hides_what_follows(name in "[ -~]{0,15}|[)] Z 9") {
                let stat = Stat::read(&STAT.replace("(a)", &format!("({name})")));
                let stat = stat.expect("this is a stat line");
                prop_assert_eq!(stat.parent, Pid::from_raw(7));
                prop_assert_eq!((stat.born, stat.is_dead), (12345, false));
            }

            #[test]
            fn no_text_is_too_strange(text in ".*") {
                let _ = Stat::read(&text);
            }
        }

        #[test]
        fn a_process_whose_first_thread_ended_lives() {
            let stat = Stat::read(&STAT.replace(" S 7", " Z 7")).expect("this is a stat line");
            assert!(!stat.is_dead);
        }

        #[test]
        fn a_zombie_is_dead() {
            let zombie = STAT.replace(" S 7", " Z 7").replace(" 0 3 0 ", " 0 1 0 ");
            assert!(Stat::read(&zombie).expect("this is a stat line").is_dead);
        }
    }
}

/// Elsewhere only the parent is known, and that it is gone when we have another.
#[cfg(not(target_os = "linux"))]
mod chain {
    use rustix::process::getppid;

    use super::{Pid, Tracking};

    pub(super) struct Ancestor(Pid);

    impl Ancestor {
        pub(super) fn lives(&self) -> bool {
            getppid() == Some(self.0)
        }
    }

    pub(super) fn of(_: Pid, _: &Tracking) -> Vec<Ancestor> {
        getppid().filter(|parent| *parent != Pid::INIT).map(Ancestor).into_iter().collect()
    }
}
