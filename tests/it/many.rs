//! A GitHub with many deployments, of many ages and owners.

use serde_json::{Value, json};

use crate::github::{FakeGithub, Request, repository_path, statuses_path};

/// Makes a deployment to an environment, so long ago.
pub(crate) fn deployment_ago(github: &FakeGithub, age: &str, environment: &str) -> u64 {
    deployment_of_ago(github, age, &json!({ "ref": "main", "environment": environment }))
}

/// Makes a deployment that this tool's run made, so long ago.
pub(crate) fn deployment_of_run(
    github: &FakeGithub,
    age: &str,
    environment: &str,
    run: u64,
) -> u64 {
    let owner = json!({ "run": run.to_string(), "attempt": "1", "job": "deploy" });
    let payload = json!({ "deployment_status": owner });
    let body = json!({ "ref": "main", "environment": environment, "payload": payload });
    deployment_of_ago(github, age, &body)
}

/// Makes a deployment from a whole request body, so long ago.
pub(crate) fn deployment_of_ago(github: &FakeGithub, age: &str, body: &Value) -> u64 {
    let made = post_ago(github, age, &repository_path("/deployments"), body);
    made["id"].as_u64().unwrap_or_else(|| panic!("no deployment was made: {made}"))
}

/// Posts a status, so long ago.
pub(crate) fn status_ago(github: &FakeGithub, age: &str, deployment: u64, body: &Value) {
    let posted = post_ago(github, age, &statuses_path(deployment), body);
    assert!(posted["id"].is_u64(), "no status was posted: {posted}");
}

fn post_ago(github: &FakeGithub, age: &str, path: &str, body: &Value) -> Value {
    let directives = format!("aside, age {age}");
    github
        .send("POST", path, &[("X-Sandbox", &directives)], Some(&body.to_string()))
        .expect("nothing goes wrong aside")
        .json()
}

/// The page of a run of the setup's repository.
pub(crate) fn page_of_run(run: u64) -> String {
    format!("https://github.com/Octo/App/actions/runs/{run}/job/5")
}

/// The requests that changed something, or were to.
pub(crate) fn writes(github: &FakeGithub) -> Vec<Request> {
    github.requests().into_iter().filter(|request| request.method != "GET").collect()
}

/// Methods and paths below the repository, in order.
pub(crate) fn lines(requests: &[Request]) -> Vec<String> {
    let below = repository_path("/");
    requests
        .iter()
        .map(|Request { method, path, .. }| format!("{method} {}", path.replace(&below, "")))
        .collect()
}

/// The ids of the deployments that are there, oldest first.
pub(crate) fn ids(github: &FakeGithub) -> Vec<u64> {
    github.deployments().iter().filter_map(|deployment| deployment["id"].as_u64()).collect()
}
