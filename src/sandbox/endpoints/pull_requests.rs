//! Pull requests: shown, and set by whoever controls the sandbox.
//! <https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request>

use http::{Method, StatusCode};

use crate::sandbox::error_response::{self, Response};
use crate::sandbox::json;
use crate::sandbox::request::Request;
use crate::sandbox::request_body::Fields;
use crate::sandbox::store::{PullRequest, Repository};

/// GitHub has no PUT here: it takes `{"sha": SHA, "state": STATE}` from a request aside.
pub(super) fn show_or_put(
    repository: &mut Repository,
    request: &Request,
    number: u64,
    body: &[u8],
) -> Result<Response, Response> {
    if request.method == Method::PUT && request.control.is_aside {
        let fields = Fields::read(body, "PullRequest")?;
        let sha = fields.text("sha")?.unwrap_or_default();
        let state = fields.text("state")?.unwrap_or_else(|| "open".to_owned());
        let pull_request = PullRequest::new(number, &sha, &state).ok_or_else(|| {
            error_response::invalid_request(
                "`sha` is no SHA, or `state` is not `open`, `closed` or `merged`.",
            )
        })?;
        repository.put_pull_request(pull_request);
    } else if request.method != Method::GET {
        return Err(error_response::not_found());
    }
    let found = repository.pull_request(number).ok_or_else(error_response::not_found)?;
    Ok(Response::json(StatusCode::OK, &json::pull_request(request, repository, found)))
}
