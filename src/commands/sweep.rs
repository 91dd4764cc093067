//! `sweep`: closes the deployments that dead runs left open.

use std::time::Duration;

use super::bulk::{self, Liveness, Pace, Progress, RunLookup};
use crate::deployment::{Deployment, DeploymentId, Description, NewStatus, State, format_duration};
use crate::github::{ApiError, Github};
use crate::inputs::{Backend, Inputs, SweepOptions};
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;

/// Where its run may not be read, a deployment that is older is taken for abandoned: no job of
/// GitHub Actions lasts longer.
/// <https://docs.github.com/en/actions/reference/limits>
const LONGEST_JOB: Duration = Duration::from_hours(5 * 24);

const DESCRIPTION: &str = "Abandoned: its run has ended";

/// Posts `error` on each deployment that is open, old enough, and whose run is over.
///
/// # Errors
/// When the deployments cannot be listed. A deployment that GitHub refuses to close is annotated,
/// the others are closed all the same, and the first refusal is returned at the end.
pub(super) async fn sweep(
    github: &Github,
    inputs: &Inputs,
    options: &SweepOptions,
    console: &Console,
) -> Result<(), ApiError> {
    let deployments = bulk::deployments_of(github, options.environment.as_ref()).await?;
    let repository = match &inputs.backend {
        Backend::Github(api) => Some(&api.repository),
        Backend::Sandbox => None,
    };
    let mut runs = RunLookup::new(github, repository);
    let mut pace = Pace::new();
    let mut progress = Progress::new(console, "deployments were looked at", deployments.len());
    let mut closed = 0;
    let mut refusal = None;
    for deployment in &deployments {
        progress.step();
        if bulk::age(deployment) < options.older_than {
            continue;
        }
        bulk::wait_for_quota(github, console).await;
        let posted = match is_abandoned(github, &mut runs, deployment, options).await {
            Ok(false) => continue,
            Ok(true) => close(github, inputs, deployment.id, &mut pace).await,
            Err(error) => Err(error),
        };
        match posted {
            Ok(()) => {
                closed += 1;
                console.info(&line(deployment));
            }
            Err(error) => {
                console.annotate(Level::Warning, &error.in_full());
                if error.is_denied() {
                    return Err(error);
                }
                refusal.get_or_insert(error);
            }
        }
    }
    summarize(console, inputs, options, deployments.len(), closed);
    refusal.map_or(Ok(()), Err)
}

async fn is_abandoned(
    github: &Github,
    runs: &mut RunLookup<'_>,
    deployment: &Deployment,
    options: &SweepOptions,
) -> Result<bool, ApiError> {
    let age = bulk::age(deployment);
    let latest = bulk::latest(github, deployment.id).await?;
    let is_open = match &latest {
        Some(status) => !status.is_final(),
        // Its state may have been dropped with its statuses.
        None => age < bulk::STATUSES_KEPT,
    };
    if !is_open {
        return Ok(false);
    }
    Ok(match runs.liveness(deployment, latest.as_ref()).await? {
        Liveness::Over => true,
        Liveness::Going => false,
        Liveness::Unknown => age >= LONGEST_JOB,
        Liveness::Foreign => options.any_owner,
    })
}

async fn close(
    github: &Github,
    inputs: &Inputs,
    deployment: DeploymentId,
    pace: &mut Pace,
) -> Result<(), ApiError> {
    pace.before_post().await;
    let description = Some(Description::new(DESCRIPTION));
    let status = NewStatus { description, ..NewStatus::of(State::Error) };
    let publisher = StatusPublisher::new(github, deployment, inputs.api_timeout);
    publisher.post(&status).await.map(drop)
}

fn line(deployment: &Deployment) -> String {
    let Deployment { id, environment, .. } = deployment;
    let age = format_duration(bulk::age(deployment));
    format!("deployment {id} of {environment}: error, open for {age}")
}

fn summarize(
    console: &Console,
    inputs: &Inputs,
    options: &SweepOptions,
    all: usize,
    closed: usize,
) {
    if all == 0
        && let Some(environment) = &options.environment
    {
        console.annotate(Level::Notice, &format!("no deployment to `{environment}` was found"));
        return;
    }
    let done = if inputs.dry_run { "would be closed" } else { "closed" };
    console.info(&format!("{all} deployments were looked at, {closed} {done}"));
}
