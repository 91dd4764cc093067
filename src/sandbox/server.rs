//! The HTTP server: reads requests, applies faults and writes responses.
//! What an endpoint does is up to `endpoints`, which fault applies to `faults`.

use std::future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::Options;
use super::auth::{self, Tokens};
use super::endpoints;
use super::error_response::{self, Response, epoch_seconds};
use super::faults::{self, BodyShape, Effect, Fault, Overrides, Reaction, RedirectTarget, Rule};
use super::request::Request;
use super::store::Store;
use super::throttled_body::{ConnectionClosed, ThrottledBody};

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 1 << 20;

/// Shorter tokens are not redacted: they may be part of an ordinary word.
const MIN_REDACTED_TOKEN: usize = 8;

/// Requests per hour, as GitHub grants an App's installation.
const RATE_LIMIT: u64 = 5000;

/// What all connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    own_address: String,
    log: Box<dyn Fn(&str) + Send + Sync>,
}

struct State {
    store: Store,
    tokens: Tokens,
    rules: Vec<Rule>,
    served: u64,
}

impl Shared {
    pub(super) fn new(
        options: Options,
        address: SocketAddr,
        log: Box<dyn Fn(&str) + Send + Sync>,
    ) -> Self {
        let state = State {
            store: Store::new(options.deployments),
            tokens: Tokens::new(options.grants),
            rules: options.faults,
            served: 0,
        };
        Self { state: Mutex::new(state), own_address: address.to_string(), log }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, request: &Request, body: &[u8], overrides: &Overrides) -> Response {
        let State { store, tokens, .. } = &mut *self.state();
        endpoints::handle(store, tokens, request, body, overrides)
    }
}

/// Accepts connections until the task is aborted.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
            // Out of file descriptors: wait until other connections have been closed.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Only latency depends on it.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(Arc::clone(&shared), request));
    // Clients that disconnect and faults that close the connection are expected here.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    shared: Arc<Shared>,
    request: http::Request<Incoming>,
) -> Result<http::Response<ThrottledBody>, ConnectionClosed> {
    let (head, body) = request.into_parts();
    let request = Request::read(&head, &shared.own_address);
    let (found, served) = {
        let mut state = shared.state();
        state.served += 1;
        (faults::next_fault(&mut state.rules, &request), state.served)
    };
    let (fault, rule) = found.unzip();
    let fault = fault.unwrap_or_default();
    let is_unread = fault.reaction == Reaction::Disconnect && fault.effect == Effect::OnResponse;
    let body = if is_unread {
        Bytes::new()
    } else {
        Limited::new(body, MAX_BODY).collect().await.map_err(|_| ConnectionClosed)?.to_bytes()
    };
    let log = |result: &str| (shared.log)(&describe(&request, &body, rule.as_deref(), result));
    if fault.is_delayed() {
        log("later");
    }
    let outcome = apply_fault(&shared, &request, &body, &fault).await;
    if !fault.is_delayed() {
        log(outcome.as_ref().map_or("dropped", |(response, _)| response.status.as_str()));
    }
    let (response, shape) = outcome?;
    Ok(with_headers(response, shape, served))
}

/// Handles a request under a fault: gives the response and the shape of its body, or closes the
/// connection.
async fn apply_fault(
    shared: &Arc<Shared>,
    request: &Request,
    body: &Bytes,
    fault: &Fault,
) -> Result<(Response, BodyShape), ConnectionClosed> {
    let handled = match fault.effect {
        Effect::OnResponse => None,
        Effect::Immediate => Some(shared.handle(request, body, &fault.overrides)),
        Effect::Delayed(wait) => {
            let response = handle_later(shared, request, body, wait);
            if fault.has_real_response() {
                Some(response.await.map_err(|_| ConnectionClosed)?)
            } else {
                None
            }
        }
    };
    sleep(fault.delay).await;
    match &fault.reaction {
        Reaction::Response(shape) => {
            let response =
                handled.unwrap_or_else(|| shared.handle(request, body, &fault.overrides));
            Ok((response, *shape))
        }
        Reaction::Error { status, reason } => {
            Ok((error_response::with_status(*status, *reason, body), BodyShape::Whole))
        }
        Reaction::Redirect { status, to } => Ok((
            error_response::redirect(*status, &redirect_location(shared, request, to)),
            BodyShape::Whole,
        )),
        Reaction::Disconnect => Err(ConnectionClosed),
        Reaction::Hang => future::pending().await,
    }
}

