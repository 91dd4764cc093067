//! `supersede`: after a success, older deployments of the environment become inactive.

use serde_json::{Value, json};

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::many::{deployment_of_ago, deployment_of_run, page_of_run, status_ago, writes};
use crate::step::Step;

/// A deployment to production that is live, with these fields besides.
fn live(github: &FakeGithub, age: &str, fields: &Value) -> u64 {
    let mut body = json!({ "ref": "main", "environment": "production" });
    for (name, value) in fields.as_object().expect("fields are an object") {
        body[name] = value.clone();
    }
    let deployment = deployment_of_ago(github, age, &body);
    let status = json!({ "state": "success", "auto_inactive": false });
    status_ago(github, age, deployment, &status);
    deployment
}

fn supersede(github: &FakeGithub, ours: u64) -> Deploy {
    Deploy::of(github).on_actions().to(ours).option("supersede", "true")
}

#[test]
fn older_deployments_become_inactive_production_and_transient_ones_too() {
    let github = FakeGithub::start(&[]);
    let flags = ["production_environment", "transient_environment", "auto_merge"];
    let older = flags.map(|flag| live(&github, "3d", &json!({ flag: flag != "auto_merge" })));
    let failed = live(&github, "2d", &json!({}));
    status_ago(&github, "2d", failed, &json!({ "state": "failure" }));
    let inactive = live(&github, "2d", &json!({}));
    status_ago(&github, "2d", inactive, &json!({ "state": "inactive" }));
    let elsewhere = live(&github, "2d", &json!({ "environment": "qa" }));
    let other_task = live(&github, "2d", &json!({ "task": "migrate" }));
    let ours = github.deployment("production");
    let newer = live(&github, "0s", &json!({}));

    let ran = supersede(&github, ours).option("auto-inactive", "false").run();

    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    for deployment in older.into_iter().chain([failed]) {
        assert_eq!(github.states(deployment).last().expect("it has one"), "inactive");
    }
    assert_eq!(github.states(inactive), ["success", "inactive"], "nothing is doubled");
    for untouched in [elsewhere, other_task, newer] {
        assert_eq!(github.states(untouched), ["success"]);
    }
    assert_eq!(github.states(ours), ["pending", "success"]);
    assert!(ran.stderr.contains("4 older deployments are inactive now"), "{}", ran.stderr);
    let last = writes(&github).into_iter().map(|post| post.body["state"].clone());
    assert_eq!(
        last.collect::<Vec<_>>(),
        ["pending", "success", "inactive", "inactive", "inactive", "inactive"],
        "the deploy's own last status comes first"
    );
}

#[test]
fn without_the_input_nothing_is_touched() {
    let github = FakeGithub::start(&[]);
    let older = live(&github, "3d", &json!({ "production_environment": true }));
    let ours = github.deployment("production");

    Deploy::of(&github).on_actions().to(ours).run();

    assert_eq!(github.states(older), ["success"]);
    assert_eq!(github.requests().len(), 2);
}

#[test]
fn a_deploy_that_fails_touches_nothing() {
    let github = FakeGithub::start(&[]);
    let older = live(&github, "3d", &json!({}));
    let ours = github.deployment("production");

    let ran = supersede(&github, ours).sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    assert_eq!(github.states(older), ["success"]);
    assert_eq!(github.states(ours), ["pending", "failure"]);
}

#[test]
fn a_success_that_was_not_posted_touches_nothing() {
    let github = FakeGithub::start(&["--fault", "skip 1 every post: 403"]);
    let older = live(&github, "3d", &json!({}));
    let ours = github.deployment("production");

    let ran = supersede(&github, ours).run();

    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    assert_eq!(github.states(older), ["success"]);
}

#[test]
fn what_another_run_works_on_is_left_alone() {
    let github = FakeGithub::start(&[]);
    let by_payload = deployment_of_run(&github, "1h", "production", 2);
    status_ago(&github, "1h", by_payload, &json!({ "state": "in_progress" }));
    let by_page =
        deployment_of_ago(&github, "1h", &json!({ "ref": "main", "environment": "production" }));
    let page = json!({ "state": "in_progress", "log_url": page_of_run(2) });
    status_ago(&github, "1h", by_page, &page);
    let ended = deployment_of_run(&github, "1h", "production", 2);
    status_ago(&github, "1h", ended, &json!({ "state": "success", "auto_inactive": false }));
    let ours = github.deployment("production");

    let ran = supersede(&github, ours).run();

    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    assert_eq!(github.states(by_payload), ["in_progress"]);
    assert_eq!(github.states(by_page), ["in_progress"]);
    assert_eq!(github.states(ended), ["success", "inactive"]);
    let said = format!("deployment {by_payload} is open, and belongs to run 2: it is left alone");
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
}

#[test]
fn what_is_left_is_said_and_changes_no_exit_code() {
    let github = FakeGithub::start(&["--fault", "skip 3 every post: 403"]);
    for _ in 0..3 {
        live(&github, "3d", &json!({ "production_environment": true }));
    }
    let ours = github.deployment("production");

    let ran = supersede(&github, ours).run();

    assert_eq!(ran.exit_code, 0);
    let said = "some older deployments may still be active: ";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert!(ran.stderr.contains("deployments: write"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 older deployments are inactive now"), "{}", ran.stderr);
}

#[test]
fn api_timeout_bounds_it() {
    let github = FakeGithub::start(&["--fault", "skip 1 every get to statuses: hang"]);
    for _ in 0..3 {
        live(&github, "3d", &json!({ "production_environment": true }));
    }
    let ours = github.deployment("production");

    let ran = supersede(&github, ours).option("api-timeout", "3s").run();

    assert_eq!(ran.exit_code, 0);
    assert!(ran.stderr.contains("may still be active"), "{}", ran.stderr);
    assert!(ran.took.as_secs() < 20, "{:?}", ran.took);
}

#[test]
fn a_success_that_is_created_supersedes_too() {
    let github = FakeGithub::start(&[]);
    let older = live(&github, "3d", &json!({ "production_environment": true }));
    let ours = github.deployment("production").to_string();
    let create = |state: &str| {
        let arguments =
            ["create", "--deployment-id", &ours, "--state", state, "--supersede", "true"];
        Step::of(&github).arguments(&arguments).outcome()
    };

    let (code, _, stderr) = create("failure");
    assert_eq!((code, github.states(older).len()), (Some(0), 1), "{stderr}");
    let (code, _, stderr) = create("success");

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(older), ["success", "inactive"]);
}
