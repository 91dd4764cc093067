//! An ancestor may die without a signal to us, as the shell of a canceled step does.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::wrapped::{LeftBehind, Started, Wrapped, await_end, lives, script};

/// Half a second to notice, and what a loaded machine takes.
const SOON: Duration = Duration::from_secs(3);

/// Our first second, and what a loaded machine takes until we begin to count.
const SETTLED: Duration = Duration::from_millis(1500);

/// Prints its pid, then that it got a SIGTERM.
const DEPLOY: &str = "trap 'echo stopping; exit' TERM; echo $$; while :; do sleep 0.05; done";

fn tracked(deploy: &str) -> Wrapped {
    script(deploy).variable("RUNNER_TRACKING_ID", "github_42").option("watch-ancestors", "true")
}

/// A deploy that has outlived our first second, under a shell that has not said its own pid.
fn settled(wrapped: &Wrapped) -> (Started, LeftBehind) {
    let mut run = wrapped.start();
    let deploy = LeftBehind(run.pid_line());
    thread::sleep(SETTLED);
    (run, deploy)
}

#[track_caller]
fn assert_stopped(mut run: Started, deploy: &LeftBehind) {
    let died = Instant::now();
    assert_eq!(run.line(), "stopping");
    await_end(deploy.0, SOON);
    assert!(died.elapsed() < SOON, "{:?}", died.elapsed());
}

#[track_caller]
fn assert_not_stopped(deploy: &LeftBehind) {
    thread::sleep(Duration::from_secs(1));
    assert!(lives(deploy.0), "it was stopped by mistake");
}

#[test]
fn a_shell_that_dies_alone_counts_as_a_sigterm() {
    // The shell is not waited for either, so it stays a zombie for a while.
    let (run, deploy) = settled(&tracked(DEPLOY).under("\"$@\"; echo after"));
    run.signal(Signal::TERM);
    assert_stopped(run, &deploy);
}

#[test]
fn the_shell_is_missed_behind_timeout_too() {
    let (run, deploy) = settled(&tracked(DEPLOY).under("timeout 300 \"$@\"; echo after"));
    run.signal(Signal::TERM);
    assert_stopped(run, &deploy);
}

#[test]
fn the_shell_is_missed_behind_other_shells_too() {
    let npm = "bash -c '\"$@\"; true' x bash -c '\"$@\"; true' x \"$@\"; echo after";
    let (run, deploy) = settled(&tracked(DEPLOY).under(npm));
    run.signal(Signal::KILL);
    assert_stopped(run, &deploy);
}

#[test]
fn the_shell_is_missed_in_a_pipe_too() {
    let (run, deploy) = settled(&tracked(DEPLOY).under("\"$@\" | cat; echo after"));
    run.signal(Signal::KILL);
    assert_stopped(run, &deploy);
}

#[test]
fn a_deploy_that_ignores_signals_is_killed_after_two_seconds() {
    let stubborn = "trap '' TERM; echo $$; while :; do sleep 0.05; done";
    let (run, deploy) = settled(&tracked(stubborn).under("\"$@\"; echo after"));
    let died = Instant::now();
    run.signal(Signal::KILL);
    await_end(deploy.0, Duration::from_secs(5));
    assert!(died.elapsed() >= Duration::from_secs(2), "{:?}", died.elapsed());
    assert!(died.elapsed() < Duration::from_millis(4500), "{:?}", died.elapsed());
}

#[test]
fn an_ancestor_without_our_mark_may_die() {
    let above =
        "env -u RUNNER_TRACKING_ID bash -c 'RUNNER_TRACKING_ID=github_42 \"$@\"; true' x \"$@\"";
    let (run, deploy) = settled(&tracked(DEPLOY).under(&format!("{above}; true")));
    // The outermost shell has the mark, but one without it stands between.
    run.signal(Signal::KILL);
    assert_not_stopped(&deploy);
}

#[test]
fn nobody_is_watched_when_that_is_not_wanted() {
    let wrapped = script(DEPLOY)
        .variable("RUNNER_TRACKING_ID", "github_42")
        .option("watch-ancestors", "false")
        .under("\"$@\"; echo after");
    let (run, deploy) = settled(&wrapped);
    run.signal(Signal::KILL);
    assert_not_stopped(&deploy);
}

#[test]
fn a_launcher_that_leaves_in_our_first_second_means_it() {
    let mut run = tracked(DEPLOY).under("\"$@\" &").start();
    let deploy = LeftBehind(run.pid_line());
    run.wait();
    assert_not_stopped(&deploy);
}

#[test]
fn a_shell_may_leave_what_it_started_with_nohup() {
    // Its stdin is no terminal here, and stdout no terminal: nohup changes the signal alone.
    let (mut run, deploy) =
        settled(&tracked(DEPLOY).under("nohup \"$@\" & read line < /dev/stdin; exit"));
    run.stdin.take().unwrap().write_all(b"\n").unwrap();
    run.wait();
    assert_not_stopped(&deploy);
}

#[test]
fn a_thread_of_our_parent_may_end() {
    let wrapped = tracked(DEPLOY);
    let (run, deploy) = thread::spawn(move || settled(&wrapped)).join().unwrap();
    assert_not_stopped(&deploy);
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
}

/// What GitHub's runner does to a step without `exec`: bash sits on the SIGINT, and dies of the
/// SIGTERM alone.
#[test]
fn a_cancelled_step_without_exec_is_told_when_its_shell_dies() {
    let (mut run, deploy) = settled(&tracked(DEPLOY).under("\"$@\"; echo after"));
    drop(run.stdin.take());
    run.signal(Signal::INT);
    thread::sleep(Duration::from_secs(1));
    assert!(lives(deploy.0), "bash keeps a SIGINT to itself");
    run.signal(Signal::TERM);
    assert_stopped(run, &deploy);
}

#[test]
fn we_go_too_once_the_deploy_is_over() {
    let ours = "echo $$ $PPID; trap 'exit' TERM; while :; do sleep 0.05; done";
    let mut run = tracked(ours).under("\"$@\"; echo after").start();
    let line = run.line();
    let pids: Vec<Pid> =
        line.split(' ').map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap()).collect();
    thread::sleep(SETTLED);
    kill_process(run.pid(), Signal::KILL).unwrap();
    await_end(pids[0], SOON);
    await_end(pids[1], Duration::from_secs(5));
}
