//! A deployment and its statuses.

use std::time::{Duration, SystemTime};

use super::{Created, NextIds};
use crate::deployment::State;
use crate::sandbox::request_body::{DeploymentParams, StatusParams};
use crate::sandbox::sha;

/// GitHub drops statuses that are older; a deployment keeps its state.
/// <https://docs.github.com/en/rest/deployments/statuses>
const STATUS_RETENTION: Duration = Duration::from_hours(90 * 24);

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Deployment {
    pub(in crate::sandbox) id: u64,
    pub(in crate::sandbox) params: DeploymentParams,
    pub(in crate::sandbox) sha: String,
    /// A status may move a deployment to another environment than the one that was requested.
    pub(in crate::sandbox) environment: String,
    pub(in crate::sandbox) created: Created,
    pub(in crate::sandbox) updated: SystemTime,
    /// Oldest first.
    pub(super) statuses: Vec<Status>,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Status {
    pub(in crate::sandbox) id: u64,
    pub(in crate::sandbox) state: State,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) environment: String,
    pub(in crate::sandbox) environment_url: String,
    /// What GitHub shows as `log_url` and as `target_url`.
    pub(in crate::sandbox) log_url: String,
    pub(in crate::sandbox) created: Created,
}

impl Status {
    /// A status that is older than all others.
    pub(in crate::sandbox) fn waiting(deployment: &Deployment) -> Self {
        Self {
            id: 1,
            state: State::Pending,
            description: String::new(),
            environment: deployment.environment.clone(),
            environment_url: String::new(),
            log_url: String::new(),
            created: deployment.created.clone(),
        }
    }
}

impl Deployment {
    pub(super) fn new(id: u64, params: DeploymentParams, created: Created) -> Self {
        Self {
            id,
            sha: sha::of(&params.git_ref),
            environment: params.environment.clone(),
            params,
            updated: created.time,
            created,
            statuses: Vec::new(),
        }
    }

    /// The statuses that GitHub still has, newest first.
    pub(in crate::sandbox) fn statuses(&self) -> impl Iterator<Item = &Status> {
        let is_kept = |status: &&Status| {
            let age = SystemTime::now().duration_since(status.created.time).unwrap_or_default();
            age < STATUS_RETENTION
        };
        self.statuses.iter().rev().filter(is_kept)
    }

    pub(super) fn state(&self) -> Option<State> {
        self.statuses.last().map(|status| status.state)
    }

    /// <https://docs.github.com/en/rest/deployments/statuses#inactive-deployments>
    pub(super) fn is_replaceable(&self) -> bool {
        let was_active = self.statuses.iter().any(|status| status.state == State::Success);
        was_active
            && self.state() != Some(State::Inactive)
            && !self.params.transient
            && !self.params.production
    }

    pub(super) fn add(&mut self, next_ids: &mut NextIds, params: StatusParams, created: Created) {
        if let Some(environment) = params.environment {
            self.environment = environment;
        }
        self.updated = created.time;
        self.statuses.push(Status {
            id: next_ids.status,
            state: params.state,
            description: params.description,
            environment: self.environment.clone(),
            environment_url: params.environment_url,
            log_url: params.log_url,
            created,
        });
        next_ids.status += 1;
    }
}
