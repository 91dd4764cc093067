//! Whose state file `finish` believes: its own user's alone, and nobody's who could be led astray.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::skip::skip;
use crate::step::Step;

/// Nobody's, by convention; not the user who runs the tests.
const ANOTHER_USER: u32 = 65534;

/// What takes longer has been waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// A run that was killed, and the file that it left behind.
struct Killed {
    github: FakeGithub,
    deployment: u64,
    temp: TempDir,
    file: PathBuf,
}

fn killed() -> Killed {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().expect("there is room for a directory");
    let deployment = github.deployment("staging");
    let running = Deploy::of(&github)
        .to(deployment)
        .variable("RUNNER_TEMP", temp.path())
        .sh("exec sleep 60")
        .spawn();
    github.wait_for_states(deployment, &["pending"]);
    running.signal("KILL");
    running.wait();
    let entries = fs::read_dir(temp.path()).expect("the directory is there").flatten();
    let mut open = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "open"));
    let file = open.next().expect("one run is open");
    Killed { github, deployment, temp, file }
}

impl Killed {
    /// The states of its deployment after `finish`, which succeeds in any case.
    #[track_caller]
    fn finished(&self) -> Vec<String> {
        let step = Step::of(&self.github).arguments(&["finish"]);
        let (code, _, stderr) = step.variable("RUNNER_TEMP", self.temp.path()).outcome();
        assert_eq!(code, Some(0), "{stderr}");
        self.github.states(self.deployment)
    }

    fn allow(&self, mode: u32) {
        fs::set_permissions(&self.file, Permissions::from_mode(mode)).expect("the file is ours");
    }
}

#[test]
fn a_state_file_is_its_owners_alone() {
    let killed = killed();

    let metadata = fs::symlink_metadata(&killed.file).expect("the file is there");

    assert!(metadata.is_file());
    assert_eq!(metadata.mode() & 0o777, 0o600);
    assert_eq!(metadata.uid(), rustix::process::getuid().as_raw());
    assert_eq!(killed.finished(), ["pending", "error"]);
    assert!(!killed.file.exists());
}

#[test]
fn a_state_file_that_others_may_read_or_write_is_not_believed() {
    for mode in [0o666, 0o622, 0o660, 0o604] {
        let killed = killed();
        killed.allow(mode);
        assert_eq!(killed.finished(), ["pending"], "{mode:o}");
    }
}

#[test]
fn a_state_file_of_another_user_is_not_believed() {
    let killed = killed();
    if chown(&killed.file, Some(ANOTHER_USER), None).is_err() {
        return skip("only root can give a file to another user");
    }
    assert_eq!(killed.finished(), ["pending"]);
}

#[test]
fn a_link_to_a_state_file_is_not_followed() {
    let killed = killed();
    let elsewhere = tempfile::tempdir().expect("there is room for a directory");
    let target = elsewhere.path().join("state");
    fs::copy(&killed.file, &target).expect("there is room for a file");
    fs::remove_file(&killed.file).expect("the file is ours");
    symlink(&target, &killed.file).expect("there is room for a link");

    assert_eq!(killed.finished(), ["pending"]);
    assert!(target.exists());
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let killed = killed();
    fs::remove_file(&killed.file).expect("the file is ours");
    let made = Command::new("mkfifo").args(["-m", "600"]).arg(&killed.file).status();
    assert!(made.is_ok_and(|status| status.success()));

    let mut finish = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .arg("finish")
        .env_clear()
        .env("RUNNER_TEMP", killed.temp.path())
        .envs([("GITHUB_REPOSITORY", "octo/app"), ("GITHUB_TOKEN", "t0ken")])
        .env("GITHUB_API_URL", killed.github.url())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let since = Instant::now();
    let ended = loop {
        match finish.try_wait().expect("a child can be waited for") {
            None if since.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(10)),
            ended => break ended,
        }
    };
    // Whoever reads a pipe that nobody writes to waits for ever.
    let _ = finish.kill();

    assert_eq!(ended.and_then(|status| status.code()), Some(0));
    assert_eq!(killed.github.states(killed.deployment), ["pending"]);
}

#[test]
fn a_torn_state_file_is_not_believed() {
    let killed = killed();
    let text = fs::read_to_string(&killed.file).expect("the file is ours");
    fs::write(&killed.file, &text[..text.len() / 2]).expect("the file is ours");
    killed.allow(0o600);

    assert_eq!(killed.finished(), ["pending"]);
}

/// A full disk ends a line anywhere.
#[test]
fn an_outcome_that_was_torn_within_a_character_costs_no_more_than_itself() {
    let killed = killed();
    let outcome = r#"{"state":"success","description":"Done…"#;
    let mut file = fs::OpenOptions::new().append(true).open(&killed.file).expect("it is ours");
    file.write_all(&outcome.as_bytes()[..outcome.len() - 1]).expect("there is room");

    assert_eq!(killed.finished(), ["pending", "error"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_without_locks_does_not_keep_a_run_open() {
    let killed = killed();
    let step = Step::of(&killed.github).arguments(&["finish"]);
    let strace = ["-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"];
    let finish = Command::new("strace")
        .args(strace)
        .args([env!("CARGO_BIN_EXE_deployment-status"), "finish"])
        .env_clear()
        .envs(&step.variables)
        .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
        .env("RUNNER_TEMP", killed.temp.path())
        .output();
    let Ok(finish) = finish else { return skip("`strace` is not installed") };

    assert!(finish.status.success(), "{finish:?}");
    assert_eq!(killed.github.states(killed.deployment), ["pending", "error"]);
}
