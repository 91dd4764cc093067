//! GitHub's Deployments API: one method for each endpoint.
//! It neither repeats a write nor decides what to post.
//! <https://docs.github.com/en/rest/deployments>

mod app_jwt;
mod auth;
mod bearer;
mod certificates;
mod config;
mod dns;
mod dry_run;
mod endpoints;
mod error;
mod http_client;
mod lists;
mod operation;
mod pagination;
mod proxy;
mod pulls;
mod quote;
mod rate_limit;
mod request;
#[cfg(test)]
mod tests;
mod tls;

use std::cmp::Reverse;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use http::{Method, StatusCode};
use octocrab::Octocrab;
pub(crate) use octocrab::etag::EntityTag;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, timeout};
use url::Url;

pub(crate) use self::app_jwt::Key;
use self::auth::Auth;
use self::bearer::Bearer;
pub(crate) use self::config::{Api, App, Credentials, Proxies};
pub(crate) use self::error::ApiError;
pub(crate) use self::error::ErrorKind;
use self::error::RequestContext;
use self::http_client::Sent;
pub(crate) use self::lists::{Filter, PER_PAGE, newest_deployment_first};
use self::operation::Operation;
pub(crate) use self::pagination::Listed;
use self::proxy::Proxy;
pub(crate) use self::proxy::is_loopback;
use self::rate_limit::Quota;
use self::request::{ApiRequest, ApiResponse, Requester};
use self::tls::Roots;
use crate::backoff::RetryPolicy;
use crate::deployment::{Slug, format_duration};
use crate::redact::{Redactor, Secret};

/// Between two tries of a read: short, since the command waits for it.
const READS: RetryPolicy =
    RetryPolicy { first_delay: Duration::from_millis(500), cap: Duration::from_secs(10) };

/// GitHub drops a request that runs longer.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const GITHUB_DROPS_AFTER: Duration = Duration::from_secs(10);

/// A shorter wait needs no words.
const LONG_WAIT: Duration = Duration::from_secs(5);

/// Callbacks for lines on the console.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observer {
    /// Called with one line for each request and its answer; None where nobody wants debug lines.
    pub(crate) trace: Option<fn(&str)>,
    /// Called before a wait of [`LONG_WAIT`] or more, and with warnings about certificates and about
    /// lists that are not read to their end.
    pub(crate) waiting: fn(&str),
    /// Prints each request that would change something, instead of sending it.
    pub(crate) would_send: Option<fn(&str)>,
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
    quota: Mutex<Option<Quota>>,
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
                observer.waiting,
            )),
            secrets: secrets(api),
            observer,
            quota: Mutex::default(),
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

    /// Reports a wait of [`LONG_WAIT`] or more.
    pub(crate) fn wait(&self, err: &ApiError, delay: Duration) {
        if delay >= LONG_WAIT {
            (self.shared.observer.waiting)(&format!(
                "waiting {} for {}: {err}",
                format_duration(delay),
                err.awaited()
            ));
        }
    }

    /// What is left of the primary rate limit. None before the first answer, and where the server
    /// has no limit (GHES by default).
    pub(crate) fn quota(&self) -> Option<Quota> {
        *self.shared.quota.lock().expect("nobody panics while holding the quota")
    }

    fn get(&self, path: &str) -> ApiRequest {
        ApiRequest::get(self.url(path))
    }

    fn post(&self, path: &str, body: &impl Serialize) -> ApiRequest {
        let body: Value = serde_json::to_value(body).expect("what we send are plain structs");
        ApiRequest { method: Method::POST, body: Some(body), ..self.get(path) }
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
        operation: Operation<'_>,
        answer: &ApiResponse,
    ) -> Result<T, ApiError> {
        serde_json::from_slice(&answer.body).map_err(|_| self.broken(operation, answer))
    }

    fn broken(&self, operation: Operation<'_>, answer: &ApiResponse) -> ApiError {
        let why = "its answer is not what was asked for";
        ApiError::broken(&self.context(operation), answer.status, &answer.headers, why)
    }

    /// One try: everything that it takes within the limit.
    async fn call(
        &self,
        operation: Operation<'_>,
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
        operation: Operation<'_>,
        request: &ApiRequest,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let answer = match &self.shared.auth {
            Auth::Token(token) => self.send(operation, request, Some(token), sent).await?,
            Auth::App(app) => self.send_as_app(app, operation, request, sent).await?,
            Auth::Nobody => self.send(operation, request, None, sent).await?,
        };
        if let Some(quota) = Quota::read(&answer.headers) {
            *self.shared.quota.lock().expect("nobody panics while holding the quota") = Some(quota);
        }
        let is_unchanged = answer.status == StatusCode::NOT_MODIFIED && request.etag.is_some();
        if is_unchanged { Ok(answer) } else { self.accepted(operation, answer) }
    }

    fn accepted(
        &self,
        operation: Operation<'_>,
        answer: ApiResponse,
    ) -> Result<ApiResponse, ApiError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let ApiResponse { status, headers, body, .. } = &answer;
        Err(ApiError::refused(&self.context(operation), *status, headers, body))
    }

    async fn send(
        &self,
        operation: Operation<'_>,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let context = self.context(operation);
        let requester = Requester {
            octocrab: &self.octocrab,
            context: &context,
            trace: self.shared.observer.trace,
        };
        requester.make(request, bearer, sent).await
    }

    fn context<'a>(&'a self, operation: Operation<'a>) -> RequestContext<'a> {
        let Shared { auth, repository, host, secrets, .. } = &*self.shared;
        RequestContext {
            operation,
            caller: auth.caller(),
            repository,
            host,
            proxy: self.shared.proxy.as_ref().map(Proxy::address),
            secrets: redactor(secrets.iter().cloned().chain(auth.issued()).collect()),
        }
    }
}

/// What must not be shown even where an answer contains it. A key is never text again.
fn secrets(api: &Api) -> Vec<Secret> {
    let mut secrets = api.proxies.secrets();
    if let Credentials::Token(token) = &api.credentials {
        secrets.push(token.clone());
    }
    secrets
}

/// The longest first, lest a shorter one leave the rest of it to be seen.
fn redactor(mut secrets: Vec<Secret>) -> Redactor {
    secrets.sort_by_key(|secret| Reverse(secret.expose().len()));
    Redactor::new(secrets)
}
