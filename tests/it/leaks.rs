//! A process that is left behind delays nobody, and goes on after a normal end.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::wrapped::{LeftBehind, lives, script};

/// What we may take on a loaded machine for what should be 2 s at most.
const SOON: Duration = Duration::from_secs(6);

#[test]
fn a_background_process_that_keeps_the_pipe_does_not_hold_us() {
    let start = Instant::now();
    let mut run = script("sleep 60 & echo $!; echo deployed; exit 3").start();
    let sleeper = LeftBehind(run.pid_line());
    let ran = run.finish();
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(ran.code(), 3);
    assert_eq!(ran.text(), "deployed\n");
    assert!(lives(sleeper.0), "it was meant to go on");
}

#[test]
fn a_background_process_is_read_as_long_as_it_writes() {
    let ran = script("(for i in 1 2 3 4 5; do sleep 0.1; echo $i; done) & echo 0").run();
    assert_eq!(ran.text(), "0\n1\n2\n3\n4\n5\n");
}

#[test]
fn a_background_process_that_never_stops_writing_does_not_hold_us() {
    let start = Instant::now();
    let mut run = script("sh -c 'echo $$; exec yes' & true").start();
    let _writer = LeftBehind(run.pid_line());
    assert_eq!(run.finish().code(), 0);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_daemon_is_neither_awaited_nor_ended() {
    let start = Instant::now();
    let mut run = script("setsid sleep 60 < /dev/null > /dev/null 2>&1 & echo $!").start();
    let daemon = LeftBehind(run.pid_line());
    assert_eq!(run.finish().code(), 0);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert!(lives(daemon.0));
}

#[test]
fn a_background_process_of_the_group_survives_a_normal_end() {
    let mut run = script("sleep 60 < /dev/null > /dev/null 2>&1 & echo $!").start();
    let sleeper = LeftBehind(run.pid_line());
    assert_eq!(run.finish().code(), 0);
    assert!(lives(sleeper.0));
}

#[test]
fn a_daemon_that_keeps_the_pipe_does_not_hold_a_cancel() {
    let mut run = script("setsid sh -c 'echo $$; echo ready; exec sleep 60' & wait; wait").start();
    let daemon = LeftBehind(run.pid_line());
    assert_eq!(run.line(), "ready");
    let signaled = Instant::now();
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
    assert!(signaled.elapsed() < SOON, "{:?}", signaled.elapsed());
    assert!(lives(daemon.0), "it has left the group, and is not ours to end");
}