/// Handles a request in a task of its own, which outlives the connection.
fn handle_later(
    shared: &Arc<Shared>,
    request: &Request,
    body: &Bytes,
    wait: Duration,
) -> oneshot::Receiver<Response> {
    let (shared, request, body) = (Arc::clone(shared), request.clone(), body.clone());
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        sleep(wait).await;
        // The receiver is dropped when the client disconnects.
        let _ = sender.send(shared.handle(&request, &body, &Overrides::default()));
    });
    receiver
}

fn redirect_location(shared: &Shared, request: &Request, to: &RedirectTarget) -> String {
    let origin = request.base.strip_suffix(request.prefix).unwrap_or(&request.base);
    let itself = format!("{origin}{}", request.target);
    match to {
        RedirectTarget::Loop => itself,
        RedirectTarget::Origin(other) => format!("{other}{}", request.target),
        RedirectTarget::Renamed => {
            let mut state = shared.state();
            let name = request.repository.as_ref();
            let id = name.and_then(|name| state.store.repository(name)).map(|found| found.id);
            id.map_or(itself, |id| {
                let query = request.target.find('?').map_or("", |start| &request.target[start..]);
                format!("{}/repositories/{id}{}{query}", request.base, request.subpath)
            })
        }
    }
}

fn with_headers(
    response: Response,
    shape: BodyShape,
    served: u64,
) -> http::Response<ThrottledBody> {
    let mut http_response = http::Response::new(match shape {
        BodyShape::Whole => ThrottledBody::whole(response.body),
        BodyShape::Truncated => ThrottledBody::truncated(&response.body),
        BodyShape::Html => ThrottledBody::whole(error_response::html_error(response.status).body),
        BodyShape::Empty => ThrottledBody::whole(String::new()),
        BodyShape::WrongType => {
            ThrottledBody::whole(r#"{"id":"one","state":7,"url":null}"#.to_owned())
        }
        BodyShape::Trickled(over) => ThrottledBody::trickled(response.body, over),
    });
    *http_response.status_mut() = response.status;
    let resets = epoch_seconds(SystemTime::now()) / 3600 * 3600 + 3600;
    let headers = http_response.headers_mut();
    let mut set_header = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set_header("server", "github.com".to_owned());
    set_header("x-github-request-id", format!("5A4D:{:X}:{served:06X}", fastrand::u32(..)));
    set_header("x-github-media-type", "github.v3; format=json".to_owned());
    set_header("x-github-api-version-selected", "2022-11-28".to_owned());
    set_header("x-ratelimit-limit", RATE_LIMIT.to_string());
    set_header("x-ratelimit-used", served.to_string());
    set_header("x-ratelimit-remaining", RATE_LIMIT.saturating_sub(served).to_string());
    set_header("x-ratelimit-reset", resets.to_string());
    set_header("x-ratelimit-resource", "core".to_owned());
    if response.status != StatusCode::NO_CONTENT {
        set_header(CONTENT_TYPE.as_str(), "application/json; charset=utf-8".to_owned());
    }
    for (name, value) in response.headers {
        set_header(name, value);
    }
    if matches!(shape, BodyShape::Html) {
        set_header(CONTENT_TYPE.as_str(), "text/html; charset=utf-8".to_owned());
    }
    http_response
}

/// `POST /path (authorization: ***) -> 201 [rule] {"state":"success"}`, without the token.
fn describe(request: &Request, body: &[u8], rule: Option<&str>, result: &str) -> String {
    let token = request.authorization.as_deref().map(auth::token);
    let authorization = if token.is_some() { " (authorization: ***)" } else { "" };
    let aside = if request.bypasses_faults { " (aside)" } else { "" };
    let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(json) => format!(" {json}"),
        Err(_) if body.is_empty() => String::new(),
        Err(_) => format!(" {}", String::from_utf8_lossy(body).escape_debug()),
    };
    let Request { method, target, .. } = request;
    let line = format!("{method} {target}{authorization}{aside} -> {result}{rule}{body}");
    match token.flatten().filter(|token| token.len() >= MIN_REDACTED_TOKEN) {
        Some(token) => line.replace(&token, "***"),
        None => line,
    }
}
