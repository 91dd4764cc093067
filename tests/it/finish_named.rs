//! `finish` for what its inputs name, where no state file is left.

use serde_json::json;

use crate::finish::{finish, killed};
use crate::github::FakeGithub;
use crate::step::Step;

fn of_run(environment: &str, run: &str, job: &str) -> serde_json::Value {
    json!({
        "ref": "main",
        "environment": environment,
        "payload": { "deployment_status": { "run": run, "job": job } },
    })
}

#[test]
fn without_a_file_the_open_deployments_of_our_run_are_closed_and_no_other() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let [ours, sibling, others] = [("77", "88"), ("77", "99"), ("78", "88")]
        .map(|(run, job)| github.deployment_of(&of_run("staging", run, job)));
    let nobodys = github.deployment("staging");
    let finish = || {
        finish(&github, &temp)
            .arguments(&["finish", "--environment", "staging"])
            .variables(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "77")])
            .outcome()
    };

    let (code, _, stderr) = finish();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!([ours, sibling].map(|id| github.states(id)), [["error"], ["error"]]);
    assert!(github.states(others).is_empty() && github.states(nobodys).is_empty());
    assert!(stderr.contains(&format!("{others} belongs to run 78 and is left alone")), "{stderr}");
    assert!(stderr.contains(&format!("{nobodys} is not known to be of this run")), "{stderr}");
    assert_eq!(finish().0, Some(0));
    assert_eq!(github.states(ours), ["error"]);
}

#[test]
fn an_open_deployment_of_our_run_is_found_behind_any_number_of_newer_ones() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let commit = "c".repeat(40);
    let mut body = of_run("Staging", "77", "88");
    body["ref"] = json!(commit);
    let ours = github.deployment_of(&body);
    let mut newer = of_run("staging", "78", "88");
    for newer_commit in [&commit, &"d".repeat(40)] {
        newer["ref"] = json!(newer_commit);
        for _ in 0..100 {
            github.deployment_of(&newer);
        }
    }

    let (code, _, stderr) = finish(&github, &temp)
        .arguments(&["finish", "--environment", "staging"])
        .variables(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "77")])
        .variable("GITHUB_SHA", commit)
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stderr.matches("is left alone").count(), 10, "{stderr}");
    assert_eq!(github.states(ours), ["error"]);
}

#[test]
fn nothing_is_looked_up_for_what_a_ci_says_or_for_another_use() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment_of(&of_run("staging", "77", "88"));
    killed(&github, github.deployment("elsewhere"), &temp);
    let on_actions = |step: Step| {
        step.variables(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "77")]).outcome().0
    };
    let of_ci = finish(&github, &temp)
        .variables(&[("GITLAB_CI", "true"), ("CI_PIPELINE_ID", "77")])
        .variable("CI_ENVIRONMENT_NAME", "staging");
    assert_eq!(of_ci.outcome().0, Some(0));
    let of_use =
        finish(&github, &temp).variables(&[("INPUT_USE", "one"), ("INPUT_ENVIRONMENT", "staging")]);
    assert_eq!(on_actions(of_use), Some(0));

    assert!(github.states(deployment).is_empty());
    assert_eq!(github.requests().len(), 1);
}

#[test]
fn a_named_deployment_is_closed_once_with_the_state_that_was_given() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let id = deployment.to_string();
    let finish = |state: &str| {
        finish(&github, &temp)
            .arguments(&["finish", "--deployment-id", &id, "--state", state])
            .outcome()
            .0
    };

    assert_eq!([finish("failure"), finish("success")], [Some(0); 2]);

    assert_eq!(github.states(deployment), ["failure"]);
}

#[test]
fn it_never_creates() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();

    let (code, _, stderr) = finish(&github, &temp)
        .arguments(&["finish", "--environment", "staging", "--ref", "main"])
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(github.deployments().is_empty());
}
