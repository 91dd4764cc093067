//! `sweep` closes what dead runs left open, and touches nothing else.

use std::time::Instant;

use serde_json::json;

use crate::github::{FakeGithub, Request};
use crate::many::{
    deployment_ago, deployment_of_ago, deployment_of_run, page_of_run, status_ago, writes,
};
use crate::openapi::Description;
use crate::step::{Step, TOKEN};

/// Run 1 is over, run 2 goes on, and there is no run 3.
const RUNS: [&str; 4] = ["--run", "1:failure", "--run", "2:in_progress"];

fn sweep(github: &FakeGithub, options: &[&str]) -> (Option<i32>, String, String) {
    Step::of(github).arguments(&[&["sweep"], options].concat()).outcome()
}

fn pending(github: &FakeGithub, age: &str, deployment: u64) -> u64 {
    status_ago(github, age, deployment, &json!({ "state": "pending" }));
    deployment
}

fn pending_of(github: &FakeGithub, age: &str, environment: &str, run: u64) -> u64 {
    pending(github, age, deployment_of_run(github, age, environment, run))
}

/// A deployment of another tool, whose status points at a page.
fn pending_at(github: &FakeGithub, age: &str, page: &str) -> u64 {
    let deployment = deployment_ago(github, age, "qa");
    status_ago(github, age, deployment, &json!({ "state": "in_progress", "log_url": page }));
    deployment
}

#[track_caller]
fn check_closed(github: &FakeGithub, deployment: u64) {
    let statuses = github.statuses(deployment);
    let errors: Vec<&str> = statuses
        .iter()
        .filter(|status| status.state == "error")
        .map(|status| status.description.as_str())
        .collect();
    assert_eq!(errors, ["Abandoned: its run has ended"], "{deployment}");
}

#[track_caller]
fn check_untouched(github: &FakeGithub, deployments: &[u64]) {
    for deployment in deployments {
        let paths = format!("/deployments/{deployment}/statuses");
        let posts: Vec<Request> = writes(github);
        assert!(!posts.iter().any(|post| post.path.ends_with(&paths)), "{deployment}: {posts:?}");
    }
}

#[test]
fn what_a_dead_run_left_open_is_closed_and_nothing_else() {
    let github = FakeGithub::start(&RUNS);
    let by_payload = pending_of(&github, "7h", "qa", 1);
    let without_status = deployment_of_run(&github, "7h", "qa", 1);
    let by_page = pending_at(&github, "7h", &page_of_run(1));
    let living = pending_of(&github, "90h", "qa", 2);
    let living_by_page = pending_at(&github, "90h", &page_of_run(2));
    let taken_up = deployment_of_run(&github, "90h", "qa", 1);
    let page = json!({ "state": "in_progress", "log_url": page_of_run(2) });
    status_ago(&github, "1h", taken_up, &page);
    let young = pending_of(&github, "5h", "qa", 1);
    let closed = pending_of(&github, "7h", "qa", 1);
    status_ago(&github, "6h", closed, &json!({ "state": "failure" }));
    let live = pending_of(&github, "7h", "qa", 1);
    status_ago(&github, "6h", live, &json!({ "state": "success", "auto_inactive": false }));
    let foreign = pending(&github, "50d", deployment_ago(&github, "50d", "qa"));
    let elsewhere =
        pending_at(&github, "50d", "https://github.com/octo/other/actions/runs/1/job/5");
    let dropped = pending_of(&github, "91d", "qa", 1);

    let (code, stdout, stderr) = sweep(&github, &[]);

    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    for abandoned in [by_payload, without_status, by_page] {
        check_closed(&github, abandoned);
        let closing = format!("deployment {abandoned} of qa: error, open for 7h");
        assert!(stderr.contains(&closing), "{stderr}");
    }
    let others = [living, living_by_page, taken_up, young, closed, live, foreign, elsewhere];
    check_untouched(&github, &others);
    check_untouched(&github, &[dropped]);
    assert!(stderr.contains("12 deployments were looked at, 3 closed"), "{stderr}");
    let requests = github.requests();
    let runs = requests.iter().filter(|request| request.path.contains("/actions/runs/"));
    assert_eq!(runs.count(), 2, "each run is asked for once: {requests:?}");
    if let Some(description) = Description::load() {
        description.check_requests(&requests);
    }
}

#[test]
fn an_earlier_attempt_is_left_alone_while_a_later_one_goes_on() {
    let github = FakeGithub::start(&["--run", "1/2:in_progress"]);
    let earlier = pending_of(&github, "7h", "qa", 1);

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_untouched(&github, &[earlier]);
}

#[test]
fn a_second_sweep_finds_nothing_to_do() {
    let github = FakeGithub::start(&RUNS);
    let deployment = pending_of(&github, "7h", "qa", 1);
    sweep(&github, &[]);

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, deployment);
    assert!(stderr.contains("0 closed"), "{stderr}");
}

#[test]
fn where_runs_may_not_be_read_only_what_is_older_than_five_days_is_closed() {
    let grant = format!("{TOKEN}:deployments");
    let github = FakeGithub::start(&[&RUNS[..], &["--grant", &grant]].concat());
    let young = pending_of(&github, "4d", "qa", 1);
    let old = pending_of(&github, "6d", "qa", 1);
    let old_by_page = pending_at(&github, "6d", &page_of_run(9));

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, old);
    check_closed(&github, old_by_page);
    check_untouched(&github, &[young]);
    assert!(stderr.contains("actions: read"), "{stderr}");
    let requests = github.requests();
    let runs = requests.iter().filter(|request| request.path.contains("/actions/runs/"));
    assert_eq!(runs.count(), 1, "{requests:?}");
}

