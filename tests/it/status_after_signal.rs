//! After a signal the last status is still posted: in time, and last.
#![cfg(unix)]

use std::time::{Duration, Instant};

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

/// GitHub's runner kills what is left after 10 s.
const IN_TIME: Duration = Duration::from_secs(7);

fn github(faults: &[&str]) -> FakeGithub {
    let arguments: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    FakeGithub::start(&arguments)
}

/// Sends SIGTERM once GitHub has had so many requests (the faults hold the last of them up), and
/// checks that the end comes in time.
#[track_caller]
fn interrupted(github: &FakeGithub, deploy: Deploy, requests: usize) -> Ran {
    let running = deploy.spawn();
    github.wait_for_requests(requests);
    let since = Instant::now();
    running.signal("TERM");
    let ran = running.wait();
    assert!(since.elapsed() < IN_TIME, "{:?} {ran:#?}", since.elapsed());
    assert_eq!(ran.exit_code, 143, "{ran:#?}");
    ran
}

fn creating(github: &FakeGithub) -> Deploy {
    Deploy::of(github).option("environment", "staging").option("ref", "main").sh("echo ran")
}

/// Interrupts a deploy while its command runs; returns the states then.
#[track_caller]
fn cancelled(faults: &[&str], script: &str) -> (Vec<String>, Ran) {
    let github = github(faults);
    let id = github.deployment("staging");
    let ran = interrupted(&github, Deploy::of(&github).to(id).sh(script), 1);
    (github.states(id), ran)
}

#[test]
fn a_signal_while_a_deployment_is_looked_for_runs_nothing() {
    let github = github(&["next get: delay 1s"]);
    let ran = interrupted(&github, creating(&github), 1);
    assert_eq!(ran.stdout, "");
    let id = github.deployments()[0]["id"].as_u64().expect("an id is a number");
    assert_eq!(github.states(id), ["error"]);
}

#[test]
fn a_signal_while_a_deployment_is_made_leaves_none_open() {
    let github = github(&["next post: delay 1s"]);
    let ran = interrupted(&github, creating(&github), 2);
    assert_eq!(ran.stdout, "");
    let id = github.deployments()[0]["id"].as_u64().expect("an id is a number");
    assert_eq!(github.states(id), ["error"]);
}

#[test]
fn a_signal_while_the_initial_status_is_posted_comes_after_it() {
    let (states, ran) = cancelled(&["next post: delay 1s"], "echo ran");
    assert_eq!((states, ran.stdout.as_str()), (vec!["pending".to_owned(), "error".to_owned()], ""));
    assert!(ran.left_open.is_empty(), "{ran:?}");
}

#[test]
fn a_late_initial_status_does_not_stay_on_top() {
    for late in ["3s", "5s"] {
        let github = github(&[&format!("next post: late {late}, drop")]);
        let id = github.deployment("staging");

        let ran = interrupted(&github, Deploy::of(&github).to(id).sh("sleep 60"), 1);

        // It may arrive after our exit.
        github.wait_until(id, |states| states.iter().any(|state| state == "pending"));
        let statuses = github.statuses(id);
        let last = statuses.last().expect("two were posted");
        assert_eq!(last.state, "error", "{late}: {statuses:?}");
        let reported = format!("DEPLOYMENT_STATUS_ID={}\n", last.id);
        assert!(ran.outputs.contains(&reported), "{late}: {ran:#?} {statuses:?}");
    }
}

#[test]
fn a_silent_initial_status_does_not_cost_the_last() {
    let (states, ran) = cancelled(&["next post: hang"], "sleep 60");
    assert_eq!(states, ["error"]);
    assert_eq!(ran.left_open.len(), 1, "finish may find it on top: {ran:?}");
}

#[test]
fn a_stop_is_posted_in_time_whatever_befalls_it() {
    for fault in ["502", "commit, drop", "delay 1s", "drop", "hang", "429 retry-after 1"] {
        let script = "trap 'echo stopping' TERM; sleep 60 & wait; wait";
        let (states, _) = cancelled(&[&format!("skip 1 post: {fault}")], script);
        let mut states = states.iter().map(String::as_str);
        assert_eq!(states.next(), Some("pending"), "{fault}");
        assert!(states.next() == Some("error") && states.all(|state| state == "error"), "{fault}");
    }
}

#[test]
fn a_command_that_does_not_stop_does_not_keep_github_waiting() {
    let github = github(&["skip 1 post: 502"]);
    let id = github.deployment("staging");
    let running = Deploy::of(&github)
        .to(id)
        .option("grace-period", "8s")
        .sh("trap '' TERM; sleep 60")
        .spawn();
    github.wait_for_states(id, &["pending"]);
    let since = Instant::now();
    running.signal("TERM");

    github.wait_for_states(id, &["pending", "error"]);

    assert!(since.elapsed() < IN_TIME, "{:?}", since.elapsed());
    assert_eq!(running.wait().exit_code, 143);
}

#[test]
fn a_signal_while_the_final_status_is_posted_does_not_change_it() {
    for fault in ["delay 1s", "delay 5s", "502", "commit, drop"] {
        let github = github(&[&format!("skip 1 post: {fault}")]);
        let id = github.deployment("staging");
        let running = Deploy::of(&github).to(id).spawn();
        github.wait_for_requests(2);
        running.signal("TERM");

        let ran = running.wait();

        assert_eq!(ran.exit_code, 0);
        assert!(ran.took < IN_TIME, "{fault}: {ran:?}");
        let states = github.states(id);
        assert!(states[1..].iter().all(|state| state == "success"), "{fault}: {states:?}");
        assert!(states.len() > 1, "{fault}: {states:?}");
    }
}
