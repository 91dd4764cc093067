//! One try: a request, its redirects, and an answer of bounded size.
//! The token goes to our own origin only, whatever the answer asks for.

use std::error::Error;
use std::time::Instant;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, LOCATION, USER_AGENT};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use octocrab::Octocrab;
use serde_json::Value;
use url::Url;

use super::auth::Bearer;
use super::error::{ApiError, Scene};
use super::http_client::Sent;

/// A page of a hundred deployments is far smaller.
const MAX_ANSWER: usize = 8 << 20;

const MAX_REDIRECTS: usize = 5;

const OUR_NAME: &str = concat!("deployment-status/", env!("CARGO_PKG_VERSION"));

/// What is asked of GitHub.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
}

/// What came back, whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// The URL that the answer names, if it is of the answer's own origin.
    pub(super) fn own(&self, scene: &Scene, url: Url) -> Result<Url, ApiError> {
        if url.origin() == self.url.origin() {
            return Ok(url);
        }
        let origin = url.origin().ascii_serialization();
        let why = format!("GitHub points to `{origin}`, where the token must not go");
        Err(ApiError::astray(scene, &self.headers, &why))
    }
}

/// The means of one try.
pub(super) struct Exchange<'a> {
    pub(super) octocrab: &'a Octocrab,
    pub(super) scene: &'a Scene<'a>,
    pub(super) trace: Option<fn(&str)>,
}

impl Exchange<'_> {
    /// Follows redirects on our own origin, with method and body kept.
    /// A renamed or transferred repository answers with them.
    pub(super) async fn make(
        &self,
        ask: &Ask,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<Answer, ApiError> {
        let mut ask = ask.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.once(&ask, bearer, sent).await?;
            if !matches!(answer.status.as_u16(), 301 | 302 | 307 | 308) {
                return Ok(answer);
            }
            // A redirect says that nothing was done.
            sent.reset();
            let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let Some(next) = location.and_then(|location| answer.url.join(location).ok()) else {
                let why = "GitHub answered with a redirect to nowhere";
                return Err(ApiError::astray(self.scene, &answer.headers, why));
            };
            ask.url = answer.own(self.scene, next)?;
        }
        let why = format!("GitHub answered with more than {MAX_REDIRECTS} redirects");
        Err(ApiError::astray(self.scene, &HeaderMap::new(), &why))
    }

    async fn once(
        &self,
        ask: &Ask,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<Answer, ApiError> {
        let begun = Instant::now();
        let result = self.answer(ask, bearer, sent).await;
        if let Some(trace) = self.trace {
            let outcome = match &result {
                Ok(answer) => {
                    let id = self.scene.request_id(&answer.headers);
                    format!("{} (request {})", answer.status, id.as_deref().unwrap_or("unknown"))
                }
                Err(err) => err.to_string(),
            };
            // A redirect may have put anything into it.
            let url = self.scene.secrets.hide_in(ask.url.as_str());
            trace(&format!("{} {url}: {outcome} [{:.0?}]", ask.method, begun.elapsed()));
        }
        result
    }

    async fn answer(
        &self,
        ask: &Ask,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> Result<Answer, ApiError> {
        let silent = |err: &(dyn Error + 'static)| ApiError::silent(self.scene, err, sent.get());
        let request = self.request(ask, bearer, sent).map_err(|err| silent(&err))?;
        let response = self.octocrab.execute(request).await.map_err(|err| silent(&err))?;
        let (head, body) = response.into_parts();
        match Limited::new(body, MAX_ANSWER).collect().await {
            Ok(body) => Ok(Answer {
                url: ask.url.clone(),
                status: head.status,
                headers: head.headers,
                body: body.to_bytes(),
            }),
            Err(err) if head.status.is_success() => {
                let why = if err.is::<LengthLimitError>() {
                    format!("its answer is larger than {} MiB", MAX_ANSWER >> 20)
                } else {
                    "its answer broke off".to_owned()
                };
                Err(ApiError::broken(self.scene, head.status, &head.headers, &why))
            }
            // What matters of a refusal stands in its head.
            Err(_) => Err(ApiError::refused(self.scene, head.status, &head.headers, &[])),
        }
    }

    fn request(
        &self,
        ask: &Ask,
        bearer: Option<&Bearer>,
        sent: &Sent,
    ) -> octocrab::Result<Request<octocrab::OctoBody>> {
        let mut request = Request::builder()
            .method(&ask.method)
            .uri(ask.url.as_str())
            .header(USER_AGENT, OUR_NAME)
            .header(ACCEPT, "application/vnd.github+json")
            .extension(sent.clone());
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, bearer.header());
        }
        self.octocrab.build_request(request, ask.body.as_ref())
    }
}
