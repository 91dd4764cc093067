//! The deploy is king: GitHub holds it back no longer than it may, unless `strict` says otherwise.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use expect_test::{Expect, expect};
use serde_json::json;

use crate::deploy::{Deploy, JOB_PAGE, Ran};
use crate::github::FakeGithub;

fn github(faults: &[&str]) -> FakeGithub {
    let arguments: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    FakeGithub::start(&arguments)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs a command that says when it started; returns how long it was held back.
fn held_back(deploy: Deploy) -> (Duration, Ran) {
    let before = SystemTime::now();
    let ran = deploy.sh("date +%s.%N").run();
    let started: f64 = ran.stdout.trim().parse().expect("the command says when it started");
    let started = UNIX_EPOCH + Duration::from_secs_f64(started);
    (started.duration_since(before).unwrap_or_default(), ran)
}

fn creating(github: &FakeGithub) -> Deploy {
    Deploy::of(github)
        .option("create-deployment", "always")
        .option("environment", "staging")
        .option("ref", "main")
}

#[track_caller]
fn check_stderr(ran: &Ran, expected: &Expect) {
    // Ids of requests and ports are new each time.
    let request =
        regex::Regex::new(r"request [0-9A-F:]+|127\.0\.0\.1:\d+|within [45]s").expect("it is good");
    expected.assert_eq(&request.replace_all(&ran.stderr, "…"));
}

#[test]
fn a_silent_github_holds_a_known_deployment_back_for_3_s() {
    let github = github(&["every request: hang"]);
    let id = github.deployment("staging");

    let (held, ran) = held_back(Deploy::of(&github).to(id).option("api-timeout", "3s"));

    assert!(held >= seconds(3) && held < seconds(4), "{held:?}");
    assert!(ran.took < seconds(7), "{ran:?}");
    assert_eq!(ran.exit_code, 0);
    assert_eq!(ran.left_open.len(), 1, "finish may do it later: {ran:?}");
}

#[test]
fn a_silent_github_holds_a_search_back_for_15_s() {
    let github = github(&["every request: hang"]);

    let (held, ran) =
        held_back(Deploy::of(&github).option("environment", "qa").option("ref", "main"));

    assert!(held >= seconds(14) && held < seconds(16), "{held:?}");
    assert_eq!(ran.exit_code, 0);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: warning: cannot list deployments: no answer from `…` …
            deployment-status: no deployment status was posted, Deployed in 0s
        "#]],
    );
}

#[test]
fn a_github_that_cannot_be_reached_is_annotated_once() {
    // Nobody listens on the discard port.
    let deploy = Deploy::at("http://127.0.0.1:9").to(42).option("api-timeout", "2s");

    let ran = deploy.sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: warning: cannot post a status to deployment `42`: no connection to `…`: Connection refused
            deployment-status: help: check `api-url` and the firewall; behind a proxy, set HTTPS_PROXY
            deployment-status: deployment 42: no status was posted, Exited with 3 after 0s
        "#]],
    );
}

#[test]
fn a_missing_permission_is_annotated_once_and_changes_no_exit_code() {
    let github = FakeGithub::start(&["--grant", &format!("{}:read", crate::deploy::TOKEN)]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: warning: cannot post a status to deployment `1001`: GitHub answered 403 Forbidden: Resource not accessible by integration (…)
            deployment-status: help: give the job `permissions: deployments: write`
            deployment-status: deployment 1001: no status was posted, Exited with 3 after 0s
        "#]],
    );
}

#[test]
fn the_final_status_is_posted_although_the_initial_one_was_refused() {
    let github = github(&["next post: 422"]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).run();

    assert_eq!(github.states(id), ["success"]);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: warning: cannot post a status to deployment `1001`: GitHub answered 422 Unprocessable Entity: Validation Failed: state was refused by the sandbox's fault (…)
            deployment-status: deployment 1001: success, Deployed in 0s
        "#]],
    );
}

