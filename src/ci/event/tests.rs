//! Payloads, cut down to what matters.

use std::fs;
use std::io::Write as _;

use expect_test::expect;
use proptest::prelude::*;

use super::*;

fn read(payload: &str, event_name: &str) -> Result<Event, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("event.json");
    fs::write(&path, payload).unwrap();
    let path = path.to_str().unwrap();
    Event::read(&[("GITHUB_EVENT_PATH", path), ("GITHUB_EVENT_NAME", event_name)].into())
}

fn pull_request(head: &str, event_name: &str) -> Event {
    let payload = format!(
        r#"{{"pull_request": {{"number": 9, "head": {head},
            "base": {{"sha": "b", "repo": {{"full_name": "octo/app"}}}}}}}}"#
    );
    read(&payload, event_name).unwrap()
}

const OWN: &str = r#"{"sha": "h", "repo": {"full_name": "octo/app"}}"#;
const FORK: &str = r#"{"sha": "h", "repo": {"full_name": "cat/app"}}"#;
const DELETED_FORK: &str = r#"{"sha": "h", "repo": null}"#;

#[test]
fn a_deployment_says_which_one_and_where() {
    let payload = r#"{"deployment": {"id": 42, "environment": "production", "sha": "d",
        "payload": {"deployment": 1}}, "action": "created"}"#;

    let event = read(payload, "deployment").unwrap();

    let id = DeploymentId::parse("42").unwrap();
    let deployment = EventDeployment { id, environment: "production".to_owned() };
    let commit = Some("d".to_owned());
    assert_eq!(event, Event { deployment: Some(deployment), commit, ..Event::default() });
}

#[test]
fn a_deployment_status_is_another_workflows_work() {
    let payload = r#"{"deployment": {"id": 42}, "deployment_status": {"id": 7}}"#;

    let event = read(payload, "deployment_status").unwrap();

    assert!(event.is_status);
    assert_eq!(event.deployment.unwrap().id, DeploymentId::parse("42").unwrap());
}

#[test]
fn a_pull_request_means_its_head() {
    let event = pull_request(OWN, "pull_request");

    let commit = Some("h".to_owned());
    assert_eq!(event, Event { commit, pull_request: Some(9), ..Event::default() });
}

#[test]
fn a_forks_pull_request_has_a_token_that_only_reads() {
    assert!(pull_request(FORK, "pull_request").token_is_read_only);
    assert!(pull_request(DELETED_FORK, "pull_request").token_is_read_only);
    assert!(!pull_request(FORK, "pull_request_target").token_is_read_only);
}

#[test]
fn dependabot_has_a_token_that_only_reads() {
    let payload = r#"{"sender": {"login": "dependabot[bot]"}}"#;

    assert!(read(payload, "push").unwrap().token_is_read_only);
    assert!(!read(payload, "workflow_run").unwrap().token_is_read_only);
    let variables = [("GITHUB_ACTOR", "dependabot[bot]"), ("GITHUB_EVENT_NAME", "push")].into();
    assert!(Event::unread(&variables).token_is_read_only);
}

#[test]
fn a_workflow_run_means_the_commit_that_it_built() {
    let event = read(r#"{"workflow_run": {"head_sha": "w"}}"#, "workflow_run").unwrap();

    assert_eq!(event.commit.as_deref(), Some("w"));
}

#[test]
fn without_a_file_there_is_no_event() {
    assert_eq!(Event::read(&Variables::default()), Ok(Event::default()));
}

#[test]
fn what_is_wrong_with_the_file_is_said() {
    let why = |payload| read(payload, "push").unwrap_err();

    expect!["is empty"].assert_eq(&why(" \n"));
    expect!["is not a JSON object"].assert_eq(&why("[1]"));
    expect!["is no event's payload: EOF while parsing an object at line 1 column 23"]
        .assert_eq(&why(r#"{"deployment": {"id": 4"#));
    expect![[
        r#"is no event's payload: invalid type: string "x", expected u64 at line 1 column 25"#
    ]]
    .assert_eq(&why(r#"{"deployment": {"id": "x"}}"#));
    let missing = [("GITHUB_EVENT_PATH", "/nonexistent/event.json")].into();
    assert!(Event::read(&missing).unwrap_err().starts_with("cannot be read: "));
    let directory = [("GITHUB_EVENT_PATH", "/")].into();
    expect!["is not a file"].assert_eq(&Event::read(&directory).unwrap_err());
}

#[test]
fn a_large_payload_is_read_piece_by_piece() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(br#"{"inputs": ""#).unwrap();
    for _ in 0..64 {
        file.write_all(&vec![b'x'; 1 << 16]).unwrap();
    }
    file.write_all(br#"", "deployment": {"id": 42}}"#).unwrap();

    let event = Event::read(&[("GITHUB_EVENT_PATH", file.path().to_str().unwrap())].into());

    assert_eq!(event.unwrap().deployment.unwrap().id, DeploymentId::parse("42").unwrap());
}

proptest! {
    #[test]
    fn no_payload_makes_us_panic(
        payload in "\\PC*|\\{\"(deployment|pull_request|sender)\": [\\[\\]{}0-9a-z:,\"]*\\}",
    ) {
        let _ = read(&payload, "push");
    }
}
