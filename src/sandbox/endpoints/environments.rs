//! Environments: listed, shown and deleted.
//! <https://docs.github.com/en/rest/deployments/environments>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::sandbox::error_response::{self, Response};
use crate::sandbox::faults::Overrides;
use crate::sandbox::json;
use crate::sandbox::pagination;
use crate::sandbox::request::Request;
use crate::sandbox::store::Repository;

pub(super) fn list(repository: &Repository, request: &Request, overrides: &Overrides) -> Response {
    let total = repository.environments.len();
    pagination::page(request, repository, overrides, &repository.environments, |page| {
        let page: Vec<Value> =
            page.iter().map(|each| json::environment(request, repository, each)).collect();
        json!({"total_count": total, "environments": page})
    })
}

pub(super) fn show_or_delete(
    repository: &mut Repository,
    request: &Request,
    name: &str,
) -> Result<Response, Response> {
    if request.method == Method::DELETE && repository.delete_environment(name) {
        return Ok(Response::no_content());
    }
    let found = repository.environment(name).filter(|_| request.method == Method::GET);
    let shown = found.map(|found| json::environment(request, repository, found));
    shown.map(|shown| Response::json(StatusCode::OK, &shown)).ok_or_else(error_response::not_found)
}
