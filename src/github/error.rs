//! Refusals, outages and broken connections in words: one sentence, and what to do about it.
//! It quotes little, never markup, and never a secret.

mod context;
mod help;
mod message;
#[cfg(test)]
mod tests;
mod tls;
mod transport;

use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

pub(super) use self::context::{Caller, RequestContext};
use self::message::Message;
use super::operation::Operation;
use super::rate_limit::{self, RateLimit};
use crate::backoff::RetryDecision;
use crate::deployment::format_duration;

/// Why a try failed.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    sentence: String,
    help: Option<String>,
    retry_decision: RetryDecision,
    kind: ErrorKind,
}

/// What kind of refusal it was, for callers that act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// 401: the token is wrong or expired.
    Unauthorized,
    /// 403 that is no rate limit: the token's permissions do not suffice.
    Forbidden,
    /// 404: there is no such thing, or the token cannot see it.
    NotFound,
    /// 409: of a creation, a merge conflict or required contexts that are not green.
    Conflict,
    /// 422: GitHub holds the request for invalid.
    Invalid,
    /// 202 to a creation: GitHub merged the default branch into the ref, and created nothing.
    Merged,
    /// 429, or a 403 that is a rate limit.
    RateLimited,
    /// Anything else: an outage, a broken answer, no connection.
    Other,
}

impl ErrorKind {
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            422 => Self::Invalid,
            _ => Self::Other,
        }
    }
}

impl ApiError {
    pub(crate) fn retry_decision(&self) -> RetryDecision {
        self.retry_decision
    }

    /// What to change, on one line.
    #[cfg(test)]
    pub(super) fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The sentence, and the help on a line of its own.
    pub(crate) fn in_full(&self) -> String {
        self.help.as_ref().map_or_else(|| self.to_string(), |help| format!("{self}\nhelp: {help}"))
    }

