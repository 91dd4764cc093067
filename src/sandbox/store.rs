//! The state: repositories, their deployments and statuses, and how these affect each other.
//! It knows nothing of HTTP or JSON, and it checks nothing that `request_body` has checked.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::time::Instant;

use super::Seed;
use super::request::RepositoryName;
use super::request_body::{DeploymentParams, StatusParams};
use crate::deployment::State;

/// The ids of deployments, statuses and repositories start apart, so that mixing them up shows.
const FIRST_DEPLOYMENT: u64 = 1001;
const FIRST_STATUS: u64 = 500_001;
const FIRST_REPOSITORY: u64 = 70_001;

/// Everything that the sandbox holds.
#[derive(Debug)]
pub(super) struct Store {
    repositories: Vec<Repository>,
    seeds: Vec<Seed>,
    ids: Ids,
}

#[derive(Debug)]
struct Ids {
    next_deployment: u64,
    next_status: u64,
}

#[derive(Debug)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
    /// Oldest first.
    pub(super) deployments: Vec<Deployment>,
}

#[derive(Clone, Debug)]
pub(super) struct Deployment {
    pub(super) id: u64,
    pub(super) params: DeploymentParams,
    /// A status may move a deployment to another environment than the one that was requested.
    pub(super) environment: String,
    pub(super) created: SystemTime,
    /// The same on tokio's clock, which tests can pause.
    pub(super) created_instant: Instant,
    pub(super) updated: SystemTime,
    /// Oldest first.
    pub(super) statuses: Vec<Status>,
}

#[derive(Clone, Debug)]
pub(super) struct Status {
    pub(super) id: u64,
    pub(super) state: State,
    pub(super) description: String,
    pub(super) environment: String,
    pub(super) environment_url: String,
    /// What GitHub shows as `log_url` and as `target_url`.
    pub(super) log_url: String,
    pub(super) created: SystemTime,
    pub(super) created_instant: Instant,
}

/// Why a deployment cannot be deleted.
pub(super) enum DeleteError {
    NotFound,
    StillActive,
}

impl Store {
    pub(super) fn new(seeds: Vec<Seed>) -> Self {
        let highest = seeds.iter().map(|seed| seed.id).max().unwrap_or_default();
        let next_deployment = FIRST_DEPLOYMENT.max(highest.saturating_add(1));
        let ids = Ids { next_deployment, next_status: FIRST_STATUS };
        Self { repositories: Vec::new(), seeds, ids }
    }

    /// Finds a repository; one that is named `owner/name` is created when it is first asked for.
    pub(super) fn repository(&mut self, name: &RepositoryName) -> Option<&mut Repository> {
        self.find_or_create(name).map(|(repository, _)| repository)
    }

    pub(super) fn create_deployment(
        &mut self,
        name: &RepositoryName,
        params: DeploymentParams,
    ) -> Option<(&Repository, &Deployment)> {
        let (repository, ids) = self.find_or_create(name)?;
        let deployment = Deployment::new(ids.next_deployment, params);
        ids.next_deployment += 1;
        repository.deployments.push(deployment);
        repository.deployments.last().map(|made| (&*repository, made))
    }

    /// Adds a status; `None` if there is no such deployment. A success makes the environment's
    /// older deployments inactive, unless `auto_inactive` is false.
    pub(super) fn create_status(
        &mut self,
        name: &RepositoryName,
        deployment: u64,
        params: StatusParams,
    ) -> Option<(&Repository, &Deployment, &Status)> {
        let (repository, ids) = self.find_or_create(name)?;
        let index = repository.deployments.iter().position(|each| each.id == deployment)?;
        let replaces = params.state == State::Success && params.auto_inactive;
        repository.deployments[index].add(ids, params);
        let (prior, rest) = repository.deployments.split_at_mut(index);
        if replaces {
            for old in prior {
                if old.environment == rest[0].environment && old.is_replaceable() {
                    old.add(ids, StatusParams::with_state(State::Inactive));
                }
            }
        }
        let made = &repository.deployments[index];
        made.statuses.last().map(|status| (&*repository, made, status))
    }

    fn find_or_create(&mut self, name: &RepositoryName) -> Option<(&mut Repository, &mut Ids)> {
        let index = match (self.repositories.iter().position(|each| each.is(name)), name) {
            (Some(index), _) => index,
            (None, RepositoryName::Id(_)) => return None,
            (None, RepositoryName::Slug { owner, name }) => {
                let count = self.repositories.len();
                self.repositories.push(Repository {
                    id: FIRST_REPOSITORY + count as u64,
                    owner: owner.clone(),
                    name: name.clone(),
                    deployments: self.seeds.iter().map(Deployment::seeded).collect(),
                });
                count
            }
        };
        Some((&mut self.repositories[index], &mut self.ids))
    }
}

