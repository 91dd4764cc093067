//! One method for each endpoint that is not a list. Each is one try.
//! <https://docs.github.com/en/rest/deployments>

use std::time::Duration;

use http::{Method, StatusCode};
use serde::Deserialize;

use super::Github;
use super::error::ApiError;
use super::operation::Operation;
use super::request::ApiRequest;
use crate::deployment::{Deployment, DeploymentId, NewDeployment, NewStatus, Status};

/// A run of a GitHub Actions workflow, as far as it says whether the run is over.
/// <https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct WorkflowRun {
    /// `completed`, or any of the words for a run that goes on or waits.
    #[serde(default)]
    pub(crate) status: Option<String>,
    /// `success`, `failure`, `cancelled`, …; none while it goes on.
    #[serde(default)]
    pub(crate) conclusion: Option<String>,
    /// Counted from 1: a run that is started again goes on under the same number.
    #[serde(default)]
    pub(crate) run_attempt: Option<u64>,
}

impl WorkflowRun {
    pub(crate) fn is_over(&self) -> bool {
        self.status.as_deref() == Some("completed")
    }
}

impl Github {
    /// Posts a status, in one try.
    pub(crate) async fn create_status(
        &self,
        deployment: DeploymentId,
        status: &NewStatus,
        limit: Duration,
    ) -> Result<Status, ApiError> {
        let request = self.post(&format!("/deployments/{deployment}/statuses"), status);
        let operation = Operation::CreateStatus(deployment);
        if self.prints(&request) {
            return Ok(Status::unsent(status));
        }
        self.read(operation, &self.call(operation, &request, limit).await?)
    }

    /// Makes a deployment, in one try. GitHub's 202 (it merged instead) is an error too.
    pub(crate) async fn create_deployment(
        &self,
        deployment: &NewDeployment,
        limit: Duration,
    ) -> Result<Deployment, ApiError> {
        let operation = Operation::CreateDeployment;
        let request = self.post("/deployments", deployment);
        if self.prints(&request) {
            return Ok(Deployment::unsent(deployment));
        }
        let answer = self.call(operation, &request, limit).await?;
        if answer.status == StatusCode::ACCEPTED {
            return Err(ApiError::merged(&self.context(operation), &answer.headers, &answer.body));
        }
        self.read(operation, &answer)
    }

    /// Reads a deployment.
    pub(crate) async fn deployment(
        &self,
        deployment: DeploymentId,
        limit: Duration,
    ) -> Result<Deployment, ApiError> {
        let operation = Operation::GetDeployment(deployment);
        let request = self.get(&format!("/deployments/{deployment}"));
        self.read(operation, &self.call(operation, &request, limit).await?)
    }

    /// Deletes a deployment. GitHub refuses (422) to delete one that is active, unless it is its
    /// environment's only one. One that is gone is a 404.
    pub(crate) async fn delete_deployment(
        &self,
        deployment: DeploymentId,
        limit: Duration,
    ) -> Result<(), ApiError> {
        let operation = Operation::DeleteDeployment(deployment);
        let request = self.get(&format!("/deployments/{deployment}"));
        let request = ApiRequest { method: Method::DELETE, ..request };
        if self.prints(&request) {
            return Ok(());
        }
        self.call(operation, &request, limit).await.map(drop)
    }

    /// Deletes an environment, with its protection rules and secrets. Only a token that may
    /// administer the repository can.
    pub(crate) async fn delete_environment(
        &self,
        name: &str,
        limit: Duration,
    ) -> Result<(), ApiError> {
        let operation = Operation::DeleteEnvironment(name);
        let mut url = self.url("/environments/");
        // A URL's path has no such segment, encoded or not: it would mean another resource.
        if matches!(name, "" | "." | "..") {
            let why = "its name cannot stand in a URL: delete it on GitHub's own pages";
            return Err(ApiError::hopeless(&self.context(operation), why));
        }
        url.path_segments_mut().expect("an http URL has a path").pop_if_empty().push(name);
        let request = ApiRequest { method: Method::DELETE, ..ApiRequest::get(url) };
        if self.prints(&request) {
            return Ok(());
        }
        self.call(operation, &request, limit).await.map(drop)
    }

    /// Reads a run of a workflow. It needs `actions: read`.
    pub(crate) async fn workflow_run(
        &self,
        run: u64,
        limit: Duration,
    ) -> Result<WorkflowRun, ApiError> {
        let operation = Operation::GetWorkflowRun(run);
        let request = self.get(&format!("/actions/runs/{run}"));
        self.read(operation, &self.call(operation, &request, limit).await?)
    }
}
