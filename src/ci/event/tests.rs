//! Payloads, cut down to what matters: their shape is that of GitHub's examples.
//! <https://github.com/octokit/webhooks/tree/main/payload-examples/api.github.com>

use std::fs;
use std::io::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const HEAD: &str = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const MERGED: &str = "24af2b9ea3b3a5d8c5b1d9b5b8f4c8a1b2c3d4e5";

fn read(payload: &str, event_name: &str) -> Event {
    read_with(payload, &[("GITHUB_EVENT_NAME", event_name)])
}

fn read_with(payload: &str, variables: &[(&str, &str)]) -> Event {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("event.json");
    fs::write(&path, payload).unwrap();
    let path = [("GITHUB_EVENT_PATH", path.to_str().unwrap())];
    let pairs = variables.iter().chain(&path);
    Event::read(&Variables::new(pairs.map(|(name, value)| (name.into(), value.into()))))
}

fn repository(name: &str) -> Value {
    json!({ "id": 186_853_002, "full_name": name, "private": false, "default_branch": "master" })
}

/// An open pull request within the repository.
fn pull_request() -> Value {
    json!({
        "action": "synchronize",
        "number": 9,
        "pull_request": {
            "number": 9,
            "state": "open",
            "title": "Update the README with new information.",
            "merged": false,
            "merged_at": null,
            "merge_commit_sha": "c8a1b2c3d4e524af2b9ea3b3a5d8c5b1d9b5b8f4",
            "head": { "ref": "changes", "sha": HEAD, "repo": repository("octo/app") },
            "base": { "ref": "master", "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
                      "repo": repository("octo/app") }
        },
        "repository": repository("octo/app"),
        "sender": { "login": "Codertocat", "id": 21_031_067, "type": "User" }
    })
}

#[track_caller]
fn check_commit(event_name: &str, payload: &Value, commit: Option<&str>) {
    let event = read(&payload.to_string(), event_name);
    assert_eq!(event.commit.as_deref(), commit, "{event_name}");
    assert_eq!(event.unread, None, "{event_name}");
}

#[test]
fn a_deployment_is_of_its_own_commit() {
    let deployment = json!({
        "action": "created",
        "deployment": { "id": 42, "sha": HEAD, "ref": "master", "task": "deploy",
                        "payload": { "deployment": 1 }, "environment": "production" },
        "workflow": null,
        "repository": repository("octo/app"),
    });
    check_commit("deployment", &deployment, Some(HEAD));

    let event = read(&deployment.to_string(), "deployment");

    let id = DeploymentId::parse("42").unwrap();
    let environment = "production".to_owned();
    assert_eq!(event.deployment, Some(EventDeployment { id, environment, has_ended: false }));
    assert!(!event.is_status);
}

#[test]
fn a_deployment_status_says_whether_the_deployment_has_ended() {
    let of_state = |state: &str| {
        json!({
            "action": "created",
            "deployment_status": { "id": 7, "state": state, "environment": "production" },
            "deployment": { "id": 42, "sha": HEAD, "environment": "production" },
            "check_run": { "head_sha": MERGED },
        })
    };
    check_commit("deployment_status", &of_state("success"), Some(HEAD));
    for (state, has_ended) in [("success", true), ("in_progress", false), ("waiting", false)] {
        let event = read(&of_state(state).to_string(), "deployment_status");
        assert!(event.is_status);
        assert_eq!(event.deployment.unwrap().has_ended, has_ended, "{state}");
    }
}

#[test]
fn an_open_pull_request_means_its_head() {
    for event_name in ["pull_request", "pull_request_target", "pull_request_review"] {
        check_commit(event_name, &pull_request(), Some(HEAD));
    }
    assert_eq!(read(&pull_request().to_string(), "pull_request").pull_request, Some(9));
}

#[test]
fn a_merged_pull_request_means_the_commit_on_its_base() {
    let mut payload = pull_request();
    payload["action"] = "closed".into();
    payload["pull_request"]["merged"] = true.into();
    payload["pull_request"]["merged_at"] = "2026-05-15T15:20:33Z".into();
    payload["pull_request"]["merge_commit_sha"] = MERGED.into();
    check_commit("pull_request", &payload, Some(MERGED));
    check_commit("pull_request_target", &payload, Some(MERGED));
}

#[test]
fn a_pull_request_that_was_closed_without_a_merge_means_its_head() {
    let mut payload = pull_request();
    payload["action"] = "closed".into();
    payload["pull_request"]["state"] = "closed".into();
    check_commit("pull_request", &payload, Some(HEAD));
}

#[test]
fn what_another_workflow_or_check_was_about_is_what_we_are_about() {
    for event_name in ["workflow_run", "check_run", "check_suite"] {
        let run = json!({ "id": 30_433_642, "head_branch": "changes", "head_sha": HEAD });
        check_commit(event_name, &json!({ "action": "completed", event_name: run }), Some(HEAD));
    }
}

#[test]
fn a_commits_status_is_about_that_commit() {
    let payload = json!({
        "id": 6_805_126_730_u64, "sha": HEAD, "context": "default", "state": "success",
        "commit": { "sha": HEAD }, "branches": [{ "name": "master", "commit": { "sha": HEAD } }],
    });
    check_commit("status", &payload, Some(HEAD));
}

