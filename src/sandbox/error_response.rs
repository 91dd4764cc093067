//! How GitHub says no: codes, words and headers.
//! It decides nothing; who is refused, and why, is known elsewhere.

use std::time::{Duration, SystemTime};

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::request::Request;
use super::time::epoch_seconds;

const DOCS: &str = "https://docs.github.com/rest";

/// GitHub's page for a bad day. Clients that expect JSON meet it on a 502.
const HTML_ERROR_PAGE: &str = "<!DOCTYPE html>\n<html>\n  <head><title>Unicorn! &middot; GitHub</title></head>\n  \
    <body>\n    <h1>Unicorn!</h1>\n    <p>We had issues producing the response to your request.</p>\n  \
    </body>\n</html>\n";

const SECONDARY: &str = "You have exceeded a secondary rate limit. Please wait a few minutes before \
    you try again. If you reach out to GitHub Support for help, please include the request ID.";

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// What a 403 or 429 is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// What the code says.
    Plain,
    RetryAfter(Duration),
    /// `Retry-After` as an HTTP date.
    RetryAt(Duration),
    /// The rate limit is used up, by the headers that every response has.
    RateLimited,
    /// `X-RateLimit-Remaining: 0`, and when it ends.
    Exhausted(Duration),
    /// The secondary limit, with no header that says how long.
    Secondary,
    SingleSignOn,
    AddressNotAllowed,
}

impl Response {
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(super) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn error(status: StatusCode, message: &str) -> Response {
    let code = status.as_str();
    Response::json(status, &json!({"message": message, "documentation_url": DOCS, "status": code}))
}

pub(super) fn bad_request(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, message)
}

pub(super) fn unauthorized(message: &str) -> Response {
    error(StatusCode::UNAUTHORIZED, message)
}

pub(super) fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "Not Found")
}

/// The token lacks a permission.
pub(super) fn forbidden(needed: &str) -> Response {
    error(StatusCode::FORBIDDEN, "Resource not accessible by integration")
        .with("x-accepted-github-permissions", needed)
}

pub(super) fn too_large() -> Response {
    error(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large")
}

pub(super) fn still_active() -> Response {
    let message = "We cannot delete an active deployment unless it is the only deployment in a \
                   given environment.";
    error(StatusCode::UNPROCESSABLE_ENTITY, message)
}

pub(super) fn invalid_request(why: &str) -> Response {
    error(StatusCode::UNPROCESSABLE_ENTITY, &format!("Invalid request.\n\n{why}"))
}

/// `errors` is an array of objects, or a mere string.
pub(super) fn validation(errors: &Value) -> Response {
    let body = json!({
        "message": "Validation Failed",
        "errors": errors,
        "documentation_url": DOCS,
        "status": "422",
    });
    Response::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

pub(super) fn html_error(status: StatusCode) -> Response {
    Response { status, headers: Vec::new(), body: HTML_ERROR_PAGE.to_owned() }
        .with("content-type", "text/html; charset=utf-8")
}

pub(super) fn redirect(status: StatusCode, location: &str) -> Response {
    let message = status.canonical_reason().unwrap_or_default();
    let body = json!({"message": message, "url": location, "documentation_url": DOCS});
    Response::json(status, &body).with("location", location)
}

/// GitHub's response of this code to `request`, whose body is `body`.
pub(super) fn with_status(
    status: StatusCode,
    reason: Reason,
    request: &Request,
    body: &[u8],
) -> Response {
    let response = match reason {
        Reason::Plain => without_reason(status, request, body),
        Reason::RetryAfter(_) | Reason::RetryAt(_) if status.is_server_error() => {
            without_reason(status, request, body)
        }
        Reason::RetryAfter(_) | Reason::RetryAt(_) | Reason::Secondary => error(status, SECONDARY),
        Reason::RateLimited | Reason::Exhausted(_) => {
            error(status, "API rate limit exceeded for installation ID 30001.")
        }
        Reason::SingleSignOn => error(
            status,
            "Resource protected by organization SAML enforcement. You must grant your Personal \
             Access token access to this organization.",
        ),
        Reason::AddressNotAllowed => error(
            status,
            "Although you appear to have the correct authorization credentials, the `octo` \
             organization has an IP allow list enabled, and your IP address is not permitted to \
             access this resource.",
        ),
    };
    match reason {
        Reason::Plain | Reason::RateLimited | Reason::Secondary | Reason::AddressNotAllowed => {
            response
        }
        Reason::RetryAfter(wait) => response.with("retry-after", wait.as_secs().to_string()),
        Reason::RetryAt(wait) => {
            response.with("retry-after", httpdate::fmt_http_date(SystemTime::now() + wait))
        }
        Reason::Exhausted(wait) => {
            response.with("x-ratelimit-remaining", "0").with("x-ratelimit-reset", {
                epoch_seconds(SystemTime::now()).saturating_add(wait.as_secs()).to_string()
            })
        }
        Reason::SingleSignOn => {
            let url = "https://github.com/orgs/octo/sso?authorization_request=AZSCKtL4U8yX1H3sCQIV";
            response.with("x-github-sso", format!("required; url={url}"))
        }
    }
}

fn without_reason(status: StatusCode, request: &Request, body: &[u8]) -> Response {
    match status.as_u16() {
        202 => {
            let message = "Auto-merged main into topic-branch on deployment.";
            Response::json(status, &json!({"message": message}))
        }
        400 => bad_request("Problems parsing JSON"),
        401 => unauthorized("Bad credentials"),
        403 => forbidden(request.needed_permission()),
        404 => not_found(),
        409 => conflict(body),
        422 if request.method == Method::DELETE => still_active(),
        422 => validation(&json!([{
            "resource": "DeploymentStatus",
            "code": "custom",
            "field": "state",
            "message": "state was refused by the sandbox's fault",
        }])),
        429 => error(status, SECONDARY),
        500 => error(status, "Server Error"),
        502 | 503 => html_error(status),
        504 => error(
            status,
            "We couldn't respond to your request in time. Sorry about that. Please try \
             resubmitting your request and contact us if the problem persists.",
        ),
        _ => error(status, status.canonical_reason().unwrap_or("Refused")),
    }
}

/// A deployment without required contexts can only fail to merge; with them, checks are red.
fn conflict(body: &[u8]) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let git_ref = body["ref"].as_str().unwrap_or("topic-branch");
    let contexts = body["required_contexts"].as_array();
    let message = if contexts.is_some_and(Vec::is_empty) {
        format!("Conflict merging main into {git_ref}.")
    } else {
        format!("Conflict: Commit status checks failed for {git_ref}.")
    };
    error(StatusCode::CONFLICT, &message)
}
