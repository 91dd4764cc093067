//! The state: repositories, their deployments, statuses, environments, workflow runs and pull
//! requests. It knows nothing of HTTP, and it checks nothing that `request_body` has checked.

mod deployment;
mod environment;
mod pull_request;
mod seed;
mod workflow_run;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::time::Instant;

pub(super) use deployment::{Deployment, Status};
pub(super) use environment::{Environment, is_same_environment};
pub(super) use pull_request::{PullRequest, PullState};
pub(crate) use seed::Seed;
pub(super) use workflow_run::WorkflowRun;

use super::request::{Control, RepositoryName};
use super::request_body::{DeploymentParams, StatusParams};
use crate::deployment::State;

/// The ids of deployments, statuses, repositories and environments start apart, so that mixing
/// them up shows.
const FIRST_DEPLOYMENT: u64 = 1001;
const FIRST_STATUS: u64 = 500_001;
const FIRST_REPOSITORY: u64 = 70_001;
const FIRST_ENVIRONMENT: u64 = 80_001;

/// Everything that the sandbox holds.
#[derive(Debug)]
pub(super) struct Store {
    repositories: Vec<Repository>,
    contents: Contents,
    next_ids: NextIds,
}

/// What is in every repository from the start.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) deployments: Vec<Seed>,
    pub(super) workflow_runs: Vec<WorkflowRun>,
    pub(super) pull_requests: Vec<PullRequest>,
    /// How far the time of creation of everything lies back.
    pub(super) age: Duration,
}

#[derive(Debug)]
struct NextIds {
    deployment: u64,
    status: u64,
    environment: u64,
}

#[derive(Debug)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
    /// Oldest first.
    pub(super) deployments: Vec<Deployment>,
    pub(super) environments: Vec<Environment>,
    workflow_runs: Vec<WorkflowRun>,
    pull_requests: Vec<PullRequest>,
}

/// When something was created, and by whom.
#[derive(Clone, Debug)]
pub(super) struct Created {
    /// What GitHub shows; it may lie back.
    pub(super) time: SystemTime,
    /// When it really was, on tokio's clock, which tests can pause.
    instant: Instant,
    /// `None` is the bot of a workflow's token.
    pub(super) login: Option<String>,
}

/// Why a deployment cannot be deleted.
pub(super) enum DeleteError {
    NotFound,
    StillActive,
}

impl Store {
    pub(super) fn new(contents: Contents) -> Self {
        let highest = contents.deployments.iter().map(|seed| seed.id).max().unwrap_or_default();
        let next_ids = NextIds {
            deployment: FIRST_DEPLOYMENT.max(highest.saturating_add(1)),
            status: FIRST_STATUS,
            environment: FIRST_ENVIRONMENT,
        };
        Self { repositories: Vec::new(), contents, next_ids }
    }

    /// Finds a repository; one that is named `owner/name` is created when it is first asked for.
    pub(super) fn repository(&mut self, name: &RepositoryName) -> Option<&mut Repository> {
        self.find_or_create(name).map(|(repository, _)| repository)
    }

    pub(super) fn create_deployment(
        &mut self,
        name: &RepositoryName,
        params: DeploymentParams,
        control: &Control,
    ) -> Option<(&Repository, &Deployment)> {
        let created = self.created(control);
        let (repository, next_ids) = self.find_or_create(name)?;
        let id = next_ids.deployment;
        next_ids.deployment += 1;
        repository.add(next_ids, Deployment::new(id, params, created));
        repository.deployments.last().map(|made| (&*repository, made))
    }

    /// Adds a status; `None` if there is no such deployment. A success makes the environment's
    /// older deployments inactive, unless `auto_inactive` is false.
    pub(super) fn create_status(
        &mut self,
        name: &RepositoryName,
        deployment: u64,
        params: StatusParams,
        control: &Control,
    ) -> Option<(&Repository, &Deployment, &Status)> {
        let created = self.created(control);
        let (repository, next_ids) = self.find_or_create(name)?;
        let index = repository.deployments.iter().position(|each| each.id == deployment)?;
        let replaces = params.state == State::Success && params.auto_inactive;
        repository.deployments[index].add(next_ids, params, created.clone());
        let environment = repository.deployments[index].environment.clone();
        repository.add_environment(next_ids, &environment, created.time);
        if replaces {
            for old in &mut repository.deployments[..index] {
                if is_same_environment(&old.environment, &environment) && old.is_replaceable() {
                    old.add(next_ids, StatusParams::with_state(State::Inactive), created.clone());
                }
            }
        }
        let made = &repository.deployments[index];
        made.statuses.last().map(|status| (&*repository, made, status))
    }

