//! Files that a run cannot write, or that have no end, cost the deploy nothing.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::wrapped::{folder, script};

/// Whoever waits for a reader takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a pipe holds by default, in bytes.
#[cfg(target_os = "linux")]
const PIPE_SIZE: usize = 64 * 1024;

fn fifo(directory: &Path) -> PathBuf {
    let path = directory.join("fifo");
    let made = Command::new("mkfifo").arg(&path).status();
    assert!(made.is_ok_and(|status| status.success()));
    path
}

#[test]
fn a_missing_temp_directory_is_one_note() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).without("RUNNER_TEMP").variable("TMPDIR", "/no/such/place");

    let ran = deploy.to(42).sh("echo deployed").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "deployed\n"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("/no/such/place`").count(), 1, "{}", ran.stderr);
    assert_eq!(github.states(42), ["pending", "success"]);
}

#[test]
fn a_pipe_that_nobody_reads_is_a_warning() {
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "INPUT_OUTPUTS"] {
        let folder = folder();
        let run = script("exit 3")
            .variable("GITHUB_ACTIONS", "true")
            .variable(name, fifo(folder.path()).to_str().expect("it is text"))
            .start();

        let ran = run.finish();

        assert_eq!(ran.code(), 3, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("warning"), "{name}: {}", ran.stderr);
    }
}

/// The test holds both its ends open and reads nothing: it is full, and has no end.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_whose_reader_is_stuck_is_not_waited_for() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let folder = folder();
    let path = fifo(folder.path());
    let ends = OpenOptions::new().read(true).write(true).open(&path).expect("it is there");
    (&ends).write_all(&vec![b'x'; PIPE_SIZE]).expect("it holds that much");

    let run = Deploy::of(&github)
        .on_actions()
        .variable("GITHUB_STEP_SUMMARY", &path)
        .variable("GITHUB_OUTPUT", &path)
        .to(42)
        .run();

    assert_eq!(run.exit_code, 0, "{}", run.stderr);
    assert!(run.took < PATIENCE, "{:?}", run.took);
}
