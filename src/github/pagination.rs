//! Lists: page after page, newest first, on our own origin only.

use std::marker::PhantomData;
use std::time::Duration;

use http::header::{ETAG, LINK};
use http::{HeaderMap, StatusCode};
use octocrab::etag::{EntityTag, Etagged};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::Github;
use super::error::ApiError;
use super::operation::Operation;
use super::request::{ApiRequest, ApiResponse};
use crate::deployment::{Deployment, DeploymentId, Status};

/// The most that GitHub puts on a page.
const PER_PAGE: &str = "100";

/// Five thousand entries are enough to act on.
const MAX_PAGES: usize = 50;

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
    #[cfg_attr(not(test), expect(dead_code, reason = "`wait` polls with it"))]
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
        let pages = self.pages(operation, self.statuses_of(deployment));
        Ok(newest_status_first(pages.collect(deadline).await?))
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
    #[cfg_attr(not(test), expect(dead_code, reason = "`wait` polls with it"))]
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
    ) -> Result<Vec<Deployment>, ApiError> {
        Ok(newest_deployment_first(self.deployment_pages(filter).collect(deadline).await?))
    }

    /// The deployments that are meant, page by page, so that a caller can stop early.
    pub(crate) fn deployment_pages(&self, filter: &Filter) -> Pages<'_, Deployment> {
        self.pages(Operation::ListDeployments, self.deployments_like(filter))
    }

    fn pages<T>(&self, operation: Operation<'static>, first: ApiRequest) -> Pages<'_, T> {
        Pages { github: self, operation, next: Some(first), seen: Vec::new(), entries: PhantomData }
    }

    fn statuses_of(&self, deployment: DeploymentId) -> ApiRequest {
        let mut request = self.get(&format!("/deployments/{deployment}/statuses"));
        request.url.query_pairs_mut().append_pair("per_page", PER_PAGE);
        request
    }

    fn deployments_like(&self, filter: &Filter) -> ApiRequest {
        let Filter { sha, git_ref, task, environment } = filter;
        let mut request = self.get("/deployments");
        let given = [("sha", sha), ("ref", git_ref), ("task", task), ("environment", environment)];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        request.url.query_pairs_mut().extend_pairs(given).append_pair("per_page", PER_PAGE);
        request
    }

    async fn page<T: DeserializeOwned>(
        &self,
        operation: Operation<'_>,
        request: &ApiRequest,
        limit: Duration,
    ) -> Result<(Vec<T>, ApiResponse), ApiError> {
        let answer = self.call(operation, request, limit).await?;
        Ok((self.read(operation, &answer)?, answer))
    }

    async fn page_unless<T: DeserializeOwned>(
        &self,
        operation: Operation<'_>,
        request: &ApiRequest,
        limit: Duration,
    ) -> Result<Etagged<Vec<T>>, ApiError> {
        let answer = self.call(operation, request, limit).await?;
        let value = match answer.status {
            StatusCode::NOT_MODIFIED => None,
            _ => Some(self.read(operation, &answer)?),
        };
        let etag = answer.headers.get(ETAG).and_then(|tag| tag.to_str().ok()?.parse().ok());
        Ok(Etagged { etag, value })
    }
}

/// A list that is read page by page, [`MAX_PAGES`] at most.
pub(crate) struct Pages<'a, T> {
    github: &'a Github,
    operation: Operation<'static>,
    next: Option<ApiRequest>,
    /// The URLs of the pages that were read: one that comes again ends the list.
    seen: Vec<Url>,
    entries: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Pages<'_, T> {
    /// The next page, as GitHub orders it (newest first), tried until the deadline. None at the
    /// end of the list. After an error the same page can be asked for again.
    pub(crate) async fn next(&mut self, deadline: Instant) -> Result<Option<Vec<T>>, ApiError> {
        let Some(request) = &self.next else { return Ok(None) };
        let (github, operation) = (self.github, self.operation);
        let (page, answer) =
            github.reading(deadline, |limit| github.page(operation, request, limit)).await?;
        let link = next_link(&answer.headers).and_then(|link| answer.url.join(link).ok());
        let url = link.map(|link| answer.own(&github.context(operation), link)).transpose()?;
        let read = self.next.take().map(|request| request.url);
        self.seen.extend(read);
        self.next = url
            .filter(|url| self.seen.len() < MAX_PAGES && !self.seen.contains(url))
            .map(ApiRequest::get);
        Ok(Some(page))
    }

    /// All pages, each tried until the deadline.
    async fn collect(mut self, deadline: Instant) -> Result<Vec<T>, ApiError> {
        let mut all = Vec::new();
        while let Some(page) = self.next(deadline).await? {
            all.extend(page);
        }
        Ok(all)
    }
}

/// The `Link` header's target for `rel="next"`.
/// <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>
fn next_link(headers: &HeaderMap) -> Option<&str> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|value| value.split('<').skip(1)).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters
            .split([';', ','])
            .any(|parameter| matches!(parameter.trim(), r#"rel="next""# | "rel=next"));
        is_next.then_some(target)
    })
}

fn newest_status_first(mut statuses: Vec<Status>) -> Vec<Status> {
    statuses.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    // What is posted while we read moves entries from one page to the next.
    statuses.dedup_by_key(|status| status.id);
    statuses
}

fn newest_deployment_first(mut deployments: Vec<Deployment>) -> Vec<Deployment> {
    deployments.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    deployments.dedup_by_key(|deployment| deployment.id);
    deployments
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::proptest;

    use super::*;

    #[track_caller]
    fn check(links: &[&str], expected: Option<&str>) {
        let headers = links
            .iter()
            .map(|&link| (LINK, HeaderValue::from_str(link).expect("this is a header's value")))
            .collect();
        assert_eq!(next_link(&headers), expected, "{links:?}");
    }

    #[test]
    fn the_next_page_is_found_among_the_links() {
        check(
            &[r#"<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next""#],
            Some("https://h/a?page=3"),
        );
        check(&[r#"<https://h/a?b=1,2;c>; title="x"; rel=next"#], Some("https://h/a?b=1,2;c"));
        check(&[r#"<https://h/1>; rel="last""#, r#"</2>; rel="next""#], Some("/2"));
        check(&[r#"<https://h/1>; rel="last""#], None);
        check(&["", "<", "next", r#"; rel="next""#], None);
    }

    proptest! {
        #[test]
        fn no_link_is_too_odd(link in "[ -~]*") {
            let headers = [(LINK, HeaderValue::from_str(&link).expect("this is printable"))];
            next_link(&headers.into_iter().collect());
        }
    }
}