    fn created(&self, control: &Control) -> Created {
        Created::ago(control.age.unwrap_or(self.contents.age), control.creator.clone())
    }

    fn find_or_create(&mut self, name: &RepositoryName) -> Option<(&mut Repository, &mut NextIds)> {
        let index = match (self.repositories.iter().position(|each| each.is(name)), name) {
            (Some(index), _) => index,
            (None, RepositoryName::Id(_)) => return None,
            (None, RepositoryName::Slug { owner, name }) => {
                let count = self.repositories.len();
                let id = FIRST_REPOSITORY + count as u64;
                let repository =
                    Repository::new(id, owner, name, &self.contents, &mut self.next_ids);
                self.repositories.push(repository);
                count
            }
        };
        Some((&mut self.repositories[index], &mut self.next_ids))
    }
}

impl Repository {
    fn new(id: u64, owner: &str, name: &str, contents: &Contents, next_ids: &mut NextIds) -> Self {
        let mut repository = Self {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            deployments: Vec::new(),
            environments: Vec::new(),
            workflow_runs: contents.workflow_runs.clone(),
            pull_requests: contents.pull_requests.clone(),
        };
        for Seed { id, environment } in &contents.deployments {
            let params = DeploymentParams::defaults("main", environment, Value::Null);
            let created = Created::ago(contents.age, None);
            repository.add(next_ids, Deployment::new(*id, params, created));
        }
        repository
    }

    fn is(&self, name: &RepositoryName) -> bool {
        match name {
            RepositoryName::Id(id) => self.id == *id,
            RepositoryName::Slug { owner, name } => {
                self.owner.eq_ignore_ascii_case(owner) && self.name.eq_ignore_ascii_case(name)
            }
        }
    }

    fn add(&mut self, next_ids: &mut NextIds, deployment: Deployment) {
        self.add_environment(next_ids, &deployment.environment, deployment.created.time);
        self.deployments.push(deployment);
    }

    fn add_environment(&mut self, next_ids: &mut NextIds, name: &str, created: SystemTime) {
        if self.environment(name).is_none() {
            let id = next_ids.environment;
            next_ids.environment += 1;
            self.environments.push(Environment { id, name: name.to_owned(), created });
        }
    }

    pub(super) fn deployment(&self, id: u64) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.id == id)
    }

    pub(super) fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|each| is_same_environment(&each.name, name))
    }

    pub(super) fn workflow_run(&self, id: u64) -> Option<&WorkflowRun> {
        self.workflow_runs.iter().find(|run| run.id == id)
    }

    pub(super) fn pull_request(&self, number: u64) -> Option<&PullRequest> {
        self.pull_requests.iter().find(|pull_request| pull_request.number == number)
    }

    pub(super) fn put_workflow_run(&mut self, run: WorkflowRun) {
        self.workflow_runs.retain(|each| each.id != run.id);
        self.workflow_runs.push(run);
    }

    pub(super) fn put_pull_request(&mut self, pull_request: PullRequest) {
        self.pull_requests.retain(|each| each.number != pull_request.number);
        self.pull_requests.push(pull_request);
    }

    /// Deletes a deployment, unless it is active and not the only one in its environment.
    /// <https://docs.github.com/en/rest/deployments/deployments#delete-a-deployment>
    pub(super) fn delete_deployment(&mut self, id: u64) -> Result<(), DeleteError> {
        let deployment = self.deployment(id).ok_or(DeleteError::NotFound)?;
        let is_in_environment =
            |each: &&Deployment| is_same_environment(&each.environment, &deployment.environment);
        if deployment.state() == Some(State::Success)
            && self.deployments.iter().filter(is_in_environment).count() > 1
        {
            return Err(DeleteError::StillActive);
        }
        self.deployments.retain(|each| each.id != id);
        Ok(())
    }

    /// Deletes an environment, whose deployments stay. False if there is none.
    pub(super) fn delete_environment(&mut self, name: &str) -> bool {
        let count = self.environments.len();
        self.environments.retain(|each| !is_same_environment(&each.name, name));
        self.environments.len() < count
    }
}

impl Created {
    fn ago(age: Duration, login: Option<String>) -> Self {
        let time = SystemTime::now().checked_sub(age).unwrap_or(UNIX_EPOCH).max(UNIX_EPOCH);
        Self { time, instant: Instant::now(), login }
    }

    /// Whether lists that are `lag` behind show it.
    pub(super) fn is_visible(&self, lag: Duration) -> bool {
        self.instant.elapsed() >= lag
    }
}

#[cfg(test)]
mod tests;
