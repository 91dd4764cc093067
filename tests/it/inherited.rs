//! What we inherit about signals and streams reaches the command, and costs us nothing.

use std::io::{Read as _, Write as _};
use std::thread;

use rustix::process::Signal;

use crate::wrapped::{script, wrapped};

const INT_AND_HUP: u64 = 0b11;
const PIPE: u64 = 1 << 12;
const CHLD: u64 = 1 << 16;
const XFSZ: u64 = 1 << 24;

/// The command's `SigIgn` or `SigBlk`.
fn mask(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("Linux says it");
    u64::from_str_radix(line.trim_start_matches(':').trim(), 16).expect("it is a mask")
}

#[test]
fn an_ignored_sigchld_does_not_cost_the_exit_code() {
    let ran = script("exit 7").under("trap '' CHLD; exec \"$@\"").run();
    assert_eq!(ran.code(), 7);
}

#[cfg(target_os = "linux")]
#[test]
fn a_blocked_sigchld_does_not_cost_the_exit_code() {
    let ran = script("exit 7").under("exec env --block-signal=CHLD \"$@\"").run();
    assert_eq!(ran.code(), 7);
}

#[cfg(target_os = "linux")]
#[test]
fn ignored_signals_stay_ignored_in_the_command() {
    let ran = wrapped(&["cat", "/proc/self/status"]).under("trap '' INT HUP; exec \"$@\"").run();
    let ignored = mask(ran.text(), "SigIgn");
    assert_eq!(ignored & INT_AND_HUP, INT_AND_HUP);
}

/// Without a pipe that ends them, programs get an error from a write instead.
#[cfg(target_os = "linux")]
#[test]
fn an_ignored_signal_that_we_handle_stays_ignored_in_the_command() {
    const HANDLED: u64 = PIPE | CHLD | XFSZ;
    let ran =
        wrapped(&["cat", "/proc/self/status"]).under("trap '' PIPE CHLD XFSZ; exec \"$@\"").run();
    assert_eq!(mask(ran.text(), "SigIgn") & HANDLED, HANDLED);
    assert_eq!(ran.code(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_ignored_that_was_not() {
    let ran = wrapped(&["cat", "/proc/self/status"]).run();
    assert_eq!(mask(ran.text(), "SigIgn") & (INT_AND_HUP | PIPE | CHLD | XFSZ), 0);
    assert_eq!(mask(ran.text(), "SigBlk"), 0);
}

#[test]
fn an_ignored_signal_does_not_stop_us_but_another_does() {
    let mut run = script("echo ready; read line; echo told $line; sleep 60")
        .under("trap '' HUP; exec \"$@\"")
        .start();
    assert_eq!(run.line(), "ready");
    run.signal(Signal::HUP);
    run.stdin.take().unwrap().write_all(b"to go on\n").unwrap();
    assert_eq!(run.line(), "told to go on");
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
}

#[cfg(target_os = "linux")]
#[test]
fn a_blocked_signal_stops_us_and_stays_blocked_in_the_command() {
    let command = "grep SigBlk /proc/self/status; exec sleep 60";
    // dash would unblock it.
    let mut run = wrapped(&["bash", "-c", command])
        .option("grace-period", "1s")
        .under("exec env --block-signal=TERM \"$@\"")
        .start();
    assert_eq!(mask(&run.line(), "SigBlk"), 1 << 14);
    run.signal(Signal::TERM);
    assert_eq!(run.finish().code(), 143);
}

#[test]
fn stdin_goes_to_the_command_as_it_is() {
    let mut run = wrapped(&["cat"]).start();
    let sent: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (mut stdin, copy) = (run.stdin.take().unwrap(), sent.clone());
    let writer = thread::spawn(move || stdin.write_all(&copy));
    let mut received = Vec::new();
    run.stdout.as_mut().unwrap().read_to_end(&mut received).unwrap();
    writer.join().unwrap().unwrap();
    assert!(received == sent, "{} bytes of {}", received.len(), sent.len());
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn a_closed_stdin_is_the_end_of_input() {
    let ran = script("cat; exit 3").under("exec \"$@\" <&-").run();
    assert_eq!(ran.code(), 3);
}

#[test]
fn a_closed_stdout_or_stderr_at_the_start_changes_nothing() {
    for closed in [">&-", "2>&-", ">&- 2>&-"] {
        let ran =
            script("echo out; echo err >&2; exit 3").under(&format!("exec \"$@\" {closed}")).run();
        assert_eq!(ran.code(), 3, "{closed}");
        let expected = if closed == "2>&-" { "out\n" } else { "" };
        assert_eq!(ran.text(), expected, "{closed}");
    }
}

#[test]
fn the_environment_arrives_as_it_is() {
    let ran = script("printf %s \"$GREETING\"").variable("GREETING", " a\nb ").run();
    assert_eq!(ran.text(), " a\nb ");
}
