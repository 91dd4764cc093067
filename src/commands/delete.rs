//! `delete`: removes an environment's deployments that are no longer needed.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::bulk::{self, A_FEW, LONGEST_JOB, Liveness, Pace, Progress, REQUEST_LIMIT, RunLookup};
use crate::deployment::{Deployment, DeploymentId, NewStatus, State, Status};
use crate::github::{ApiError, ErrorKind, Github, Listed};
use crate::inputs::{DeleteOptions, Inputs};
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;

/// Deletes what the options name, oldest first. What was deleted before is no error, so that an
/// interrupted call can be repeated. Returns how many GitHub refused to delete; each has been
/// annotated.
///
/// # Errors
/// When GitHub cannot be reached, or does not let us.
pub(super) async fn delete(
    github: &Github,
    inputs: &Inputs,
    options: &DeleteOptions,
    console: &Console,
) -> Result<usize, ApiError> {
    let Listed { entries: deployments, is_cut } =
        bulk::deployments_of(github, console, Some(&options.environment)).await?;
    let mut progress = Progress::new(console, "deployments were looked at", deployments.len());
    let mut deletion = Deletion {
        github,
        inputs,
        options,
        console,
        runs: RunLookup::new(github, inputs, console),
        pace: Pace::after(A_FEW, inputs.dry_run),
        is_cut,
        deleted: 0,
        refused: 0,
    };
    let environments = by_environment(deployments);
    if let (true, true, Some(name)) =
        (environments.is_empty() && !is_cut, options.delete_environment, options.environment.name())
        && let Err(error) = deletion.delete_environment(name).await
    {
        bulk::skip_refused(error, &mut deletion.refused, console)?;
    }
    for newest_first in environments.values() {
        deletion.of_environment(newest_first, &mut progress).await?;
    }
    let done = if inputs.dry_run { "would be deleted" } else { "deleted" };
    console.info(&format!("{} deployments {done}", deletion.deleted));
    Ok(deletion.refused)
}

/// Environment names know no case.
fn by_environment(deployments: Vec<Deployment>) -> BTreeMap<String, Vec<Deployment>> {
    let mut environments: BTreeMap<String, Vec<Deployment>> = BTreeMap::new();
    for deployment in deployments {
        environments.entry(deployment.environment.to_lowercase()).or_default().push(deployment);
    }
    environments
}

struct Deletion<'a> {
    github: &'a Github,
    inputs: &'a Inputs,
    options: &'a DeleteOptions,
    console: &'a Console,
    runs: RunLookup<'a>,
    pace: Pace,
    /// There are older deployments that were not read.
    is_cut: bool,
    deleted: usize,
    refused: usize,
}

