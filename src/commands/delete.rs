//! `delete`: removes an environment's deployments that are no longer needed.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::bulk::{self, Liveness, Pace, Progress, REQUEST_LIMIT, RunLookup};
use crate::deployment::{Deployment, DeploymentId, NewStatus, State, Status};
use crate::github::{ApiError, ErrorKind, Github};
use crate::inputs::{Backend, DeleteOptions, Inputs};
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;

/// A younger deployment may be open, and its run may go on: its status is read first.
const LONGEST_JOB: Duration = Duration::from_hours(5 * 24);

/// Deletes what the options name, oldest first. What was deleted before is no error, so that an
/// interrupted call can be repeated.
///
/// # Errors
/// When the deployments cannot be listed. A deployment that GitHub refuses to delete is annotated,
/// the others are deleted all the same, and the first refusal is returned at the end.
pub(super) async fn delete(
    github: &Github,
    inputs: &Inputs,
    options: &DeleteOptions,
    console: &Console,
) -> Result<(), ApiError> {
    let deployments = bulk::deployments_of(github, Some(&options.environment)).await?;
    if deployments.is_empty() {
        let environment = &options.environment;
        console.annotate(Level::Notice, &format!("no deployment to `{environment}` was found"));
    }
    let repository = match &inputs.backend {
        Backend::Github(api) => Some(&api.repository),
        Backend::Sandbox => None,
    };
    let mut deletion = Deletion {
        github,
        inputs,
        options,
        console,
        runs: RunLookup::new(github, repository),
        pace: Pace::new(),
        progress: Progress::new(console, "deployments were looked at", deployments.len()),
        deleted: 0,
        refusal: None,
    };
    let mut environments = by_environment(deployments);
    if environments.is_empty()
        && let Some(name) = options.environment.name()
    {
        environments.insert(name.to_lowercase(), Vec::new());
    }
    for newest_first in environments.values() {
        deletion.of_environment(newest_first).await?;
    }
    let done = if inputs.dry_run { "would be deleted" } else { "deleted" };
    console.info(&format!("{} deployments {done}", deletion.deleted));
    deletion.refusal.map_or(Ok(()), Err)
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
    progress: Progress<'a>,
    deleted: usize,
    refusal: Option<ApiError>,
}

impl Deletion<'_> {
    async fn of_environment(&mut self, newest_first: &[Deployment]) -> Result<(), ApiError> {
        let keep = usize::try_from(self.options.keep).unwrap_or(usize::MAX);
        let mut left = newest_first.len();
        for (index, deployment) in newest_first.iter().enumerate().rev() {
            self.progress.step();
            let is_old = self.options.older_than.is_none_or(|age| bulk::age(deployment) >= age);
            if index < keep || !is_old {
                continue;
            }
            bulk::wait_for_quota(self.github, self.console).await;
            match self.delete_one(deployment, left == 1).await {
                Ok(true) => {
                    left -= 1;
                    self.deleted += 1;
                    self.console.debug(&format!("deployment {} is deleted", deployment.id));
                }
                Ok(false) => {}
                Err(error) => self.refuse(error)?,
            }
        }
        if self.options.delete_environment {
            self.delete_environment(newest_first, left).await?;
        }
        Ok(())
    }

    /// Whether the deployment is gone. GitHub itself deletes an active one only if it is the last
    /// of its environment.
    async fn delete_one(
        &mut self,
        deployment: &Deployment,
        is_last: bool,
    ) -> Result<bool, ApiError> {
        let id = deployment.id;
        let may_be_open = bulk::age(deployment) < LONGEST_JOB;
        if may_be_open || is_last {
            let latest = bulk::latest(self.github, id).await?;
            if self.is_in_use(deployment, latest.as_ref()).await? {
                return Ok(false);
            }
        }
        let error = match self.send_delete(id).await {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) if error.kind() == ErrorKind::Invalid => error,
            Err(error) => return Err(error),
        };
        if !self.options.deactivate {
            self.say_active(id);
            self.console.debug(&error.to_string());
            return Ok(false);
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
            _ => {
                let is_over = match self.runs.liveness(deployment, latest).await? {
                    Liveness::Over => true,
                    Liveness::Going => false,
                    Liveness::Unknown | Liveness::Foreign => self.options.any_owner,
                };
                if !is_over {
                    let help = "its run may still be going on; `any-owner: true` takes it all the \
                                same where the run is unknown";
                    self.console
                        .info(&format!("deployment {id} is open: left alone, since {help}"));
                }
                Ok(!is_over)
            }
        }
    }

    async fn deactivate(&mut self, id: DeploymentId) -> Result<(), ApiError> {
        self.pace.before_post().await;
        let publisher = StatusPublisher::new(self.github, id, self.inputs.api_timeout);
        publisher.post(&NewStatus::of(State::Inactive)).await.map(drop)
    }

    async fn send_delete(&self, id: DeploymentId) -> Result<(), ApiError> {
        let deadline = Instant::now() + REQUEST_LIMIT;
        let github = self.github;
        github.reading(deadline, |limit| github.delete_deployment(id, limit)).await
    }

    async fn delete_environment(
        &mut self,
        deployments: &[Deployment],
        left: usize,
    ) -> Result<(), ApiError> {
        let name = match deployments.first() {
            Some(deployment) => deployment.environment.clone(),
            None => self.options.environment.to_string(),
        };
        if left > 0 {
            self.console.info(&format!(
                "environment `{name}` still has {left} deployments: it is not deleted"
            ));
            return Ok(());
        }
        let deadline = Instant::now() + REQUEST_LIMIT;
        let github = self.github;
        match github.reading(deadline, |limit| github.delete_environment(&name, limit)).await {
            Ok(()) => self.console.info(&format!("environment `{name}` is deleted")),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            // A workflow's own token never may, so this is no failure.
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                self.console.annotate(Level::Warning, &error.in_full());
            }
            Err(error) => self.refuse(error)?,
        }
        Ok(())
    }

    /// Goes on after a refusal, unless the next one would be the same.
    fn refuse(&mut self, error: ApiError) -> Result<(), ApiError> {
        self.console.annotate(Level::Warning, &error.in_full());
        if matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden) {
            return Err(error);
        }
        self.refusal.get_or_insert(error);
        Ok(())
    }

    fn say_active(&self, id: DeploymentId) {
        self.console.info(&format!(
            "deployment {id} is active: left alone; `state: inactive` makes it inactive first"
        ));
    }
}
