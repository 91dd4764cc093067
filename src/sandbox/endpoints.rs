//! What each endpoint does with the store, after the permissions were checked.
//! It knows no fault but the overrides of a response; `server` applies the others.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::auth::{self, Permission, Tokens};
use super::error_response::{self, Response};
use super::faults::Overrides;
use super::json;
use super::request::{Endpoint, RepositoryName, Request};
use super::request_body::{DeploymentParams, StatusParams};
use super::store::{DeleteError, Deployment, Repository, Status, Store, is_visible};
use crate::deployment::State;

/// The versions of the API that exist; others are a bad request.
const API_VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

const APP: u64 = 20_001;
const INSTALLATION: u64 = 30_001;

/// Handles a request: changes the store where asked to, and gives the response.
pub(super) fn handle(
    store: &mut Store,
    tokens: &mut Tokens,
    request: &Request,
    body: &[u8],
    overrides: &Overrides,
) -> Response {
    if let Some(version) = &request.api_version
        && !API_VERSIONS.contains(&version.as_str())
    {
        return error_response::bad_request(&format!("`{version}` is not a supported version"));
    }
    let outcome = match (request.endpoint, &request.repository) {
        (Endpoint::AccessTokens(_), _) => create_access_token(tokens, request, overrides),
        (Endpoint::Installation, Some(name)) => installation(store, request, name),
        (Endpoint::Unknown, _) | (_, None) => Err(error_response::not_found()),
        (_, Some(name)) => check_rights(tokens, request)
            .and_then(|()| handle_in_repository(store, request, name, body, overrides)),
    };
    outcome.unwrap_or_else(|error| error)
}

fn check_rights(tokens: &Tokens, request: &Request) -> Result<(), Response> {
    if request.bypasses_faults {
        return Ok(());
    }
    match tokens.permission(request.authorization.as_deref())? {
        Permission::Read if request.method != Method::GET => Err(error_response::forbidden()),
        Permission::Read | Permission::Write => Ok(()),
    }
}

fn handle_in_repository(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
    body: &[u8],
    overrides: &Overrides,
) -> Result<Response, Response> {
    if request.method == Method::POST {
        return create(store, request, name, body);
    }
    let repository = store.repository(name).ok_or_else(error_response::not_found)?;
    if request.method == Method::DELETE {
        return delete(repository, request.endpoint);
    }
    if request.method != Method::GET {
        return Err(error_response::not_found());
    }
    show(repository, request, overrides)
}

fn show(
    repository: &Repository,
    request: &Request,
    overrides: &Overrides,
) -> Result<Response, Response> {
    let found = |id| repository.deployment(id).ok_or_else(error_response::not_found);
    let shown = match request.endpoint {
        Endpoint::Repository => json::repository(request, repository),
        Endpoint::Deployments => return Ok(list_deployments(repository, request, overrides)),
        Endpoint::Deployment(id) => json::deployment(request, repository, found(id)?),
        Endpoint::Statuses(id) => {
            return Ok(list_statuses(repository, found(id)?, request, overrides));
        }
        Endpoint::Status(id, status) => {
            let deployment = found(id)?;
            let status = deployment.statuses.iter().find(|each| each.id == status);
            json::status(
                request,
                repository,
                deployment,
                status.ok_or_else(error_response::not_found)?,
            )
        }
        Endpoint::Installation | Endpoint::AccessTokens(_) | Endpoint::Unknown => {
            return Err(error_response::not_found());
        }
    };
    Ok(Response::json(StatusCode::OK, &shown))
}

fn create(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
    body: &[u8],
) -> Result<Response, Response> {
    let made = match request.endpoint {
        Endpoint::Deployments => {
            let params = DeploymentParams::read(body)?;
            let made = store.create_deployment(name, params);
            made.map(|(repository, deployment)| json::deployment(request, repository, deployment))
        }
        Endpoint::Statuses(id) => {
            let is_there = store
                .repository(name)
                .is_some_and(|repository| repository.deployment(id).is_some());
            if !is_there {
                return Err(error_response::not_found());
            }
            let made = store.create_status(name, id, StatusParams::read(body)?);
            made.map(|(repository, deployment, status)| {
                json::status(request, repository, deployment, status)
            })
        }
        Endpoint::Repository
        | Endpoint::Deployment(_)
        | Endpoint::Status(..)
        | Endpoint::Installation
        | Endpoint::AccessTokens(_)
        | Endpoint::Unknown => None,
    };
    let made = made.ok_or_else(error_response::not_found)?;
    let location = made["url"].as_str().unwrap_or_default();
    Ok(Response::json(StatusCode::CREATED, &made).with("location", location))
}

