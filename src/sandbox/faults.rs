//! Faults: rules that say which requests fail, and how; the first that applies is taken.
//! Nothing is random, so a run can be repeated.

mod grammar;

use std::fmt;
use std::time::Duration;

use http::{Method, StatusCode};

use super::error_response::Reason;
use super::request::{Endpoint, Request};

/// One `--fault`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// How many requests that fit are let through first.
    skip: u32,
    /// How many fail after that; `None` means all.
    left: Option<u32>,
    method: Option<Method>,
    group: Option<EndpointGroup>,
    fault: Fault,
    /// The rule as it was given, for the log.
    text: String,
}

/// The part of the API that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndpointGroup {
    Deployments,
    Statuses,
    Environments,
    WorkflowRuns,
    PullRequests,
    /// Where an App finds its installation and mints tokens.
    App,
}

/// What happens to a request instead of the usual answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) effect: Effect,
    /// Before the answer.
    pub(super) delay: Duration,
    pub(super) reaction: Reaction,
    pub(super) overrides: Overrides,
}

/// When the request changes the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Just before the response; never if that is an error, a redirect or none at all.
    OnResponse,
    Immediate,
    /// Even if the client has disconnected by then, or had an error response at once.
    Delayed(Duration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reaction {
    Response(BodyShape),
    Error {
        status: StatusCode,
        reason: Reason,
    },
    Redirect {
        status: StatusCode,
        to: RedirectTarget,
    },
    /// The connection is closed without a response.
    Disconnect,
    /// The connection stays open without a response.
    Hang,
}

/// What is done to the body of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyShape {
    Whole,
    Truncated,
    Html,
    Empty,
    WrongType,
    Trickled(Duration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RedirectTarget {
    /// `/repositories/ID/…`, where GitHub sends those who ask for a renamed repository.
    Renamed,
    Origin(String),
    Loop,
}

/// What differs from the usual in a response of the endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Overrides {
    /// Lists omit what is younger than this.
    pub(super) lag: Duration,
    /// Where `Link` points to: another origin.
    pub(super) link: Option<String>,
    /// There is one more status, the oldest, in a state that is in no document.
    pub(super) waiting: bool,
    /// The lifetime of an installation token; `None` is one hour.
    pub(super) token_lifetime: Option<Duration>,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            effect: Effect::OnResponse,
            delay: Duration::ZERO,
            reaction: Reaction::Response(BodyShape::Whole),
            overrides: Overrides::default(),
        }
    }
}

impl Fault {
    /// The response to a request beyond the rate limit.
    pub(super) fn rate_limited() -> Self {
        let reaction =
            Reaction::Error { status: StatusCode::FORBIDDEN, reason: Reason::RateLimited };
        Self { reaction, ..Self::default() }
    }

    /// Whether the response may take long, so that the request is logged before it.
    pub(super) fn is_delayed(&self) -> bool {
        !self.delay.is_zero()
            || (matches!(self.effect, Effect::Delayed(_)) && self.has_real_response())
            || matches!(self.reaction, Reaction::Hang)
    }

    /// Whether the answer is the endpoint's own, so that it has to be known first.
    pub(super) fn has_real_response(&self) -> bool {
        matches!(self.reaction, Reaction::Response(_))
    }
}

impl Rule {
    fn fits(&self, request: &Request) -> bool {
        let group = match request.endpoint {
            Endpoint::Deployments | Endpoint::Deployment(_) => Some(EndpointGroup::Deployments),
            Endpoint::Statuses(_) | Endpoint::Status(..) => Some(EndpointGroup::Statuses),
            Endpoint::Environments | Endpoint::Environment(_) => Some(EndpointGroup::Environments),
            Endpoint::WorkflowRun(_) => Some(EndpointGroup::WorkflowRuns),
            Endpoint::PullRequest(_) => Some(EndpointGroup::PullRequests),
            Endpoint::Installation | Endpoint::AccessTokens(_) => Some(EndpointGroup::App),
            Endpoint::Repository | Endpoint::Unknown => None,
        };
        !request.control.is_aside
            && self.method.as_ref().is_none_or(|method| *method == request.method)
            && (self.group.is_none() || self.group == group)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Finds the rule that applies to this request: the first that fits it, has let enough through and
/// is not used up. Every rule that still lets requests through counts this one.
pub(super) fn next_fault(rules: &mut [Rule], request: &Request) -> Option<(Fault, String)> {
    let mut found = None;
    for rule in rules.iter_mut().filter(|rule| rule.fits(request)) {
        if rule.skip > 0 {
            rule.skip -= 1;
        } else if found.is_none() && rule.left != Some(0) {
            rule.left = rule.left.map(|left| left - 1);
            found = Some((rule.fault.clone(), rule.to_string()));
        }
    }
    found
}
