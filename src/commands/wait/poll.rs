//! Reads the deployments that are waited for, again and again. What has not changed since the last
//! time costs nothing of the rate limit.
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate>

use std::collections::BTreeMap;
use std::time::Duration;

use super::report::Ended;
use crate::deployment::{Deployment, DeploymentId, Status};
use crate::github::{ApiError, EntityTag, Filter, Github, PER_PAGE};
use crate::inputs::{EnvironmentGlob, Inputs, WaitOptions};

/// One request of a poll.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

/// What is waited for, and what was read of it.
pub(super) struct Watched {
    which: Which,
    statuses: BTreeMap<DeploymentId, Known<Option<Status>>>,
}

enum Which {
    One(DeploymentId, Option<Deployment>),
    /// The newest of each environment that matches.
    Matching {
        filter: Filter,
        glob: EnvironmentGlob,
        deployments: Known<Vec<Deployment>>,
    },
}

/// A value that was read, and the tag to ask whether it has changed.
struct Known<T> {
    etag: Option<EntityTag>,
    value: T,
}

impl Watched {
    /// # Errors
    /// When neither a deployment nor an environment and a commit are known.
    pub(super) fn new(inputs: &Inputs, options: &WaitOptions) -> anyhow::Result<Self> {
        let target = &inputs.target;
        let which = match (target.deployment_id, &options.environment) {
            (Some(id), _) => Which::One(id, None),
            (None, Some(glob)) => {
                let Some(git_ref) = target.git_ref.as_ref().or(target.commit.as_ref()) else {
                    anyhow::bail!(
                        "cannot wait: it is not known for which commit\nhelp: set the input `ref`"
                    );
                };
                let environment = glob.name().map(str::to_owned);
                let task = target.task.clone();
                let filter = Filter { task, environment, ..Filter::default() }.at(git_ref);
                let deployments = Known { etag: None, value: Vec::new() };
                Which::Matching { filter, glob: glob.clone(), deployments }
            }
            (None, None) => anyhow::bail!(
                "cannot wait: nothing says for which deployment\n\
                 help: set `environment` (with `ref`), or `deployment-id`"
            ),
        };
        Ok(Self { which, statuses: BTreeMap::new() })
    }

    /// The deployments, newest first, once there are any and all of them have ended.
    pub(super) async fn poll(&mut self, github: &Github) -> Result<Option<Vec<Ended>>, ApiError> {
        let deployments = self.which.read(github).await?;
        let mut ended = Vec::new();
        for deployment in &deployments {
            let latest = self.latest(github, deployment.id).await?;
            match latest.filter(Status::is_final) {
                Some(latest) => ended.push(Ended { deployment: deployment.clone(), latest }),
                None => return Ok(None),
            }
        }
        Ok((!ended.is_empty()).then_some(ended))
    }

    async fn latest(
        &mut self,
        github: &Github,
        id: DeploymentId,
    ) -> Result<Option<Status>, ApiError> {
        let known = self.statuses.entry(id).or_insert_with(|| Known { etag: None, value: None });
        let etag = known.etag.clone();
        let read = github.latest_statuses_unless(id, etag.as_ref(), REQUEST_LIMIT).await?;
        if let Some(statuses) = read.value {
            *known = Known { etag: read.etag, value: statuses.into_iter().next() };
        }
        Ok(known.value.clone())
    }

    /// The commit has so many deployments that not all are looked at, of which any environment may
    /// match.
    pub(super) fn is_cut(&self) -> bool {
        match &self.which {
            Which::One(..) => false,
            Which::Matching { glob, deployments, .. } => {
                glob.name().is_none() && deployments.value.len() >= PER_PAGE
            }
        }
    }

    /// What was seen at last, in words.
    pub(super) fn state(&self) -> String {
        let states: Vec<String> = self
            .statuses
            .iter()
            .map(|(id, known)| match &known.value {
                Some(latest) => format!("deployment {id} is {}", latest.state),
                None => format!("deployment {id} has no status"),
            })
            .collect();
        match &self.which {
            _ if !states.is_empty() => states.join(", "),
            Which::One(id, _) => format!("deployment {id} was not read"),
            Which::Matching { glob, filter, .. } => {
                let git_ref = filter.sha.as_ref().or(filter.git_ref.as_ref());
                let git_ref = git_ref.map(String::as_str).unwrap_or_default();
                format!("no deployment to `{glob}` at `{git_ref}` was found")
            }
        }
    }
}

impl Which {
    async fn read(&mut self, github: &Github) -> Result<Vec<Deployment>, ApiError> {
        match self {
            Self::One(id, known) => {
                if known.is_none() {
                    *known = Some(github.deployment(*id, REQUEST_LIMIT).await?);
                }
                Ok(known.iter().cloned().collect())
            }
            Self::Matching { filter, glob, deployments } => {
                let etag = deployments.etag.as_ref();
                let read = github.deployments_unless(filter, etag, REQUEST_LIMIT).await?;
                if let Some(value) = read.value {
                    *deployments = Known { etag: read.etag, value };
                }
                Ok(newest_of_each(&deployments.value, glob))
            }
        }
    }
}

fn newest_of_each(newest_first: &[Deployment], glob: &EnvironmentGlob) -> Vec<Deployment> {
    let mut newest: Vec<Deployment> = Vec::new();
    for deployment in newest_first.iter().filter(|one| glob.matches(&one.environment)) {
        let is_known = newest
            .iter()
            .any(|one| one.environment.to_lowercase() == deployment.environment.to_lowercase());
        if !is_known {
            newest.push(deployment.clone());
        }
    }
    newest
}
