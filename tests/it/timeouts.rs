//! A command that takes too long is ended as a cancel would, and is 124.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::wrapped::{await_end, script, wrapped};

#[test]
fn a_command_that_takes_too_long_is_124() {
    let ran = wrapped(&["sleep", "60"]).option("timeout", "1s").run();
    assert_eq!(ran.code(), 124);
}

#[test]
fn a_command_that_takes_too_long_is_an_annotation() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).on_actions().to(42).option("timeout", "1s");

    let ran = deploy.sh("exec sleep 60").run();

    assert_eq!(ran.exit_code, 124);
    assert!(ran.stderr.contains("::error title=deployment-status::"), "{ran:#?}");
    assert!(ran.stderr.contains("timed out"), "{ran:#?}");
}

#[test]
fn a_command_in_time_is_its_own() {
    assert_eq!(script("exit 3").option("timeout", "60s").run().code(), 3);
}

#[test]
fn a_command_that_exits_0_after_its_timeout_is_124_all_the_same() {
    let ran = script("trap 'echo stopping; exit 0' TERM; while :; do sleep 0.1; done")
        .option("timeout", "1s")
        .run();
    assert_eq!(ran.code(), 124);
    assert_eq!(ran.text(), "stopping\n");
}

#[test]
fn a_command_that_ignores_signals_is_killed_after_its_grace_period() {
    let start = Instant::now();
    let mut run = script("trap '' TERM INT; echo $$; while :; do sleep 0.1; done")
        .option("timeout", "1s")
        .option("grace-period", "1s")
        .start();
    let command = run.pid_line();
    assert_eq!(run.finish().code(), 124);
    await_end(command, Duration::ZERO);
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[test]
fn a_signal_in_the_grace_after_a_timeout_ends_it_at_once() {
    let start = Instant::now();
    let mut run =
        script("trap 'echo stopping' TERM; trap '' INT; echo $$; while :; do sleep 0.1; done")
            .option("timeout", "1s")
            .option("grace-period", "60s")
            .start();
    let command = run.pid_line();
    assert_eq!(run.line(), "stopping");
    run.signal(Signal::INT);
    assert_eq!(run.finish().code(), 124);
    await_end(command, Duration::ZERO);
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

#[test]
fn what_it_started_goes_with_it() {
    let mut run = script("sleep 60 & echo $!; wait").option("timeout", "1s").start();
    let background = run.pid_line();
    assert_eq!(run.finish().code(), 124);
    await_end(background, Duration::ZERO);
}
