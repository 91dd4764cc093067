//! What a pull request and a check run say of commits and deployments.

use std::time::Duration;

use serde::Deserialize;

use super::Github;
use super::error::ApiError;
use super::operation::Operation;
use crate::deployment::DeploymentId;

/// A pull request, as far as we ask.
/// <https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PullRequest {
    pub(crate) head: Head,
    #[serde(default)]
    pub(crate) merged: bool,
    #[serde(default)]
    pub(crate) merge_commit_sha: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Head {
    pub(crate) sha: String,
}

impl PullRequest {
    /// The head while it is open, the commit on the base branch once it is merged.
    pub(crate) fn commit(&self) -> &str {
        let merged = self.merge_commit_sha.as_deref().filter(|_| self.merged);
        merged.unwrap_or(&self.head.sha)
    }
}

#[derive(Deserialize)]
struct CheckRun {
    deployment: Option<CheckRunDeployment>,
}

#[derive(Deserialize)]
struct CheckRunDeployment {
    id: DeploymentId,
}

impl Github {
    /// A pull request, in one try.
    pub(crate) async fn pull_request(
        &self,
        number: u64,
        limit: Duration,
    ) -> Result<PullRequest, ApiError> {
        let operation = Operation::GetPullRequest(number);
        let request = self.get(&format!("/pulls/{number}"));
        self.read(operation, &self.call(operation, &request, limit).await?)
    }

    /// The deployment that GitHub made for a job, whose id is its check run's, in one try. None
    /// where the answer names none.
    /// <https://docs.github.com/en/rest/checks/runs#get-a-check-run>
    pub(crate) async fn deployment_of_job(
        &self,
        job: u64,
        limit: Duration,
    ) -> Result<Option<DeploymentId>, ApiError> {
        let operation = Operation::GetCheckRun(job);
        let request = self.get(&format!("/check-runs/{job}"));
        let answer = self.call(operation, &request, limit).await?;
        let run: CheckRun = self.read(operation, &answer)?;
        Ok(run.deployment.map(|deployment| deployment.id))
    }
}