fn delete(repository: &mut Repository, endpoint: Endpoint) -> Result<Response, Response> {
    let Endpoint::Deployment(id) = endpoint else {
        return Err(error_response::not_found());
    };
    match repository.delete(id) {
        Ok(()) => Ok(Response {
            status: StatusCode::NO_CONTENT,
            headers: Vec::new(),
            body: String::new(),
        }),
        Err(DeleteError::NotFound) => Err(error_response::not_found()),
        Err(DeleteError::StillActive) => Err(error_response::still_active()),
    }
}

fn list_deployments(repository: &Repository, request: &Request, overrides: &Overrides) -> Response {
    // `none` is GitHub's word for no filter.
    let wanted = |name| request.parameter(name).filter(|value| *value != "none");
    let fits = |deployment: &&Deployment| {
        let params = &deployment.params;
        wanted("sha").is_none_or(|sha| json::sha(&params.git_ref).eq_ignore_ascii_case(sha))
            && wanted("ref").is_none_or(|git_ref| params.git_ref == git_ref)
            && wanted("task").is_none_or(|task| params.task == task)
            && wanted("environment").is_none_or(|name| deployment.environment == name)
            && is_visible(deployment.created_instant, overrides.lag)
    };
    let newest_first = repository.deployments.iter().rev().filter(fits);
    let items: Vec<Value> =
        newest_first.map(|each| json::deployment(request, repository, each)).collect();
    page(repository, request, overrides, &items)
}

fn list_statuses(
    repository: &Repository,
    deployment: &Deployment,
    request: &Request,
    overrides: &Overrides,
) -> Response {
    let newest_first = deployment.statuses.iter().rev();
    let mut items: Vec<Value> = newest_first
        .filter(|status| is_visible(status.created_instant, overrides.lag))
        .map(|status| json::status(request, repository, deployment, status))
        .collect();
    if overrides.waiting {
        let oldest = Status {
            id: 1,
            state: State::Pending,
            description: String::new(),
            environment: deployment.environment.clone(),
            environment_url: String::new(),
            log_url: String::new(),
            created: deployment.created,
            created_instant: deployment.created_instant,
        };
        let mut oldest = json::status(request, repository, deployment, &oldest);
        oldest["state"] = json!("waiting");
        items.push(oldest);
    }
    page(repository, request, overrides, &items)
}

fn page(
    repository: &Repository,
    request: &Request,
    overrides: &Overrides,
    items: &[Value],
) -> Response {
    let response = json::page(request, repository, items);
    let Some(origin) = &overrides.link else {
        return response;
    };
    let url = json::page_url(request, origin, repository.id, 2);
    Response { headers: vec![("link", format!("<{url}>; rel=\"next\""))], ..response }
}

fn installation(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
) -> Result<Response, Response> {
    auth::check_jwt(request.authorization.as_deref())?;
    if request.method != Method::GET {
        return Err(error_response::not_found());
    }
    let repository = store.repository(name).ok_or_else(error_response::not_found)?;
    let tokens = format!("{}/app/installations/{INSTALLATION}/access_tokens", request.base);
    let installation = json!({
        "id": INSTALLATION,
        "app_id": APP,
        "app_slug": "deployer",
        "account": {"login": repository.owner, "type": "Organization"},
        "repository_selection": "all",
        "access_tokens_url": tokens,
        "permissions": {"deployments": "write", "metadata": "read"},
        "target_type": "Organization",
        "suspended_at": null,
    });
    Ok(Response::json(StatusCode::OK, &installation))
}

fn create_access_token(
    tokens: &mut Tokens,
    request: &Request,
    overrides: &Overrides,
) -> Result<Response, Response> {
    auth::check_jwt(request.authorization.as_deref())?;
    if request.method != Method::POST {
        return Err(error_response::not_found());
    }
    let (token, until) = tokens.create_installation_token(overrides.token_lifetime);
    let installation_tokens = json!({
        "token": token,
        "expires_at": json::timestamp(until),
        "permissions": {"deployments": "write", "metadata": "read"},
        "repository_selection": "all",
    });
    Ok(Response::json(StatusCode::CREATED, &installation_tokens))
}
