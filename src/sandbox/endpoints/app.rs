//! Where an App finds its installation and creates access tokens.

use http::{Method, StatusCode};
use serde_json::json;

use crate::sandbox::auth::{self, Tokens};
use crate::sandbox::error_response::{self, Response};
use crate::sandbox::faults::Overrides;
use crate::sandbox::json;
use crate::sandbox::request::{RepositoryName, Request};
use crate::sandbox::store::Store;

const APP: u64 = 20_001;
const INSTALLATION: u64 = 30_001;

pub(super) fn installation(
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

pub(super) fn create_access_token(
    tokens: &mut Tokens,
    request: &Request,
    overrides: &Overrides,
) -> Result<Response, Response> {
    auth::check_jwt(request.authorization.as_deref())?;
    if request.method != Method::POST {
        return Err(error_response::not_found());
    }
    let (token, until) = tokens.create_installation_token(overrides.token_lifetime);
    let created = json!({
        "token": token,
        "expires_at": json::timestamp(until),
        "permissions": {"deployments": "write", "metadata": "read"},
        "repository_selection": "all",
    });
    Ok(Response::json(StatusCode::CREATED, &created))
}
