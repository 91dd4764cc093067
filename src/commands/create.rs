//! Posts one status: to start a deployment that is spread over several steps, and to end it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::commands::list;
use crate::deployment::{DeploymentId, State, Status};
use crate::github::{ApiError, Github};
use crate::inputs::{Inputs, RequestedState};
use crate::output::console::{self, Console, Level};
use crate::output::step_outputs::RunResult;
use crate::publisher::StatusPublisher;
use crate::resolve::{self, Eligible, ResolveError};
use crate::status_builder;

/// So many statuses are posted as fast as they go; then one a second.
/// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests>
const A_FEW: u32 = 5;
const PACE: Duration = Duration::from_secs(1);

/// Posts the status and prints it. Returns what is known of it.
///
/// # Errors
/// When it is not clear which deployment is meant, or GitHub did not take the status.
pub(crate) async fn create(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    requested_state: RequestedState,
) -> Result<RunResult, ResolveError> {
    let state = requested_state.state(inputs.status_options.cancel_state);
    let deadline = Instant::now() + inputs.api_timeout;
    if state == State::Inactive && inputs.target.deployment_id.is_none() {
        return deactivate_all(github, inputs, console).await;
    }
    let resolved = if state.is_final() {
        resolve::newest(github, inputs, Eligible::Open, deadline).await?
    } else {
        resolve::find_or_create(github, inputs, deadline).await?
    };
    let posted = post(github, inputs, console, resolved.id, state).await?;
    Ok(RunResult {
        deployment: Some(resolved.id),
        status: Some(posted.id),
        state: Some(state),
        url: inputs.status_options.environment_url.clone(),
        ..RunResult::default()
    })
}

/// Makes every deployment of the environment inactive that is not inactive yet.
async fn deactivate_all(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
) -> Result<RunResult, ResolveError> {
    let deployments = resolve::all(github, inputs, Instant::now() + inputs.api_timeout).await?;
    let mut result = RunResult::default();
    let mut refusal = None;
    let mut posts: u32 = 0;
    let mut next = Instant::now();
    for deployment in deployments {
        let deadline = Instant::now() + inputs.api_timeout;
        let latest = resolve::latest(github, deployment, deadline).await?;
        if latest.is_some_and(|status| status.state == State::Inactive.as_str()) {
            continue;
        }
        if posts >= A_FEW {
            sleep_until(next).await;
        }
        next = Instant::now() + PACE;
        posts += 1;
        match post(github, inputs, console, deployment, State::Inactive).await {
            Ok(posted) => {
                result.deployment = Some(deployment);
                result.status = Some(posted.id);
                result.state = Some(State::Inactive);
            }
            Err(error) => refusal = Some(error),
        }
    }
    if posts == 0 {
        console.annotate(Level::Notice, "no deployment is active: there is nothing to do");
    }
    refusal.map_or(Ok(result), |error| Err(error.into()))
}

async fn post(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    deployment: DeploymentId,
    state: State,
) -> Result<Status, ApiError> {
    let status = status_builder::requested(inputs, state);
    let posted = StatusPublisher::new(github, deployment, inputs.api_timeout).post(&status).await?;
    let row = list::table(std::slice::from_ref(&posted));
    if let Err(error) = console::print(&row) {
        console.debug(&format!("cannot print the status: {error}"));
    }
    Ok(posted)
}
