//! How GitHub says no: codes, words and headers.
//! It decides nothing; who is refused, and why, is known elsewhere.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use serde_json::{Value, json};

const DOCS: &str = "https://docs.github.com/rest";

/// GitHub's page for a bad day. Clients that expect JSON meet it on a 502.
const UNICORN: &str = "<!DOCTYPE html>\n<html>\n  <head><title>Unicorn! &middot; GitHub</title></head>\n  \
    <body>\n    <h1>Unicorn!</h1>\n    <p>We had issues producing the response to your request.</p>\n  \
    </body>\n</html>\n";

const SECONDARY: &str = "You have exceeded a secondary rate limit. Please wait a few minutes before \
    you try again. If you reach out to GitHub Support for help, please include the request ID.";

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(super) struct Reply {
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
    /// `X-RateLimit-Remaining: 0`, and when it ends.
    Exhausted(Duration),
    /// The secondary limit, with no header that tells how long.
    Secondary,
    SingleSignOn,
    AddressNotAllowed,
}

impl Reply {
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn refusal(status: StatusCode, message: &str) -> Reply {
    let code = status.as_str();
    Reply::json(status, &json!({"message": message, "documentation_url": DOCS, "status": code}))
}

pub(super) fn bad_request(message: &str) -> Reply {
    refusal(StatusCode::BAD_REQUEST, message)
}

pub(super) fn unauthorized(message: &str) -> Reply {
    refusal(StatusCode::UNAUTHORIZED, message)
}

pub(super) fn not_found() -> Reply {
    refusal(StatusCode::NOT_FOUND, "Not Found")
}

pub(super) fn forbidden() -> Reply {
    refusal(StatusCode::FORBIDDEN, "Resource not accessible by integration")
        .with("x-accepted-github-permissions", "deployments=write")
}

pub(super) fn still_active() -> Reply {
    let message = "We cannot delete an active deployment unless it is the only deployment in a \
                   given environment.";
    refusal(StatusCode::UNPROCESSABLE_ENTITY, message)
}

pub(super) fn invalid_request(why: &str) -> Reply {
    refusal(StatusCode::UNPROCESSABLE_ENTITY, &format!("Invalid request.\n\n{why}"))
}

/// `errors` is an array of objects, or a mere string.
pub(super) fn validation(errors: &Value) -> Reply {
    let body = json!({
        "message": "Validation Failed",
        "errors": errors,
        "documentation_url": DOCS,
        "status": "422",
    });
    Reply::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

pub(super) fn unicorn(status: StatusCode) -> Reply {
    Reply { status, headers: Vec::new(), body: UNICORN.to_owned() }
        .with("content-type", "text/html; charset=utf-8")
}

pub(super) fn moved(status: StatusCode, location: &str) -> Reply {
    let message = status.canonical_reason().unwrap_or_default();
    let body = json!({"message": message, "url": location, "documentation_url": DOCS});
    Reply::json(status, &body).with("location", location)
}

/// GitHub's answer of this code, whatever was asked; `request` is the body that was sent.
pub(super) fn of_code(status: StatusCode, reason: Reason, request: &[u8]) -> Reply {
    let reply = match reason {
        Reason::Plain => plain(status, request),
        Reason::RetryAfter(_) | Reason::RetryAt(_) if status.is_server_error() => {
            plain(status, request)
        }
        Reason::RetryAfter(_) | Reason::RetryAt(_) | Reason::Secondary => {
            refusal(status, SECONDARY)
        }
        Reason::Exhausted(_) => {
            refusal(status, "API rate limit exceeded for installation ID 30001.")
        }
        Reason::SingleSignOn => refusal(
            status,
            "Resource protected by organization SAML enforcement. You must grant your Personal \
             Access token access to this organization.",
        ),
        Reason::AddressNotAllowed => refusal(
            status,
            "Although you appear to have the correct authorization credentials, the `octo` \
             organization has an IP allow list enabled, and your IP address is not permitted to \
             access this resource.",
        ),
    };
    match reason {
        Reason::Plain | Reason::Secondary | Reason::AddressNotAllowed => reply,
        Reason::RetryAfter(wait) => reply.with("retry-after", wait.as_secs().to_string()),
        Reason::RetryAt(wait) => {
            reply.with("retry-after", httpdate::fmt_http_date(SystemTime::now() + wait))
        }
        Reason::Exhausted(wait) => reply
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-reset", epoch_seconds(SystemTime::now() + wait).to_string()),
        Reason::SingleSignOn => {
            let url = "https://github.com/orgs/octo/sso?authorization_request=AZSCKtL4U8yX1H3sCQIV";
            reply.with("x-github-sso", format!("required; url={url}"))
        }
    }
}

fn plain(status: StatusCode, request: &[u8]) -> Reply {
    match status.as_u16() {
        202 => {
            let message = "Auto-merged main into topic-branch on deployment.";
            Reply::json(status, &json!({"message": message}))
        }
        400 => bad_request("Problems parsing JSON"),
        401 => unauthorized("Bad credentials"),
        403 => forbidden(),
        404 => not_found(),
        409 => conflict(request),
        422 => validation(&json!([{
            "resource": "DeploymentStatus",
            "code": "custom",
            "field": "state",
            "message": "state was refused by the sandbox's fault",
        }])),
        429 => refusal(status, SECONDARY),
        500 => refusal(status, "Server Error"),
        502 | 503 => unicorn(status),
        504 => refusal(
            status,
            "We couldn't respond to your request in time. Sorry about that. Please try \
             resubmitting your request and contact us if the problem persists.",
        ),
        _ => refusal(status, status.canonical_reason().unwrap_or("Refused")),
    }
}

/// A deployment without required contexts can only fail to merge; with them, checks are red.
fn conflict(request: &[u8]) -> Reply {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    let git_ref = request["ref"].as_str().unwrap_or("topic-branch");
    let contexts = request["required_contexts"].as_array();
    let message = if contexts.is_some_and(Vec::is_empty) {
        format!("Conflict merging main into {git_ref}.")
    } else {
        format!("Conflict: Commit status checks failed for {git_ref}.")
    };
    refusal(StatusCode::CONFLICT, &message)
}

pub(super) fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
