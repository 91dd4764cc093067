//! `wait` waits until somebody's deployment has ended, and prints its URL.

use std::fs;
use std::thread;

use serde_json::{Value, json};

use crate::github::FakeGithub;
use crate::many::writes;
use crate::step::Step;

const SHA: &str = "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";

fn wait(github: &FakeGithub, options: &[&str]) -> (Option<i32>, String, String) {
    Step::of(github).arguments(&[&["wait"], options].concat()).outcome()
}

/// A deployment of the commit that is in this state, with a URL.
fn deployed(github: &FakeGithub, environment: &str, state: &str, url: &str) -> u64 {
    let deployment = github.deployment_of(&json!({ "ref": SHA, "environment": environment }));
    github.post_status(deployment, &json!({ "state": state, "environment_url": url }));
    deployment
}

#[test]
fn what_somebody_deploys_late_is_waited_for() {
    let github = FakeGithub::start(&[]);
    let (code, stdout, stderr) = thread::scope(|scope| {
        let waiting = scope.spawn(|| wait(&github, &["--environment", "Preview", "--ref", SHA]));
        github.wait_for_requests(1);
        deployed(&github, "preview", "success", "https://preview-7.example.com");
        waiting.join().expect("it does not panic")
    });

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stdout, "https://preview-7.example.com\n");
}

#[test]
fn what_has_not_changed_costs_nothing_of_the_rate_limit() {
    let github = FakeGithub::start(&[]);
    let deployment = deployed(&github, "preview", "in_progress", "");
    let (code, stdout, stderr) = thread::scope(|scope| {
        let waiting = scope.spawn(|| wait(&github, &["--environment", "preview", "--ref", SHA]));
        github.wait_for_requests(4);
        let url = "https://preview-7.example.com";
        github.post_status(deployment, &json!({ "state": "success", "environment_url": url }));
        waiting.join().expect("it does not panic")
    });

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stdout, "https://preview-7.example.com\n");
    let requests = github.requests();
    let answers: Vec<&str> = requests.iter().map(|request| request.answered.as_str()).collect();
    assert_eq!(answers[..4], ["200", "200", "304", "304"]);
    let changed = answers[4..].iter().filter(|answered| **answered == "200");
    assert_eq!(changed.count(), 1 + usize::from(answers[answers.len() - 2] == "200"));
}

#[test]
fn a_deployment_is_named_by_its_id() {
    let github = FakeGithub::start(&[]);
    let deployment = deployed(&github, "preview", "success", "https://one.example.com");

    let (code, stdout, stderr) = wait(&github, &["--deployment-id", &deployment.to_string()]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stdout, "https://one.example.com\n");
    assert_eq!(writes(&github), []);
}

