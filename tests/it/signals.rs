//! A signal to us goes to the command and all that it started, and ends them.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::wrapped::{PATIENCE, Started, await_end, folder, script, wrapped};

/// Waits in small steps, since a shell runs its traps between commands.
const WAIT: &str = "while :; do sleep 0.05; done";

fn start(setup: &str) -> Started {
    let mut run =
        script(&format!("{setup}; echo ready; {WAIT}")).option("grace-period", "2s").start();
    assert_eq!(run.line(), "ready");
    run
}

#[test]
fn each_signal_that_means_stop_reaches_the_command() {
    for (signal, name) in
        [(Signal::INT, "INT"), (Signal::TERM, "TERM"), (Signal::HUP, "HUP"), (Signal::QUIT, "QUIT")]
    {
        let run = start(&format!("trap 'echo {name}; exit 1' {name}"));
        run.signal(signal);
        let ran = run.finish();
        assert_eq!((ran.code(), ran.text()), (128 + signal.as_raw(), format!("{name}\n").as_str()));
    }
}

#[test]
fn a_command_that_exits_0_after_a_signal_was_cancelled() {
    let run = start("trap 'exit 0' INT");
    run.signal(Signal::INT);
    assert_eq!(run.finish().code(), 130);
}

#[test]
fn a_signal_before_the_commands_end_cancels_it_however_close() {
    let runs: Vec<_> = (0..40).map(|_| script("kill -TERM $PPID; exit 0").start()).collect();
    for run in runs {
        let ran = run.finish();
        assert_eq!(ran.code(), 143, "{}", ran.stderr);
        assert!(ran.stderr.contains("Cancelled after"), "{}", ran.stderr);
    }
}

#[test]
fn the_whole_group_gets_the_signal_once() {
    let mut run = script(&format!(
        "trap 'echo outer; wait; exit' TERM; \
         (trap 'echo inner; exit' TERM; echo ready; {WAIT}) & {WAIT}"
    ))
    .start();
    assert_eq!(run.line(), "ready");
    run.signal(Signal::TERM);
    let ran = run.finish();
    let mut lines: Vec<&str> = ran.text().lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["inner", "outer"]);
}

#[test]
fn two_signals_at_once_are_forwarded_once() {
    let run = start("trap 'echo stopping; sleep 0.5; exit' INT TERM");
    // As `timeout` does it, and systemd.
    run.signal(Signal::INT);
    run.signal(Signal::INT);
    run.signal(Signal::TERM);
    let signaled = Instant::now();
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (130, "stopping\n"));
    assert!(signaled.elapsed() >= Duration::from_millis(450), "it had its time");
}

#[test]
fn a_later_signal_ends_it_at_once() {
    let run = start("trap 'echo stopping' INT; trap '' TERM");
    let signaled = Instant::now();
    run.signal(Signal::INT);
    thread::sleep(Duration::from_millis(700));
    run.signal(Signal::INT);
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (130, "stopping\n"));
    assert!(signaled.elapsed() < Duration::from_secs(4), "{:?}", signaled.elapsed());
}

#[test]
fn a_command_that_ignores_an_interrupt_gets_a_sigterm_halfway() {
    let run = start("trap '' INT; trap 'echo term; exit' TERM");
    let signaled = Instant::now();
    run.signal(Signal::INT);
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (130, "term\n"));
    // That it wrote shows that SIGKILL had not come.
    assert!(signaled.elapsed() >= Duration::from_secs(1), "{:?}", signaled.elapsed());
}

#[test]
fn a_command_that_got_a_sigterm_gets_no_second() {
    let run = start("trap 'echo term' TERM");
    run.signal(Signal::TERM);
    assert_eq!(run.finish().text(), "term\n");
}

