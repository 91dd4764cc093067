//! As PID 1 of a container we are init as well.

use std::io::Write as _;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::wrapped::{Started, script};

/// Makes us PID 1 of a namespace; none where this machine lets nobody do so.
fn contained(deploy: &str) -> Option<Started> {
    let unshare = "unshare --user --map-root-user --pid --fork --kill-child --mount-proc";
    let tried = Command::new("sh").args(["-c", &format!("{unshare} true")]).output();
    let can = tried.is_ok_and(|tried| tried.status.success());
    can.then(|| script(deploy).under(&format!("exec {unshare} \"$@\"")).start())
}

#[test]
fn no_zombie_stays() {
    let deploy = "(sh -c 'exit 1' & sh -c 'exit 2' &); read line; \
                  cat /proc/[0-9]*/stat | grep -c ') Z'; echo $PPID; exit 9";
    let Some(mut run) = contained(deploy) else { return };
    thread::sleep(Duration::from_millis(500));
    run.stdin.take().unwrap().write_all(b"\n").unwrap();
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (9, "0\n1\n"));
}

#[test]
fn a_signal_counts_though_pid_1_has_no_defaults() {
    let deploy = "trap 'echo stopping; exit' TERM; echo $PPID; kill -TERM 1; \
                  while :; do sleep 0.05; done";
    let Some(mut run) = contained(deploy) else { return };
    assert_eq!(run.line(), "1");
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (143, "stopping\n"));
}
