//! A GitHub of our own, well-behaved or not: a stateful stand-in of the Deployments API on loopback.
//! It never talks to the real one, and it keeps nothing once it is gone.

mod auth;
mod endpoints;
mod error_response;
mod faults;
mod json;
mod request;
mod request_body;
mod server;
mod store;
mod throttled_body;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub(crate) use auth::Grant;
pub(crate) use faults::{FAULTS_HELP, Rule};

use crate::cli::Rehearsal;
use server::Shared;

/// What a sandbox is told before it starts.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// 0 is any free port.
    pub(crate) port: u16,
    /// None at all: any token may write.
    pub(crate) grants: Vec<Grant>,
    /// In order; the first that fits a request strikes.
    pub(crate) faults: Vec<Rule>,
    pub(crate) deployments: Vec<Seed>,
}

impl Options {
    /// Reads the text of each option; the error names the first that is wrong.
    pub(crate) fn parse(rehearsal: &Rehearsal) -> anyhow::Result<Self> {
        fn all<T>(
            texts: &[String],
            parse: impl Fn(&str) -> Result<T, String>,
        ) -> anyhow::Result<Vec<T>> {
            texts.iter().map(|text| parse(text).map_err(anyhow::Error::msg)).collect()
        }
        Ok(Self {
            port: rehearsal.port.unwrap_or_default(),
            grants: all(&rehearsal.grants, Grant::parse)?,
            faults: all(&rehearsal.faults, Rule::parse)?,
            deployments: all(&rehearsal.deployments, Seed::parse)?,
        })
    }
}

/// A deployment that exists from the start, in every repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) id: u64,
    pub(crate) environment: String,
}

impl Seed {
    /// Reads `ID` or `ID:ENVIRONMENT`; without one the environment is `production`, as on GitHub.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (id, environment) = text.split_once(':').unwrap_or((text, "production"));
        match id.parse() {
            Ok(id) if id > 0 && !environment.is_empty() => {
                Ok(Self { id, environment: environment.to_owned() })
            }
            Ok(_) | Err(_) => {
                Err(format!("`{text}` is no deployment: write `42` or `42:production`"))
            }
        }
    }
}

/// A running sandbox; it stops when this is dropped.
pub(crate) struct Sandbox {
    url: Url,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves on the current runtime. Each request is told to `log` as one
    /// line, without the authorization that it came with.
    pub(crate) async fn start(
        options: Options,
        log: impl Fn(&str) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let url = Url::parse(&format!("http://{address}")).map_err(io::Error::other)?;
        let shared = Arc::new(Shared::new(options, address, Box::new(log)));
        Ok(Self { url, server: tokio::spawn(server::accept(listener, shared)) })
    }

    /// Where it listens. The same API is found below `/api/v3`, as on GitHub Enterprise Server.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Runs a sandbox until SIGINT or SIGTERM (Ctrl-C on Windows). `announce` is given its URL,
/// without a slash at the end, once it listens.
pub(crate) async fn serve(
    options: Options,
    announce: impl FnOnce(&str),
    log: impl Fn(&str) + Send + Sync + 'static,
) -> io::Result<()> {
    let stop = stopped()?;
    let sandbox = Sandbox::start(options, log).await?;
    announce(sandbox.url().as_str().trim_end_matches('/'));
    stop.await;
    Ok(())
}

/// Listens from the moment it is called, not from when it is awaited.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_an_id_and_perhaps_an_environment() {
        let seed = |id, environment: &str| Seed { id, environment: environment.to_owned() };
        assert_eq!(Seed::parse("42"), Ok(seed(42, "production")));
        assert_eq!(Seed::parse("7:review/pr-7:a"), Ok(seed(7, "review/pr-7:a")));
    }

    #[test]
    fn a_seed_without_an_id_is_refused() {
        let error = "`latest` is no deployment: write `42` or `42:production`";
        assert_eq!(Seed::parse("latest"), Err(error.to_owned()));
        assert!(Seed::parse("0").is_err());
        assert!(Seed::parse("7:").is_err());
    }
}
