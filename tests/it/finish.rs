//! `finish` closes what an interrupted `run` left open, and nothing else.

use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::deploy::{Deploy, Running};
use crate::github::FakeGithub;
use crate::step::Step;

/// A run that has begun, in a directory that outlives it.
pub(crate) fn begun(github: &FakeGithub, deployment: u64, temp: &TempDir, script: &str) -> Running {
    let running =
        Deploy::of(github).to(deployment).variable("RUNNER_TEMP", temp.path()).sh(script).spawn();
    github.wait_for_states(deployment, &["pending"]);
    running
}

pub(crate) fn killed(github: &FakeGithub, deployment: u64, temp: &TempDir) {
    let running = begun(github, deployment, temp, "exec sleep 60");
    running.signal("KILL");
    assert_eq!(running.wait().exit_code, 137);
}

/// A run that was killed, and the directory that holds its state file.
pub(crate) struct KilledRun {
    pub(crate) github: FakeGithub,
    pub(crate) temp: TempDir,
    pub(crate) deployment: u64,
}

impl KilledRun {
    /// Killed while its command ran; the arguments are the sandbox's.
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let run = Self::prepare(arguments);
        killed(&run.github, run.deployment, &run.temp);
        run
    }

    /// Killed while its second request, the final status of `exit 3`, was under way.
    pub(crate) fn while_posting(arguments: &[&str]) -> Self {
        let run = Self::prepare(arguments);
        let running = begun(&run.github, run.deployment, &run.temp, "exit 3");
        run.github.wait_for_requests(2);
        running.signal("KILL");
        running.wait();
        run
    }

    fn prepare(arguments: &[&str]) -> Self {
        let github = FakeGithub::start(arguments);
        let temp = tempfile::tempdir().expect("there is room for a directory");
        let deployment = github.deployment("staging");
        Self { github, temp, deployment }
    }

    pub(crate) fn finish(&self) -> Step {
        finish(&self.github, &self.temp)
    }

    pub(crate) fn states(&self) -> Vec<String> {
        self.github.states(self.deployment)
    }
}

pub(crate) fn finish(github: &FakeGithub, temp: &TempDir) -> Step {
    Step::of(github).arguments(&["finish"]).variable("RUNNER_TEMP", temp.path())
}

#[test]
fn where_nothing_is_open_it_checks_nothing_and_asks_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .arg("finish")
        .env_clear()
        .env("RUNNER_TEMP", temp.path())
        .env("INPUT_API_TIMEOUT", "never")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn a_run_that_was_killed_is_an_error() {
    let run = KilledRun::new(&[]);

    let (code, ..) = run.finish().outcome();
    let (again, ..) = run.finish().outcome();

    assert_eq!((code, again), (Some(0), Some(0)));
    assert_eq!(run.states(), ["pending", "error"]);
}

#[test]
fn a_run_that_was_killed_with_its_job_is_cancelled() {
    let run = KilledRun::new(&[]);

    run.finish()
        .variables(&[("INPUT_JOB_STATUS", "cancelled"), ("INPUT_CANCEL_STATE", "inactive")])
        .outcome();

    assert_eq!(run.states(), ["pending", "inactive"]);
}

#[test]
fn a_final_status_stays() {
    let run = KilledRun::new(&[]);
    run.github.post_status(run.deployment, &json!({ "state": "success" }));

    let (code, ..) = run.finish().outcome();

    assert_eq!(code, Some(0));
    assert_eq!(run.states(), ["pending", "success"]);
}

#[test]
fn an_outcome_that_was_known_is_posted() {
    let run = KilledRun::while_posting(&["--fault", "skip 1 next post to statuses: hang"]);

    let text = state_file(&run.temp);
    assert!(!text.contains(crate::deploy::TOKEN) && !text.contains(run.github.url()), "{text}");
    assert_eq!(run.finish().outcome().0, Some(0));
    assert_eq!(run.states(), ["pending", "failure"]);
    assert!(run.github.statuses(run.deployment)[1].description.starts_with("Exited with 3 after"));
}

fn state_file(temp: &TempDir) -> String {
    let entries = std::fs::read_dir(temp.path()).expect("the directory is there");
    let mut open = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "open"));
    let file = open.next().expect("one run is open");
    assert_eq!(open.next(), None);
    std::fs::read_to_string(file).expect("the file can be read")
}

#[test]
fn what_is_torn_empty_or_of_another_job_does_not_exist() {
    let run = KilledRun::new(&[]);
    let text = state_file(&run.temp);
    let path = run.temp.path().join("deployment-status-torn.open");
    let of_another_job = text.replace(r#""job":"""#, r#""job":"theirs""#);
    assert_ne!(of_another_job, text);
    for torn in ["", "{", &text[..text.len() / 2], "null\n", &of_another_job] {
        std::fs::remove_dir_all(run.temp.path()).unwrap();
        std::fs::create_dir(run.temp.path()).unwrap();
        std::fs::write(&path, torn).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();

        let outcome = run.finish().variable("INPUT_API_TIMEOUT", "never").outcome();

        assert_eq!(outcome, (Some(0), String::new(), String::new()), "{torn}");
    }
    assert_eq!(run.states(), ["pending"]);
}

#[test]
fn what_the_killed_command_was_to_write_its_url_to_is_removed() {
    let run = KilledRun::new(&[]);
    let left = || std::fs::read_dir(run.temp.path()).unwrap().count();
    assert_eq!(left(), 2);

    assert_eq!(run.finish().outcome().0, Some(0));

    assert_eq!(left(), 0);
}

#[test]
fn the_outputs_say_what_was_posted_and_nothing_where_nothing_was() {
    let run = KilledRun::new(&[]);
    let outputs = run.temp.path().join("outputs");
    let finish = || run.finish().variable("INPUT_OUTPUTS", &outputs).outcome().0;

    assert_eq!(finish(), Some(0));
    let text = std::fs::read_to_string(&outputs).unwrap();
    let status = run.github.statuses(run.deployment)[1].id;
    let expected = format!(
        "DEPLOYMENT_ID={}\nDEPLOYMENT_STATUS_ID={status}\nDEPLOYMENT_STATE=error\n",
        run.deployment
    );
    assert_eq!(text, expected);
    assert_eq!(finish(), Some(0));
    assert_eq!(std::fs::read_to_string(&outputs).unwrap(), expected);
}

#[test]
fn a_refusal_is_exit_1_and_can_be_tried_again() {
    let run = KilledRun::new(&["--fault", "skip 1 next 2 posts to statuses: 403"]);

    let codes = [1, 2, 3].map(|_| run.finish().outcome().0);

    assert_eq!(codes, [Some(1), Some(1), Some(0)]);
    assert_eq!(run.states(), ["pending", "error"]);
}
