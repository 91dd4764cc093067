//! `delete` removes an environment's deployments that are no longer needed.

use serde_json::json;

use crate::github::FakeGithub;
use crate::many::{deployment_ago, deployment_of_run, ids, lines, page_of_run, status_ago, writes};
use crate::step::{Step, TOKEN};

fn delete(github: &FakeGithub, options: &[&str]) -> (Option<i32>, String, String) {
    Step::of(github).arguments(&[&["delete"], options].concat()).outcome()
}

/// Deployments that are so old and in this state, oldest first.
fn made(github: &FakeGithub, environment: &str, age: &str, states: &[&str]) -> Vec<u64> {
    let make = |state: &&str| {
        let deployment = deployment_ago(github, age, environment);
        let body = json!({ "state": state, "auto_inactive": false });
        status_ago(github, age, deployment, &body);
        deployment
    };
    states.iter().map(make).collect()
}

#[test]
fn old_deployments_cost_one_request_each_besides_the_pages() {
    let github = FakeGithub::start(&[]);
    for _ in 0..250 {
        deployment_ago(&github, "30d", "preview-7");
    }
    // GitHub deletes the last one of an environment even if it is active.
    made(&github, "preview-7", "30d", &["inactive"]);

    let (code, stdout, stderr) = delete(&github, &["--environment", "preview-7"]);

    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert!(stderr.contains("251 deployments deleted"), "{stderr}");
    assert_eq!(github.requests().len(), 3 + 251 + 1);
    assert_eq!(ids(&github), [0; 0]);
}

#[test]
fn the_newest_are_kept_and_the_oldest_go_first() {
    let github = FakeGithub::start(&[]);
    let made = made(&github, "preview-7", "30d", &["failure"; 5]);

    let (code, _, stderr) = delete(&github, &["--environment", "preview-7", "--keep", "2"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), made[3..]);
    let expected: Vec<String> =
        made[..3].iter().map(|id| format!("DELETE deployments/{id}")).collect();
    assert_eq!(lines(&writes(&github)), expected);
}

#[test]
fn only_what_is_older_goes() {
    let github = FakeGithub::start(&[]);
    made(&github, "preview-7", "31d", &["failure"]);
    let young = made(&github, "preview-7", "29d", &["failure"]);

    let (code, _, stderr) =
        delete(&github, &["--environment", "preview-7", "--older-than", "720h"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), young);
}

#[test]
fn a_pattern_takes_its_environments_in_whatever_case_and_no_other() {
    let github = FakeGithub::start(&[]);
    made(&github, "Preview-7", "30d", &["failure"]);
    made(&github, "preview-8", "30d", &["failure"]);
    let other = made(&github, "production", "30d", &["failure", "failure"]);

    let (code, _, stderr) = delete(&github, &["--environment", "preview-*"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), other);
}

#[test]
fn a_pattern_that_matches_nothing_is_a_note() {
    let github = FakeGithub::start(&[]);

    let (code, _, stderr) = delete(&github, &["--environment", "preview-*"]);

    assert_eq!(code, Some(0));
    assert!(stderr.contains("notice: no deployment to `preview-*` was found"), "{stderr}");
}

#[test]
fn what_is_active_stays_whatever_its_age() {
    for age in ["1h", "30d"] {
        let github = FakeGithub::start(&[]);
        let made = made(&github, "preview-7", age, &["success", "success"]);

        let (code, _, stderr) = delete(&github, &["--environment", "preview-7"]);

        assert_eq!(code, Some(0), "{stderr}");
        assert_eq!(ids(&github), made, "{age}");
        assert!(stderr.contains("is active: left alone; `state: inactive` makes"), "{stderr}");
    }
}

#[test]
fn an_active_one_stays_also_where_github_would_delete_it() {
    let github = FakeGithub::start(&[]);
    let only = made(&github, "preview-7", "30d", &["success"]);

    let (code, _, stderr) = delete(&github, &["--environment", "preview-7"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), only);
    assert_eq!(writes(&github), []);
}

#[test]
fn what_is_active_is_made_inactive_first_on_request() {
    for age in ["1h", "30d"] {
        let github = FakeGithub::start(&[]);
        let made = made(&github, "preview-7", age, &["success", "success", "success"]);

        let (code, _, stderr) =
            delete(&github, &["--environment", "preview-7", "--state", "inactive", "--keep", "1"]);

        assert_eq!(code, Some(0), "{stderr}");
        assert_eq!(ids(&github), made[2..], "{age}");
        assert_eq!(github.states(made[2]), ["success"], "what is kept stays active");
        let posts = writes(&github).into_iter().filter(|request| request.method == "POST");
        let states: Vec<String> = posts.map(|post| post.body["state"].to_string()).collect();
        assert_eq!(states, ["\"inactive\""; 2], "{age}");
    }
}

