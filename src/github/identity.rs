//! Who we are to GitHub: a token, an App that mints its own, or nobody.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, anyhow};
use http::HeaderValue;
use serde::Deserialize;

use super::app::Key;
use super::error::Speaker;
use crate::inputs::Credentials;
use crate::secret::Secret;

/// A token that ends sooner than this is not begun with.
const SOON: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) enum Identity {
    Token(HeaderValue),
    App(App),
    Nobody,
}

impl Identity {
    pub(super) fn new(credentials: &Credentials) -> anyhow::Result<Self> {
        match credentials {
            Credentials::Token(token) => bearer(token)
                .map(Self::Token)
                .context("the token has characters that no token has: is it quoted, or cut?"),
            Credentials::App(app) => {
                let key = Key::parse(app.private_key.expose())
                    .map_err(|why| anyhow!("`app-private-key` cannot be used: {why}"))?;
                Ok(Self::App(App {
                    id: app.id.clone(),
                    key,
                    installation: Mutex::new(app.installation),
                    minted: Mutex::new(None),
                }))
            }
            Credentials::Missing => Ok(Self::Nobody),
        }
    }

    pub(super) fn speaker(&self) -> Speaker {
        match self {
            Self::Token(_) => Speaker::Token,
            Self::App(_) => Speaker::App,
            Self::Nobody => Speaker::Nobody,
        }
    }
}

/// A GitHub App, and what it has learned.
#[derive(Debug)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) key: Key,
    pub(super) installation: Mutex<Option<u64>>,
    minted: Mutex<Option<Minted>>,
}

impl App {
    /// The token that was minted, while it lasts.
    pub(super) fn token(&self) -> Option<HeaderValue> {
        let minted = self.minted.lock().ok()?;
        let minted = minted.as_ref()?;
        (minted.expires_at > SystemTime::now() + SOON).then(|| minted.bearer.clone())
    }

    pub(super) fn keep(&self, minted: Minted) -> HeaderValue {
        let bearer = minted.bearer.clone();
        if let Ok(mut slot) = self.minted.lock() {
            *slot = Some(minted);
        }
        bearer
    }

    /// The token was refused before its time.
    pub(super) fn forget(&self) {
        if let Ok(mut slot) = self.minted.lock() {
            *slot = None;
        }
    }
}

#[derive(Debug)]
pub(super) struct Minted {
    bearer: HeaderValue,
    expires_at: SystemTime,
}

/// GitHub's answer to a request for a token.
/// <https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app>
#[derive(Deserialize)]
pub(super) struct AccessToken {
    token: String,
    #[serde(default)]
    expires_at: String,
}

impl AccessToken {
    pub(super) fn minted(self) -> Option<Minted> {
        // GitHub's last an hour.
        let expires_at = humantime::parse_rfc3339(&self.expires_at)
            .unwrap_or_else(|_| SystemTime::now() + Duration::from_secs(3600));
        Some(Minted { bearer: bearer(&Secret::new(self.token))?, expires_at })
    }
}

/// The header that carries a token.
pub(super) fn bearer(token: &Secret) -> Option<HeaderValue> {
    let is_token = |byte: u8| byte.is_ascii_graphic();
    if !token.expose().bytes().all(is_token) {
        return None;
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    value.set_sensitive(true);
    Some(value)
}
