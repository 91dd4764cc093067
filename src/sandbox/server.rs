//! The HTTP server: reads requests, applies faults and writes responses.
//! What an endpoint does is up to `endpoints`, which fault applies to `faults`.

use std::future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::Options;
use super::auth::Tokens;
use super::endpoints;
use super::error_response::{self, Response};
use super::faults::{self, BodyShape, Effect, Fault, Overrides, Reaction, RedirectTarget, Rule};
use super::rate_limit::RateLimiter;
use super::request::Request;
use super::request_log::describe;
use super::response_head;
use super::store::{Contents, Store};
use super::throttled_body::{ConnectionClosed, ThrottledBody};

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 1 << 20;

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
    rate_limiter: RateLimiter,
    /// Requests so far, for their ids.
    served: u64,
}

impl Shared {
    pub(super) fn new(
        options: Options,
        address: SocketAddr,
        log: Box<dyn Fn(&str) + Send + Sync>,
    ) -> Self {
        let state = State {
            store: Store::new(Contents {
                deployments: options.deployments,
                workflow_runs: options.runs,
                pull_requests: options.pull_requests,
                age: options.age,
            }),
            tokens: Tokens::new(options.grants),
            rules: options.faults,
            rate_limiter: RateLimiter::new(options.rate_limit),
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
    let (fault, rule) = fault_of(&mut shared.state(), &request);
    let is_unread = fault.reaction == Reaction::Disconnect && fault.effect == Effect::OnResponse;
    let body = if is_unread { Some(Bytes::new()) } else { read_body(body).await? };
    let Some(body) = body else {
        (shared.log)(&describe(&request, &[], rule.as_deref(), "413"));
        return Ok(complete(&shared, &request, error_response::too_large(), BodyShape::Whole));
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
    Ok(complete(&shared, &request, response, shape))
}

/// The fault that applies to a request, with its rule for the log; the used-up rate limit is one.
fn fault_of(state: &mut State, request: &Request) -> (Fault, Option<String>) {
    let is_exhausted = state.rate_limiter.is_exhausted(SystemTime::now());
    if is_exhausted && !request.control.is_aside {
        return (Fault::rate_limited(), Some("rate limit".to_owned()));
    }
    let (fault, rule) = faults::next_fault(&mut state.rules, request).unzip();
    (fault.unwrap_or_default(), rule)
}

/// Reads a whole request body; `None` if it is longer than [`MAX_BODY`].
async fn read_body(body: Incoming) -> Result<Option<Bytes>, ConnectionClosed> {
    // A length that is too large is refused before the body is sent.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Ok(None);
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Ok(Some(body.to_bytes())),
        Err(why) if why.is::<LengthLimitError>() => Ok(None),
        Err(_) => Err(ConnectionClosed),
    }
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
            Ok((error_response::with_status(*status, *reason, request, body), BodyShape::Whole))
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

/// Counts the request against the rate limit and adds the headers that every response has.
fn complete(
    shared: &Shared,
    request: &Request,
    response: Response,
    shape: BodyShape,
) -> http::Response<ThrottledBody> {
    let (usage, served) = {
        let mut state = shared.state();
        state.served += 1;
        // GitHub does not count what has not changed.
        if response.status != StatusCode::NOT_MODIFIED && !request.control.is_aside {
            state.rate_limiter.count();
        }
        (state.rate_limiter.usage(), state.served)
    };
    response_head::complete(response, shape, usage, served)
}