impl Repository {
    fn is(&self, name: &RepositoryName) -> bool {
        match name {
            RepositoryName::Id(id) => self.id == *id,
            RepositoryName::Slug { owner, name } => {
                self.owner.eq_ignore_ascii_case(owner) && self.name.eq_ignore_ascii_case(name)
            }
        }
    }

    pub(super) fn deployment(&self, id: u64) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.id == id)
    }

    /// Deletes a deployment, unless it is active and not the only one in its environment.
    pub(super) fn delete(&mut self, id: u64) -> Result<(), DeleteError> {
        let deployment = self.deployment(id).ok_or(DeleteError::NotFound)?;
        let of_environment =
            self.deployments.iter().filter(|each| each.environment == deployment.environment);
        if deployment.state() == Some(State::Success) && of_environment.count() > 1 {
            return Err(DeleteError::StillActive);
        }
        self.deployments.retain(|each| each.id != id);
        Ok(())
    }
}

impl Deployment {
    fn new(id: u64, params: DeploymentParams) -> Self {
        let now = SystemTime::now();
        let environment = params.environment.clone();
        Self {
            id,
            params,
            environment,
            created: now,
            created_instant: Instant::now(),
            updated: now,
            statuses: Vec::new(),
        }
    }

    fn seeded(seed: &Seed) -> Self {
        Self::new(seed.id, DeploymentParams::defaults("main", &seed.environment, Value::Null))
    }

    fn state(&self) -> Option<State> {
        self.statuses.last().map(|status| status.state)
    }

    /// <https://docs.github.com/en/rest/deployments/statuses#inactive-deployments>
    fn is_replaceable(&self) -> bool {
        let was_live = self.statuses.iter().any(|status| status.state == State::Success);
        was_live
            && self.state() != Some(State::Inactive)
            && !self.params.transient
            && !self.params.production
    }

    fn add(&mut self, ids: &mut Ids, params: StatusParams) {
        let now = SystemTime::now();
        if let Some(environment) = params.environment {
            self.environment = environment;
        }
        self.statuses.push(Status {
            id: ids.next_status,
            state: params.state,
            description: params.description,
            environment: self.environment.clone(),
            environment_url: params.environment_url,
            log_url: params.log_url,
            created: now,
            created_instant: Instant::now(),
        });
        ids.next_status += 1;
        self.updated = now;
    }
}

/// Whether lists that are `lag` behind show what was created then.
pub(super) fn is_visible(created_instant: Instant, lag: Duration) -> bool {
    created_instant.elapsed() >= lag
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGING: &str = "staging";

    fn name() -> RepositoryName {
        RepositoryName::Slug { owner: "octo".to_owned(), name: "app".to_owned() }
    }

    fn deploy(store: &mut Store, environment: &str) -> u64 {
        let params = DeploymentParams::defaults("main", environment, Value::Null);
        store.create_deployment(&name(), params).expect("a name makes a repository").1.id
    }

    fn post(store: &mut Store, id: u64, state: State) {
        let params = StatusParams::with_state(state);
        store.create_status(&name(), id, params).expect("the deployment is there");
    }

    fn states(store: &mut Store, id: u64) -> Vec<State> {
        let repository = store.repository(&name()).expect("a name makes a repository");
        let deployment = repository.deployment(id).expect("the deployment is there");
        deployment.statuses.iter().map(|status| status.state).collect()
    }

    #[test]
    fn a_success_takes_earlier_successes_of_its_environment_out_of_service() {
        let mut store = Store::new(Vec::new());
        let [old, failed, elsewhere, new] =
            [STAGING, STAGING, "qa", STAGING].map(|environment| deploy(&mut store, environment));
        post(&mut store, old, State::Success);
        post(&mut store, failed, State::Failure);
        post(&mut store, elsewhere, State::Success);

        post(&mut store, new, State::Success);

        assert_eq!(states(&mut store, old), [State::Success, State::Inactive]);
        assert_eq!(states(&mut store, failed), [State::Failure]);
        assert_eq!(states(&mut store, elsewhere), [State::Success]);
        assert_eq!(states(&mut store, new), [State::Success]);
    }

    #[test]
    fn production_deployments_stay_in_service() {
        let mut store = Store::new(Vec::new());
        let [old, new] = ["production"; 2].map(|environment| deploy(&mut store, environment));
        post(&mut store, old, State::Success);
        post(&mut store, new, State::Success);
        assert_eq!(states(&mut store, old), [State::Success]);
    }

    #[test]
    fn a_repository_is_the_same_in_any_case_and_by_its_id() {
        let mut store = Store::new(Vec::new());
        let id = deploy(&mut store, STAGING);
        let loud = RepositoryName::Slug { owner: "OCTO".to_owned(), name: "App".to_owned() };
        let repository = store.repository(&loud).expect("a name makes a repository");
        assert!(repository.deployment(id).is_some());
        let by_id = RepositoryName::Id(repository.id);
        assert!(store.repository(&by_id).is_some());
        assert!(store.repository(&RepositoryName::Id(1)).is_none());
    }
}