#[test]
fn what_a_living_run_works_on_stays() {
    let github = FakeGithub::start(&["--run", "1:failure", "--run", "2:in_progress"]);
    let _of_dead_run = deployment_of_run(&github, "1h", "preview-7", 1);
    let living = deployment_of_run(&github, "1h", "preview-7", 2);
    let living_by_page = deployment_ago(&github, "1h", "preview-7");
    let page = json!({ "state": "in_progress", "log_url": page_of_run(2) });
    status_ago(&github, "1h", living_by_page, &page);
    let foreign = deployment_ago(&github, "1h", "preview-7");

    let environment = ["--environment", "preview-7", "--state", "inactive"];
    let (code, _, stderr) = delete(&github, &environment);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), [living, living_by_page, foreign]);

    let (code, _, stderr) = delete(&github, &[&environment[..], &["--any-owner", "true"]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), [living, living_by_page]);
}

#[test]
fn the_environment_goes_with_its_last_deployment() {
    let grant = format!("{TOKEN}:admin");
    let github = FakeGithub::start(&["--grant", &grant]);
    let made = made(&github, "review/pr 7", "30d", &["failure", "failure"]);
    let options = ["--environment", "review/pr 7", "--delete-environment", "true"];

    let (code, _, stderr) = delete(&github, &[&options[..], &["--keep", "1"]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("environment `review/pr 7` still has 1 deployments"), "{stderr}");
    let (code, _, stderr) = delete(&github, &options);
    assert_eq!(code, Some(0), "{stderr}");

    assert!(stderr.contains("environment `review/pr 7` is deleted"), "{stderr}");
    let expected = [
        format!("DELETE deployments/{}", made[0]),
        "DELETE environments/review%2Fpr%207".to_owned(),
        format!("DELETE deployments/{}", made[1]),
    ];
    assert_eq!(lines(&writes(&github)), expected);
    // It may be gone, or have never been deployed to.
    let (code, _, stderr) = delete(&github, &options);
    assert_eq!(code, Some(0), "{stderr}");
}

#[test]
fn a_token_that_may_not_administer_is_no_failure() {
    let grant = format!("{TOKEN}:write");
    let github = FakeGithub::start(&["--grant", &grant]);
    made(&github, "preview-7", "30d", &["failure"]);

    let (code, _, stderr) =
        delete(&github, &["--environment", "preview-7", "--delete-environment", "true"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.to_lowercase().contains("administration"), "{stderr}");
    assert_eq!(ids(&github), [0; 0]);
}

#[test]
fn an_environment_that_could_not_be_deleted_keeps_a_deployment_for_the_next_call() {
    let github = FakeGithub::start(&["--fault", "next delete to environments: 422"]);
    made(&github, "preview-7", "30d", &["failure"]);
    let options = ["--environment", "preview-*", "--delete-environment", "true"];

    let (code, _, stderr) = delete(&github, &options);
    assert_eq!(code, Some(1), "{stderr}");
    let (code, _, stderr) = delete(&github, &options);

    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("environment `preview-7` is deleted"), "{stderr}");
    assert_eq!(ids(&github), [0; 0]);
}

#[test]
fn an_interrupted_call_is_continued_by_the_next() {
    let faults = ["--fault", "next delete: commit, drop", "--fault", "skip 3 next delete: 403"];
    let github = FakeGithub::start(&faults);
    let made = made(&github, "preview-7", "30d", &["failure"; 5]);

    let (code, _, stderr) = delete(&github, &["--environment", "preview-7"]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("deployments: write"), "{stderr}");
    assert_eq!(stderr.matches("deployments: write").count(), 1, "it is said once: {stderr}");
    assert_eq!(ids(&github), made[2..]);
    let (code, _, stderr) = delete(&github, &["--environment", "preview-7"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), [0; 0]);
}

#[test]
fn the_rate_limit_is_waited_for() {
    let github = FakeGithub::start(&["--rate-limit", "25/3s"]);
    for _ in 0..30 {
        deployment_ago(&github, "30d", "preview-7");
    }

    let (code, _, stderr) = delete(&github, &["--environment", "preview-7"]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(ids(&github), [0; 0]);
    let refused = github.requests().into_iter().filter(|request| request.answered == "403");
    assert_eq!(refused.count(), 0, "{}", github.log());
}

#[test]
fn a_dry_run_shows_each_request_and_sends_none() {
    let github = FakeGithub::start(&[]);
    let made = made(&github, "preview-7", "30d", &["failure", "success"]);

    let (code, stdout, stderr) = delete(&github, &["--environment", "preview-7", "--dry-run"]);
    assert_eq!(code, Some(0), "{stderr}");
    let path = "/repos/octo/app/deployments";
    assert_eq!(stdout, format!("DELETE {path}/{}\n", made[0]), "{stderr}");
    assert!(stderr.contains(&format!("deployment {} is active", made[1])), "{stderr}");

    let options = ["--state", "inactive", "--delete-environment", "true", "--dry-run"];
    let (_, stdout, stderr) =
        delete(&github, &[&["--environment", "preview-7"], &options[..]].concat());
    let expected = [
        format!("DELETE {path}/{}\n", made[0]),
        format!("POST {path}/{}/statuses {{\"state\":\"inactive\"}}\n", made[1]),
        "DELETE /repos/octo/app/environments/preview-7\n".to_owned(),
        format!("DELETE {path}/{}\n", made[1]),
    ];
    assert_eq!(stdout, expected.concat(), "{stderr}");
    assert!(stderr.contains("2 deployments would be deleted"), "{stderr}");
    assert_eq!(writes(&github), []);
}
