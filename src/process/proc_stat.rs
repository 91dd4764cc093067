//! Reads `/proc/PID/stat`, Linux's line of facts about a process.
//! <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>

use std::fs;

/// What is needed of the line.
#[derive(Debug)]
pub(super) struct ProcStat {
    /// 0 where the parent is outside our PID namespace, or there is none.
    pub(super) parent: i32,
    /// In clock ticks since boot.
    pub(super) started: u64,
    /// It has ended, and its parent has not waited for it yet.
    pub(super) is_zombie: bool,
}

impl ProcStat {
    /// None where there is no such process, or no `/proc`.
    pub(super) fn of(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn parse(line: &str) -> Option<Self> {
        // The name in parentheses may hold anything, blanks and parentheses too.
        let (_, after_name) = line.rsplit_once(") ")?;
        let fields: Vec<&str> = after_name.split_ascii_whitespace().collect();
        let threads: u64 = fields.get(17)?.parse().ok()?;
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
            // The first thread of a process may end while others go on.
            is_zombie: matches!(fields[0], "Z" | "X") && threads <= 1,
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
            let stat = ProcStat::parse(&STAT.replace("(a)", &format!("({name})")));
            let stat = stat.expect("this is a stat line");
            prop_assert_eq!((stat.parent, stat.started, stat.is_zombie), (7, 12345, false));
        }

        #[test]
        fn any_text_can_be_read(text in ".*") {
            let _ = ProcStat::parse(&text);
        }
    }

    #[test]
    fn a_process_whose_first_thread_ended_is_no_zombie() {
        let stat = ProcStat::parse(&STAT.replace(" S 7", " Z 7")).expect("this is a stat line");
        assert!(!stat.is_zombie);
    }

    #[test]
    fn a_process_that_nobody_waited_for_is_a_zombie() {
        let zombie = STAT.replace(" S 7", " Z 7").replace(" 0 3 0 ", " 0 1 0 ");
        assert!(ProcStat::parse(&zombie).expect("this is a stat line").is_zombie);
    }
}
