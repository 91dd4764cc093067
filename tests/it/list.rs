//! `list` shows every status, and keeps words that nobody documented.

use serde_json::{Value, json};

use crate::github::FakeGithub;
use crate::step::Step;

#[test]
fn all_pages_are_listed_newest_first() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("staging");
    for number in 0..250 {
        let state = if number % 2 == 0 { "pending" } else { "failure" };
        let description = format!("number {number}");
        github.post_status(deployment, &json!({ "state": state, "description": description }));
    }

    let (code, stdout, stderr) = Step::of(&github)
        .arguments(&["list", "--deployment-id", &deployment.to_string(), "--json"])
        .outcome();

    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let listed: Vec<Value> = serde_json::from_str(&stdout).unwrap();
    let descriptions: Vec<&str> =
        listed.iter().filter_map(|status| status["description"].as_str()).collect();
    let expected: Vec<String> = (0..250).rev().map(|number| format!("number {number}")).collect();
    assert_eq!(descriptions, expected);
}

#[test]
fn the_newest_deployment_of_an_environment_is_listed_whatever_its_state() {
    let github = FakeGithub::start(&[]);
    github.deployment("staging");
    let newest = github.deployment("staging");
    github.post_status(newest, &json!({ "state": "success", "description": "up" }));
    github.deployment("production");

    let (code, stdout, _) =
        Step::of(&github).arguments(&["list", "--environment", "staging"]).outcome();

    assert_eq!(code, Some(0));
    assert!(stdout.ends_with("  success  -  up\n"), "{stdout}");
    assert_eq!(stdout.lines().count(), 1);
}

#[test]
fn a_state_that_is_in_no_document_is_listed() {
    let github = FakeGithub::start(&["--fault", "next get to statuses: waiting"]);
    let deployment = github.deployment("staging");
    github.post_status(deployment, &json!({ "state": "pending" }));

    let (code, stdout, stderr) = Step::of(&github)
        .arguments(&["list", "--deployment-id", &deployment.to_string()])
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("waiting"), "{stdout}");
}

#[test]
fn no_such_deployment_is_a_refusal() {
    let github = FakeGithub::start(&[]);

    let (code, stdout, stderr) =
        Step::of(&github).arguments(&["list", "--deployment-id", "7"]).outcome();

    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("404 Not Found"), "{stderr}");
}

#[test]
fn an_environment_without_a_deployment_is_said_so() {
    let github = FakeGithub::start(&[]);

    let (code, stdout, stderr) =
        Step::of(&github).arguments(&["list", "--environment", "staging"]).outcome();

    assert_eq!((code, stdout.as_str()), (Some(125), ""));
    let none = "no deployment to `staging` was found in octo/app; there are none to other";
    assert!(stderr.contains(none), "{stderr}");
}

#[test]
fn an_environment_that_is_not_there_is_answered_with_those_that_are() {
    let github = FakeGithub::start(&[]);
    for environment in ["production", "preview-7", "production"] {
        github.deployment(environment);
    }

    let (code, stdout, stderr) =
        Step::of(&github).arguments(&["list", "--environment", "nosuch"]).outcome();

    assert_eq!((code, stdout.as_str()), (Some(125), ""));
    assert_eq!(
        stderr,
        "deployment-status: error: no deployment to `nosuch` was found in octo/app; the newest \
         deployments are to `preview-7`, `production`\n\
         deployment-status: help: check the environment's name, or set `deployment-id` to name one\n"
    );
    for number in 0..11 {
        github.deployment(&format!("preview-{number}"));
    }
    let many = Step::of(&github).arguments(&["list", "--environment", "nosuch"]).outcome().2;
    assert!(many.contains("`preview-8` and 2 more\n"), "{many}");
}

#[test]
fn an_environments_name_knows_no_case() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("Staging");
    github.post_status(id, &serde_json::json!({ "state": "success" }));

    let (code, stdout, _) =
        Step::of(&github).arguments(&["list", "--environment", "staging"]).outcome();

    assert_eq!(code, Some(0));
    assert!(stdout.contains("success"), "{stdout}");
}

#[test]
fn a_token_that_a_status_quotes_is_not_shown() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("staging");
    let description = format!("by {}", crate::step::TOKEN);
    github.post_status(deployment, &json!({ "state": "success", "description": description }));

    let (code, stdout, _) = Step::of(&github)
        .arguments(&["list", "--deployment-id", &deployment.to_string()])
        .outcome();

    assert_eq!((code, stdout.contains("by ***")), (Some(0), true), "{stdout}");
}
