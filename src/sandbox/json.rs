//! The model as JSON, in GitHub's shapes, and lists in pages.
//! <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::StatusCode;
use ring::digest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::error_response::Response;
use super::request::Request;
use super::store::{Deployment, Repository, Status};

const DEFAULT_PER_PAGE: usize = 30;
const MAX_PER_PAGE: usize = 100;

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
        "sha": sha(&params.git_ref),
        "ref": params.git_ref,
        "task": params.task,
        "payload": params.payload,
        "original_environment": params.environment,
        "environment": deployment.environment,
        "description": params.description,
        "creator": user(BOT_LOGIN, BOT_ID, "Bot"),
        "created_at": timestamp(deployment.created),
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
        "creator": user(BOT_LOGIN, BOT_ID, "Bot"),
        "description": status.description,
        "environment": status.environment,
        "environment_url": status.environment_url,
        "target_url": status.log_url,
        "log_url": status.log_url,
        "created_at": timestamp(status.created),
        "updated_at": timestamp(status.created),
        "deployment_url": deployment_url,
        "repository_url": repository_url,
        "performed_via_github_app": null,
    })
}

/// A list's page, newest first, with `Link` where there are others.
pub(super) fn page(request: &Request, repository: &Repository, items: &[Value]) -> Response {
    let number = |name| request.parameter(name).and_then(|text| text.parse().ok());
    let per_page = number("per_page").filter(|count| *count > 0).unwrap_or(DEFAULT_PER_PAGE);
    let per_page = per_page.min(MAX_PER_PAGE);
    let page: usize = number("page").filter(|page| *page > 0).unwrap_or(1);
    let last = items.len().div_ceil(per_page).max(1);
    let shown: Vec<&Value> =
        items.iter().skip((page - 1).saturating_mul(per_page)).take(per_page).collect();
    let response = Response::json(StatusCode::OK, &json!(shown));

    let link = |page: usize, relation: &str| {
        format!("<{}>; rel=\"{relation}\"", page_url(request, &request.base, repository.id, page))
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(link((page - 1).min(last), "prev"));
    }
    if page < last {
        links.extend([link(page + 1, "next"), link(last, "last")]);
    }
    if page > 1 {
        links.push(link(1, "first"));
    }
    if links.is_empty() { response } else { response.with("link", links.join(", ")) }
}

/// GitHub's links name the repository by its id.
pub(super) fn page_url(request: &Request, base: &str, repository: u64, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(request.query.iter().filter(|(name, _)| name != "page"));
    let query = query.append_pair("page", &page.to_string()).finish();
    format!("{base}/repositories/{repository}{}?{query}", request.subpath)
}

/// A commit's id stands for itself; every other ref has one commit for ever.
pub(super) fn sha(git_ref: &str) -> String {
    let is_sha = git_ref.len() == 40 && git_ref.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sha {
        return git_ref.to_ascii_lowercase();
    }
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, git_ref.as_bytes());
    let nibbles = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

pub(super) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

fn node_id(kind: &str, id: u64) -> String {
    STANDARD_NO_PAD.encode(format!("0{}:{kind}{id}", kind.len()))
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
