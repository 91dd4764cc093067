//! A last status is not lost to a refusal that passes, or to data of our own.

#[cfg(unix)]
use std::time::{Duration, Instant};

use serde_json::json;

use crate::deploy::Deploy;
#[cfg(unix)]
use crate::finish::finish;
use crate::github::FakeGithub;

#[test]
fn a_refusal_that_passes_does_not_leave_the_deployment_pending() {
    for code in ["401", "403", "404"] {
        let github = FakeGithub::start(&["--fault", &format!("skip 1 post: {code}")]);
        let id = github.deployment("staging");

        let ran = Deploy::of(&github).to(id).run();

        assert_eq!(github.states(id), ["pending", "success"], "{code}: {ran:#?}");
        assert_eq!(ran.left_open, [""; 0], "{ran:#?}");
    }
}

#[test]
fn a_refusal_that_stays_is_tried_twice_and_leaves_the_outcome_for_finish() {
    let github = FakeGithub::start(&["--fault", "skip 1 next 2 posts: 403"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).sh("exit 3").run();

    assert_eq!(ran.exit_code, 3, "{ran:#?}");
    assert_eq!(github.states(id), ["pending"]);
    assert_eq!(github.requests().len(), 3);
    assert_eq!(ran.left_open.len(), 1, "{ran:#?}");
}

#[cfg(unix)]
#[test]
fn finish_posts_at_once_what_github_refused() {
    let github = FakeGithub::start(&["--fault", "skip 1 next 2 posts: 422"]);
    let id = github.deployment("staging");
    let temp = tempfile::tempdir().expect("there is room for a folder");
    Deploy::of(&github).to(id).variable("RUNNER_TEMP", temp.path()).sh("exit 3").run();

    let begun = Instant::now();
    let (code, _, stderr) = finish(&github, &temp).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(github.states(id), ["pending", "failure"]);
    // What may still be on its way is waited for.
    assert!(begun.elapsed() < Duration::from_secs(9), "{stderr}");
}

#[test]
fn a_refusal_of_the_first_status_too_is_not_tried_twice() {
    let github = FakeGithub::start(&["--fault", "every post: 403"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).run();

    assert_eq!(ran.exit_code, 0, "{ran:#?}");
    assert_eq!(github.requests().len(), 2);
}

#[test]
fn a_last_status_that_github_calls_invalid_is_posted_without_url_and_description() {
    let github = FakeGithub::start(&["--fault", "skip 1 post: 422"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github)
        .to(id)
        .option("environment", "staging")
        .sh("echo Deployed to https://hello.example.com")
        .run();

    assert_eq!(github.states(id), ["pending", "success"], "{ran:#?}");
    let last = &github.requests()[2].body;
    assert_eq!(*last, json!({ "state": "success", "environment": "staging" }));
}

#[test]
fn a_first_status_that_github_calls_invalid_is_not_posted_again() {
    let github = FakeGithub::start(&["--fault", "next post: 422"]);
    let id = github.deployment("staging");

    Deploy::of(&github).to(id).run();

    assert_eq!(github.states(id), ["success"]);
}

#[cfg(unix)]
#[test]
fn after_a_signal_a_refusal_that_passes_is_tried_again_too() {
    let github = FakeGithub::start(&["--fault", "skip 1 post: 403"]);
    let id = github.deployment("staging");
    let running = Deploy::of(&github).to(id).sh("exec sleep 60").spawn();
    github.wait_for_states(id, &["pending"]);

    running.signal("TERM");
    let ran = running.wait();

    assert_eq!(github.states(id), ["pending", "error"], "{ran:#?}");
    assert!(ran.took.as_secs() < 7, "{ran:#?}");
}
