//! The deployment that an event or the CI hands us, and what happens where nothing hands us one.

use serde_json::{Value, json};

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

const SHA: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A deployment of the commit that the job builds.
fn deployment(github: &FakeGithub, environment: &str) -> u64 {
    github.deployment_of(&json!({ "ref": SHA, "environment": environment }))
}

/// The payload of a `deployment` event.
fn deployment_event(id: u64, environment: &str) -> Value {
    json!({ "deployment": { "id": id, "environment": environment, "sha": SHA } })
}

/// The payload of a `deployment_status` event, whose deployment has this latest status.
fn status_event(github: &FakeGithub, id: u64, environment: &str, state: &str) -> Value {
    github.post_status(id, &json!({ "state": state }));
    let mut event = deployment_event(id, environment);
    event["deployment_status"] = json!({ "id": 1, "state": state, "environment": environment });
    event
}

fn triggered(github: &FakeGithub, event: &Value) -> Deploy {
    let name =
        if event["deployment_status"].is_null() { "deployment" } else { "deployment_status" };
    Deploy::of(github).on_actions().variable("GITHUB_EVENT_NAME", name).event(event).sh("echo ran")
}

#[test]
fn a_deployment_event_hands_its_deployment_to_us() {
    let github = FakeGithub::start(&[]);
    let id = deployment(&github, "staging");

    let ran = triggered(&github, &deployment_event(id, "staging")).run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "ran\n"));
    assert_eq!(github.states(id), ["pending", "success"]);
}

#[test]
fn a_status_event_hands_over_a_deployment_that_is_not_final() {
    for state in ["pending", "queued", "in_progress"] {
        let github = FakeGithub::start(&[]);
        let id = deployment(&github, "staging");

        let ran = triggered(&github, &status_event(&github, id, "staging", state)).run();

        assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "ran\n"), "{state}: {ran:#?}");
        assert_eq!(github.states(id), [state, "pending", "success"]);
    }
}

#[test]
fn a_status_event_does_not_hand_over_a_deployment_that_is_final() {
    for state in ["success", "failure", "error", "inactive"] {
        let github = FakeGithub::start(&[]);
        let id = deployment(&github, "staging");

        let ran = triggered(&github, &status_event(&github, id, "staging", state)).run();

        check_not_run(&github, &ran, "set `environment`");
        assert_eq!(github.states(id), [state]);
    }
}

#[test]
fn a_final_deployments_environment_gets_a_new_one() {
    let github = FakeGithub::start(&[]);
    let id = deployment(&github, "staging");

    let event = status_event(&github, id, "staging", "success");
    let ran = triggered(&github, &event).option("environment", "staging").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "ran\n"), "{ran:#?}");
    // The newer success may make the older one inactive.
    assert!(!github.states(id).contains(&"pending".to_owned()), "{ran:#?}");
    assert_eq!(github.deployments().len(), 2);
}

#[test]
fn a_status_event_does_not_hand_its_deployment_to_another_environment() {
    let github = FakeGithub::start(&[]);
    let id = deployment(&github, "staging");

    let event = status_event(&github, id, "staging", "pending");
    let ran = triggered(&github, &event).option("environment", "e2e").run();

    assert_eq!(ran.exit_code, 0, "{ran:#?}");
    assert_eq!(github.states(id), ["pending"]);
    let made = &github.deployments()[1];
    assert_eq!(made["environment"], "e2e");
    let made = made["id"].as_u64().expect("an id is a number");
    assert_eq!(github.states(made), ["pending", "success"]);
}

#[test]
fn a_deployment_event_hands_its_deployment_over_under_another_environments_name_too() {
    let github = FakeGithub::start(&[]);
    let id = deployment(&github, "staging");

    triggered(&github, &deployment_event(id, "staging")).option("environment", "qa").run();

    assert_eq!(github.states(id), ["pending", "success"]);
    assert_eq!(github.deployments().len(), 1);
}

fn on_woodpecker(github: &FakeGithub, page: &str) -> Ran {
    Deploy::of(github)
        .variable("CI", "woodpecker")
        .variable("CI_FORGE_TYPE", "github")
        .variable("CI_PIPELINE_FORGE_URL", page)
        .sh("echo ran")
        .run()
}

#[test]
fn woodpecker_hands_the_deployment_of_its_forges_page_to_us() {
    let github = FakeGithub::start(&[]);
    let id = deployment(&github, "staging");

    let page = format!("https://github.com/octo/app/deployments/{id}");
    let ran = on_woodpecker(&github, &page);

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "ran\n"), "{ran:#?}");
    assert_eq!(github.states(id), ["pending", "success"]);
}

#[test]
fn a_woodpecker_page_of_a_commit_hands_nothing_to_us() {
    let github = FakeGithub::start(&[]);
    let ran = on_woodpecker(&github, &format!("https://github.com/octo/app/commit/{SHA}"));
    check_not_run(&github, &ran, "no `environment` was given");
}

#[test]
fn without_an_id_an_event_and_an_environment_the_command_is_not_run() {
    let github = FakeGithub::start(&[]);
    let ran = Deploy::of(&github).sh("echo ran").run();
    check_not_run(&github, &ran, "set `environment`");
}

#[test]
fn a_job_for_which_github_made_no_deployment_does_not_run_the_command() {
    let github = FakeGithub::start(&[]);
    let ran = Deploy::of(&github).on_actions().sh("echo ran").run();
    check_not_run(&github, &ran, "set `environment`");
}

#[test]
fn what_may_not_be_created_does_not_run_the_command() {
    let github = FakeGithub::start(&[]);

    let ran = Deploy::of(&github)
        .on_actions()
        .option("environment", "staging")
        .option("create-deployment", "never")
        .sh("echo ran")
        .run();

    check_not_run(&github, &ran, "create-deployment");
}

/// Nothing was found: exit code 125, an error that helps, and no command.
#[track_caller]
fn check_not_run(github: &FakeGithub, ran: &Ran, help: &str) {
    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""), "{ran:#?}");
    assert!(ran.stderr.contains("cannot tell which deployment is meant"), "{ran:#?}");
    assert!(ran.stderr.contains(help), "{ran:#?}");
    assert!(github.requests().iter().all(|request| request.method == "GET"));
    assert!(ran.left_open.is_empty(), "{ran:#?}");
}