#[test]
fn several_apps_of_one_commit_are_listed_the_newest_of_each() {
    let github = FakeGithub::start(&[]);
    deployed(&github, "Preview - shop", "failure", "https://old.example.com");
    deployed(&github, "preview - Shop", "success", "https://shop.example.com");
    deployed(&github, "Preview - docs", "success", "https://docs.example.com");
    deployed(&github, "production", "pending", "");
    let environments = ["--environment", "preview - *", "--ref", SHA];

    let (code, stdout, stderr) = wait(&github, &environments);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stdout, "https://docs.example.com\nhttps://shop.example.com\n");

    let (code, stdout, stderr) = wait(&github, &[&environments[..], &["--json"]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    let listed: Value = serde_json::from_str(&stdout).expect("it is JSON");
    let listed = listed.as_array().expect("it is a list");
    let shown = |one: &Value| (one["environment"].clone(), one["environment_url"].clone());
    assert_eq!(
        listed.iter().map(shown).collect::<Vec<_>>(),
        [
            (json!("Preview - docs"), json!("https://docs.example.com")),
            (json!("preview - Shop"), json!("https://shop.example.com")),
        ]
    );
    assert!(listed.iter().all(|one| one["state"] == "success" && one["sha"] == SHA), "{stdout}");
}

#[test]
fn what_ended_otherwise_is_said_with_its_log() {
    for state in ["failure", "error", "inactive"] {
        let github = FakeGithub::start(&[]);
        let deployment = deployed(&github, "preview", "pending", "");
        let log = "https://vercel.com/octo/app/7";
        let status = json!({ "state": state, "log_url": log, "description": "out of memory" });
        github.post_status(deployment, &status);

        let (code, stdout, stderr) = wait(&github, &["--environment", "preview", "--ref", SHA]);

        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        let ended = format!("deployment {deployment} of preview ended in {state}: out of memory");
        assert!(stderr.contains(&ended) && stderr.contains(log), "{stderr}");
    }
}

#[test]
fn the_waiting_ends_with_124_and_says_what_was_seen() {
    let github = FakeGithub::start(&[]);
    let options = ["--environment", "preview", "--ref", SHA, "--timeout", "1s"];

    let (code, stdout, stderr) = wait(&github, &options);
    assert_eq!((code, stdout.as_str()), (Some(124), ""));
    let nothing = format!("timed out after 1s: no deployment to `preview` at `{SHA}` was found");
    assert!(stderr.contains(&nothing), "{stderr}");

    let deployment = deployed(&github, "preview", "queued", "");
    let (code, _, stderr) = wait(&github, &options);
    assert_eq!(code, Some(124));
    let queued = format!("timed out after 1s: deployment {deployment} is queued");
    assert!(stderr.contains(&queued), "{stderr}");
}

#[test]
fn a_server_that_does_not_answer_does_not_prolong_the_waiting() {
    let github = FakeGithub::start(&["--fault", "every get: hang"]);
    let begun = std::time::Instant::now();

    let (code, _, stderr) =
        wait(&github, &["--environment", "preview", "--ref", SHA, "--timeout", "1s"]);

    assert_eq!(code, Some(124), "{stderr}");
    assert!(begun.elapsed().as_secs() < 9, "{:?}", begun.elapsed());
}

#[test]
fn an_outage_in_between_is_survived() {
    let github = FakeGithub::start(&["--fault", "next get: 502", "--fault", "next get: drop"]);
    deployed(&github, "preview", "success", "https://preview-7.example.com");

    let (code, stdout, stderr) = wait(&github, &["--environment", "preview", "--ref", SHA]);

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stdout, "https://preview-7.example.com\n");
}

#[test]
fn a_refusal_ends_the_waiting_and_names_the_permission() {
    let github = FakeGithub::start(&["--fault", "every get: 403"]);

    let (code, _, stderr) = wait(&github, &["--environment", "preview", "--ref", SHA]);

    assert_eq!(code, Some(1));
    assert!(stderr.contains("deployments: read"), "{stderr}");
}

#[test]
fn the_outputs_are_left_for_the_next_step() {
    let github = FakeGithub::start(&[]);
    let deployment = deployed(&github, "preview", "success", "https://preview-7.example.com");
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let [dotenv, step] = ["dotenv", "step"].map(|name| folder.path().join(name));

    let (code, _, stderr) = Step::of(&github)
        .variable("GITHUB_ACTIONS", "true")
        .variable("GITHUB_OUTPUT", &step)
        .variable("INPUT_OUTPUTS", &dotenv)
        .arguments(&["wait", "--environment", "preview", "--ref", SHA])
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    let status = github.statuses(deployment)[0].id;
    assert_eq!(
        fs::read_to_string(dotenv).expect("it was written"),
        format!(
            "DEPLOYMENT_ID={deployment}\nDEPLOYMENT_STATUS_ID={status}\n\
             DEPLOYMENT_STATE=success\nDEPLOYMENT_URL=https://preview-7.example.com\n"
        )
    );
    let step = fs::read_to_string(step).expect("it was written");
    assert!(step.contains("https://preview-7.example.com"), "{step}");
}

#[test]
fn a_dry_run_looks_once_and_does_not_wait() {
    let github = FakeGithub::start(&[]);

    let (code, stdout, stderr) =
        wait(&github, &["--environment", "preview", "--ref", SHA, "--dry-run"]);

    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert!(stderr.contains("was found; it is not waited for"), "{stderr}");
    assert_eq!(github.requests().len(), 1);
}
