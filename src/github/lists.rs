//! The lists of deployments and of statuses, newest first.
//! It repeats a read until a deadline only where it says so.

use std::time::Duration;

use octocrab::etag::{EntityTag, Etagged};
use serde_json::Value;
use tokio::time::Instant;

use super::Github;
use super::error::ApiError;
use super::operation::Operation;
use super::pagination::{Listed, MAX_PAGE, Pages};
use super::request::ApiRequest;
use crate::deployment::{Deployment, DeploymentId, Status};

/// The most that GitHub puts on a page.
pub(crate) const PER_PAGE: usize = 100;

/// What an entry of an object takes besides its key and its value; in bytes.
const ENTRY: usize = 128;

/// Which deployments are meant; None is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) sha: Option<String>,
    pub(crate) git_ref: Option<String>,
    pub(crate) task: Option<String>,
    pub(crate) environment: Option<String>,
}

impl Filter {
    /// GitHub keeps the name that a deployment was made with apart from the commit it stood for.
    pub(crate) fn at(self, git_ref: &str) -> Self {
        let is_commit = git_ref.len() == 40 && git_ref.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit {
            Self { sha: Some(git_ref.to_owned()), ..self }
        } else {
            Self { git_ref: Some(git_ref.to_owned()), ..self }
        }
    }
}

impl Github {
    /// The newest hundred statuses of a deployment, newest first, in one try.
    pub(crate) async fn latest_statuses(
        &self,
        deployment: DeploymentId,
        limit: Duration,
    ) -> Result<Vec<Status>, ApiError> {
        let operation = Operation::ListStatuses(deployment);
        let (statuses, _) = self.page(operation, &self.statuses_of(deployment), limit).await?;
        Ok(newest_status_first(statuses))
    }

    /// The newest hundred statuses, unless they are what they were when `known` was read. An
    /// unchanged list has no value, and costs nothing of the rate limit.
    pub(crate) async fn latest_statuses_unless(
        &self,
        deployment: DeploymentId,
        known: Option<&EntityTag>,
        limit: Duration,
    ) -> Result<Etagged<Vec<Status>>, ApiError> {
        let operation = Operation::ListStatuses(deployment);
        let request = self.statuses_of(deployment).unless(known);
        let page = self.page_unless(operation, &request, limit).await?;
        Ok(Etagged { etag: page.etag, value: page.value.map(newest_status_first) })
    }

    /// All statuses of a deployment, newest first; each page is tried until the deadline.
    pub(crate) async fn statuses(
        &self,
        deployment: DeploymentId,
        deadline: Instant,
    ) -> Result<Vec<Status>, ApiError> {
        let operation = Operation::ListStatuses(deployment);
        let pages = self.pages(operation, self.statuses_of(deployment), status_size);
        Ok(newest_status_first(pages.collect(deadline).await?.entries))
    }

    /// The newest hundred deployments that are meant, newest first, in one try.
    pub(crate) async fn deployments(
        &self,
        filter: &Filter,
        limit: Duration,
    ) -> Result<Vec<Deployment>, ApiError> {
        let request = self.deployments_like(filter);
        let (deployments, _) = self.page(Operation::ListDeployments, &request, limit).await?;
        Ok(newest_deployment_first(deployments))
    }

    /// The newest hundred deployments that are meant, unless they are what they were when `known`
    /// was read; see [`Github::latest_statuses_unless`].
    pub(crate) async fn deployments_unless(
        &self,
        filter: &Filter,
        known: Option<&EntityTag>,
        limit: Duration,
    ) -> Result<Etagged<Vec<Deployment>>, ApiError> {
        let request = self.deployments_like(filter).unless(known);
        let page = self.page_unless(Operation::ListDeployments, &request, limit).await?;
        Ok(Etagged { etag: page.etag, value: page.value.map(newest_deployment_first) })
    }

    /// All deployments that are meant, newest first; each page is tried until the deadline.
    pub(crate) async fn all_deployments(
        &self,
        filter: &Filter,
        deadline: Instant,
    ) -> Result<Listed<Deployment>, ApiError> {
        let Listed { entries, is_cut } = self.deployment_pages(filter).collect(deadline).await?;
        Ok(Listed { entries: newest_deployment_first(entries), is_cut })
    }

    /// The deployments that are meant, page by page, so that a caller can stop early.
    pub(crate) fn deployment_pages(&self, filter: &Filter) -> Pages<'_, Deployment> {
        self.pages(Operation::ListDeployments, self.deployments_like(filter), deployment_size)
    }

    fn statuses_of(&self, deployment: DeploymentId) -> ApiRequest {
        let mut request = self.get(&format!("/deployments/{deployment}/statuses"));
        request.url.query_pairs_mut().append_pair("per_page", &PER_PAGE.to_string());
        ApiRequest { max_answer: MAX_PAGE, ..request }
    }

    fn deployments_like(&self, filter: &Filter) -> ApiRequest {
        let Filter { sha, git_ref, task, environment } = filter;
        let mut request = self.get("/deployments");
        let given = [("sha", sha), ("ref", git_ref), ("task", task), ("environment", environment)];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        request
            .url
            .query_pairs_mut()
            .extend_pairs(given)
            .append_pair("per_page", &PER_PAGE.to_string());
        ApiRequest { max_answer: MAX_PAGE, ..request }
    }
}

fn newest_status_first(mut statuses: Vec<Status>) -> Vec<Status> {
    statuses.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    // What is posted while we read moves entries from one page to the next.
    statuses.dedup_by_key(|status| status.id);
    statuses
}

/// Also where an entry was read twice: what is created meanwhile moves entries to the next page.
pub(crate) fn newest_deployment_first(mut deployments: Vec<Deployment>) -> Vec<Deployment> {
    deployments.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    deployments.dedup_by_key(|deployment| deployment.id);
    deployments
}

fn status_size(status: &Status) -> usize {
    let Status { id: _, state, description, environment, environment_url, .. } = status;
    let Status { target_url, log_url, created_at, .. } = status;
    let texts = [description, environment, environment_url, target_url, log_url];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    size_of::<Status>() + texts + state.len() + created_at.len()
}

fn deployment_size(deployment: &Deployment) -> usize {
    let Deployment { id: _, sha, git_ref, task, environment, payload, .. } = deployment;
    let Deployment { created_at, updated_at, .. } = deployment;
    let texts = [sha, git_ref, task, environment, created_at, updated_at];
    let texts = texts.into_iter().map(String::len);
    size_of::<Deployment>() + texts.sum::<usize>() + value_size(payload)
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(value_size).sum(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| ENTRY + key.len() + value_size(value)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