#[test]
fn a_comment_on_a_pull_request_means_its_head_which_is_to_be_asked_for() {
    let mut payload = json!({
        "action": "created",
        "issue": { "number": 9, "pull_request": { "url": "https://api.github.com/x/pulls/9" } },
        "comment": { "id": 492_700_400, "body": "/deploy" },
    });
    check_commit("issue_comment", &payload, None);
    let event = read(&payload.to_string(), "issue_comment");
    assert_eq!(event.head_of.map(|head| head.number), Some(9));

    payload["issue"].as_object_mut().unwrap().remove("pull_request");
    assert_eq!(read(&payload.to_string(), "issue_comment").head_of, None);
}

#[test]
fn other_events_are_about_what_was_checked_out() {
    let payload = json!({ "after": HEAD, "sha": HEAD, "inputs": {}, "ref": "refs/heads/main" });
    for event_name in ["push", "workflow_dispatch", "schedule", "release", "merge_group"] {
        check_commit(event_name, &payload, None);
    }
}

#[test]
fn without_a_file_the_ref_says_which_pull_request_it_is() {
    let variables =
        [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_REF", "refs/pull/9/merge")].into();

    let event = Event::read(&variables);

    assert_eq!((event.commit, event.pull_request), (None, Some(9)));
    assert_eq!(event.head_of.map(|head| head.number), Some(9));
    assert_eq!(event.unread, None);
}

#[test]
fn a_forks_pull_request_has_a_token_that_only_reads() {
    for head in [repository("cat/app"), Value::Null] {
        let mut payload = pull_request();
        payload["pull_request"]["head"]["repo"] = head;
        let read_only = |event_name| read(&payload.to_string(), event_name).read_only;
        assert_eq!(read_only("pull_request"), Some(ReadOnly::Fork));
        assert_eq!(read_only("pull_request_target"), None);
    }
    assert_eq!(read(&pull_request().to_string(), "pull_request").read_only, None);
}

#[test]
fn dependabot_has_a_token_that_only_reads() {
    let payload = r#"{"sender": {"login": "dependabot[bot]"}}"#;

    assert_eq!(read(payload, "push").read_only, Some(ReadOnly::Dependabot));
    assert_eq!(read(payload, "workflow_run").read_only, None);
    let variables = [("GITHUB_ACTOR", "dependabot[bot]"), ("GITHUB_EVENT_NAME", "push")].into();
    assert!(Event::read(&variables).token_is_read_only);
}

#[test]
fn without_a_file_there_is_no_event() {
    assert_eq!(Event::read(&Variables::default()), Event::default());
}

#[track_caller]
fn check_unread(payload: &str, event_name: &str, why: &str, unknown: &str) {
    let unread = read(payload, event_name).unread.expect("something is wrong");
    assert!(unread.why.contains(why), "{unread:?}");
    assert!(unread.unknown.contains(unknown), "{unread:?}");
}

#[test]
fn what_is_wrong_with_the_file_is_said_with_what_is_unknown_for_it() {
    check_unread(" \n", "push", "is empty", "from a fork");
    check_unread("[1]", "pull_request", "is not a JSON object", "which commit");
    check_unread(r#"{"a": {"id": 4"#, "issue_comment", "EOF while parsing", "which commit");
    check_unread(r#"{"deployment": {}}"#, "deployment", "no deployment", "which deployment");
    check_unread(r#"{"deployment": 7}"#, "deployment_status", "no deployment", "which deployment");
    check_unread(r#"{"workflow_run": null}"#, "workflow_run", "no commit", "which commit");
    for path in ["/nonexistent/event.json", "/"] {
        let unread = Event::read(&[("GITHUB_EVENT_PATH", path)].into()).unread.unwrap();
        assert!(!unread.hides_a_deployment && !unread.why.is_empty());
    }
}

#[test]
fn what_was_read_before_the_file_ends_too_early_counts() {
    let payload = pull_request().to_string();
    let cut = payload.find(r#""repository""#).unwrap();

    let event = read(&payload[..cut], "pull_request");

    assert_eq!(event.commit.as_deref(), Some(HEAD));
    assert!(event.unread.is_some());
}

#[test]
fn an_id_that_is_a_text_is_read_and_an_odd_one_is_none() {
    let id = |id: &str| {
        let payload = format!(r#"{{"deployment": {{"id": {id}}}}}"#);
        read(&payload, "deployment").deployment.map(|deployment| deployment.id.number())
    };
    assert_eq!([r#""42""#, "42"].map(id), [Some(42); 2]);
    assert_eq!(["-1", "4.5", "true", "null", "[42]", r#""x""#, "1e99"].map(id), [None; 7]);
}

#[test]
fn a_large_payload_is_read_piece_by_piece_and_a_huge_one_is_not() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(br#"{"inputs": ""#).unwrap();
    for _ in 0..64 {
        file.write_all(&vec![b'x'; 1 << 16]).unwrap();
    }
    file.write_all(br#"", "deployment": {"id": 42}}"#).unwrap();
    let event = || Event::read(&[("GITHUB_EVENT_PATH", file.path().to_str().unwrap())].into());
    assert_eq!(event().deployment.unwrap().id, DeploymentId::parse("42").unwrap());

    file.as_file().set_len(100 << 20).unwrap();
    assert!(event().unread.unwrap().why.contains("larger than"));
}

proptest! {
    #[test]
    fn no_payload_makes_us_panic(
        payload in "\\PC*|\\{\"(deployment|pull_request|sender)\": [\\[\\]{}0-9a-z:,\"]*\\}",
    ) {
        let _ = read(&payload, "push");
    }
}