    /// Both have the same sentence and help, but for the request's id.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let words = |error: &Self| error.sentence.split(" (request ").next().map(str::to_owned);
        words(self) == words(other) && self.help == other.help
    }

    /// What kind of refusal it was.
    pub(crate) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// An outage, a rate limit or a missing permission: nothing that the inputs got wrong.
    pub(crate) fn is_passing(&self) -> bool {
        use ErrorKind::{Forbidden, Other, RateLimited};
        matches!(self.kind, Forbidden | RateLimited)
            || self.kind == Other && self.retry_decision != RetryDecision::GiveUp
    }

    /// The token does not reach that far: 401, 403 (no rate limit) or 404.
    pub(crate) fn is_denied(&self) -> bool {
        use ErrorKind::{Forbidden, NotFound, Unauthorized};
        matches!(self.kind, Unauthorized | Forbidden | NotFound)
    }

    /// GitHub made no deployment since a merge or a context stood against it (202, 409). Only
    /// where the inputs asked for auto-merge or contexts does that forbid the deploy.
    pub(crate) fn forbids_the_deploy(&self) -> bool {
        matches!(self.kind, ErrorKind::Merged | ErrorKind::Conflict)
    }

    /// The cause of a wait, in a few words.
    pub(super) fn awaited(&self) -> &'static str {
        if self.kind == ErrorKind::RateLimited { "GitHub's rate limit" } else { "GitHub" }
    }

    /// The same failure of a request that came before the one that matters: nothing is unsure.
    pub(super) fn of_a_preparation(self) -> Self {
        let retry_decision = match self.retry_decision {
            RetryDecision::Uncertain { after } => RetryDecision::Retry { after },
            RetryDecision::GiveUp | RetryDecision::Retry { .. } => self.retry_decision,
        };
        Self { retry_decision, ..self }
    }

    /// GitHub answered with a refusal.
    pub(super) fn refused(
        context: &RequestContext,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let message = Message::read(headers, body, &context.secrets);
        let limit = rate_limit::find(status, headers, &message.text, SystemTime::now());
        let why = match message.to_string() {
            text if text.is_empty() || Some(&*text) == status.canonical_reason() => named(status),
            text => format!("{}: {text}", named(status)),
        };
        let wait = limit.and_then(|limit| limit.after).filter(|wait| !wait.is_zero());
        let wait = wait.map(|wait| format!("; it asks us to wait {}", format_duration(wait)));
        let why = format!("GitHub answered {why}{}", wait.unwrap_or_default());
        let kind = match limit {
            Some(_) => ErrorKind::RateLimited,
            None => ErrorKind::of(status),
        };
        let retry_decision = match (limit, status.as_u16()) {
            (Some(RateLimit { after }), _) => RetryDecision::Retry { after },
            (None, 500 | 502..=504) => RetryDecision::Uncertain {
                after: rate_limit::retry_after(headers, SystemTime::now()),
            },
            (None, _) => RetryDecision::GiveUp,
        };
        let help = match limit {
            Some(_) => help::for_a_limit(context).map(str::to_owned),
            None => help::for_a_refusal(context, status, headers, &message),
        };
        let help = help.map(|help| context.secrets.redact(&help));
        Self { help, retry_decision, kind, ..Self::new(context, Some(headers), &why) }
    }

    /// A 2xx with an unexpected body: what was asked may have been done.
    pub(super) fn broken(
        context: &RequestContext,
        status: StatusCode,
        headers: &HeaderMap,
        why: &str,
    ) -> Self {
        let why = format!("GitHub answered {}, but {why}", named(status));
        let help = help::for_another_server(headers).map(str::to_owned);
        let retry_decision = RetryDecision::Uncertain { after: None };
        Self { help, retry_decision, ..Self::new(context, Some(headers), &why) }
    }

    /// GitHub answered 202 where it was to create a deployment.
    pub(super) fn merged(context: &RequestContext, headers: &HeaderMap, body: &[u8]) -> Self {
        let message = Message::read(headers, body, &context.secrets);
        let why = format!("GitHub merged the default branch into the ref instead: {message}");
        let help = "deploy the merge commit, or leave `auto-merge` out".to_owned();
        Self {
            help: Some(help),
            kind: ErrorKind::Merged,
            ..Self::new(context, Some(headers), &why)
        }
    }

    /// A redirect, or a next page, that would take the token elsewhere, or that has no end.
    pub(super) fn astray(context: &RequestContext, headers: &HeaderMap, why: &str) -> Self {
        let help = "set `api-url` and `repository` to where GitHub is now".to_owned();
        Self { help: Some(help), ..Self::new(context, Some(headers), why) }
    }

    /// Another try would end the same way, whatever GitHub says.
    pub(super) fn hopeless(context: &RequestContext, why: &str) -> Self {
        Self::new(context, None, why)
    }

    pub(super) fn timed_out(context: &RequestContext, limit: Duration, sent: bool) -> Self {
        if limit.is_zero() {
            let retry_decision = RetryDecision::Retry { after: None };
            return Self { retry_decision, ..Self::new(context, None, "no time was left for it") };
        }
        let (what, retry_decision) = if sent {
            ("answer from", RetryDecision::Uncertain { after: None })
        } else {
            ("connection to", RetryDecision::Retry { after: None })
        };
        let why = format!("no {what} `{}` within {limit:.0?}", context.host);
        let help = help::for_a_timeout(context, sent).map(str::to_owned);
        Self { help, retry_decision, ..Self::new(context, None, &why) }
    }

    /// There was no answer: no connection, or one that broke.
    pub(super) fn no_response(
        context: &RequestContext,
        err: &(dyn Error + 'static),
        sent: bool,
    ) -> Self {
        let silence = transport::explain(context, err, sent);
        let retry_decision = match (silence.is_final, sent) {
            (true, _) => RetryDecision::GiveUp,
            (false, false) => RetryDecision::Retry { after: None },
            (false, true) => RetryDecision::Uncertain { after: None },
        };
        Self {
            retry_decision,
            help: silence.help.map(str::to_owned),
            ..Self::new(context, None, &silence.why)
        }
    }

    fn new(context: &RequestContext, headers: Option<&HeaderMap>, why: &str) -> Self {
        let operation = context.secrets.redact(&context.operation.to_string());
        let why = context.secrets.redact(why);
        let request_id = headers
            .and_then(|headers| context.request_id(headers))
            .map(|id| format!(" (request {id})"))
            .unwrap_or_default();
        Self {
            sentence: format!("cannot {operation}: {why}{request_id}"),
            help: None,
            retry_decision: RetryDecision::GiveUp,
            kind: ErrorKind::Other,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.sentence)
    }
}

impl Error for ApiError {}

/// Why there was no answer.
struct TransportFailure {
    why: String,
    help: Option<&'static str>,
    /// The same will happen again.
    is_final: bool,
}

fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}
