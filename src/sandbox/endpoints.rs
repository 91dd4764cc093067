//! What each endpoint does with the model, for those who may.
//! It knows no fault but the views of a list: what goes wrong otherwise happens around it.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::auth::{self, Right, Rights};
use super::error_response::{self, Reply};
use super::faults::View;
use super::json;
use super::request::{Call, Place, RepositoryName};
use super::request_body::{DeploymentOrder, StatusOrder};
use super::store::{Deployment, Repository, Status, Undeletable, World, has_arrived};
use crate::deployment::State;

/// The versions of the API that exist; others are a bad request.
const API_VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

const APP: u64 = 20_001;
const INSTALLATION: u64 = 30_001;

/// Takes a request: changes the model if it asks for that, and says how it went.
pub(super) fn take(
    world: &mut World,
    rights: &mut Rights,
    call: &Call,
    body: &[u8],
    view: &View,
) -> Reply {
    if let Some(version) = &call.api_version
        && !API_VERSIONS.contains(&version.as_str())
    {
        return error_response::bad_request(&format!("`{version}` is not a supported version"));
    }
    let outcome = match (call.place, &call.repository) {
        (Place::AccessTokens(_), _) => mint(rights, call, view),
        (Place::Installation, Some(name)) => installation(world, call, name),
        (Place::Unknown, _) | (_, None) => Err(error_response::not_found()),
        (_, Some(name)) => check_rights(rights, call)
            .and_then(|()| take_in_repository(world, call, name, body, view)),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}

fn check_rights(rights: &Rights, call: &Call) -> Result<(), Reply> {
    if call.is_aside {
        return Ok(());
    }
    match rights.of(call.authorization.as_deref())? {
        Right::Read if call.method != Method::GET => Err(error_response::forbidden()),
        Right::Read | Right::Write => Ok(()),
    }
}

fn take_in_repository(
    world: &mut World,
    call: &Call,
    name: &RepositoryName,
    body: &[u8],
    view: &View,
) -> Result<Reply, Reply> {
    if call.method == Method::POST {
        return create(world, call, name, body);
    }
    let repository = world.repository(name).ok_or_else(error_response::not_found)?;
    if call.method == Method::DELETE {
        return delete(repository, call.place);
    }
    if call.method != Method::GET {
        return Err(error_response::not_found());
    }
    show(repository, call, view)
}

fn show(repository: &Repository, call: &Call, view: &View) -> Result<Reply, Reply> {
    let found = |id| repository.deployment(id).ok_or_else(error_response::not_found);
    let shown = match call.place {
        Place::Repository => json::repository(call, repository),
        Place::Deployments => return Ok(list_deployments(repository, call, view)),
        Place::Deployment(id) => json::deployment(call, repository, found(id)?),
        Place::Statuses(id) => return Ok(list_statuses(repository, found(id)?, call, view)),
        Place::Status(id, status) => {
            let deployment = found(id)?;
            let status = deployment.statuses.iter().find(|each| each.id == status);
            json::status(
                call,
                repository,
                deployment,
                status.ok_or_else(error_response::not_found)?,
            )
        }
        Place::Installation | Place::AccessTokens(_) | Place::Unknown => {
            return Err(error_response::not_found());
        }
    };
    Ok(Reply::json(StatusCode::OK, &shown))
}

fn create(
    world: &mut World,
    call: &Call,
    name: &RepositoryName,
    body: &[u8],
) -> Result<Reply, Reply> {
    let made = match call.place {
        Place::Deployments => {
            let order = DeploymentOrder::read(body)?;
            let made = world.create_deployment(name, order);
            made.map(|(repository, deployment)| json::deployment(call, repository, deployment))
        }
        Place::Statuses(id) => {
            let is_there = world
                .repository(name)
                .is_some_and(|repository| repository.deployment(id).is_some());
            if !is_there {
                return Err(error_response::not_found());
            }
            let made = world.create_status(name, id, StatusOrder::read(body)?);
            made.map(|(repository, deployment, status)| {
                json::status(call, repository, deployment, status)
            })
        }
        Place::Repository
        | Place::Deployment(_)
        | Place::Status(..)
        | Place::Installation
        | Place::AccessTokens(_)
        | Place::Unknown => None,
    };
    let made = made.ok_or_else(error_response::not_found)?;
    let location = made["url"].as_str().unwrap_or_default();
    Ok(Reply::json(StatusCode::CREATED, &made).with("location", location))
}

fn delete(repository: &mut Repository, place: Place) -> Result<Reply, Reply> {
    let Place::Deployment(id) = place else {
        return Err(error_response::not_found());
    };
    match repository.delete(id) {
        Ok(()) => {
            Ok(Reply { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: String::new() })
        }
        Err(Undeletable::NotThere) => Err(error_response::not_found()),
        Err(Undeletable::Active) => Err(error_response::still_active()),
    }
}

fn list_deployments(repository: &Repository, call: &Call, view: &View) -> Reply {
    // `none` is GitHub's word for no filter.
    let wanted = |name| call.parameter(name).filter(|value| *value != "none");
    let fits = |deployment: &&Deployment| {
        let order = &deployment.order;
        wanted("sha").is_none_or(|sha| json::sha(&order.git_ref).eq_ignore_ascii_case(sha))
            && wanted("ref").is_none_or(|git_ref| order.git_ref == git_ref)
            && wanted("task").is_none_or(|task| order.task == task)
            && wanted("environment").is_none_or(|name| deployment.environment == name)
            && has_arrived(deployment.since, view.lag)
    };
    let newest_first = repository.deployments.iter().rev().filter(fits);
    let items: Vec<Value> =
        newest_first.map(|each| json::deployment(call, repository, each)).collect();
    page(repository, call, view, &items)
}

fn list_statuses(
    repository: &Repository,
    deployment: &Deployment,
    call: &Call,
    view: &View,
) -> Reply {
    let newest_first = deployment.statuses.iter().rev();
    let mut items: Vec<Value> = newest_first
        .filter(|status| has_arrived(status.since, view.lag))
        .map(|status| json::status(call, repository, deployment, status))
        .collect();
    if view.waiting {
        let oldest = Status {
            id: 1,
            state: State::Pending,
            description: String::new(),
            environment: deployment.environment.clone(),
            environment_url: String::new(),
            log_url: String::new(),
            created: deployment.created,
            since: deployment.since,
        };
        let mut oldest = json::status(call, repository, deployment, &oldest);
        oldest["state"] = json!("waiting");
        items.push(oldest);
    }
    page(repository, call, view, &items)
}

fn page(repository: &Repository, call: &Call, view: &View, items: &[Value]) -> Reply {
    let reply = json::page(call, repository, items);
    let Some(origin) = &view.link else {
        return reply;
    };
    let url = json::page_url(call, origin, repository.id, 2);
    Reply { headers: vec![("link", format!("<{url}>; rel=\"next\""))], ..reply }
}

fn installation(world: &mut World, call: &Call, name: &RepositoryName) -> Result<Reply, Reply> {
    auth::check_jwt(call.authorization.as_deref())?;
    if call.method != Method::GET {
        return Err(error_response::not_found());
    }
    let repository = world.repository(name).ok_or_else(error_response::not_found)?;
    let tokens = format!("{}/app/installations/{INSTALLATION}/access_tokens", call.base);
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
    Ok(Reply::json(StatusCode::OK, &installation))
}

fn mint(rights: &mut Rights, call: &Call, view: &View) -> Result<Reply, Reply> {
    auth::check_jwt(call.authorization.as_deref())?;
    if call.method != Method::POST {
        return Err(error_response::not_found());
    }
    let (token, until) = rights.mint(view.life);
    let minted = json!({
        "token": token,
        "expires_at": json::timestamp(until),
        "permissions": {"deployments": "write", "metadata": "read"},
        "repository_selection": "all",
    });
    Ok(Reply::json(StatusCode::CREATED, &minted))
}
