//! Which deployment a `run` takes: what is ours or nobody's, never another's.

use serde_json::{Value, json};

use crate::deploy::{Deploy, JOB_PAGE, Ran};
use crate::github::FakeGithub;

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A deployment of the commit that is deployed.
fn of_commit(environment: &str, payload: &Value) -> Value {
    let mut body = json!({ "ref": COMMIT, "environment": environment });
    if !payload.is_null() {
        body["payload"] = payload.clone();
    }
    body
}

fn owned_by(run: &str, job: &str) -> Value {
    json!({ "deployment_status": { "run": run, "job": job } })
}

fn page(run: u32, job: u32) -> Value {
    let page = format!("https://github.com/octo/app/actions/runs/{run}/job/{job}");
    json!({ "state": "in_progress", "target_url": page })
}

fn deploy(github: &FakeGithub) -> Deploy {
    Deploy::of(github).on_actions().option("environment", "production")
}

/// The run went well, in at most so many requests; returns the deployment that it took.
#[track_caller]
fn check_taken(github: &FakeGithub, deploy: Deploy, most: usize) -> u64 {
    let before = github.requests().len();
    let ran = deploy.run();
    assert_eq!(ran.exit_code, 0, "{ran:?}");
    let requests = &github.requests()[before..];
    assert!(requests.len() <= most, "{requests:#?}");
    taken(&ran)
}

fn taken(ran: &Ran) -> u64 {
    let line = ran.outputs.lines().find_map(|line| line.strip_prefix("DEPLOYMENT_ID="));
    line.and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{ran:?}"))
}

#[test]
fn what_is_open_and_nobodys_or_ours_is_taken() {
    for payload in [Value::Null, json!({ "a": 1 }), json!("text"), owned_by("77", "88")] {
        let github = FakeGithub::start(&[]);
        let waiting = github.deployment_of(&of_commit("production", &payload));
        assert_eq!(check_taken(&github, deploy(&github), 5), waiting, "{payload}");
        assert_eq!(github.states(waiting), ["pending", "success"]);
    }
}

#[test]
fn what_another_run_or_job_made_is_left_alone() {
    for payload in
        [owned_by("78", "88"), owned_by("77", "89"), json!(owned_by("1", "").to_string())]
    {
        let github = FakeGithub::start(&[]);
        let theirs = github.deployment_of(&of_commit("production", &payload));
        assert_ne!(check_taken(&github, deploy(&github), 5), theirs);
        assert!(github.states(theirs).is_empty(), "{payload}");
    }
}

#[test]
fn what_points_at_another_runs_page_is_left_alone() {
    for page in [page(78, 88), page(77, 89)] {
        let github = FakeGithub::start(&[]);
        let theirs = github.deployment_of(&of_commit("production", &Value::Null));
        github.post_status(theirs, &page);
        assert_ne!(check_taken(&github, deploy(&github), 5), theirs);
        assert_eq!(github.states(theirs), ["in_progress"]);
    }
}

#[test]
fn a_run_elsewhere_does_not_take_what_a_workflow_works_on() {
    let github = FakeGithub::start(&[]);
    let theirs = github.deployment_of(&of_commit("production", &Value::Null));
    github.post_status(theirs, &page(77, 88));
    let deploy = Deploy::of(&github).option("environment", "production").option("ref", COMMIT);
    assert_ne!(check_taken(&github, deploy, 5), theirs);
}

#[test]
fn two_uses_in_one_job_do_not_share_a_deployment() {
    let github = FakeGithub::start(&[]);
    let of_use = |name: &str| deploy(&github).variable("INPUT_USE", name);
    let running = of_use("one").sh("read line").spawn();
    github.wait_for_requests(3);
    let second = check_taken(&github, of_use("two"), 5);
    let first = taken(&running.wait());
    assert_ne!(first, second);
}