impl Deletion<'_> {
    async fn of_environment(
        &mut self,
        newest_first: &[Deployment],
        progress: &mut Progress<'_>,
    ) -> Result<(), ApiError> {
        let (github, console) = (self.github, self.console);
        let keep = usize::try_from(self.options.keep).unwrap_or(usize::MAX);
        let mut left = newest_first.len();
        for (index, deployment) in newest_first.iter().enumerate().rev() {
            progress.step();
            let is_old = self.options.older_than.is_none_or(|age| bulk::age(deployment) >= age);
            if index < keep || !is_old {
                continue;
            }
            let is_last = left == 1 && !self.is_cut;
            let attempt = async || self.delete_one(deployment, is_last).await;
            match bulk::within_quota(github, console, attempt).await {
                Ok(true) => {
                    left -= 1;
                    self.deleted += 1;
                    console.debug(&format!("deployment {} is deleted", deployment.id));
                }
                Ok(false) => {}
                Err(error) => bulk::skip_refused(error, &mut self.refused, console)?,
            }
        }
        if let Some(newest) = newest_first.first().filter(|_| left > 0 || self.is_cut)
            && self.options.delete_environment
        {
            let name = &newest.environment;
            let left = if self.is_cut { "older".to_owned() } else { left.to_string() };
            console.info(&format!(
                "environment `{name}` still has {left} deployments: it is not deleted"
            ));
        }
        Ok(())
    }

    /// Whether the deployment is gone. GitHub itself deletes an active one only if it is the last
    /// of its environment. With the last one goes the environment, before it, so that a call that
    /// is interrupted in between can be repeated.
    async fn delete_one(
        &mut self,
        deployment: &Deployment,
        is_last: bool,
    ) -> Result<bool, ApiError> {
        let id = deployment.id;
        // An older one is not open any more, and GitHub says whether it is active.
        let may_be_open = bulk::age(deployment) < LONGEST_JOB;
        if may_be_open || is_last || self.inputs.dry_run {
            match bulk::latest(self.github, id).await {
                Ok(latest) if self.is_in_use(deployment, latest.as_ref()).await? => {
                    return Ok(false);
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        if is_last && self.options.delete_environment {
            self.delete_environment(&deployment.environment).await?;
        }
        match self.send_delete(id).await {
            Err(error) if error.kind() == ErrorKind::Invalid => {
                self.console.debug(&error.to_string());
                if !self.options.deactivate {
                    self.say_active(id);
                    return Ok(false);
                }
            }
            done => return done.map(|()| true),
        }
        self.deactivate(id).await?;
        self.send_delete(id).await.map(|()| true)
    }

    /// Whether somebody still needs the deployment: a run that goes on, or its visitors.
    async fn is_in_use(
        &mut self,
        deployment: &Deployment,
        latest: Option<&Status>,
    ) -> Result<bool, ApiError> {
        let id = deployment.id;
        match latest {
            Some(latest) if latest.state == State::Success.as_str() => {
                if self.options.deactivate {
                    self.deactivate(id).await?;
                    return Ok(false);
                }
                self.say_active(id);
                Ok(true)
            }
            Some(latest) if latest.is_final() => Ok(false),
            _ if bulk::age(deployment) >= LONGEST_JOB => Ok(false),
            _ => {
                let (is_in_use, why) = match self.runs.liveness(deployment, latest).await? {
                    Liveness::Over => return Ok(false),
                    Liveness::Going => (true, "its run goes on"),
                    Liveness::Unknown | Liveness::Foreign => (
                        !self.options.any_owner,
                        "its run is not known to be over; `any-owner: true` takes it all the same",
                    ),
                };
                if is_in_use {
                    self.console.info(&format!("deployment {id} is open: left alone, since {why}"));
                }
                Ok(is_in_use)
            }
        }
    }

    async fn deactivate(&mut self, id: DeploymentId) -> Result<(), ApiError> {
        self.pace.before_post().await;
        let publisher = StatusPublisher::new(self.github, id, self.inputs.api_timeout);
        publisher.post(&NewStatus::of(State::Inactive)).await.map(drop)
    }

    /// One that is gone already was deleted by an earlier call, or by an earlier try.
    async fn send_delete(&self, id: DeploymentId) -> Result<(), ApiError> {
        let deadline = Instant::now() + REQUEST_LIMIT;
        let github = self.github;
        match github.reading(deadline, |limit| github.delete_deployment(id, limit)).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    async fn delete_environment(&mut self, name: &str) -> Result<(), ApiError> {
        let deadline = Instant::now() + REQUEST_LIMIT;
        let github = self.github;
        match github.reading(deadline, |limit| github.delete_environment(name, limit)).await {
            Ok(()) if self.inputs.dry_run => Ok(()),
            Ok(()) => {
                self.console.info(&format!("environment `{name}` is deleted"));
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            // A workflow's own token never may, so this is no failure.
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                self.console.annotate(Level::Warning, &error.in_full());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn say_active(&self, id: DeploymentId) {
        self.console.info(&format!(
            "deployment {id} is active: left alone; `state: inactive` makes it inactive first"
        ));
    }
}
