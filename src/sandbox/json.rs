//! What the store holds as JSON, in GitHub's shapes.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::request::Request;
use super::sha;
use super::store::{
    Created, Deployment, Environment, PullRequest, PullState, Repository, Status, WorkflowRun,
};

/// Whoever posts with a workflow's token.
const BOT_LOGIN: &str = "github-actions[bot]";
const BOT_ID: u64 = 41_898_282;

/// Where a repository is found in the URLs of an answer.
pub(super) fn repository_url(request: &Request, repository: &Repository) -> String {
    format!("{}/repos/{}/{}", request.base, repository.owner, repository.name)
}

pub(super) fn repository(request: &Request, repository: &Repository) -> Value {
    let Repository { id, owner, name, .. } = repository;
    let url = repository_url(request, repository);
    json!({
        "id": id,
        "node_id": node_id("Repository", *id),
        "name": name,
        "full_name": format!("{owner}/{name}"),
        "private": false,
        "owner": user(owner, 1, "Organization"),
        "html_url": format!("https://github.com/{owner}/{name}"),
        "description": null,
        "fork": false,
        "url": url,
        "deployments_url": format!("{url}/deployments"),
        "default_branch": "main",
        "permissions": {"admin": false, "push": true, "pull": true},
    })
}

pub(super) fn deployment(
    request: &Request,
    repository: &Repository,
    deployment: &Deployment,
) -> Value {
    let params = &deployment.params;
    let repository_url = repository_url(request, repository);
    let url = format!("{repository_url}/deployments/{}", deployment.id);
    json!({
        "url": url,
        "id": deployment.id,
        "node_id": node_id("Deployment", deployment.id),
        "sha": deployment.sha,
        "ref": params.git_ref,
        "task": params.task,
        "payload": params.payload,
        "original_environment": params.environment,
        "environment": deployment.environment,
        "description": params.description,
        "creator": creator(&deployment.created),
        "created_at": timestamp(deployment.created.time),
        "updated_at": timestamp(deployment.updated),
        "statuses_url": format!("{url}/statuses"),
        "repository_url": repository_url,
        "transient_environment": params.transient,
        "production_environment": params.production,
        "performed_via_github_app": null,
    })
}

pub(super) fn status(
    request: &Request,
    repository: &Repository,
    deployment: &Deployment,
    status: &Status,
) -> Value {
    let repository_url = repository_url(request, repository);
    let deployment_url = format!("{repository_url}/deployments/{}", deployment.id);
    json!({
        "url": format!("{deployment_url}/statuses/{}", status.id),
        "id": status.id,
        "node_id": node_id("DeploymentStatus", status.id),
        "state": status.state.as_str(),
        "creator": creator(&status.created),
        "description": status.description,
        "environment": status.environment,
        "environment_url": status.environment_url,
        "target_url": status.log_url,
        "log_url": status.log_url,
        "created_at": timestamp(status.created.time),
        "updated_at": timestamp(status.created.time),
        "deployment_url": deployment_url,
        "repository_url": repository_url,
        "performed_via_github_app": null,
    })
}

pub(super) fn environment(
    request: &Request,
    repository: &Repository,
    environment: &Environment,
) -> Value {
    let Repository { owner, name, .. } = repository;
    let encoded = utf8_percent_encode(&environment.name, NON_ALPHANUMERIC);
    json!({
        "id": environment.id,
        "node_id": node_id("Environment", environment.id),
        "name": environment.name,
        "url": format!("{}/environments/{encoded}", repository_url(request, repository)),
        "html_url": format!("https://github.com/{owner}/{name}/deployments/activity_log?environments_filter={encoded}"),
        "created_at": timestamp(environment.created),
        "updated_at": timestamp(environment.created),
        "can_admins_bypass": true,
        "protection_rules": [],
        "deployment_branch_policy": null,
    })
}