#[test]
fn a_run_that_is_gone_is_over_after_five_days() {
    let github = FakeGithub::start(&RUNS);
    let young = pending_of(&github, "4d", "qa", 3);
    let old = pending_of(&github, "6d", "qa", 3);
    let of_a_laptop = json!({ "deployment_status": { "use": "word" } });
    let body = json!({ "ref": "main", "environment": "qa", "payload": of_a_laptop });
    let of_no_run = deployment_of_ago(&github, "6d", &body);

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, old);
    check_closed(&github, of_no_run);
    check_untouched(&github, &[young]);
}

#[test]
fn any_owner_takes_what_another_tool_left_but_never_what_a_run_works_on() {
    let github = FakeGithub::start(&RUNS);
    let foreign = pending(&github, "7h", deployment_ago(&github, "7h", "qa"));
    let young = pending(&github, "1h", deployment_ago(&github, "1h", "qa"));
    let living = pending_at(&github, "7h", &page_of_run(2));

    let (code, _, stderr) = sweep(&github, &["--any-owner", "true"]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, foreign);
    check_untouched(&github, &[young, living]);
}

#[test]
fn a_pattern_names_environments_in_whatever_case() {
    let github = FakeGithub::start(&RUNS);
    let preview = pending_of(&github, "2h", "Preview-7", 1);
    let other = pending_of(&github, "2h", "production", 1);

    let (code, _, stderr) = sweep(&github, &["--environment", "preview-*", "--older-than", "1h"]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, preview);
    check_untouched(&github, &[other]);
}

#[test]
fn a_pattern_that_matches_nothing_is_a_note() {
    let github = FakeGithub::start(&RUNS);
    pending_of(&github, "7h", "production", 1);

    let (code, _, stderr) = sweep(&github, &["--environment", "preview-*"]);

    assert_eq!(code, Some(0));
    assert!(stderr.contains("notice: no deployment to `preview-*` was found"), "{stderr}");
    assert_eq!(writes(&github), []);
}

#[test]
fn there_is_at_most_one_post_a_second_and_a_count_now_and_then() {
    let github = FakeGithub::start(&RUNS);
    for _ in 0..8 {
        pending_of(&github, "7h", "qa", 1);
    }
    let begun = Instant::now();

    let (_, _, stderr) = sweep(&github, &[]);

    assert_eq!(writes(&github).len(), 8);
    assert!(begun.elapsed().as_secs() >= 7, "{:?}", begun.elapsed());
    assert!(stderr.contains(" of 8 deployments were looked at"), "{stderr}");
}

#[test]
fn a_dry_run_shows_each_post_and_sends_none() {
    let github = FakeGithub::start(&RUNS);
    let deployments: Vec<u64> = (0..20).map(|_| pending_of(&github, "7h", "qa", 1)).collect();
    let begun = Instant::now();

    let (code, stdout, stderr) = sweep(&github, &["--dry-run"]);

    assert_eq!(code, Some(0), "{stderr}");
    let expected: Vec<String> = deployments
        .iter()
        .rev()
        .map(|id| {
            let path = format!("/repos/octo/app/deployments/{id}/statuses");
            let body = r#"{"description":"Abandoned: its run has ended","state":"error"}"#;
            format!("POST {path} {body}\n")
        })
        .collect();
    assert_eq!(stdout, expected.concat());
    assert!(stderr.contains("20 would be closed"), "{stderr}");
    assert!(begun.elapsed().as_secs() < 15, "nothing is paced: {:?}", begun.elapsed());
    assert_eq!(writes(&github), []);
}

#[test]
fn an_interrupted_sweep_is_finished_by_the_next_and_nothing_is_doubled() {
    let faults = ["--fault", "next post: commit, drop", "--fault", "next post: 403"];
    let github = FakeGithub::start(&[&RUNS[..], &faults].concat());
    let deployments: Vec<u64> = (0..3).map(|_| pending_of(&github, "7h", "qa", 1)).collect();

    let (code, _, stderr) = sweep(&github, &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("deployments: write"), "{stderr}");
    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    for deployment in deployments {
        check_closed(&github, deployment);
    }
}

#[test]
fn a_deployment_that_is_refused_does_not_keep_the_others_open() {
    let github = FakeGithub::start(&[&RUNS[..], &["--fault", "next 2 posts: 422"]].concat());
    let older = pending_of(&github, "8h", "qa", 1);
    let refused = pending_of(&github, "7h", "qa", 1);

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(1), "{stderr}");
    check_closed(&github, older);
    assert_eq!(github.states(refused), ["pending"]);
}

#[test]
fn the_rate_limit_is_waited_for() {
    let github = FakeGithub::start(&[&RUNS[..], &["--rate-limit", "25/3s"]].concat());
    let deployments: Vec<u64> = (0..30).map(|_| pending_of(&github, "7h", "qa", 2)).collect();
    let orphan = pending_of(&github, "8h", "qa", 1);

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, orphan);
    check_untouched(&github, &deployments);
    assert!(stderr.contains("GitHub's rate limit is used up: waiting "), "{stderr}");
    let refused = github.requests().into_iter().filter(|request| request.answered == "403");
    assert_eq!(refused.count(), 0, "{}", github.log());
}

#[test]
fn all_of_many_deployments_are_looked_at() {
    let github = FakeGithub::start(&RUNS);
    let first = pending_of(&github, "9h", "preview-0", 1);
    for number in 0..250 {
        deployment_of_run(&github, "1h", &format!("preview-{}", number % 60), 1);
    }

    let (code, _, stderr) = sweep(&github, &[]);

    assert_eq!(code, Some(0), "{stderr}");
    check_closed(&github, first);
    assert!(stderr.contains("251 deployments were looked at, 1 closed"), "{stderr}");
    // 3 pages, the statuses of one, its run, and the post.
    assert_eq!(github.requests().len(), 6);
}
