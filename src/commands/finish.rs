//! Closes what an interrupted `run` left open. It never guesses `success`, and never creates.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::deployment::{DeploymentId, NewStatus, State};
use crate::github::{ApiError, Github};
use crate::inputs::{Inputs, RequestedState};
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;
use crate::resolve::{self, ResolveError};
use crate::state_file::{StateDir, UnfinishedRun};
use crate::status_builder;

/// What a run that still lives needs to post its own end.
const CLOSE_LIMIT: Duration = Duration::from_secs(7);

/// How often a run that was told to stop is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Closes every open run of this job; without one, the deployment that the inputs name.
///
/// # Errors
/// When GitHub refused a status, or could not be reached.
pub(crate) async fn finish(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    state_dir: &StateDir,
    requested_state: Option<RequestedState>,
    job_was_cancelled: bool,
) -> Result<(), ResolveError> {
    let cancelled = job_was_cancelled || requested_state == Some(RequestedState::Cancelled);
    let state = if cancelled { inputs.status_options.cancel_state } else { State::Error };
    let runs = stopped(state_dir.all(), console).await;
    if runs.is_empty() {
        let state = requested_state
            .map_or(state, |requested| requested.state(inputs.status_options.cancel_state));
        return without_a_file(github, inputs, console, state).await;
    }
    let mut refusal = None;
    for run in runs {
        let status =
            run.outcome.clone().unwrap_or_else(|| status_builder::requested(inputs, state));
        match close(github, inputs, console, run.record.deployment, &status).await {
            Ok(()) => run.close(),
            Err(error) => refusal = Some(error),
        }
    }
    refusal.map_or(Ok(()), |error| Err(error.into()))
}

/// Tells the runs that still live to stop, and waits for them; those that closed themselves are
/// left out.
async fn stopped(runs: Vec<UnfinishedRun>, console: &Console) -> Vec<UnfinishedRun> {
    for run in runs.iter().filter(|run| run.record.process.is_alive()) {
        console.info("a run of this job is still alive and is told to stop");
        run.record.process.send_sigterm();
    }
    let until = Instant::now() + CLOSE_LIMIT;
    while runs.iter().any(|run| run.record.process.is_alive()) && Instant::now() < until {
        sleep(POLL_INTERVAL).await;
    }
    runs.into_iter().filter_map(|run| run.read_again().ok()).collect()
}

async fn without_a_file(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    state: State,
) -> Result<(), ResolveError> {
    let deadline = Instant::now() + inputs.api_timeout;
    let resolved = match resolve::newest_at_ref(github, inputs, deadline).await {
        Err(ResolveError::NotFound(_)) => {
            console.info("nothing is open");
            return Ok(());
        }
        resolved => resolved?,
    };
    let status = status_builder::requested(inputs, state);
    Ok(close(github, inputs, console, resolved.id, &status).await?)
}

/// Posts the status, unless the latest one is final already.
async fn close(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    deployment: DeploymentId,
    status: &NewStatus,
) -> Result<(), ApiError> {
    let deadline = Instant::now() + inputs.api_timeout;
    let latest = resolve::latest(github, deployment, deadline).await?;
    if let Some(latest) = latest.filter(crate::deployment::Status::is_final) {
        console.info(&format!("deployment {deployment} has ended already: {}", latest.state));
        return Ok(());
    }
    StatusPublisher::new(github, deployment, inputs.api_timeout).post(status).await?;
    console.annotate(
        Level::Notice,
        &format!("deployment {deployment} was left open and is now `{}`", status.state),
    );
    Ok(())
}
