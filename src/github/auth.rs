//! How requests are authorized: by a token, by an App that mints its own, or not at all.
//! A token is minted once, and again only when it ends or is refused.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use http::{Method, StatusCode};
use serde::Deserialize;

use super::Github;
use super::app_jwt::Key;
use super::bearer::Bearer;
use super::config::Credentials;
use super::error::{ApiError, Caller};
use super::http_client::Sent;
use super::operation::Operation;
use super::rate_limit;
use super::request::{ApiRequest, ApiResponse};
use crate::redact::Secret;

/// A token that ends sooner than this is not begun with.
const SOON: Duration = Duration::from_mins(1);

/// How long GitHub's minted tokens last.
const LIFETIME: Duration = Duration::from_hours(1);

/// A token is minted once an hour.
const MAX_ISSUED: usize = 32;

/// Clocks that differ by less agree.
const NEARLY_NOW: Duration = Duration::from_secs(30);

pub(super) enum Auth {
    Token(Bearer),
    App(Box<App>),
    Nobody,
}

impl Auth {
    pub(super) fn new(credentials: &Credentials) -> anyhow::Result<Self> {
        match credentials {
            Credentials::Token(token) => Bearer::new(token.clone())
                .map(Self::Token)
                .context("the token has characters that no token has: was it cut or quoted?"),
            Credentials::App(app) => {
                let key = Arc::clone(&app.private_key);
                let found =
                    Mutex::new(Found { installation: app.installation, ..Found::default() });
                Ok(Self::App(Box::new(App { id: app.id.clone(), key, found })))
            }
            Credentials::Missing => Ok(Self::Nobody),
        }
    }

    pub(super) fn caller(&self) -> Caller {
        match self {
            Self::Token(token) if token.is_of_an_installation() => Caller::InstallationToken,
            Self::Token(_) => Caller::Token,
            Self::App(_) => Caller::App,
            Self::Nobody => Caller::Nobody,
        }
    }

    /// Secrets that the inputs do not know of: GitHub may quote them long after.
    pub(super) fn issued(&self) -> Vec<Secret> {
        match self {
            Self::App(app) => app.found(|found| found.issued.iter().cloned().collect()),
            Self::Token(_) | Self::Nobody => Vec::new(),
        }
    }
}

/// A GitHub App, and what it has learned.
pub(super) struct App {
    id: String,
    key: Arc<Key>,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    installation: Option<u64>,
    minted: Option<InstallationToken>,
    /// Every token that was signed or minted, the latest [`MAX_ISSUED`].
    issued: VecDeque<Secret>,
}

#[derive(Clone)]
struct InstallationToken {
    bearer: Bearer,
    expires_at: SystemTime,
}

/// GitHub's answer to a request for a token.
/// <https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app>
#[derive(Deserialize)]
struct AccessToken {
    token: String,
    #[serde(default)]
    expires_at: String,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

impl App {
    fn found<T>(&self, with: impl FnOnce(&mut Found) -> T) -> T {
        with(&mut self.found.lock().expect("nobody panics while holding what was found"))
    }

    fn token(&self) -> Option<Bearer> {
        let minted = self.found(|found| found.minted.clone())?;
        (minted.expires_at > SystemTime::now() + SOON).then_some(minted.bearer)
    }

    fn jwt(&self, now: SystemTime) -> Bearer {
        let token = self.key.sign(&self.id, now);
        self.issue(&token);
        Bearer::new(token).expect("base64 and dots are ASCII")
    }

    fn issue(&self, token: &Secret) {
        self.found(|found| {
            found.issued.truncate(MAX_ISSUED - 1);
            found.issued.push_front(token.clone());
        });
    }
}

impl Github {
    pub(super) async fn send_as_app(
        &self,
        app: &App,
        operation: Operation<'_>,
        request: &ApiRequest,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let known = match app.token() {
            Some(known) => known,
            None => self.mint(app).await.map_err(ApiError::of_a_preparation)?,
        };
        let answer = self.send(operation, request, Some(&known), sent).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // It was revoked since, our clock is wrong, or it is so new that not all of GitHub knows it.
        sent.reset();
        let minted = self.mint(app).await.map_err(ApiError::of_a_preparation)?;
        self.send(operation, request, Some(&minted), sent).await
    }

    async fn mint(&self, app: &App) -> Result<Bearer, ApiError> {
        let operation = Operation::MintToken;
        let installation = match app.found(|found| found.installation) {
            Some(id) => id,
            None => self.installation(app).await?,
        };
        let path = format!("/app/installations/{installation}/access_tokens");
        let request = ApiRequest { method: Method::POST, ..ApiRequest::get(self.api(&path)) };
        let answer = self.ask_with_key(app, operation, &request).await?;
        let AccessToken { token, expires_at } = self.read(operation, &answer)?;
        let token = Secret::new(token);
        app.issue(&token);
        let bearer = Bearer::new(token).ok_or_else(|| self.broken(operation, &answer))?;
        let expires_at =
            humantime::parse_rfc3339(&expires_at).unwrap_or_else(|_| SystemTime::now() + LIFETIME);
        app.found(|found| {
            found.minted = Some(InstallationToken { bearer: bearer.clone(), expires_at });
        });
        Ok(bearer)
    }

    async fn installation(&self, app: &App) -> Result<u64, ApiError> {
        let operation = Operation::FindInstallation;
        let answer = self.ask_with_key(app, operation, &self.get("/installation")).await?;
        let Installation { id } = self.read(operation, &answer)?;
        app.found(|found| found.installation = Some(id));
        Ok(id)
    }

    /// Sends a request as the App itself; where GitHub's clock differs from ours, once more by
    /// GitHub's.
    async fn ask_with_key(
        &self,
        app: &App,
        operation: Operation<'_>,
        request: &ApiRequest,
    ) -> Result<ApiResponse, ApiError> {
        let sent = Sent::default();
        let now = SystemTime::now();
        let mut answer = self.send(operation, request, Some(&app.jwt(now)), &sent).await?;
        if answer.status == StatusCode::UNAUTHORIZED
            && let Some(theirs) = rate_limit::server_time(&answer.headers)
            && theirs.duration_since(now).unwrap_or_else(|err| err.duration()) > NEARLY_NOW
        {
            answer = self.send(operation, request, Some(&app.jwt(theirs)), &sent).await?;
        }
        self.accepted(operation, answer)
    }
}
