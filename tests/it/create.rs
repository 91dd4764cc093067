//! `create` posts one status, on the deployment that is meant.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::github::FakeGithub;
use crate::step::Step;

fn id(deployment: u64) -> String {
    deployment.to_string()
}

#[test]
fn the_example_of_githubs_documentation_is_posted_as_it_is() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let (code, stdout, stderr) = Step::of(&github)
        .arguments(&["create", "--deployment-id", "42", "--state", "success"])
        .variables(&[
            ("INPUT_ENVIRONMENT", "production"),
            ("INPUT_LOG-URL", "https://example.com/deployment/42/output"),
            ("INPUT_DESCRIPTION", "Deployment finished successfully."),
        ])
        .told();

    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("success") && stdout.contains("Deployment finished successfully."));
    assert_eq!(
        github.requests()[0].body,
        json!({
            "environment": "production",
            "state": "success",
            "log_url": "https://example.com/deployment/42/output",
            "description": "Deployment finished successfully.",
        })
    );
}

#[test]
fn a_start_makes_the_deployment_and_an_end_in_another_job_finds_it() {
    let github = FakeGithub::start(&[]);
    let told = |state: &str, run: &str| {
        Step::of(&github)
            .arguments(&["create", "--environment", "staging", "--ref", "main", "--state", state])
            .variables(&[("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", run)])
            .told()
            .0
    };

    assert_eq!(told("in_progress", "1"), Some(0));
    assert_eq!(told("success", "2"), Some(0));

    let deployments = github.deployments();
    assert_eq!(deployments.len(), 1);
    let made = deployments[0]["id"].as_u64().unwrap();
    assert_eq!(github.states(made), ["in_progress", "success"]);
}

#[test]
fn an_end_without_a_start_makes_nothing() {
    let github = FakeGithub::start(&[]);

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "staging", "--ref", "main", "--state", "failure"])
        .told();

    assert_eq!(code, Some(125));
    assert!(stderr.contains("no open deployment to `staging` at `main` was found"), "{stderr}");
    assert!(github.deployments().is_empty());
}

#[test]
fn a_jobs_status_is_taken_as_it_is() {
    let github = FakeGithub::start(&[]);
    for (state, expected) in
        [("cancelled", "error"), ("skipped", "inactive"), ("failure", "failure")]
    {
        let deployment = github.deployment(state);
        let (code, _, stderr) = Step::of(&github)
            .arguments(&["create", "--deployment-id", &id(deployment), "--state", state])
            .told();
        assert_eq!(code, Some(0), "{stderr}");
        assert_eq!(github.states(deployment), [expected]);
    }
}

#[test]
fn a_closed_pull_requests_deployments_all_become_inactive() {
    let github = FakeGithub::start(&[]);
    let open: Vec<u64> = (0..8).map(|_| github.deployment("pr-7")).collect();
    let other = github.deployment("production");
    let retired = github.deployment("pr-7");
    github.post_status(retired, &json!({ "state": "inactive" }));
    let begun = Instant::now();

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "pr-7", "--state", "inactive"])
        .told();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(begun.elapsed() >= Duration::from_secs(2), "one a second after a few");
    for deployment in open {
        assert_eq!(github.states(deployment), ["inactive"]);
    }
    assert_eq!(github.states(retired), ["inactive"]);
    assert!(github.states(other).is_empty());
}

#[test]
fn an_end_that_finds_nothing_open_names_only_what_was_given() {
    let github = FakeGithub::start(&[]);

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "staging", "--state", "success"])
        .variables(&[("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", &"a".repeat(40))])
        .told();

    assert_eq!(code, Some(125));
    assert!(stderr.contains("no open deployment to `staging` was found"), "{stderr}");
    assert!(github.deployments().is_empty());
}

#[test]
fn nothing_to_make_inactive_is_a_note() {
    let github = FakeGithub::start(&[]);

    let (code, stdout, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "pr-7", "--state", "inactive"])
        .told();

    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    assert!(stderr.contains("no deployment is active"), "{stderr}");
}

#[test]
fn a_refusal_is_exit_1_with_the_remedy() {
    let github = FakeGithub::start(&["--grant", &format!("{}:read", crate::step::TOKEN)]);
    let deployment = github.deployment("staging");

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--deployment-id", &id(deployment), "--state", "success"])
        .told();

    assert_eq!(code, Some(1));
    assert!(stderr.contains("permissions: deployments: write"), "{stderr}");
}

#[test]
fn the_outputs_of_a_step_say_what_was_posted() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("staging");
    let file = tempfile::NamedTempFile::new().unwrap();

    let (code, ..) = Step::of(&github)
        .arguments(&["create", "--deployment-id", &id(deployment), "--state", "success"])
        .variable("INPUT_ENVIRONMENT_URL", "https://hello.example.com")
        .variable("INPUT_OUTPUTS", file.path())
        .told();

    assert_eq!(code, Some(0));
    let status = github.statuses(deployment)[0].clone();
    assert_eq!(status.target_url, "https://hello.example.com");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        format!(
            "DEPLOYMENT_ID={deployment}\nDEPLOYMENT_STATUS_ID={}\nDEPLOYMENT_STATE=success\n\
             DEPLOYMENT_URL=https://hello.example.com\n",
            status.id
        )
    );
}
