//! HTTP: connections in, answers out, with what a fault makes of them.
//! It neither knows the endpoints nor reads a rule.

use std::future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
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
use super::auth::{self, Rights};
use super::endpoints;
use super::error_response::{self, Reply, epoch_seconds};
use super::faults::{self, Destination, Ending, Fault, Rule, Shape, Taking, View};
use super::request::Call;
use super::store::World;
use super::throttled_body::{Gone, Paced};

/// A longer body is none of ours.
const MAX_BODY: usize = 1 << 20;

/// A shorter token is a toy, and may well be a part of an innocent word.
const MIN_SECRET: usize = 8;

/// What GitHub lets an installation do in an hour.
const RATE_LIMIT: u64 = 5000;

/// What all connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    own_address: String,
    log: Box<dyn Fn(&str) + Send + Sync>,
}

struct State {
    world: World,
    rights: Rights,
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
            world: World::new(options.deployments),
            rights: Rights::new(options.grants),
            rules: options.faults,
            served: 0,
        };
        Self { state: Mutex::new(state), own_address: address.to_string(), log }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, call: &Call, body: &[u8], view: &View) -> Reply {
        let State { world, rights, .. } = &mut *self.state();
        endpoints::take(world, rights, call, body, view)
    }
}

/// Serves whoever connects, until it is aborted.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
            // Out of file descriptors; some are given back soon.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // It is a matter of speed alone.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(Arc::clone(&shared), request));
    // A client that goes away, or a fault that closes the connection, is all in a day's work.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Paced>, Gone> {
    let (head, body) = request.into_parts();
    let call = Call::read(&head, &shared.own_address);
    let (struck, served) = {
        let mut state = shared.state();
        state.served += 1;
        (faults::strike(&mut state.rules, &call), state.served)
    };
    let (fault, rule) = struck.unzip();
    let fault = fault.unwrap_or_default();
    let goes_unread = fault.ending == Ending::Dropped && fault.taking == Taking::WithTheAnswer;
    let body = if goes_unread {
        Bytes::new()
    } else {
        Limited::new(body, MAX_BODY).collect().await.map_err(|_| Gone)?.to_bytes()
    };
    let log = |answered: &str| (shared.log)(&describe(&call, &body, rule.as_deref(), answered));
    if fault.waits() {
        log("later");
    }
    let outcome = suffer(&shared, &call, &body, &fault).await;
    if !fault.waits() {
        log(outcome.as_ref().map_or("dropped", |(reply, _)| reply.status.as_str()));
    }
    let (reply, shape) = outcome?;
    Ok(respond(reply, shape, served))
}

/// What becomes of a request under a fault: an answer and the shape of its body, or nothing.
async fn suffer(
    shared: &Arc<Shared>,
    call: &Call,
    body: &Bytes,
    fault: &Fault,
) -> Result<(Reply, Shape), Gone> {
    let taken = match fault.taking {
        Taking::WithTheAnswer => None,
        Taking::First => Some(shared.take(call, body, &fault.view)),
        Taking::Late(wait) => {
            let reply = take_late(shared, call, body, wait);
            if fault.answers_truly() { Some(reply.await.map_err(|_| Gone)?) } else { None }
        }
    };
    sleep(fault.delay).await;
    match &fault.ending {
        Ending::Answered(shape) => {
            let reply = taken.unwrap_or_else(|| shared.take(call, body, &fault.view));
            Ok((reply, *shape))
        }
        Ending::Refused { status, reason } => {
            Ok((error_response::of_code(*status, *reason, body), Shape::Whole))
        }
        Ending::Redirected { status, to } => {
            Ok((error_response::moved(*status, &location(shared, call, to)), Shape::Whole))
        }
        Ending::Dropped => Err(Gone),
        Ending::Hung => future::pending().await,
    }
}

/// Takes a request in a task of its own, which outlives the connection.
fn take_late(
    shared: &Arc<Shared>,
    call: &Call,
    body: &Bytes,
    wait: Duration,
) -> oneshot::Receiver<Reply> {
    let (shared, call, body) = (Arc::clone(shared), call.clone(), body.clone());
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        sleep(wait).await;
        // Nobody waits for it any more if the client has gone.
        let _ = sender.send(shared.take(&call, &body, &View::default()));
    });
    receiver
}

fn location(shared: &Shared, call: &Call, to: &Destination) -> String {
    let origin = call.base.strip_suffix(call.prefix).unwrap_or(&call.base);
    let itself = format!("{origin}{}", call.written);
    match to {
        Destination::Loop => itself,
        Destination::Origin(other) => format!("{other}{}", call.written),
        Destination::Renamed => {
            let mut state = shared.state();
            let name = call.repository.as_ref();
            let id = name.and_then(|name| state.world.repository(name)).map(|found| found.id);
            id.map_or(itself, |id| {
                let query = call.written.find('?').map_or("", |start| &call.written[start..]);
                format!("{}/repositories/{id}{}{query}", call.base, call.below)
            })
        }
    }
}

fn respond(reply: Reply, shape: Shape, served: u64) -> Response<Paced> {
    let mut response = Response::new(match shape {
        Shape::Whole => Paced::whole(reply.body),
        Shape::Truncated => Paced::truncated(&reply.body),
        Shape::Html => Paced::whole(error_response::unicorn(reply.status).body),
        Shape::Empty => Paced::whole(String::new()),
        Shape::WrongType => Paced::whole(r#"{"id":"one","state":7,"url":null}"#.to_owned()),
        Shape::Trickled(over) => Paced::trickled(reply.body, over),
    });
    *response.status_mut() = reply.status;
    let resets = epoch_seconds(SystemTime::now()) / 3600 * 3600 + 3600;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set("server", "github.com".to_owned());
    set("x-github-request-id", format!("5A4D:{:X}:{served:06X}", fastrand::u32(..)));
    set("x-github-media-type", "github.v3; format=json".to_owned());
    set("x-github-api-version-selected", "2022-11-28".to_owned());
    set("x-ratelimit-limit", RATE_LIMIT.to_string());
    set("x-ratelimit-used", served.to_string());
    set("x-ratelimit-remaining", RATE_LIMIT.saturating_sub(served).to_string());
    set("x-ratelimit-reset", resets.to_string());
    set("x-ratelimit-resource", "core".to_owned());
    if reply.status != StatusCode::NO_CONTENT {
        set(CONTENT_TYPE.as_str(), "application/json; charset=utf-8".to_owned());
    }
    for (name, value) in reply.headers {
        set(name, value);
    }
    if matches!(shape, Shape::Html) {
        set(CONTENT_TYPE.as_str(), "text/html; charset=utf-8".to_owned());
    }
    response
}

/// `POST /path (authorization: ***) -> 201 [rule] {"state":"success"}`, without the token.
fn describe(call: &Call, body: &[u8], rule: Option<&str>, answered: &str) -> String {
    let token = call.authorization.as_deref().map(auth::token);
    let authorization = if token.is_some() { " (authorization: ***)" } else { "" };
    let aside = if call.is_aside { " (aside)" } else { "" };
    let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(json) => format!(" {json}"),
        Err(_) if body.is_empty() => String::new(),
        Err(_) => format!(" {}", String::from_utf8_lossy(body).escape_debug()),
    };
    let Call { method, written, .. } = call;
    let line = format!("{method} {written}{authorization}{aside} -> {answered}{rule}{body}");
    match token.flatten().filter(|token| token.len() >= MIN_SECRET) {
        Some(token) => line.replace(&token, "***"),
        None => line,
    }
}
