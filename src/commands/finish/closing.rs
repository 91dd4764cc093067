//! One final status for one deployment, unless it has one already, or one that is on its way.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::backoff::RetryDecision;
use crate::deployment::{DeploymentId, NewStatus, Status};
use crate::github::{ApiError, Github};
use crate::inputs::Inputs;
use crate::output::console::{Console, Level};
use crate::output::step_outputs::RunResult;
use crate::publisher::StatusPublisher;
use crate::resolve;
use crate::state_file::LockedRun;

/// GitHub ends a request after 10 s: what is not listed by then does not come any more.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const DECIDED_AFTER: Duration = Duration::from_secs(10);

/// How often the list is read until then.
const READ_INTERVAL: Duration = Duration::from_millis(500);

pub(super) struct Closing<'a> {
    github: &'a Github,
    inputs: &'a Inputs,
    console: &'a Console,
    /// Whatever a dead run had sent was sent before.
    all_gone: Instant,
    /// What was posted last.
    pub(super) result: RunResult,
}

/// A status that a killed process may have sent.
#[derive(Clone, Copy)]
struct InFlight {
    until: Instant,
    /// It is a final one; else the initial one.
    is_final: bool,
}

impl<'a> Closing<'a> {
    pub(super) fn new(github: &'a Github, inputs: &'a Inputs, console: &'a Console) -> Self {
        Self { github, inputs, console, all_gone: Instant::now(), result: RunResult::default() }
    }

    /// The runs that are to be closed now are gone, as of now.
    pub(super) fn runs_are_gone(&mut self) {
        self.all_gone = Instant::now();
    }

    /// Closes the deployment of a run that is gone.
    pub(super) async fn close_run(
        &mut self,
        locked: &mut LockedRun,
        status: &NewStatus,
    ) -> Result<(), ApiError> {
        let age = locked.run.written.elapsed().unwrap_or_default();
        let is_recent = age < self.inputs.api_timeout + DECIDED_AFTER;
        let in_flight = InFlight {
            until: self.all_gone + DECIDED_AFTER,
            is_final: locked.run.outcome.is_some(),
        };
        let in_flight = Some(in_flight).filter(|_| is_recent && locked.run.is_in_flight);
        let deployment = locked.run.deployment;
        if self.has_ended(deployment, in_flight).await? {
            return Ok(());
        }
        locked.record_outcome(status);
        let posted = self.post(deployment, status).await;
        if let Err(error) = &posted
            && error.retry_decision() == RetryDecision::GiveUp
        {
            locked.record_answer();
        }
        posted
    }

    /// Closes a deployment, unless its latest status is final already.
    pub(super) async fn close(
        &mut self,
        deployment: DeploymentId,
        status: &NewStatus,
    ) -> Result<(), ApiError> {
        if self.has_ended(deployment, None).await? {
            return Ok(());
        }
        self.post(deployment, status).await
    }

    async fn post(&mut self, deployment: DeploymentId, status: &NewStatus) -> Result<(), ApiError> {
        let publisher = StatusPublisher::new(self.github, deployment, self.inputs.api_timeout);
        let posted = publisher.post(status).await?;
        if self.inputs.dry_run {
            return Ok(());
        }
        self.console.annotate(
            Level::Notice,
            &format!("deployment {deployment} was left open and is now `{}`", status.state),
        );
        self.result = RunResult {
            deployment: Some(deployment),
            status: Some(posted.id),
            state: Some(status.state),
            url: status.environment_url.clone(),
            ..RunResult::default()
        };
        Ok(())
    }

    /// Whether the latest status is final, once what was on its way has arrived or cannot any more.
    async fn has_ended(
        &self,
        deployment: DeploymentId,
        in_flight: Option<InFlight>,
    ) -> Result<bool, ApiError> {
        let deadline = Instant::now() + self.inputs.api_timeout;
        loop {
            let looked = Instant::now();
            let latest = resolve::latest(self.github, deployment, deadline).await?;
            if let Some(latest) = latest.as_ref().filter(|latest| latest.is_final()) {
                let state = &latest.state;
                self.console.info(&format!("deployment {deployment} has ended already: {state}"));
                return Ok(true);
            }
            let may_come = in_flight.is_some_and(|one| {
                looked < one.until && (one.is_final || latest.as_ref().is_none_or(is_waiting))
            });
            if !may_come {
                return Ok(false);
            }
            sleep(READ_INTERVAL).await;
        }
    }
}

/// GitHub's own word before a job begins; ours has not arrived.
fn is_waiting(latest: &Status) -> bool {
    latest.state == "waiting"
}
