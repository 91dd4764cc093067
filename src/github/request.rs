//! One try: a request, its redirects, and an answer of bounded size.
//! The token goes to our own origin only, whatever the answer asks for.

use std::error::Error;
use std::time::Instant;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, IF_NONE_MATCH, LOCATION, USER_AGENT};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use octocrab::Octocrab;
use octocrab::etag::EntityTag;
use serde_json::Value;
use url::Url;

use super::bearer::Bearer;
use super::error::{ApiError, RequestContext};
use super::http_client::Sent;
use super::quote::quote;

/// One deployment or status takes a few KiB; in bytes.
const MAX_OBJECT: usize = 1 << 20;

const MAX_REDIRECTS: usize = 5;

const OUR_NAME: &str = concat!("deployment-status/", env!("CARGO_PKG_VERSION"));

/// What is asked of GitHub.
#[derive(Clone, Debug)]
pub(super) struct ApiRequest {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
    /// `If-None-Match`: an answer that is still the same is a 304 without a body.
    pub(super) etag: Option<EntityTag>,
    /// An answer may have so many bytes.
    pub(super) max_answer: usize,
}

impl ApiRequest {
    pub(super) fn get(url: Url) -> Self {
        Self { method: Method::GET, url, body: None, etag: None, max_answer: MAX_OBJECT }
    }

    pub(super) fn unless(self, known: Option<&EntityTag>) -> Self {
        Self { etag: known.cloned(), ..self }
    }
}

/// What came back, whole.
#[derive(Debug)]
pub(super) struct ApiResponse {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl ApiResponse {
    /// The URL that the answer names, if it is of the answer's own origin.
    pub(super) fn own(&self, context: &RequestContext, url: Url) -> Result<Url, ApiError> {
        if url.origin() == self.url.origin() {
            return Ok(url);
        }
        let origin = quote(&url.origin().ascii_serialization());
        let why = format!("GitHub points to `{origin}`, where the token must not go");
        Err(ApiError::astray(context, &self.headers, &why))
    }
}

/// The means of one try.
pub(super) struct Requester<'a> {
    pub(super) octocrab: &'a Octocrab,
    pub(super) context: &'a RequestContext<'a>,
    pub(super) trace: Option<fn(&str)>,
}

impl Requester<'_> {
    /// Follows redirects on our own origin, with method and body kept.
    /// A renamed or transferred repository answers with them.
    pub(super) async fn make(
        &self,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let mut request = request.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.once(&request, bearer, sent).await?;
            if !matches!(answer.status.as_u16(), 301 | 302 | 307 | 308) {
                return Ok(answer);
            }
            // A redirect means that nothing was done.
            sent.reset();
            let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let Some(next) = location.and_then(|location| answer.url.join(location).ok()) else {
                let why = "GitHub answered with a redirect to nowhere";
                return Err(ApiError::astray(self.context, &answer.headers, why));
            };
            request.url = answer.own(self.context, next)?;
        }
        let why = format!("GitHub answered with more than {MAX_REDIRECTS} redirects");
        Err(ApiError::astray(self.context, &HeaderMap::new(), &why))
    }

    async fn once(
        &self,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let begun = Instant::now();
        let result = self.answer(request, bearer, sent).await;
        if let Some(trace) = self.trace {
            let outcome = match &result {
                Ok(answer) => {
                    let id = self.context.request_id(&answer.headers);
                    format!("{} (request {})", answer.status, id.as_deref().unwrap_or("unknown"))
                }
                Err(err) => err.to_string(),
            };
            // A redirect may have put anything into it.
            let url = quote(&self.context.secrets.redact(request.url.as_str()));
            trace(&format!("{} {url}: {outcome} [{:.0?}]", request.method, begun.elapsed()));
        }
        result
    }

    async fn answer(
        &self,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<ApiResponse, ApiError> {
        let no_response =
            |err: &(dyn Error + 'static)| ApiError::no_response(self.context, err, sent.get());
        let built = self.build(request, bearer, sent).map_err(|err| no_response(&err))?;
        let response = self.octocrab.execute(built).await.map_err(|err| no_response(&err))?;
        let (head, body) = response.into_parts();
        match read(body, request.max_answer).await {
            Ok(body) => Ok(ApiResponse {
                url: request.url.clone(),
                status: head.status,
                headers: head.headers,
                body,
            }),
            Err(why) if head.status.is_success() => {
                let why = match why {
                    Incomplete::TooLong => {
                        format!("its answer is larger than {} MiB", request.max_answer >> 20)
                    }
                    Incomplete::Broken => "its answer broke off".to_owned(),
                };
                Err(ApiError::broken(self.context, head.status, &head.headers, &why))
            }
            // What matters of a refusal stands in its head.
            Err(_) => Err(ApiError::refused(self.context, head.status, &head.headers, &[])),
        }
    }

    fn build(
        &self,
        request: &ApiRequest,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> octocrab::Result<Request<octocrab::OctoBody>> {
        let mut builder = Request::builder()
            .method(&request.method)
            .uri(request.url.as_str())
            .header(USER_AGENT, OUR_NAME)
            .header(ACCEPT, "application/vnd.github+json")
            .extension(sent.clone());
        if let Some(etag) = &request.etag {
            builder = builder.header(IF_NONE_MATCH, etag.to_string());
        }
        if let Some(bearer) = bearer {
            builder = builder.header(AUTHORIZATION, bearer.header());
        }
        self.octocrab.build_request(builder, request.body.as_ref())
    }
}

/// Why a body could not be read to its end.
enum Incomplete {
    TooLong,
    Broken,
}

/// Reads a body into one buffer, which never grows beyond the limit.
async fn read<B>(mut body: B, limit: usize) -> Result<Vec<u8>, Incomplete>
where
    B: Body<Data = Bytes> + Unpin,
{
    let announced = body.size_hint().lower();
    let announced = usize::try_from(announced).ok().filter(|size| *size <= limit);
    let mut read = Vec::with_capacity(announced.ok_or(Incomplete::TooLong)?);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Incomplete::Broken)?.into_data() else { continue };
        if data.len() > limit - read.len() {
            return Err(Incomplete::TooLong);
        }
        read.extend_from_slice(&data);
    }
    Ok(read)
}
