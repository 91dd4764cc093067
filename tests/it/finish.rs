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
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);

    let (code, ..) = finish(&github, &temp).outcome();
    let (again, ..) = finish(&github, &temp).outcome();

    assert_eq!((code, again), (Some(0), Some(0)));
    assert_eq!(github.states(deployment), ["pending", "error"]);
}

#[test]
fn a_run_that_was_killed_with_its_job_is_cancelled() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);

    finish(&github, &temp)
        .variables(&[("INPUT_JOB_STATUS", "cancelled"), ("INPUT_CANCEL_STATE", "inactive")])
        .outcome();

    assert_eq!(github.states(deployment), ["pending", "inactive"]);
}

#[test]
fn a_final_status_stays() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);
    github.post_status(deployment, &json!({ "state": "success" }));

    let (code, ..) = finish(&github, &temp).outcome();

    assert_eq!(code, Some(0));
    assert_eq!(github.states(deployment), ["pending", "success"]);
}

#[test]
fn an_outcome_that_was_known_is_posted() {
    let github = FakeGithub::start(&["--fault", "skip 1 next post to statuses: hang"]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let running = begun(&github, deployment, &temp, "exit 3");
    github.wait_for_requests(2);
    running.signal("KILL");
    running.wait();

    let text = state_file(&temp);
    assert!(!text.contains(crate::deploy::TOKEN) && !text.contains(github.url()), "{text}");
    assert_eq!(finish(&github, &temp).outcome().0, Some(0));
    assert_eq!(github.states(deployment), ["pending", "failure"]);
    assert!(github.statuses(deployment)[1].description.starts_with("Exited with 3 after"));
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
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);
    let text = state_file(&temp);
    let path = temp.path().join("deployment-status-torn.open");
    let of_another_job = text.replace(r#""job":"""#, r#""job":"theirs""#);
    assert_ne!(of_another_job, text);
    for torn in ["", "{", &text[..text.len() / 2], "null\n", &of_another_job] {
        std::fs::remove_dir_all(temp.path()).unwrap();
        std::fs::create_dir(temp.path()).unwrap();
        std::fs::write(&path, torn).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();

        let told = finish(&github, &temp).variable("INPUT_API_TIMEOUT", "never").outcome();

        assert_eq!(told, (Some(0), String::new(), String::new()), "{torn}");
    }
    assert_eq!(github.states(deployment), ["pending"]);
}

#[test]
fn what_the_killed_command_was_to_write_its_url_to_is_removed() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);
    let left = || std::fs::read_dir(temp.path()).unwrap().count();
    assert_eq!(left(), 2);

    assert_eq!(finish(&github, &temp).outcome().0, Some(0));

    assert_eq!(left(), 0);
}

#[test]
fn the_outputs_say_what_was_posted_and_nothing_where_nothing_was() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);
    let outputs = temp.path().join("outputs");
    let finish = || finish(&github, &temp).variable("INPUT_OUTPUTS", &outputs).outcome().0;

    assert_eq!(finish(), Some(0));
    let text = std::fs::read_to_string(&outputs).unwrap();
    let status = github.statuses(deployment)[1].id;
    let expected = format!(
        "DEPLOYMENT_ID={deployment}\nDEPLOYMENT_STATUS_ID={status}\nDEPLOYMENT_STATE=error\n"
    );
    assert_eq!(text, expected);
    assert_eq!(finish(), Some(0));
    assert_eq!(std::fs::read_to_string(&outputs).unwrap(), expected);
}

#[test]
fn a_refusal_is_exit_1_and_can_be_tried_again() {
    let github = FakeGithub::start(&["--fault", "skip 1 next 2 posts to statuses: 403"]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);

    let codes = [1, 2, 3].map(|_| finish(&github, &temp).outcome().0);

    assert_eq!(codes, [Some(1), Some(1), Some(0)]);
    assert_eq!(github.states(deployment), ["pending", "error"]);
}
