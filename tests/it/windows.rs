//! The wrapped command on Windows: its exit code, what it starts, and how it is ended.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::windows::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::step::{Step, system_variables};

const PROGRAM: &str = env!("CARGO_BIN_EXE_deployment-status");

/// Whatever takes longer than this does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A group of its own, so that Ctrl-Break does not reach the tests.
/// <https://learn.microsoft.com/en-us/windows/win32/procthread/process-creation-flags>
const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

/// Runs a script of `cmd`'s after `--` and gives the exit code.
fn cmd(github: &FakeGithub, script: &str) -> i32 {
    Deploy::of(github).to(42).command(&["cmd", "/d", "/c", script]).run().exit_code
}

#[test]
fn exit_codes_have_all_their_32_bits() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    for code in [0, 3, 125, 126, 127, 255, 256, 300, -1] {
        assert_eq!(cmd(&github, &format!("exit {code}")), code);
    }
    let states = github.states(42);
    let finals: Vec<&str> =
        states.iter().map(|state| &**state).filter(|state| *state != "pending").collect();
    assert_eq!(finals, [&["success"][..], &["failure"; 8]].concat());
}

#[test]
fn a_crash_is_an_error_that_is_named() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let access_violation = 0xC000_0005_u32.cast_signed();

    assert_eq!(cmd(&github, &format!("exit {access_violation}")), access_violation);

    let last = github.statuses(42).pop().expect("it was posted");
    assert_eq!(last.state, "error");
    assert!(last.description.starts_with("Crashed with 0xC0000005"), "{}", last.description);
}

/// Git's bash sees the last 8 bits, and takes 256 for a success.
#[test]
fn under_gits_bash_no_failure_looks_like_a_success() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let exits = |code: i32| {
        let deploy = Deploy::of(&github).to(42).variable("MSYSTEM", "MINGW64");
        deploy.command(&["cmd", "/d", "/c", &format!("exit {code}")]).run().exit_code
    };
    assert_eq!([0, 3, 255, 256, -1].map(exits), [0, 3, 255, 255, 255]);
}

#[test]
fn a_script_of_cmd_runs_as_the_runner_runs_it() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let folder = tempfile::Builder::new().prefix("R & D (1) ").tempdir().unwrap();
    let deploy = Deploy::of(&github).to(42).variable("RUNNER_TEMP", folder.path());

    let ran = deploy
        .option("shell", "cmd")
        .option("run", "echo https://hello.example.com\nset code=3\nexit %code%")
        .script()
        .run();

    assert_eq!((ran.exit_code, &*ran.stdout), (3, "https://hello.example.com\r\n"), "{ran:?}");
}

#[test]
fn a_program_is_found_by_pathext_and_a_batch_file_runs() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("deploy"), "#!/bin/sh\nexit 1\n").unwrap();
    std::fs::write(folder.path().join("deploy.cmd"), "@echo %1\r\n@exit 4\r\n").unwrap();

    let run = |path: &std::path::Path| {
        let deploy = Deploy::of(&github).to(42).variable("PATH", path);
        deploy.command(&["deploy", "a & b"]).run()
    };

    let ran = run(folder.path());
    assert_eq!((ran.exit_code, ran.stdout.trim_end()), (4, "\"a & b\""), "{ran:?}");
    assert_eq!(run(&folder.path().join("none")).exit_code, 127);
}

#[test]
fn a_shell_script_says_how_it_is_run() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let folder = tempfile::tempdir().unwrap();
    for name in ["deploy.sh", "deploy"] {
        let script = folder.path().join(name);
        std::fs::write(&script, "#!/bin/sh\nexit 0\n").unwrap();
        let script = script.to_str().unwrap();

        let ran = Deploy::of(&github).to(42).command(&[script]).run();

        assert_eq!(ran.exit_code, 126, "{ran:?}");
        assert!(ran.stderr.contains(&format!("write `bash {script}`")), "{ran:?}");
    }
}

#[test]
fn without_gits_bash_the_message_says_what_to_do() {
    let step = Step::configured().variable("INPUT_RUN", "exit 0").arguments(&["run"]);
    let step = step.variable("ProgramFiles", r"C:\none").variable("PATH", r"C:\none");
    let (code, _, stderr) = step.outcome();
    assert_eq!(code, Some(125));
    assert!(stderr.contains("install it from https://gitforwindows.org"), "{stderr}");
}

