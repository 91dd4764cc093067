//! A stateful stand-in of GitHub's Deployments API on loopback, with faults on request.
//! It never sends a request to the real one, and keeps its state in memory alone.

mod auth;
mod conditional;
mod endpoints;
mod error_response;
mod faults;
mod json;
mod options;
mod pagination;
mod rate_limit;
mod request;
mod request_body;
mod request_log;
mod response_head;
mod server;
mod sha;
mod store;
mod throttled_body;
mod time;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

#[cfg(test)]
pub(crate) use faults::Rule;
pub(crate) use options::{Options, RawOptions};
pub(crate) use store::Seed;

use server::Shared;

/// A running sandbox; it stops when this is dropped.
pub(crate) struct Sandbox {
    url: Url,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves on the current runtime. Each request is one line for `log`,
    /// without its authorization.
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

/// The signals are caught from this call on, not from when the future is awaited.
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
