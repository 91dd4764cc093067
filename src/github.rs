//! GitHub's Deployments API: one method for each endpoint.
//! It neither repeats a write nor decides what to post.
//! <https://docs.github.com/en/rest/deployments>

pub(crate) mod app_jwt;
mod auth;
mod dns;
mod error;
mod http_client;
mod pagination;
mod proxy;
mod pulls;
mod request;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use http::{Method, StatusCode};
use octocrab::Octocrab;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, timeout};
use url::Url;

use self::auth::{Auth, Bearer};
pub(crate) use self::error::ApiError;
use self::error::{Operation, RequestContext};
use self::http_client::Sent;
pub(crate) use self::pagination::Filter;
use self::proxy::Proxy;
use self::request::{ApiRequest, ApiResponse, Requester};
use self::tls::Roots;
use crate::backoff::RetryPolicy;
use crate::deployment::{
    Deployment, DeploymentId, NewDeployment, NewStatus, Slug, Status, format_duration,
};
use crate::inputs::{Api, Credentials, Proxies};
use crate::redact::{Redactor, Secret};

/// Reads cost little, and somebody waits for them.
const READS: RetryPolicy =
    RetryPolicy { first_delay: Duration::from_millis(500), cap: Duration::from_secs(10) };

/// GitHub drops a request that runs longer.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const GITHUB_DROPS_AFTER: Duration = Duration::from_secs(10);

/// A shorter wait needs no words.
const LONG_WAIT: Duration = Duration::from_secs(5);

/// Whom to tell what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observer {
    /// Hears of each request and its answer.
    pub(crate) trace: Option<fn(&str)>,
    /// Hears what a long wait is for.
    pub(crate) waiting: fn(&str),
}

/// A repository's deployments, as one client sees them.
pub(crate) struct Github {
    octocrab: Octocrab,
    shared: Arc<Shared>,
}

/// What survives a change of connections.
struct Shared {
    api: Url,
    host: String,
    repository: Slug,
    auth: Auth,
    proxy: Option<Proxy>,
    roots: Arc<Roots>,
    secrets: Vec<Secret>,
    observer: Observer,
}

impl Github {
    /// Sends nothing yet, but must be called within a tokio runtime.
    pub(crate) fn new(api: &Api, observer: Observer) -> anyhow::Result<Self> {
        let proxy = Proxy::choose(&api.proxies, &api.url)?;
        let host = api.url.host_str().context("`api-url` has no host")?;
        let shared = Shared {
            api: api.url.clone(),
            host: api.url.port().map_or(host.to_owned(), |port| format!("{host}:{port}")),
            repository: api.repository.clone(),
            auth: Auth::new(&api.credentials)?,
            proxy,
            roots: Arc::new(Roots::new(
                api.certificate_file.clone(),
                api.certificate_directory.clone(),
            )),
            secrets: secrets(api),
            observer,
        };
        Ok(Self::over(Arc::new(shared)))
    }

    /// The same client on new connections: an old one may have died unnoticed.
    pub(crate) fn fresh(&self) -> Self {
        Self::over(Arc::clone(&self.shared))
    }

    fn over(shared: Arc<Shared>) -> Self {
        Self { octocrab: http_client::open(shared.proxy.as_ref(), &shared.roots), shared }
    }

    /// Posts a status, in one try.
    pub(crate) async fn create_status(
        &self,
        deployment: DeploymentId,
        status: &NewStatus,
        limit: Duration,
    ) -> Result<Status, ApiError> {
        let request = self.post(&format!("/deployments/{deployment}/statuses"), status);
        let operation = Operation::CreateStatus(deployment);
        self.read(operation, &self.call(operation, &request, limit).await?)
    }

    /// Makes a deployment, in one try. GitHub's 202 (it merged instead) is an error too.
    pub(crate) async fn create_deployment(
        &self,
        deployment: &NewDeployment,
        limit: Duration,
    ) -> Result<Deployment, ApiError> {
        let operation = Operation::CreateDeployment;
        let answer = self.call(operation, &self.post("/deployments", deployment), limit).await?;
        if answer.status == StatusCode::ACCEPTED {
            return Err(ApiError::merged(&self.context(operation), &answer.headers, &answer.body));
        }
        self.read(operation, &answer)
    }

