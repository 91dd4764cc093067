//! `finish` closes what an interrupted `run` left open, and nothing else.

use std::process::Command;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

use crate::deploy::{Deploy, Running};
use crate::github::FakeGithub;
use crate::step::Step;

/// A run that has begun, in a directory that outlives it.
fn begun(github: &FakeGithub, deployment: u64, temp: &TempDir, script: &str) -> Running {
    let running =
        Deploy::of(github).to(deployment).variable("RUNNER_TEMP", temp.path()).sh(script).spawn();
    github.wait_for_states(deployment, &["pending"]);
    running
}

fn killed(github: &FakeGithub, deployment: u64, temp: &TempDir) {
    let running = begun(github, deployment, temp, "exec sleep 60");
    running.signal("KILL");
    assert_eq!(running.wait().exit_code, 137);
}

fn finish(github: &FakeGithub, temp: &TempDir) -> Step {
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

    let (code, ..) = finish(&github, &temp).told();
    let (again, ..) = finish(&github, &temp).told();

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
        .told();

    assert_eq!(github.states(deployment), ["pending", "inactive"]);
}

#[test]
fn a_final_status_stays() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);
    github.post_status(deployment, &json!({ "state": "success" }));

    let (code, ..) = finish(&github, &temp).told();

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
    assert_eq!(finish(&github, &temp).told().0, Some(0));
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
fn a_run_that_still_lives_is_told_to_stop_and_says_so_itself() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let running = begun(&github, deployment, &temp, "exec sleep 60");

    let (code, ..) = finish(&github, &temp).told();

    assert_eq!(code, Some(0));
    assert_eq!(running.wait().exit_code, 143);
    assert_eq!(github.states(deployment), ["pending", "error"]);
    assert!(github.statuses(deployment)[1].description.starts_with("Cancelled after"));
}

#[test]
fn eight_at_once_post_once() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployments = [github.deployment("staging"), github.deployment("production")];
    for deployment in deployments {
        killed(&github, deployment, &temp);
    }

    thread::scope(|scope| {
        let finishing: Vec<_> =
            (0..8).map(|_| scope.spawn(|| finish(&github, &temp).told().0)).collect();
        for finished in finishing {
            assert_eq!(finished.join().unwrap(), Some(0));
        }
    });

    for deployment in deployments {
        assert_eq!(github.states(deployment), ["pending", "error"]);
    }
}

#[test]
fn without_a_file_the_named_deployment_is_closed_once() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let finish = |state: &str| {
        finish(&github, &temp)
            .arguments(&["finish", "--environment", "staging", "--ref", "main", "--state", state])
            .told()
            .0
    };

    assert_eq!(finish("failure"), Some(0));
    assert_eq!(finish("success"), Some(0));

    assert_eq!(github.states(deployment), ["failure"]);
}

#[test]
fn it_never_creates() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();

    let (code, _, stderr) = finish(&github, &temp)
        .arguments(&["finish", "--environment", "staging", "--ref", "main"])
        .told();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(github.deployments().is_empty());
}

#[test]
fn a_refusal_is_exit_1_and_can_be_tried_again() {
    let github = FakeGithub::start(&["--fault", "skip 1 next 2 posts to statuses: 403"]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    killed(&github, deployment, &temp);

    let codes = [1, 2, 3].map(|_| finish(&github, &temp).told().0);

    assert_eq!(codes, [Some(1), Some(1), Some(0)]);
    assert_eq!(github.states(deployment), ["pending", "error"]);
}

#[test]
fn in_a_shared_temp_directory_another_jobs_run_is_left_alone() {
    let github = FakeGithub::start(&[]);
    let shared = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let of_job = |job: &str| {
        [("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", "1"), ("BUILDKITE_JOB_ID", job)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let mut deploy = Deploy::of(&github)
        .to(deployment)
        .without("RUNNER_TEMP")
        .variable("TMPDIR", shared.path())
        .sh("exec sleep 60");
    for (name, value) in of_job("ours") {
        deploy = deploy.variable(&name, value);
    }
    let running = deploy.spawn();
    github.wait_for_states(deployment, &["pending"]);
    let finish = |job: &str| {
        let step = Step::of(&github).arguments(&["finish"]).variable("TMPDIR", shared.path());
        of_job(job).iter().fold(step, |step, (name, value)| step.variable(name, value)).told().0
    };

    assert_eq!(finish("theirs"), Some(0));
    assert_eq!(github.states(deployment), ["pending"]);
    assert_eq!(finish("ours"), Some(0));
    assert_eq!(github.states(deployment), ["pending", "error"]);
    running.wait();
}
