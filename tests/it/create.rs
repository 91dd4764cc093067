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
        .outcome();

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
fn a_start_makes_the_deployment_and_an_end_of_the_same_run_alone_finds_it() {
    let github = FakeGithub::start(&[]);
    let create = |state: &str, run: &str| {
        Step::of(&github)
            .arguments(&["create", "--environment", "staging", "--ref", "main", "--state", state])
            .variables(&[("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", run)])
            .outcome()
    };

    let (code, stdout, _) = create("in_progress", "1");
    assert_eq!(code, Some(0));
    let made = github.deployments()[0]["id"].as_u64().unwrap();
    assert!(stdout.starts_with(&format!("deployment {made}  ")), "{stdout}");
    let (code, _, stderr) = create("success", "2");
    assert_eq!(code, Some(125));
    let whose = format!("deployment {made} belongs to run 1: give `deployment-id`");
    assert!(stderr.contains(&whose), "{stderr}");
    assert_eq!(create("success", "1").0, Some(0));

    assert_eq!(github.deployments().len(), 1);
    assert_eq!(github.states(made), ["in_progress", "success"]);
}

#[test]
fn an_end_without_a_start_makes_nothing() {
    let github = FakeGithub::start(&[]);

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "staging", "--ref", "main", "--state", "failure"])
        .outcome();

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
            .outcome();
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
        .outcome();

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
        .outcome();

    assert_eq!(code, Some(125));
    assert!(stderr.contains("no open deployment to `staging` was found"), "{stderr}");
    assert!(github.deployments().is_empty());
}

#[test]
fn nothing_to_make_inactive_is_a_note() {
    let github = FakeGithub::start(&[]);

    let (code, stdout, stderr) = Step::of(&github)
        .arguments(&["create", "--environment", "pr-7", "--state", "inactive"])
        .outcome();

    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    assert!(stderr.contains("no deployment is active"), "{stderr}");
}

#[test]
fn a_missing_permission_stops_a_script_only_with_strict() {
    let github = FakeGithub::start(&["--grant", &format!("{}:read", crate::step::TOKEN)]);
    let deployment = github.deployment("staging");
    let create = |strict: &str| {
        Step::of(&github)
            .arguments(&["create", "--deployment-id", &id(deployment), "--state", "success"])
            .variable("INPUT_STRICT", strict)
            .outcome()
    };

    let (code, _, stderr) = create("false");
    assert_eq!(code, Some(0));
    assert!(stderr.contains("permissions: deployments: write"), "{stderr}");
    assert_eq!(create("true").0, Some(1));
}

#[test]
fn what_the_inputs_got_wrong_is_exit_1_and_an_outage_is_not() {
    for (fault, code) in [("401", 1), ("404", 1), ("422", 1), ("403", 0), ("503", 0), ("429", 0)] {
        let github = FakeGithub::start(&["--fault", &format!("every post to statuses: {fault}")]);
        let deployment = id(github.deployment("staging"));
        let (exit_code, _, stderr) = Step::of(&github)
            .arguments(&["create", "--deployment-id", &deployment, "--state", "success"])
            .variable("INPUT_API_TIMEOUT", "1s")
            .outcome();
        assert_eq!(exit_code, Some(code), "{fault}: {stderr}");
        assert!(stderr.contains(fault), "{stderr}");
    }
}

#[test]
fn outputs_that_cannot_be_written_do_not_undo_what_was_posted() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("staging");

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["create", "--deployment-id", &id(deployment), "--state", "success"])
        .variable("INPUT_OUTPUTS", "/nonexistent/outputs")
        .outcome();

    assert_eq!(code, Some(0));
    assert!(stderr.contains("warning: cannot write the outputs"), "{stderr}");
    assert_eq!(github.states(deployment), ["success"]);
}

#[test]
fn programs_get_the_status_with_its_deployment_as_json() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("staging");
    let create = |arguments: &[&str]| {
        let (code, stdout, stderr) = Step::of(&github).arguments(arguments).outcome();
        assert_eq!(code, Some(0), "{stderr}");
        serde_json::from_str::<serde_json::Value>(&stdout).unwrap()
    };

    let one =
        create(&["create", "--json", "--deployment-id", &id(deployment), "--state", "success"]);
    assert_eq!((&one["deployment_id"], &one["state"]), (&json!(deployment), &json!("success")));
    let all = create(&["create", "--json", "--environment", "staging", "--state", "inactive"]);
    assert_eq!(all[0]["deployment_id"], json!(deployment));
}

#[test]
fn what_was_skipped_or_cancelled_never_retires_what_is_live() {
    let github = FakeGithub::start(&[]);
    let live = github.deployment("production");
    github.post_status(live, &json!({ "state": "success" }));
    let open = github.deployment_of(&json!({
        "ref": "main", "environment": "production",
        "payload": { "deployment_status": { "run": "77" } },
    }));
    let others = github.deployment_of(&json!({
        "ref": "main", "environment": "production",
        "payload": { "deployment_status": { "run": "78" } },
    }));
    let create = |state: &str| {
        Step::of(&github)
            .arguments(&["create", "--environment", "production", "--state", state])
            .variables(&[("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", "77")])
            .variable("INPUT_CANCEL_STATE", "inactive")
            .outcome()
            .0
    };

    assert_eq!(create("skipped"), Some(0));
    assert_eq!(github.states(open), ["inactive"]);
    assert_eq!(create("cancelled"), Some(125));
    assert_eq!(github.states(live), ["success"]);
    assert!(github.states(others).is_empty());
    assert_eq!(create("inactive"), Some(0));
    assert_eq!(github.states(live), ["success", "inactive"]);
}

#[test]
fn the_end_of_our_commit_is_found_behind_any_number_of_newer_deployments() {
    let commit = "c".repeat(40);
    for newer in [&commit, &"d".repeat(40)] {
        let github = FakeGithub::start(&[]);
        let of = |environment: &str, commit: &str, run: &str| {
            github.deployment_of(&json!({
                "ref": commit, "environment": environment,
                "payload": { "deployment_status": { "run": run } },
            }))
        };
        let ours = of("Production", &commit, "77");
        for _ in 0..101 {
            of("production", newer, "78");
        }

        let (code, _, stderr) = Step::of(&github)
            .arguments(&["create", "--environment", "production", "--state", "success"])
            .variables(&[("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", "77")])
            .variable("BUILDKITE_COMMIT", &commit)
            .outcome();

        assert_eq!(code, Some(0), "{stderr}");
        assert_eq!(github.states(ours), ["success"]);
    }
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
        .outcome();

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
