//! The sandbox holds before judges that nobody here wrote: GitHub's description, and `gh`.

use std::io::ErrorKind;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::github::{FakeGithub, repository_path, statuses_path};
use crate::openapi::Description;

#[test]
fn answers_are_what_github_describes() {
    let Some(description) = Description::load() else {
        return;
    };
    let github = FakeGithub::start(&[]);
    let deployments = repository_path("/deployments");
    let check = |method: &str, path: &str, body: Option<&Value>| -> Value {
        let answer = github.aside(method, path, body);
        description.check_answer(method, path, answer.status, &answer.json());
        answer.json()
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
    check("GET", &format!("{deployments}/1"), None);
    check("POST", &statuses, Some(&json!({"state": "waiting"})));
    check("POST", &deployments, Some(&json!({"ref": 7})));
}

/// Debian's `gh`, which knows nothing of us. None, with a note, where it is not installed.
fn gh(github: &FakeGithub, path: &str, arguments: &[&str]) -> Option<Output> {
    let gh = Command::new("gh")
        .arg("api")
        .arg(format!("{}{path}", github.url()))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .env("GH_ENTERPRISE_TOKEN", "t0ken")
        .stdin(Stdio::null())
        .output();
    match gh {
        Ok(output) => Some(output),
        Err(why) if why.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: `gh` is not installed");
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
