//! The sandbox against what others wrote: GitHub's description of its API, and the client `gh`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::github::{FakeGithub, repository_path, statuses_path};
use crate::openapi::Description;
use crate::step::system_variables;

/// Checks every kind of answer that is described, and gives the paths that are not.
#[track_caller]
fn check_answers(description: &Description) -> BTreeSet<String> {
    let undescribed = RefCell::new(BTreeSet::new());
    let pull = "7:a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d:merged";
    let github = FakeGithub::start(&["--run", "7:failure", "--run", "8:queued", "--pull", pull]);
    let deployments = repository_path("/deployments");
    let check = |method: &str, path: &str, body: Option<&Value>| -> Value {
        let answer = github.aside(method, path, body);
        if description.has(method, path) {
            description.check_answer(method, path, answer.status, &answer.body);
        } else {
            undescribed.borrow_mut().insert(path.to_owned());
        }
        serde_json::from_str(&answer.body).unwrap_or_default()
    };

    let order = json!({"ref": "main", "payload": "text", "required_contexts": []});
    let made = check("POST", &deployments, Some(&order));
    let path = format!("{deployments}/{}", made["id"]);
    let statuses = format!("{path}/statuses");
    let status =
        json!({"state": "success", "log_url": "https://ci.example/1", "description": "ok"});
    let status = check("POST", &statuses, Some(&status));
    for path in [&deployments, &path, &statuses, &format!("{statuses}/{}", status["id"])] {
        check("GET", path, None);
    }
    for path in ["/environments", "/environments/production", "/actions/runs/7", "/actions/runs/8"]
    {
        check("GET", &repository_path(path), None);
    }
    check("GET", &repository_path("/pulls/7"), None);
    check("GET", &format!("{deployments}/1"), None);
    check("POST", &statuses, Some(&json!({"state": "waiting"})));
    check("POST", &deployments, Some(&json!({"ref": 7})));

    let second = check("POST", &deployments, Some(&order));
    assert_eq!(check("DELETE", &path, None)["status"], "422");
    assert_eq!(check("DELETE", &format!("{deployments}/1"), None)["status"], "404");
    assert_eq!(check("DELETE", &format!("{deployments}/{}", second["id"]), None), Value::Null);
    assert_eq!(check("DELETE", &repository_path("/environments/Production"), None), Value::Null);
    undescribed.into_inner()
}

#[test]
fn answers_have_the_shapes_that_we_rely_on() {
    assert_eq!(check_answers(&Description::own()), BTreeSet::new());
}

#[test]
fn answers_are_what_github_describes() {
    if let Some(description) = Description::load() {
        let beyond = ["/actions/runs/7", "/actions/runs/8", "/pulls/7"].map(repository_path);
        assert_eq!(check_answers(&description), BTreeSet::from(beyond));
    }
}

/// Debian's `gh`, which knows nothing of us. None, with a note, where it is not installed.
fn gh(github: &FakeGithub, path: &str, arguments: &[&str]) -> Option<Output> {
    let gh = Command::new("gh")
        .arg("api")
        .arg(format!("{}{path}", github.url()))
        .args(arguments)
        .env_clear()
        .envs(system_variables())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .env("GH_ENTERPRISE_TOKEN", "t0ken")
        .stdin(Stdio::null())
        .output();
    match gh {
        Ok(output) => Some(output),
        Err(why) if why.kind() == ErrorKind::NotFound => {
            eprintln!("!!! SKIPPED: `gh` is not installed");
            let is_required = std::env::var_os("REQUIRE_TOOLS").is_some_and(|value| value == "1");
            assert!(!is_required, "REQUIRE_TOOLS=1, and `gh` is not installed");
            None
        }
        Err(why) => panic!("gh: {why}"),
    }
}

#[test]
fn gh_creates_statuses_and_lists_every_page() {
    let github = FakeGithub::start(&["--fault", "next post: 307"]);
    let path = statuses_path(github.deployment("staging"));

    for state in ["queued", "in_progress", "success"] {
        let Some(output) = gh(&github, &path, &["-f", &format!("state={state}")]) else {
            return;
        };
        assert!(output.status.success(), "{output:?}");
    }
    let listed = gh(&github, &format!("{path}?per_page=1"), &["--paginate", "--jq", ".[].state"])
        .expect("it was there before");

    assert_eq!(String::from_utf8_lossy(&listed.stdout), "success\nin_progress\nqueued\n");
    if let Some(description) = Description::load() {
        description.check_requests(&github.requests());
    }
    let pages = github.requests().into_iter().filter(|request| request.method == "GET");
    assert_eq!(pages.count(), 3);
}
