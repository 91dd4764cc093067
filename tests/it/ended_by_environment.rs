//! Which deployment of an environment a final status ends, and what is shown of it.

use serde_json::{Value, json};

use crate::github::FakeGithub;
use crate::overlay;
use crate::step::Step;

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn of_commit(environment: &str, task: &str) -> Value {
    json!({ "ref": COMMIT, "environment": environment, "task": task })
}

fn on_actions(step: Step) -> Step {
    step.variables(&[
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_RUN_ID", "77"),
        ("GITHUB_SHA", COMMIT),
        ("INPUT_JOB_ID", "88"),
    ])
}

fn end(github: &FakeGithub) -> Step {
    let arguments = ["create", "--state=success", "--environment=production"];
    on_actions(Step::of(github)).arguments(&arguments)
}

#[test]
fn what_is_of_our_commit_and_nobodys_is_ended() {
    let github = FakeGithub::start(&[]);
    let older = github.deployment_of(&of_commit("production", "deploy"));
    let newest = github.deployment_of(&of_commit("production", "deploy"));

    let (code, _, stderr) = end(&github).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(newest), ["success"]);
    assert!(github.states(older).is_empty());
}

#[test]
fn a_ref_or_the_beginning_of_a_commit_says_which_is_ours_too() {
    let ended = |commit: &str, variables: &[(&str, &str)]| {
        let github = FakeGithub::start(&[]);
        let body = json!({ "ref": commit, "environment": "production" });
        let id = github.deployment_of(&body);
        let (code, _, stderr) = end(&github).variables(variables).outcome();
        assert_eq!(code == Some(0), github.states(id) == ["success"], "{stderr}");
        code == Some(0)
    };
    assert!(ended("main", &[("GITHUB_SHA", ""), ("INPUT_REF", "main")]));
    assert!(ended(COMMIT, &[("GITHUB_SHA", &COMMIT[..7])]));
    assert!(!ended(COMMIT, &[("GITHUB_SHA", &COMMIT[..6])]));
    assert!(!ended(&"b".repeat(40), &[]));
}

#[test]
fn what_is_of_our_commit_is_found_behind_ten_of_other_commits() {
    let github = FakeGithub::start(&[]);
    let ours = github.deployment_of(&of_commit("production", "deploy"));
    for _ in 0..10 {
        github.deployment("production");
    }

    let (code, _, stderr) = end(&github).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(ours), ["success"]);
}

#[test]
fn another_task_or_environment_of_our_commit_is_not_ended() {
    let github = FakeGithub::start(&[]);
    let others = [("production", "deploy"), ("staging", "migrate")]
        .map(|(environment, task)| github.deployment_of(&of_commit(environment, task)));

    let (code, _, stderr) = end(&github).variable("INPUT_TASK", "migrate").outcome();

    assert_eq!(code, Some(125), "{stderr}");
    assert!(others.iter().all(|other| github.states(*other).is_empty()));
}

#[test]
fn a_commit_that_may_be_the_wrong_one_is_a_warning() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment_of(&of_commit("production", "deploy"));

    let (code, _, stderr) = end(&github)
        .variables(&[("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_REF", "refs/pull/9/merge")])
        .variable("GIT_DIR", "/nonexistent")
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(id), ["success"]);
    assert!(stderr.contains("the head of pull request 9 is not known"), "{stderr}");
}

/// A GitHub that compares an environment's name as it is written.
fn exact(github: &FakeGithub) -> Step {
    let url = overlay::before(github, |request| {
        request.contains("environment=staging").then(|| "[]".to_owned())
    });
    Step::configured().variable("GITHUB_API_URL", url)
}

#[test]
fn an_environment_is_shown_where_github_tells_names_apart_by_their_case() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("Staging");
    github.post_status(id, &json!({ "state": "queued" }));

    let (code, stdout, stderr) =
        exact(&github).arguments(&["list", "--environment=staging"]).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("queued"), "{stdout}");
}

#[test]
fn an_environment_becomes_inactive_where_github_tells_names_apart_by_their_case() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("Staging");
    let another = github.deployment("qa");

    let arguments = ["create", "--environment=staging", "--state=inactive"];
    let (code, _, stderr) = exact(&github).arguments(&arguments).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(id), ["inactive"]);
    assert!(github.states(another).is_empty());
}