#[test]
fn a_command_that_ignores_everything_is_killed_at_the_end_of_its_grace() {
    let mut run =
        script(&format!("trap '' INT TERM; echo $$; {WAIT}")).option("grace-period", "2s").start();
    let command = run.pid_line();
    let signaled = Instant::now();
    run.signal(Signal::INT);
    assert_eq!(run.finish().code(), 130);
    await_end(command, Duration::ZERO);
    assert!(signaled.elapsed() >= Duration::from_secs(2), "{:?}", signaled.elapsed());
    assert!(signaled.elapsed() < Duration::from_secs(5), "{:?}", signaled.elapsed());
}

#[test]
fn a_stopped_command_is_continued_to_handle_the_signal() {
    let mut run = script("echo $$; kill -STOP $$; sleep 60").start();
    let command = run.pid_line();
    let signaled = Instant::now();
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
    await_end(command, Duration::ZERO);
    assert!(signaled.elapsed() < Duration::from_secs(4), "{:?}", signaled.elapsed());
}

#[test]
fn what_is_left_of_the_group_has_its_grace_too() {
    let mut run = script(&format!(
        "(trap 'sleep 0.5; echo unlocked; exit' TERM; echo $$; {WAIT}) & \
         wait; wait; wait"
    ))
    .start();
    let command = run.pid_line();
    run.signal(Signal::TERM);
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (143, "unlocked\n"));
    await_end(command, Duration::ZERO);
}

#[test]
fn what_is_left_of_the_group_is_killed_in_the_end() {
    let stubborn = format!("trap '' INT TERM; echo $$; exec > /dev/null; {WAIT}");
    let mut run = script("sh -c \"$STUBBORN\" & wait")
        .variable("STUBBORN", &stubborn)
        .option("grace-period", "1s")
        .start();
    let left = run.pid_line();
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
    await_end(left, Duration::ZERO);
}

#[test]
fn a_command_that_dies_at_once_leaves_us_at_once() {
    let mut run = wrapped(&["sh", "-c", "echo ready; exec sleep 60"]).start();
    assert_eq!(run.line(), "ready");
    let signaled = Instant::now();
    run.signal(Signal::INT);
    assert_eq!(run.finish().code(), 130);
    assert!(signaled.elapsed() < Duration::from_secs(2), "{:?}", signaled.elapsed());
}

#[test]
fn a_command_that_floods_gets_the_signal_as_well() {
    let mut run = script("exec yes").start();
    assert_eq!(run.line(), "y");
    run.signal(Signal::INT);
    let ran = run.finish();
    assert_eq!(ran.code(), 130);
    assert!(ran.stdout.chunks_exact(2).all(|line| line == b"y\n"), "no byte is out of place");
}

#[cfg(target_os = "linux")]
#[test]
fn the_command_dies_with_us() {
    let temp = folder();
    let run = script("echo $$; exec sleep 60");
    let mut run = run.variable("TMPDIR", &temp.path().display().to_string()).start();
    let command = run.pid_line();
    run.signal(Signal::KILL);
    run.wait();
    await_end(command, PATIENCE);
}

/// GitHub's runner with `exec`, at its full length: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL.
#[test]
fn a_cancelled_step_is_over_before_the_runner_sends_its_second_signal() {
    let mut run =
        script(&format!("trap '' INT TERM; echo ready; {WAIT}")).under("exec \"$@\"").start();
    drop(run.stdin.take());
    assert_eq!(run.line(), "ready");
    let signaled = Instant::now();
    run.signal(Signal::INT);
    assert_eq!(run.finish().code(), 130);
    assert!(signaled.elapsed() < Duration::from_millis(7500), "{:?}", signaled.elapsed());
}

/// `exec timeout 300 deployment-status …`: GNU `timeout` signals us, and then our whole group.
#[cfg(target_os = "linux")]
#[test]
fn a_timeout_above_us_is_no_second_event() {
    let mut run =
        script("trap 'echo stopping; exit 0' INT; echo ready; while :; do sleep 0.05; done")
            .under("exec timeout 300 \"$@\"")
            .start();
    assert_eq!(run.line(), "ready");
    run.signal(Signal::INT);
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (130, "stopping\n"));
}