pub(super) fn workflow_run(request: &Request, repository: &Repository, run: &WorkflowRun) -> Value {
    let Repository { owner, name, .. } = repository;
    let url = format!("{}/actions/runs/{}", repository_url(request, repository), run.id);
    let created = timestamp(run.created);
    json!({
        "id": run.id,
        "node_id": node_id("WorkflowRun", run.id),
        "name": "Deploy",
        "display_title": "Deploy",
        "path": ".github/workflows/deploy.yml",
        "event": "push",
        "head_branch": "main",
        "head_sha": sha::of("main"),
        "run_number": 1,
        "run_attempt": run.attempt,
        "workflow_id": 1,
        "check_suite_id": 1,
        "status": run.status,
        "conclusion": run.conclusion,
        "pull_requests": [],
        "url": url,
        "html_url": format!("https://github.com/{owner}/{name}/actions/runs/{}", run.id),
        "jobs_url": format!("{url}/jobs"),
        "logs_url": format!("{url}/logs"),
        "cancel_url": format!("{url}/cancel"),
        "rerun_url": format!("{url}/rerun"),
        "created_at": created,
        "updated_at": created,
        "run_started_at": created,
        "repository": self::repository(request, repository),
    })
}

pub(super) fn pull_request(
    request: &Request,
    repository: &Repository,
    pull_request: &PullRequest,
) -> Value {
    let Repository { owner, name, .. } = repository;
    let PullRequest { number, state, .. } = pull_request;
    let created = timestamp(pull_request.created);
    let is_merged = *state == PullState::Merged;
    let closed_at = (*state != PullState::Open).then_some(&created);
    let branch = |label: &str, commit: &str| {
        json!({
            "label": format!("{owner}:{label}"),
            "ref": label,
            "sha": commit,
            "user": user(owner, 1, "Organization"),
            "repo": self::repository(request, repository),
        })
    };
    json!({
        "id": number,
        "node_id": node_id("PullRequest", *number),
        "number": number,
        "url": format!("{}/pulls/{number}", repository_url(request, repository)),
        "html_url": format!("https://github.com/{owner}/{name}/pull/{number}"),
        "state": if *state == PullState::Open { "open" } else { "closed" },
        "locked": false,
        "draft": false,
        "title": format!("Pull request {number}"),
        "body": null,
        "user": user(owner, 1, "Organization"),
        "created_at": created,
        "updated_at": created,
        "closed_at": closed_at,
        "merged_at": is_merged.then_some(&created),
        "merged": is_merged,
        // While it is open, GitHub's test merge; later the commit on the base branch.
        "merge_commit_sha": sha::of(&format!("refs/pull/{number}/merge")),
        "head": branch(&format!("topic-{number}"), &pull_request.head),
        "base": branch("main", &sha::of("main")),
    })
}

pub(super) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

fn node_id(kind: &str, id: u64) -> String {
    STANDARD_NO_PAD.encode(format!("0{}:{kind}{id}", kind.len()))
}

fn creator(created: &Created) -> Value {
    match created.login.as_deref() {
        None => user(BOT_LOGIN, BOT_ID, "Bot"),
        Some(login) if login.ends_with("[bot]") => user(login, 2, "Bot"),
        Some(login) => user(login, 2, "User"),
    }
}

fn user(login: &str, id: u64, kind: &str) -> Value {
    let url =
        format!("https://api.github.com/users/{}", login.replace('[', "%5B").replace(']', "%5D"));
    let of = |what: &str| format!("{url}/{what}");
    json!({
        "login": login,
        "id": id,
        "node_id": node_id("User", id),
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"),
        "gravatar_id": "",
        "url": url,
        "html_url": format!("https://github.com/{}", login.trim_end_matches("[bot]")),
        "followers_url": of("followers"),
        "following_url": of("following{/other_user}"),
        "gists_url": of("gists{/gist_id}"),
        "starred_url": of("starred{/owner}{/repo}"),
        "subscriptions_url": of("subscriptions"),
        "organizations_url": of("orgs"),
        "repos_url": of("repos"),
        "events_url": of("events{/privacy}"),
        "received_events_url": of("received_events"),
        "type": kind,
        "site_admin": false,
    })
}
