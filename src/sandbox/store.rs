//! The model: repositories, their deployments, the statuses of these, and how they touch each other.
//! It knows nothing of HTTP or JSON, and it checks nothing that `request_body` has checked.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::time::Instant;

use super::Seed;
use super::request::RepositoryName;
use super::request_body::{DeploymentOrder, StatusOrder};
use crate::deployment::State;

/// The ids of deployments, statuses and repositories start apart, so that mixing them up shows.
const FIRST_DEPLOYMENT: u64 = 1001;
const FIRST_STATUS: u64 = 500_001;
const FIRST_REPOSITORY: u64 = 70_001;

/// Everything that this GitHub holds.
#[derive(Debug)]
pub(super) struct World {
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
    pub(super) order: DeploymentOrder,
    /// A status may move a deployment to another environment than the one that was ordered.
    pub(super) environment: String,
    pub(super) created: SystemTime,
    /// The same, on the clock that tests can turn.
    pub(super) since: Instant,
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
    pub(super) since: Instant,
}

/// Why a deployment stays.
pub(super) enum Undeletable {
    NotThere,
    Active,
}

impl World {
    pub(super) fn new(seeds: Vec<Seed>) -> Self {
        let highest = seeds.iter().map(|seed| seed.id).max().unwrap_or_default();
        let next_deployment = FIRST_DEPLOYMENT.max(highest.saturating_add(1));
        let ids = Ids { next_deployment, next_status: FIRST_STATUS };
        Self { repositories: Vec::new(), seeds, ids }
    }

    /// Finds a repository; one with a name comes into being when it is first asked for.
    pub(super) fn repository(&mut self, name: &RepositoryName) -> Option<&mut Repository> {
        self.open(name).map(|(repository, _)| repository)
    }

    pub(super) fn create_deployment(
        &mut self,
        name: &RepositoryName,
        order: DeploymentOrder,
    ) -> Option<(&Repository, &Deployment)> {
        let (repository, ids) = self.open(name)?;
        let deployment = Deployment::new(ids.next_deployment, order);
        ids.next_deployment += 1;
        repository.deployments.push(deployment);
        repository.deployments.last().map(|made| (&*repository, made))
    }

    /// Adds a status; None if there is no such deployment. A success takes its predecessors out of
    /// service, unless the order says otherwise.
    pub(super) fn create_status(
        &mut self,
        name: &RepositoryName,
        deployment: u64,
        order: StatusOrder,
    ) -> Option<(&Repository, &Deployment, &Status)> {
        let (repository, ids) = self.open(name)?;
        let index = repository.deployments.iter().position(|each| each.id == deployment)?;
        let replaces = order.state == State::Success && order.auto_inactive;
        repository.deployments[index].add(ids, order);
        let (prior, rest) = repository.deployments.split_at_mut(index);
        if replaces {
            for old in prior {
                if old.environment == rest[0].environment && old.is_replaceable() {
                    old.add(ids, StatusOrder::bare(State::Inactive));
                }
            }
        }
        let made = &repository.deployments[index];
        made.statuses.last().map(|status| (&*repository, made, status))
    }

    fn open(&mut self, name: &RepositoryName) -> Option<(&mut Repository, &mut Ids)> {
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

    /// Forgets a deployment, unless it is live and has company in its environment.
    pub(super) fn delete(&mut self, id: u64) -> Result<(), Undeletable> {
        let deployment = self.deployment(id).ok_or(Undeletable::NotThere)?;
        let of_environment =
            self.deployments.iter().filter(|each| each.environment == deployment.environment);
        if deployment.state() == Some(State::Success) && of_environment.count() > 1 {
            return Err(Undeletable::Active);
        }
        self.deployments.retain(|each| each.id != id);
        Ok(())
    }
}

impl Deployment {
    fn new(id: u64, order: DeploymentOrder) -> Self {
        let now = SystemTime::now();
        let environment = order.environment.clone();
        Self {
            id,
            order,
            environment,
            created: now,
            since: Instant::now(),
            updated: now,
            statuses: Vec::new(),
        }
    }

