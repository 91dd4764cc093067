//! What GitHub holds after a deploy, when all is well.

use std::time::Duration;

use crate::deploy::Deploy;
use crate::github::FakeGithub;

fn methods(github: &FakeGithub) -> String {
    github.requests().iter().map(|request| request.method.clone()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_deploy_to_a_known_deployment_costs_two_requests() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).sh("echo hi; exit 3").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (3, "hi\n"));
    assert_eq!(github.states(id), ["pending", "failure"]);
    assert_eq!(methods(&github), "POST POST");
    assert!(ran.left_open.is_empty(), "{ran:?}");
}

#[test]
fn a_new_deployment_costs_three() {
    let github = FakeGithub::start(&[]);

    let ran = Deploy::of(&github)
        .option("create-deployment", "always")
        .option("environment", "staging")
        .option("ref", "main")
        .run();

    let id = github.deployments()[0]["id"].as_u64().expect("an id is a number");
    assert_eq!(ran.exit_code, 0);
    assert_eq!(github.states(id), ["pending", "success"]);
    assert_eq!(methods(&github), "POST POST POST");
}

/// By default it is looked for first.
#[test]
fn a_new_deployment_that_is_looked_for_costs_four() {
    let github = FakeGithub::start(&[]);

    let ran = Deploy::of(&github).option("environment", "staging").option("ref", "main").run();

    assert_eq!(ran.exit_code, 0);
    assert_eq!(methods(&github), "GET POST POST POST");
}

#[test]
fn a_refusal_that_comes_after_the_command_began_is_said_and_is_no_warning() {
    let github = FakeGithub::start(&["--fault", "next post: delay 3200ms, 422"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).sh("sleep 0.5").run();

    assert_eq!(github.states(id), ["success"]);
    let begun = format!("the initial status of deployment {id} is still being posted");
    assert!(ran.stderr.contains(&begun), "{ran:?}");
    assert!(ran.stderr.contains("422") && !ran.stderr.contains("warning"), "{ran:?}");
}

#[test]
fn two_refusals_for_two_reasons_are_two_warnings() {
    let github = FakeGithub::start(&["--fault", "next post: 403", "--fault", "every post: 422"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).run();

    assert_eq!(ran.stderr.matches("warning").count(), 2, "{ran:?}");
}

#[test]
fn posting_takes_no_time_when_all_is_well() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).run();
    assert!(ran.took < Duration::from_millis(900), "{ran:?}");
}
