//! `sweep`: closes the deployments that dead runs left open.

use super::bulk::{self, LONGEST_JOB, Liveness, Pace, Progress, RunLookup, STATUSES_KEPT};
use crate::deployment::{Deployment, Description, NewStatus, State, format_duration};
use crate::github::{ApiError, ErrorKind, Github};
use crate::inputs::{Inputs, SweepOptions};
use crate::output::console::Console;
use crate::publisher::StatusPublisher;

const DESCRIPTION: &str = "Abandoned: its run has ended";

/// Posts `error` on each deployment that is open, old enough, and whose run is over. Returns how
/// many GitHub refused to close; each has been annotated.
///
/// # Errors
/// When GitHub cannot be reached, or does not let us.
pub(super) async fn sweep(
    github: &Github,
    inputs: &Inputs,
    options: &SweepOptions,
    console: &Console,
) -> Result<usize, ApiError> {
    let deployments =
        bulk::deployments_of(github, console, options.environment.as_ref()).await?.entries;
    let mut sweep = Sweep {
        github,
        inputs,
        options,
        runs: RunLookup::new(github, inputs, console),
        pace: Pace::after(1, inputs.dry_run),
    };
    let mut progress = Progress::new(console, "deployments were looked at", deployments.len());
    let (mut closed, mut refused) = (0, 0);
    for deployment in &deployments {
        progress.step();
        match bulk::within_quota(github, console, async || sweep.close(deployment).await).await {
            Ok(false) => {}
            Ok(true) => {
                closed += 1;
                let Deployment { id, environment, .. } = deployment;
                let age = format_duration(bulk::age(deployment));
                console.info(&format!("deployment {id} of {environment}: error, open for {age}"));
            }
            Err(error) => bulk::skip_refused(error, &mut refused, console)?,
        }
    }
    let done = if inputs.dry_run { "would be closed" } else { "closed" };
    console.info(&format!("{} deployments were looked at, {closed} {done}", deployments.len()));
    Ok(refused)
}

struct Sweep<'a> {
    github: &'a Github,
    inputs: &'a Inputs,
    options: &'a SweepOptions,
    runs: RunLookup<'a>,
    pace: Pace,
}

impl Sweep<'_> {
    /// Whether the deployment was abandoned, and is closed now.
    async fn close(&mut self, deployment: &Deployment) -> Result<bool, ApiError> {
        let is_young = bulk::age(deployment) < self.options.older_than;
        if is_young || bulk::has_lost_its_statuses(deployment) {
            return Ok(false);
        }
        match self.is_abandoned(deployment).await {
            Ok(true) => {}
            // Somebody deletes at the same time.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            not => return not,
        }
        self.pace.before_post().await;
        let description = Some(Description::new(DESCRIPTION));
        let status = NewStatus { description, ..NewStatus::of(State::Error) };
        StatusPublisher::new(self.github, deployment.id, self.inputs.api_timeout)
            .post(&status)
            .await?;
        Ok(true)
    }

    async fn is_abandoned(&mut self, deployment: &Deployment) -> Result<bool, ApiError> {
        let latest = bulk::latest(self.github, deployment.id).await?;
        let is_closed = match &latest {
            Some(status) => status.is_final(),
            None => bulk::age(deployment) >= STATUSES_KEPT,
        };
        if is_closed {
            return Ok(false);
        }
        Ok(match self.runs.liveness(deployment, latest.as_ref()).await? {
            Liveness::Over => true,
            Liveness::Going => false,
            Liveness::Unknown => bulk::age(deployment) >= LONGEST_JOB,
            Liveness::Foreign => self.options.any_owner,
        })
    }
}
