//! Deployments and their statuses: listed, shown, created and deleted.
//! <https://docs.github.com/en/rest/deployments>

use http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::error_response::{self, Response};
use crate::sandbox::faults::Overrides;
use crate::sandbox::json;
use crate::sandbox::pagination;
use crate::sandbox::request::{RepositoryName, Request};
use crate::sandbox::request_body::{DeploymentParams, StatusParams};
use crate::sandbox::store::{
    DeleteError, Deployment, Repository, Status, Store, is_same_environment,
};

pub(super) fn list(repository: &Repository, request: &Request, overrides: &Overrides) -> Response {
    // `none` is GitHub's word for no filter.
    let wanted = |name| request.parameter(name).filter(|value| *value != "none");
    let (sha, git_ref) = (wanted("sha"), wanted("ref"));
    let (task, environment) = (wanted("task"), wanted("environment"));
    let matches = |deployment: &&Deployment| {
        let params = &deployment.params;
        sha.is_none_or(|sha| deployment.sha.eq_ignore_ascii_case(sha))
            && git_ref.is_none_or(|git_ref| params.git_ref == git_ref)
            && task.is_none_or(|task| params.task == task)
            && environment.is_none_or(|name| is_same_environment(&deployment.environment, name))
            && deployment.created.is_visible(overrides.lag)
    };
    let newest_first: Vec<&Deployment> =
        repository.deployments.iter().rev().filter(matches).collect();
    pagination::page(request, repository, overrides, &newest_first, |page| {
        page.iter().map(|each| json::deployment(request, repository, each)).collect()
    })
}

pub(super) fn list_statuses(
    repository: &Repository,
    deployment: &Deployment,
    request: &Request,
    overrides: &Overrides,
) -> Response {
    let waiting = overrides.waiting.then(|| Status::waiting(deployment));
    let mut newest_first: Vec<&Status> =
        deployment.statuses().filter(|status| status.created.is_visible(overrides.lag)).collect();
    newest_first.extend(&waiting);
    pagination::page(request, repository, overrides, &newest_first, |page| {
        page.iter()
            .map(|status| {
                let mut shown = json::status(request, repository, deployment, status);
                if waiting.as_ref().is_some_and(|waiting| waiting.id == status.id) {
                    shown["state"] = json!("waiting");
                }
                shown
            })
            .collect()
    })
}

pub(super) fn show(repository: &Repository, request: &Request, id: u64) -> Result<Value, Response> {
    let deployment = repository.deployment(id).ok_or_else(error_response::not_found)?;
    Ok(json::deployment(request, repository, deployment))
}

pub(super) fn show_status(
    repository: &Repository,
    request: &Request,
    id: u64,
    status: u64,
) -> Result<Value, Response> {
    let deployment = repository.deployment(id).ok_or_else(error_response::not_found)?;
    let status = deployment.statuses().find(|each| each.id == status);
    let status = status.ok_or_else(error_response::not_found)?;
    Ok(json::status(request, repository, deployment, status))
}

pub(super) fn create(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
    body: &[u8],
) -> Result<Response, Response> {
    let params = DeploymentParams::read(body)?;
    let made = store.create_deployment(name, params, &request.control);
    let (repository, deployment) = made.ok_or_else(error_response::not_found)?;
    Ok(created(&json::deployment(request, repository, deployment)))
}

pub(super) fn create_status(
    store: &mut Store,
    request: &Request,
    name: &RepositoryName,
    id: u64,
    body: &[u8],
) -> Result<Response, Response> {
    // That the deployment is missing is reported before what is wrong with the body.
    let repository = store.repository(name).ok_or_else(error_response::not_found)?;
    repository.deployment(id).ok_or_else(error_response::not_found)?;
    let made = store.create_status(name, id, StatusParams::read(body)?, &request.control);
    let (repository, deployment, status) = made.ok_or_else(error_response::not_found)?;
    Ok(created(&json::status(request, repository, deployment, status)))
}

pub(super) fn delete(repository: &mut Repository, id: u64) -> Result<Response, Response> {
    match repository.delete_deployment(id) {
        Ok(()) => Ok(Response::no_content()),
        Err(DeleteError::NotFound) => Err(error_response::not_found()),
        Err(DeleteError::StillActive) => Err(error_response::still_active()),
    }
}

fn created(shown: &Value) -> Response {
    let location = shown["url"].as_str().unwrap_or_default();
    Response::json(StatusCode::CREATED, shown).with("location", location)
}
