//! Where a sandbox or a limit withholds something from us, the deploy runs all the same.

use std::io::Write as _;
use std::process::Command;

use rustix::process::Signal;

use crate::wrapped::{folder, lives, script, wrapped};

/// So many open files are enough to run a command.
const ENOUGH: i32 = 16;

/// Whether this machine has a tool and lets us use it; under `REQUIRE_TOOLS=1` it must.
fn can(tool: &str, arguments: &[&str]) -> bool {
    let tried = Command::new(tool).args(arguments).output();
    let can = tried.is_ok_and(|tried| tried.status.success());
    let must = std::env::var_os("REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(can || !must, "`{tool}` is wanted for this test");
    if !can {
        eprintln!("skipped: `{tool}` cannot be used here");
    }
    can
}

/// Where this machine has strace: what puts us under it, which refuses a system call.
fn refusing(call: &str, error: &str) -> Option<String> {
    can("strace", &["-o", "/dev/null", "true"]).then(|| {
        let inject = format!("-e trace={call} -e inject={call}:error={error}");
        format!("exec strace -f -o /dev/null {inject} \"$@\"")
    })
}

/// Checks that SIGTERM to us ends the command.
#[track_caller]
fn check_sigterm(strace: &str) {
    let mut run =
        script("trap 'echo stopping; exit' TERM; echo $PPID; while :; do sleep 0.05; done")
            .under(strace)
            .start();
    let ours = run.pid_line();
    rustix::process::kill_process(ours, Signal::TERM).expect("we run");
    let ran = run.finish();
    assert_eq!((ran.code(), ran.text()), (143, "stopping\n"), "{}", ran.stderr);
}

const NO_PROC: &str = "unshare --user --map-root-user --mount sh -c \
     'mount -t tmpfs none /proc && exec \"$@\"' sh";

fn has_no_proc() -> bool {
    can("sh", &["-c", &format!("{NO_PROC} true")])
}

#[test]
fn a_refused_prctl_does_not_stop_the_deploy() {
    let Some(strace) = refusing("prctl", "EPERM") else { return };
    let ran = script("exit 3").under(&strace).run();
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
}

#[test]
fn a_refused_process_group_does_not_stop_the_deploy_nor_a_signal() {
    let Some(strace) = refusing("setpgid", "EPERM") else { return };
    check_sigterm(&strace);
}

#[test]
fn a_refused_pair_of_sockets_is_no_crash() {
    let Some(strace) = refusing("socketpair", "EPERM") else { return };
    let ran = script("true").under(&strace).run();
    assert_eq!(ran.code(), 125, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot start: Operation not permitted"), "{}", ran.stderr);
}

#[test]
fn a_limit_of_a_files_size_does_not_stop_the_deploy() {
    let ran = script("echo deployed; exit 3").under("ulimit -f 0; exec \"$@\"").run();
    assert_eq!((ran.code(), ran.text()), (3, "deployed\n"), "{}", ran.stderr);
}

#[test]
fn a_refused_signalfd_costs_no_signal() {
    let Some(strace) = refusing("signalfd4", "ENOSYS") else { return };
    check_sigterm(&strace);
}

#[test]
fn without_proc_a_note_says_what_is_missing() {
    if !has_no_proc() {
        return;
    }
    let ran = script("exit 3").under(&format!("exec {NO_PROC} \"$@\"")).run();
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("there is no /proc"), "{}", ran.stderr);
}

#[test]
fn without_proc_an_ignored_signal_is_known_and_another_counts() {
    if !has_no_proc() {
        return;
    }
    let mut run = script("echo $PPID; read line; echo still here; sleep 60")
        .under(&format!("trap '' HUP; exec {NO_PROC} \"$@\""))
        .start();
    let ours = run.pid_line();
    rustix::process::kill_process(ours, Signal::HUP).unwrap();
    run.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_eq!(run.line(), "still here");
    rustix::process::kill_process(ours, Signal::INT).unwrap();
    assert_eq!(run.finish().code(), 130);
}

#[test]
fn ancestors_that_cannot_be_watched_are_a_warning() {
    let ran = wrapped(&["true"]).option("watch-ancestors", "true").run();
    assert_eq!(ran.code(), 0);
    assert!(ran.stderr.contains("warning: `watch-ancestors`"), "{}", ran.stderr);

    let watched = wrapped(&["true"]).variable("RUNNER_TRACKING_ID", "github_42");
    let ran = watched.option("watch-ancestors", "true").run();
    assert!(!ran.stderr.contains("watch-ancestors"), "{}", ran.stderr);
}

/// However few files we may open, the command runs or the reason is said; we never panic.
#[test]
fn few_descriptors_are_no_crash() {
    let temp = folder();
    let runs: Vec<_> = (4..=24)
        .map(|limit| {
            let limited = format!("ulimit -n {limit}; exec \"$@\"");
            let run = script("echo deployed; exit 3")
                .variable("GITHUB_API_URL", "http://127.0.0.1:9")
                .variable("GITHUB_REPOSITORY", "octo/app")
                .variable("GITHUB_TOKEN", "t0ken")
                .variable("TMPDIR", &temp.path().display().to_string())
                .option("deployment-id", "1")
                .option("api-timeout", "1s")
                .without_sandbox()
                .under(&limited)
                .start();
            (limit, run)
        })
        .collect();
    for (limit, run) in runs {
        let ran = run.finish();
        assert!(!ran.stderr.contains("panicked"), "{limit}: {}", ran.stderr);
        if limit >= ENOUGH || ran.code() == 3 {
            assert_eq!((ran.code(), ran.text()), (3, "deployed\n"), "{limit}: {}", ran.stderr);
        } else {
            assert_eq!(ran.code(), 125, "{limit}: {}", ran.stderr);
            assert!(ran.stderr.contains("Too many open files"), "{limit}: {}", ran.stderr);
        }
    }
}

/// A command that asks to be traced by its parent stops at each signal, until that lets it go.
#[test]
fn a_command_that_wants_to_be_traced_runs_to_its_end() {
    if !can("python3", &["-c", "import ctypes"]) {
        return;
    }
    let traced = "import ctypes, os, signal, sys\n\
                  ctypes.CDLL(None).ptrace(0, 0, 0, 0)\n\
                  os.kill(os.getpid(), signal.SIGSTOP)\n\
                  print('deployed')\n\
                  sys.exit(3)";
    let ran = wrapped(&["python3", "-c", traced]).option("timeout", "10s").run();
    assert_eq!((ran.code(), ran.text()), (3, "deployed\n"));
}

#[test]
fn a_command_that_a_debugger_has_stopped_is_killed_in_the_end() {
    if !can("python3", &["-c", "import ctypes"]) {
        return;
    }
    let directory = folder();
    let ready = directory.path().join("ready");
    let mut run = script("echo $$; exec sleep 60").option("grace-period", "1s").start();
    let command = run.pid_line();
    // PTRACE_ATTACH, and then the command stays stopped.
    let attach = format!(
        "import ctypes, time\n\
         assert ctypes.CDLL(None).ptrace(16, {command}, 0, 0) == 0\n\
         open('{}', 'w').close()\n\
         time.sleep(60)",
        ready.display()
    );
    let mut debugger = Command::new("python3").args(["-c", &attach]).spawn().unwrap();
    crate::wrapped::await_that("the debugger is there", crate::wrapped::PATIENCE, || {
        ready.exists()
    });
    run.signal(Signal::TERM);
    let code = run.finish().code();
    let is_left = lives(command);
    let _ = debugger.kill();
    let _ = debugger.wait();
    assert_eq!((code, is_left), (143, false));
}