#[test]
fn another_task_has_a_deployment_of_its_own() {
    let github = FakeGithub::start(&[]);
    let theirs = github.deployment_of(&of_commit("production", &Value::Null));
    assert_ne!(check_taken(&github, deploy(&github).option("task", "migrate"), 5), theirs);
    assert!(github.states(theirs).is_empty());
}

#[test]
fn an_environments_name_knows_no_case() {
    let github = FakeGithub::start(&[]);
    let waiting = github.deployment_of(&of_commit("Production", &Value::Null));
    assert_eq!(check_taken(&github, deploy(&github), 5), waiting);
    assert_eq!(github.deployments().len(), 1);
}

#[test]
fn the_number_of_old_deployments_costs_no_request() {
    let github = FakeGithub::start(&[]);
    for age in 0..30 {
        let payload = if age % 2 == 0 { Value::Null } else { owned_by("1", "2") };
        let old = github.deployment_of(&of_commit("production", &payload));
        github.post_status(old, &json!({ "state": "failure" }));
    }
    check_taken(&github, deploy(&github), 5);
    check_taken(&github, deploy(&github).option("create-deployment", "always"), 3);
    let known = github.deployments()[0]["id"].as_u64().unwrap();
    assert_eq!(check_taken(&github, deploy(&github).to(known), 2), known);
}

#[test]
fn a_new_deployment_names_its_owner_beside_what_was_given() {
    let github = FakeGithub::start(&[]);
    let deploy =
        deploy(&github).variable("GITHUB_REF_NAME", "main").option("payload", r#"{"a": 1}"#);
    check_taken(&github, deploy, 5);
    let owner = json!({ "run": "77", "attempt": "1", "job": "88", "ref_name": "main" });
    let made = &github.deployments()[0]["payload"];
    assert_eq!(*made, json!({ "a": 1, "deployment_status": owner }));
}

#[test]
fn the_jobs_own_deployment_is_found_among_any_number() {
    let github = FakeGithub::start(&[]);
    let plain = || github.deployment_of(&of_commit("production", &Value::Null));
    let own = plain();
    github.post_status(own, &json!({ "state": "in_progress", "target_url": JOB_PAGE }));
    for job in 0..14 {
        github.post_status(plain(), &page(77, 100 + job));
    }
    let ran = Deploy::of(&github).on_actions().run();
    assert_eq!((ran.exit_code, taken(&ran)), (0, own));
    assert_eq!(github.states(own), ["in_progress", "success"]);
}

#[test]
fn the_jobs_own_deployment_is_looked_for_under_both_commits() {
    let head = "b".repeat(40);
    for filed_under in [COMMIT, head.as_str()] {
        let github = FakeGithub::start(&[]);
        let own = github.deployment_of(&json!({ "ref": filed_under, "environment": "production" }));
        github.post_status(own, &json!({ "state": "in_progress", "target_url": JOB_PAGE }));
        let deploy = Deploy::of(&github)
            .on_actions()
            .variable("GITHUB_EVENT_NAME", "pull_request")
            .event(&json!({ "pull_request": { "number": 9, "head": { "sha": head } } }));
        assert_eq!(check_taken(&github, deploy, 5), own);
    }
}

#[test]
fn where_nothing_says_which_job_this_is_the_deploy_runs_without_a_deployment() {
    let github = FakeGithub::start(&[]);
    let deploy = || Deploy::of(&github).on_actions().without("INPUT_JOB_ID").sh("echo deployed");

    let ran = deploy().run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "deployed\n"));
    assert!(ran.stderr.contains("::warning"), "{ran:?}");
    assert!(ran.stderr.contains("deployment: false"), "{ran:?}");
    assert!(github.requests().is_empty());
    assert_eq!(deploy().option("strict", "true").run().exit_code, 125);
}

#[test]
fn a_conflict_stops_the_deploy_only_where_the_inputs_asked_for_checks() {
    let github = FakeGithub::start(&["--fault", "every post to deployments: 409"]);
    assert_eq!(deploy(&github).run().exit_code, 0);
    let asked = [("required-contexts", "build"), ("auto-merge", "true")];
    for (name, value) in asked {
        assert_eq!(deploy(&github).option(name, value).run().exit_code, 125, "{name}");
    }
}