    fn seeded(seed: &Seed) -> Self {
        Self::new(seed.id, DeploymentOrder::plain("main", &seed.environment, Value::Null))
    }

    fn state(&self) -> Option<State> {
        self.statuses.last().map(|status| status.state)
    }

    /// <https://docs.github.com/en/rest/deployments/statuses#inactive-deployments>
    fn is_replaceable(&self) -> bool {
        let was_live = self.statuses.iter().any(|status| status.state == State::Success);
        was_live
            && self.state() != Some(State::Inactive)
            && !self.order.transient
            && !self.order.production
    }

    fn add(&mut self, ids: &mut Ids, order: StatusOrder) {
        let now = SystemTime::now();
        if let Some(environment) = order.environment {
            self.environment = environment;
        }
        self.statuses.push(Status {
            id: ids.next_status,
            state: order.state,
            description: order.description,
            environment: self.environment.clone(),
            environment_url: order.environment_url,
            log_url: order.log_url,
            created: now,
            since: Instant::now(),
        });
        ids.next_status += 1;
        self.updated = now;
    }
}

/// Whether a reader sees by now what was made then, if readers lag behind.
pub(super) fn has_arrived(since: Instant, lag: Duration) -> bool {
    since.elapsed() >= lag
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGING: &str = "staging";

    fn name() -> RepositoryName {
        RepositoryName::Slug { owner: "octo".to_owned(), name: "app".to_owned() }
    }

    fn deploy(world: &mut World, environment: &str) -> u64 {
        let order = DeploymentOrder::plain("main", environment, Value::Null);
        world.create_deployment(&name(), order).expect("a name makes a repository").1.id
    }

    fn post(world: &mut World, id: u64, state: State) {
        let order = StatusOrder::bare(state);
        world.create_status(&name(), id, order).expect("the deployment is there");
    }

    fn states(world: &mut World, id: u64) -> Vec<State> {
        let repository = world.repository(&name()).expect("a name makes a repository");
        let deployment = repository.deployment(id).expect("the deployment is there");
        deployment.statuses.iter().map(|status| status.state).collect()
    }

    #[test]
    fn a_success_takes_earlier_successes_of_its_environment_out_of_service() {
        let mut world = World::new(Vec::new());
        let [old, failed, elsewhere, new] =
            [STAGING, STAGING, "qa", STAGING].map(|environment| deploy(&mut world, environment));
        post(&mut world, old, State::Success);
        post(&mut world, failed, State::Failure);
        post(&mut world, elsewhere, State::Success);

        post(&mut world, new, State::Success);

        assert_eq!(states(&mut world, old), [State::Success, State::Inactive]);
        assert_eq!(states(&mut world, failed), [State::Failure]);
        assert_eq!(states(&mut world, elsewhere), [State::Success]);
        assert_eq!(states(&mut world, new), [State::Success]);
    }

    #[test]
    fn production_deployments_stay_in_service() {
        let mut world = World::new(Vec::new());
        let [old, new] = ["production"; 2].map(|environment| deploy(&mut world, environment));
        post(&mut world, old, State::Success);
        post(&mut world, new, State::Success);
        assert_eq!(states(&mut world, old), [State::Success]);
    }

    #[test]
    fn a_repository_is_the_same_in_any_case_and_by_its_id() {
        let mut world = World::new(Vec::new());
        let id = deploy(&mut world, STAGING);
        let loud = RepositoryName::Slug { owner: "OCTO".to_owned(), name: "App".to_owned() };
        let repository = world.repository(&loud).expect("a name makes a repository");
        assert!(repository.deployment(id).is_some());
        let by_id = RepositoryName::Id(repository.id);
        assert!(world.repository(&by_id).is_some());
        assert!(world.repository(&RepositoryName::Id(1)).is_none());
    }
}
