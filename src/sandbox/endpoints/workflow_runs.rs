//! Workflow runs: shown, and set by whoever controls the sandbox.
//! <https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run>

use http::{Method, StatusCode};

use crate::sandbox::error_response::{self, Response};
use crate::sandbox::json;
use crate::sandbox::request::Request;
use crate::sandbox::request_body::Fields;
use crate::sandbox::store::{Repository, WorkflowRun};

/// GitHub has no PUT here: it takes `{"state": STATE, "attempt": N}` from a request aside.
pub(super) fn show_or_put(
    repository: &mut Repository,
    request: &Request,
    id: u64,
    body: &[u8],
) -> Result<Response, Response> {
    if request.method == Method::PUT && request.control.is_aside {
        let fields = Fields::read(body, "WorkflowRun")?;
        let state = fields.text("state")?.unwrap_or_default();
        let attempt = fields.number("attempt")?.unwrap_or(1);
        let run = WorkflowRun::new(id, attempt, &state).ok_or_else(|| {
            error_response::invalid_request("`state` is no status or conclusion of a workflow run.")
        })?;
        repository.put_workflow_run(run);
    } else if request.method != Method::GET {
        return Err(error_response::not_found());
    }
    let run = repository.workflow_run(id).ok_or_else(error_response::not_found)?;
    Ok(Response::json(StatusCode::OK, &json::workflow_run(request, repository, run)))
}
