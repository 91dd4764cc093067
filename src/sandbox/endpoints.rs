//! What each endpoint does with the store, after the permissions were checked.
//! It knows no fault but the overrides of a response; `server` applies the others.

mod app;
mod deployments;
mod environments;
mod pull_requests;
mod workflow_runs;

use http::{Method, StatusCode};

use super::auth::Tokens;
use super::conditional;
use super::error_response::{self, Response};
use super::faults::Overrides;
use super::json;
use super::request::{Endpoint, RepositoryName, Request};
use super::store::{Repository, Store};

/// The versions of the API that exist; others are a bad request.
const API_VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Handles a request: changes the store where asked to, and gives the response.
pub(super) fn handle(
    store: &mut Store,
    tokens: &mut Tokens,
    request: &Request,
    body: &[u8],
    overrides: &Overrides,
) -> Response {
    let response = route(store, tokens, request, body, overrides);
    conditional::apply(request, response.unwrap_or_else(|error| error))
}

fn route(
    store: &mut Store,
    tokens: &mut Tokens,
    request: &Request,
    body: &[u8],
    overrides: &Overrides,
) -> Result<Response, Response> {
    check_headers(request)?;
    match (&request.endpoint, &request.repository) {
        (Endpoint::AccessTokens(_), _) => app::create_access_token(tokens, request, overrides),
        (Endpoint::Installation, Some(name)) => app::installation(store, request, name),
        (Endpoint::Unknown, _) | (_, None) => Err(error_response::not_found()),
        (_, Some(name)) => {
            check_permission(tokens, request)?;
            if request.method == Method::POST {
                return create(store, request, name, body);
            }
            let repository = store.repository(name).ok_or_else(error_response::not_found)?;
            handle_in_repository(repository, request, body, overrides)
        }
    }
}

fn check_headers(request: &Request) -> Result<(), Response> {
    if let Some(problem) = &request.problem {
        return Err(error_response::bad_request(problem));
    }
    match request.api_version.as_deref() {
        Some(version) if !API_VERSIONS.contains(&version) => {
            let message = format!("`{version}` is not a supported version");
            Err(error_response::bad_request(&message))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_permission(tokens: &Tokens, request: &Request) -> Result<(), Response> {
    if request.control.is_aside {
        return Ok(());
    }
    let needed = request.needed_permission();
    if tokens.permission(request.authorization.as_deref())?.allows(needed) {
        Ok(())
    } else {
        Err(error_response::forbidden(needed))
    }
}

fn create(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
    body: &[u8],
) -> Result<Response, Response> {
    match request.endpoint {
        Endpoint::Deployments => deployments::create(store, request, name, body),
        Endpoint::Statuses(id) => deployments::create_status(store, request, name, id, body),
        _ => Err(error_response::not_found()),
    }
}

fn handle_in_repository(
    repository: &mut Repository,
    request: &Request,
    body: &[u8],
    overrides: &Overrides,
) -> Result<Response, Response> {
    match &request.endpoint {
        Endpoint::Environment(name) => environments::show_or_delete(repository, request, name),
        Endpoint::WorkflowRun(id) => workflow_runs::show_or_put(repository, request, *id, body),
        Endpoint::PullRequest(number) => {
            pull_requests::show_or_put(repository, request, *number, body)
        }
        Endpoint::Deployment(id) if request.method == Method::DELETE => {
            deployments::delete(repository, *id)
        }
        _ if request.method == Method::GET => show(repository, request, overrides),
        _ => Err(error_response::not_found()),
    }
}

fn show(
    repository: &Repository,
    request: &Request,
    overrides: &Overrides,
) -> Result<Response, Response> {
    let shown = match request.endpoint {
        Endpoint::Repository => json::repository(request, repository),
        Endpoint::Deployments => return Ok(deployments::list(repository, request, overrides)),
        Endpoint::Environments => return Ok(environments::list(repository, request, overrides)),
        Endpoint::Deployment(id) => deployments::show(repository, request, id)?,
        Endpoint::Statuses(id) => {
            let found = repository.deployment(id).ok_or_else(error_response::not_found)?;
            return Ok(deployments::list_statuses(repository, found, request, overrides));
        }
        Endpoint::Status(id, status) => deployments::show_status(repository, request, id, status)?,
        _ => return Err(error_response::not_found()),
    };
    Ok(Response::json(StatusCode::OK, &shown))
}