/// The child of a child serves a sandbox until it is ended.
#[test]
fn a_timeout_ends_all_that_the_command_started_at_once() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let run = |timeout: &str| {
        let deploy = Deploy::of(&github).to(42).variable("PROGRAM", PROGRAM.replace('/', r"\"));
        deploy
            .option("timeout", timeout)
            .option("grace-period", "60s")
            .command(&["cmd", "/d", "/c", "cmd /d /c %PROGRAM% sandbox & exit 0"])
            .run()
    };

    // A slow machine takes longer to start it.
    let runs = ["2s", "10s", "30s"].into_iter().map(run);
    let ran = runs.into_iter().find(|ran| !ran.stdout.is_empty()).expect("the sandbox has begun");

    assert_eq!(ran.exit_code, 124, "{ran:?}");
    assert!(ran.took < Duration::from_secs(60), "{ran:?}");
    let address = ran.stdout.trim_end().strip_prefix("http://").expect("this is its URL");
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(github.states(42).last().map(String::as_str), Some("error"));
}

#[test]
fn what_the_command_left_running_stays_so() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let folder = tempfile::tempdir().unwrap();
    let left = "ping -n 3 127.0.0.1 >nul\r\necho deployed >found\r\n";
    std::fs::write(folder.path().join("left.cmd"), left).unwrap();

    let ran = Deploy::of(&github)
        .to(42)
        .option("working-directory", folder.path())
        .command(&["cmd", "/d", "/c", "start /b cmd /d /c left.cmd"])
        .run();

    assert_eq!(ran.exit_code, 0, "{ran:?}");
    let since = Instant::now();
    while !folder.path().join("found").exists() {
        assert!(since.elapsed() < PATIENCE, "it was ended");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A run whose command goes on until it is ended, in a directory that outlives it.
fn begun(github: &FakeGithub, temp: &tempfile::TempDir) -> crate::deploy::Running {
    let deploy = Deploy::of(github).to(42).variable("RUNNER_TEMP", temp.path());
    let running = deploy.variable("INPUT_USE", "one").command(&[PROGRAM, "sandbox"]).spawn();
    github.wait_for_states(42, &["pending"]);
    running
}

#[test]
fn finish_leaves_a_run_alone_that_lives_and_closes_one_that_was_killed() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let temp = tempfile::tempdir().unwrap();
    let mut running = begun(&github, &temp);
    let finish = || {
        let step = Step::of(&github).arguments(&["finish"]);
        step.variable("RUNNER_TEMP", temp.path()).outcome()
    };

    let (code, _, stderr) = finish();
    assert_eq!(code, Some(0));
    assert!(stderr.contains("still lives"), "{stderr}");
    assert_eq!(github.states(42), ["pending"]);

    running.kill();
    let (code, ..) = finish();
    assert_eq!(code, Some(0));
    assert_eq!(github.states(42), ["pending", "error"]);
}

#[test]
fn finish_ends_a_run_of_its_own_use_with_its_command() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let temp = tempfile::tempdir().unwrap();
    let running = begun(&github, &temp);

    let step = Step::of(&github).arguments(&["finish"]).variable("INPUT_USE", "one");
    let (code, _, stderr) = step.variable("RUNNER_TEMP", temp.path()).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(42), ["pending", "error"]);
    // The command held our stdout open.
    let ran = running.wait();
    assert!(ran.took < PATIENCE, "{ran:?}");
}

/// Python's is the one tool of Windows' runners that sends it.
#[test]
fn ctrl_break_cancels_the_deploy() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let mut running = Command::new(PROGRAM)
        .args(["run", "--deployment-id=42", "--", PROGRAM, "sandbox"])
        .env_clear()
        .envs(system_variables())
        .env("GITHUB_API_URL", github.url())
        .env("GITHUB_REPOSITORY", crate::github::REPOSITORY)
        .env("GITHUB_TOKEN", "t0ken")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .creation_flags(CREATE_NEW_PROCESS_GROUP)
        .spawn()
        .expect("the binary under test can be run");
    let stdout = running.stdout.take().expect("stdout is a pipe");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();

    let kill = format!("import os, signal; os.kill({}, signal.CTRL_BREAK_EVENT)", running.id());
    let sent = Command::new("python").args(["-c", &kill]).status();
    if !sent.is_ok_and(|status| status.success()) {
        let is_required = std::env::var_os("REQUIRE_TOOLS").is_some_and(|value| value == "1");
        eprintln!("!!! SKIPPED: `python` cannot send Ctrl-Break here");
        running.kill().unwrap();
        running.wait().unwrap();
        assert!(!is_required, "REQUIRE_TOOLS=1, and `python` cannot send Ctrl-Break here");
        return;
    }

    assert_eq!(running.wait().unwrap().code(), Some(149));
    assert_eq!(github.states(42), ["pending", "error"]);
    assert!(github.statuses(42)[1].description.starts_with("Cancelled after"));
}
