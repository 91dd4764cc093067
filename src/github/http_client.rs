//! The HTTP client below octocrab, whose own would ignore proxies and need a CA bundle.
//! It sends each request once: it follows nothing and repeats nothing that was written.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use tower::{BoxError, Service, service_fn};

use super::proxy::{self, Proxy, Stream};
use super::tls::Roots;

/// A connection that was idle for longer is not used again: GitHub closes it after about a minute,
/// and one that a router has dropped costs the time of a try.
const IDLE: Duration = Duration::from_secs(75);

/// An answer's head has no more than this, which also bounds what is read at once; in bytes.
const MAX_HEAD: usize = 64 << 10;

/// Opens nothing yet; each clone of what it returns shares one pool of connections.
pub(super) fn open(proxy: Option<&Proxy>, roots: &Arc<Roots>) -> Octocrab {
    let connector = Connector { proxy: proxy.cloned(), roots: Arc::clone(roots) };
    let client = Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .http1_max_buf_size(MAX_HEAD)
        .build(connector);
    // With a service of our own octocrab neither retries (it would post twice) nor redirects (it
    // would lose the body of a post).
    let Ok(octocrab) =
        OctocrabBuilder::new_empty().with_service(Once(client)).with_auth(AuthState::None).build();
    octocrab
}

/// Whether a request has begun to be written. It rides along in the request's extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent(Arc<AtomicBool>);

impl Sent {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What was sent is known to have done nothing.
    pub(super) fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Once(Client<Connector, Watched>);

impl Service<Request<OctoBody>> for Once {
    type Response = Response<Incoming>;
    type Error = hyper_util::client::legacy::Error;
    type Future = hyper_util::client::legacy::ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let sent = parts.extensions.get::<Sent>().cloned().unwrap_or_default();
        self.0.request(Request::from_parts(parts, Watched { body, sent }))
    }
}

/// A body that notes when hyper first looks at it, which is when it begins to write the request.
struct Watched {
    body: OctoBody,
    sent: Sent,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = octocrab::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, octocrab::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.sent.0.store(true, Ordering::Relaxed);
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[derive(Clone)]
struct Connector {
    proxy: Option<Proxy>,
    roots: Arc<Roots>,
}

impl Connector {
    async fn connect(self, uri: Uri) -> Result<MaybeHttpsStream<Stream>, BoxError> {
        let Self { proxy, roots } = self;
        let connecting = proxy::connect(proxy.as_ref(), &roots, uri.clone());
        if uri.scheme_str() != Some("https") {
            return Ok(MaybeHttpsStream::Http(connecting.await?));
        }
        let (stream, config) = tokio::try_join!(connecting, roots.config())?;
        let mut stream = Some(stream);
        let connected =
            service_fn(move |_: Uri| ready(stream.take().ok_or("a connection is made but once")));
        HttpsConnector::from((connected, config)).call(uri).await
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Stream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