#[test]
fn a_fork_gets_a_notice() {
    let github = FakeGithub::start(&["--grant", &format!("{}:read", crate::deploy::TOKEN)]);
    let id = github.deployment("staging");
    let payload = json!({"pull_request": {
        "number": 7,
        "head": {"sha": "b".repeat(40), "repo": {"full_name": "fork/app"}},
        "base": {"sha": "c".repeat(40), "repo": {"full_name": "octo/app"}},
    }});
    let deploy = || {
        Deploy::of(&github)
            .on_actions()
            .variable("GITHUB_EVENT_NAME", "pull_request")
            .event(&payload)
            .to(id)
    };

    check_stderr(
        &deploy().run(),
        &expect![[r#"
            ::notice title=deployment-status::cannot post a status to deployment `1001`: GitHub answered 403 Forbidden: Resource not accessible by integration (…)%0Ahelp: a fork's pull request has a token that cannot write, whatever its permissions
            deployment-status: deployment 1001: no status was posted, Deployed in 0s
        "#]],
    );
    check_stderr(
        &deploy().without("GITHUB_TOKEN").run(),
        &expect![[r#"
            ::notice title=deployment-status::no deployment status is posted: a fork's pull request has a token that cannot write, whatever its permissions
            deployment-status: no deployment status was posted, Deployed in 0s
        "#]],
    );
    assert!(github.states(id).is_empty());
}

#[test]
fn a_strict_deploy_does_not_run_without_an_initial_status() {
    let github = github(&["every post: 422"]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).option("strict", "true").sh("echo ran").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""));
    assert!(ran.left_open.is_empty(), "{ran:?}");
    check_stderr(
        &ran,
        &expect![[r#"
        deployment-status: error: cannot post a status to deployment `1001`: GitHub answered 422 Unprocessable Entity: Validation Failed: state was refused by the sandbox's fault (…)
        deployment-status: the command is not run, since `strict` is set
    "#]],
    );
}

#[test]
fn a_strict_deploy_waits_for_its_initial_status() {
    let github = github(&["next 2 posts: 429 retry-after 2"]);
    let id = github.deployment("staging");

    let (held, ran) = held_back(Deploy::of(&github).to(id).option("strict", "true"));

    assert!(held >= seconds(4), "{held:?}");
    assert_eq!(ran.exit_code, 0);
    assert_eq!(github.states(id), ["pending", "success"]);
}

#[test]
fn a_strict_deploy_gives_up_after_the_api_timeout() {
    let github = github(&["every request: hang"]);
    let id = github.deployment("staging");
    let deploy = Deploy::of(&github).to(id).option("strict", "true").option("api-timeout", "2s");

    let ran = deploy.sh("echo ran").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""));
    assert!(ran.took < seconds(3), "{ran:?}");
    check_stderr(
        &ran,
        &expect![[r#"
        deployment-status: error: cannot post a status to deployment `1001`: no answer from `…` within 2s
        deployment-status: the command is not run, since `strict` is set
    "#]],
    );
}

#[test]
fn a_strict_deploy_fails_if_its_success_could_not_be_posted() {
    let github = github(&["skip 1 next 2 posts: 422"]);
    let id = github.deployment("staging");
    let strict = || Deploy::of(&github).to(id).option("strict", "true");

    assert_eq!(strict().run().exit_code, 125);
    assert_eq!(strict().sh("exit 3").run().exit_code, 3);
}

#[test]
fn a_wait_is_said_in_one_line() {
    let github = github(&["skip 1 post: 429 retry-after 6"]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).run();
    assert_eq!(github.states(id), ["pending", "success"]);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: deployment 1001 is pending
            deployment-status: waiting 6s for GitHub's rate limit: cannot post a status to deployment `1001`: GitHub answered 429 Too Many Requests: You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID; it asks us to wait 6s (…)
            deployment-status: deployment 1001: success, Deployed in 0s
        "#]],
    );
}

#[test]
fn what_github_asked_of_the_initial_status_holds_for_the_final_one() {
    let github = github(&["next post: 429 retry-after 4"]);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).run();

    assert_eq!(github.states(id), ["success"]);
    assert!(ran.took >= seconds(4) && ran.took < seconds(6), "{ran:?}");
}

#[test]
fn a_job_with_an_environment_of_its_own_keeps_githubs_word() {
    let github = FakeGithub::start(&[]);
    let sha = "a".repeat(40);
    let id = github.deployment_of(&json!({"ref": sha, "environment": "staging"}));
    github.post_status(id, &json!({"state": "in_progress", "log_url": JOB_PAGE}));

    let ran = Deploy::of(&github).on_actions().run();

    assert_eq!(github.states(id), ["in_progress", "success"]);
    check_stderr(
        &ran,
        &expect![[r#"
            deployment-status: GitHub made this deployment for the job and ends it itself: to keep the URL, write `environment: {name: …, url: ${{ steps.ID.outputs.url }}}` or `environment: {name: …, deployment: false}`
            deployment-status: deployment 1001 of staging is GitHub's own
            deployment-status: deployment 1001: success, Deployed in 0s
        "#]],
    );
}

#[test]
fn a_deployment_is_not_created_twice() {
    let faults = ["commit, 502", "commit, drop", "late 3s, drop", "truncate", "502"];
    let made = |fault: &str| {
        let github = github(&[&format!("next post to deployments: {fault}")]);
        assert_eq!(creating(&github).run().exit_code, 0);
        let ids = github.deployments().into_iter().filter_map(|one| one["id"].as_u64());
        ids.map(|id| github.states(id)).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let playing = faults.map(|fault| (fault, scope.spawn(move || made(fault))));
        for (fault, made) in playing {
            let expected: &[[&str; 2]] =
                if fault == "502" { &[] } else { &[["pending", "success"]] };
            assert_eq!(made.join().expect("nobody panics"), expected, "{fault}");
        }
    });
}

#[test]
fn a_creation_is_tried_again_when_github_surely_did_nothing() {
    let github = github(&["next 2 posts to deployments: 429 retry-after 1"]);
    let ran = creating(&github).run();
    assert_eq!((ran.exit_code, github.deployments().len()), (0, 1));
}

#[test]
fn a_deploy_that_was_asked_to_depend_on_github_is_refused() {
    let github = github(&["next post to deployments: 409"]);

    let ran = creating(&github).option("required-contexts", "*").sh("echo ran").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""));
    assert!(github.deployments().is_empty());
}
