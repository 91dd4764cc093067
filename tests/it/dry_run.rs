//! `--dry-run` shows each request that would be sent, sends none of them and runs nothing.

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::many::{status_ago, writes};
use crate::step::Step;

use serde_json::json;

#[test]
fn a_run_shows_its_requests_and_does_not_run_the_command() {
    let github = FakeGithub::start(&[]);
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let touched = folder.path().join("touched");

    let ran = Deploy::of(&github)
        .on_actions()
        .option("environment", "qa")
        .option("ref", "main")
        .option("dry-run", "true")
        .sh(&format!("touch {}", touched.display()))
        .run();

    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    let shown: Vec<(&str, &str)> =
        ran.stdout.lines().filter_map(|line| line.split_once(" {")).collect();
    assert_eq!(
        shown.iter().map(|(request, _)| *request).collect::<Vec<_>>(),
        [
            "POST /repos/octo/app/deployments",
            "POST /repos/octo/app/deployments/ID/statuses",
            "POST /repos/octo/app/deployments/ID/statuses",
        ],
        "{}",
        ran.stdout
    );
    assert!(shown[0].1.contains(r#""environment":"qa""#), "{}", ran.stdout);
    assert!(shown[1].1.contains(r#""state":"pending""#), "{}", ran.stdout);
    assert!(shown[2].1.contains(r#""state":"success""#), "{}", ran.stdout);
    assert!(!touched.exists(), "the command was run");
    assert_eq!(ran.left_open, [""; 0]);
    assert_eq!((ran.outputs.as_str(), ran.step_outputs.as_str()), ("", ""));
    assert_eq!(writes(&github), []);
}

#[test]
fn a_run_shows_what_it_would_supersede() {
    let github = FakeGithub::start(&[]);
    let older = github.deployment("qa");
    status_ago(&github, "1h", older, &json!({ "state": "success" }));
    let ours = github.deployment("qa");

    let dry = || Deploy::of(&github).to(ours).option("dry-run", "true");
    let ran = dry().option("supersede", "true").run();
    let without = dry().run();

    let shown =
        format!("POST /repos/octo/app/deployments/{older}/statuses {{\"state\":\"inactive\"}}");
    assert!(ran.stdout.contains(&shown), "{}{}", ran.stdout, ran.stderr);
    assert!(!without.stdout.contains("inactive"), "{}", without.stdout);
    assert_eq!(writes(&github), []);
}

#[test]
fn create_shows_its_status() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("qa");
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let outputs = folder.path().join("outputs");

    let (code, stdout, stderr) = Step::of(&github)
        .variable("INPUT_OUTPUTS", &outputs)
        .arguments(&["create", "--environment", "qa", "--state", "inactive", "--dry-run"])
        .outcome();

    assert_eq!(code, Some(0), "{stderr}");
    let path = format!("/repos/octo/app/deployments/{deployment}/statuses");
    assert!(stdout.starts_with(&format!("POST {path} {{")), "{stdout}");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    assert!(!outputs.exists(), "nothing was posted");
    assert_eq!(writes(&github), []);
}

#[test]
fn finish_shows_what_it_would_close() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("qa");

    let id = deployment.to_string();
    let (code, stdout, stderr) =
        Step::of(&github).arguments(&["finish", "--deployment-id", &id, "--dry-run"]).outcome();

    assert_eq!(code, Some(0), "{stderr}");
    let path = format!("/repos/octo/app/deployments/{deployment}/statuses");
    assert!(stdout.starts_with(&format!("POST {path} {{")), "{stdout}{stderr}");
    assert!(stdout.contains(r#""state":"error""#), "{stdout}");
    assert!(!stderr.contains("is now"), "{stderr}");
    assert_eq!(writes(&github), []);
}

#[cfg(unix)]
#[test]
fn finish_stops_no_run_and_touches_no_state_file() {
    let github = FakeGithub::start(&[]);
    let deployment = github.deployment("qa");
    let temp = tempfile::tempdir().expect("there is room for a folder");
    let release = temp.path().join("release");
    let script = format!("while ! test -e {}; do sleep 0.05; done", release.display());
    let running = Deploy::of(&github)
        .on_actions()
        .variable("RUNNER_TEMP", temp.path())
        .variable("INPUT_USE", "word")
        .to(deployment)
        .sh(&script)
        .spawn();
    github.wait_for_states(deployment, &["pending"]);

    let (code, stdout, stderr) = Step::of(&github)
        .variables(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_RUN_ID", "77"),
            ("GITHUB_RUN_ATTEMPT", "1"),
            ("GITHUB_JOB", "deploy"),
            ("INPUT_JOB_ID", "88"),
            ("INPUT_USE", "word"),
        ])
        .variable("RUNNER_TEMP", temp.path())
        .arguments(&["finish", "--dry-run"])
        .outcome();
    std::fs::write(&release, "").expect("there is room for a file");
    let ran = running.wait();

    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("it would be stopped"), "{stderr}");
    assert!(stdout.contains(r#""state":"error""#), "{stdout}{stderr}");
    assert_eq!(ran.exit_code, 0, "{}", ran.stderr);
    assert_eq!(github.states(deployment), ["pending", "success"]);
}