    /// Reads, again and again until the deadline.
    pub(crate) async fn reading<T, F>(
        &self,
        deadline: Instant,
        mut attempt: impl FnMut(Duration) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let left = || deadline.saturating_duration_since(Instant::now()).min(GITHUB_DROPS_AFTER);
        READS
            .until(
                deadline,
                ApiError::retry_decision,
                |err, delay| self.wait(err, delay),
                || attempt(left()),
            )
            .await
    }

    /// Says what we wait for, if it takes long.
    pub(crate) fn wait(&self, err: &ApiError, delay: Duration) {
        if delay >= LONG_WAIT {
            (self.shared.observer.waiting)(&format!(
                "waiting {} for {}: {err}",
                format_duration(delay),
                err.awaited()
            ));
        }
    }

    fn get(&self, path: &str) -> ApiRequest {
        ApiRequest { method: Method::GET, url: self.url(path), body: None }
    }

    fn post(&self, path: &str, body: &impl Serialize) -> ApiRequest {
        let body: Value = serde_json::to_value(body).expect("what we send are plain structs");
        ApiRequest { method: Method::POST, url: self.url(path), body: Some(body) }
    }

    /// The URL of something of our repository.
    fn url(&self, path: &str) -> Url {
        self.api(&format!("/repos/{}{path}", self.shared.repository))
    }

    fn api(&self, path: &str) -> Url {
        let mut url = self.shared.api.clone();
        url.set_path(&format!("{}{path}", self.shared.api.path().trim_end_matches('/')));
        url
    }

    /// Makes sense of a 2xx.
    fn read<T: DeserializeOwned>(
        &self,
        operation: Operation,
        answer: &ApiResponse,
    ) -> Result<T, ApiError> {
        serde_json::from_slice(&answer.body).map_err(|_| self.broken(operation, answer))
    }

    fn broken(&self, operation: Operation, answer: &ApiResponse) -> ApiError {
        let why = "its answer is not what was asked for";
        ApiError::broken(&self.context(operation), answer.status, &answer.headers, why)
    }

    /// One try: everything that it takes within the limit.
    async fn call(
        &self,
        operation: Operation,
        request: &ApiRequest,
        limit: Duration,
    ) -> Result<ApiResponse, ApiError> {
        let sent = Sent::default();
        if let Ok(result) = timeout(limit, self.authorized(operation, request, &sent)).await {
            return result;
        }
        let err = ApiError::timed_out(&self.context(operation), limit, sent.get());
        if let Some(trace) = self.shared.observer.trace {
            trace(&format!("{} {}: {err}", request.method, request.url));
        }
        Err(err)
    }

    async fn authorized(
        &self,
        operation: Operation,
        request: &ApiRequest,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let answer = match &self.shared.auth {
            Auth::Token(token) => self.exchange(operation, request, Some(token), sent).await?,
            Auth::App(app) => self.exchange_as_app(app, operation, request, sent).await?,
            Auth::Nobody => self.exchange(operation, request, None, sent).await?,
        };
        self.accepted(operation, answer)
    }

    fn accepted(&self, operation: Operation, answer: ApiResponse) -> Result<ApiResponse, ApiError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let ApiResponse { status, headers, body, .. } = &answer;
        Err(ApiError::refused(&self.context(operation), *status, headers, body))
    }

    async fn exchange(
        &self,
        operation: Operation,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let context = self.context(operation);
        let exchange = Requester {
            octocrab: &self.octocrab,
            context: &context,
            trace: self.shared.observer.trace,
        };
        exchange.make(request, bearer, sent).await
    }

    fn context(&self, operation: Operation) -> RequestContext<'_> {
        let Shared { auth, repository, host, secrets, .. } = &*self.shared;
        RequestContext {
            operation,
            caller: auth.caller(),
            repository,
            host,
            proxy: self.shared.proxy.as_ref().map(Proxy::address),
            secrets: Redactor::new(secrets.iter().cloned().chain(auth.minted()).collect()),
        }
    }
}

/// What must not be told even where somebody's answer contains it.
fn secrets(api: &Api) -> Vec<Secret> {
    let Proxies { https, http, all, none: _ } = &api.proxies;
    let identity = match &api.credentials {
        Credentials::Token(token) => Some(token),
        // A key is never text again.
        Credentials::App(_) | Credentials::Missing => None,
    };
    [https.as_ref(), http.as_ref(), all.as_ref(), identity].into_iter().flatten().cloned().collect()
}