#[test]
fn a_creation_that_decides_has_the_time_of_the_inputs() {
    let github = FakeGithub::start(&["--fault", "every post to deployments: hang"]);
    let ran = deploy(&github)
        .option("create-deployment", "always")
        .option("required-contexts", "build")
        .option("api-timeout", "1s")
        .run();
    assert_eq!(ran.exit_code, 0, "{ran:?}");
    assert!(ran.took.as_secs() < 8, "{ran:?}");
}

#[test]
fn what_the_job_made_elsewhere_is_not_taken_for_a_creation_that_was_not_answered() {
    let github = FakeGithub::start(&["--fault", "every post to deployments: drop"]);
    let owner = json!({ "deployment_status": { "run": "77", "attempt": "1", "job": "88" } });
    let elsewhere = [("staging", "deploy"), ("production", "migrate")].map(|(name, task)| {
        let mut body = of_commit(name, &owner);
        body["task"] = json!(task);
        github.deployment_of(&body)
    });
    let ran = deploy(&github)
        .option("create-deployment", "always")
        .option("strict", "true")
        .option("api-timeout", "2s")
        .run();
    assert_eq!(ran.exit_code, 125, "{ran:?}");
    assert!(elsewhere.iter().all(|id| github.states(*id).is_empty()));
}

#[test]
fn a_creation_that_was_not_answered_is_looked_up_and_not_sent_again() {
    let github = FakeGithub::start(&["--fault", "next post to deployments: commit, drop"]);
    let made = check_taken(&github, deploy(&github), 8);
    assert_eq!(github.deployments().len(), 1);
    assert_eq!(github.states(made), ["pending", "success"]);
}

#[test]
fn an_id_that_the_ci_hands_over_costs_no_request() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let by_ci = |pairs: &[(&str, &str)]| {
        let deploy = Deploy::of(&github);
        let deploy =
            pairs.iter().fold(deploy, |deploy, (name, value)| deploy.variable(name, value));
        check_taken(&github, deploy, 2)
    };
    assert_eq!(by_ci(&[("BUILDKITE", "true"), ("BUILDKITE_GITHUB_DEPLOYMENT_ID", "42")]), 42);
    assert_eq!(by_ci(&[("DRONE", "true"), ("DRONE_DEPLOY_ID", "42")]), 42);
}

#[test]
fn the_deployment_of_an_event_is_taken_unless_another_workflow_ended_it() {
    let github = FakeGithub::start(&["--deployment", "42:production"]);
    let on = |event_name: &str, payload: &Value| {
        let deploy = deploy(&github).variable("GITHUB_EVENT_NAME", event_name).event(payload);
        taken(&deploy.run())
    };
    let deployment = json!({ "id": 42, "environment": "production", "sha": COMMIT });
    assert_eq!(on("deployment", &json!({ "deployment": deployment })), 42);
    let of_state = |state: &str| json!({ "deployment": deployment, "deployment_status": { "id": 7, "state": state } });
    assert_eq!(on("deployment_status", &of_state("queued")), 42);
    assert_ne!(on("deployment_status", &of_state("success")), 42);
}

#[test]
fn a_job_with_an_environment_of_its_own_is_warned_that_there_are_two() {
    let github = FakeGithub::start(&[]);
    let own = github.deployment_of(&of_commit("staging", &Value::Null));
    github.post_status(own, &json!({ "state": "in_progress", "target_url": JOB_PAGE }));

    let ran = deploy(&github).run();

    assert_ne!(taken(&ran), own);
    assert!(ran.stderr.contains("::warning"), "{ran:?}");
    assert!(ran.stderr.contains("there are two deployments now"), "{ran:?}");
    assert!(github.requests().len() <= 5);
    assert_eq!(github.states(own), ["in_progress"]);
}
