//! What goes wrong, and when: rules that strike requests, in the order in which they were given.
//! Nothing is random, so a rehearsal can be repeated.

mod grammar;

use std::fmt;
use std::time::Duration;

use http::{Method, StatusCode};

use super::error_response::Reason;
use super::request::{Call, Place};

pub(crate) use grammar::FAULTS_HELP;

/// One `--fault`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// How many requests that fit are let through first.
    skip: u32,
    /// How many are struck then; None is every one.
    left: Option<u32>,
    method: Option<Method>,
    room: Option<Room>,
    fault: Fault,
    /// As it was written, for the log.
    text: String,
}

/// The part of the API that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Deployments,
    Statuses,
    /// Where an App finds its installation and mints tokens.
    App,
}

/// What befalls a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) taking: Taking,
    /// Before the answer.
    pub(super) delay: Duration,
    pub(super) ending: Ending,
    pub(super) view: View,
}

/// When the request takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taking {
    /// Just before it is answered; not at all if it is refused, redirected, dropped or hangs.
    WithTheAnswer,
    First,
    /// Even if the client has gone by then, or was told something else at once.
    Late(Duration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Answered(Shape),
    Refused {
        status: StatusCode,
        reason: Reason,
    },
    Redirected {
        status: StatusCode,
        to: Destination,
    },
    /// The connection is closed without a word.
    Dropped,
    /// The connection stays open without a word.
    Hung,
}

/// What the body of an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Whole,
    Truncated,
    Html,
    Empty,
    WrongType,
    Trickled(Duration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// `/repositories/ID/…`, where GitHub sends those who ask for a renamed repository.
    Renamed,
    Origin(String),
    Loop,
}

/// How far an answer is from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// What is younger is not seen yet.
    pub(super) lag: Duration,
    /// Where `Link` points to: another origin.
    pub(super) link: Option<String>,
    /// There is one more status, the oldest, in a state that is in no document.
    pub(super) waiting: bool,
    /// How long a token lives that is minted; None is an hour.
    pub(super) life: Option<Duration>,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            taking: Taking::WithTheAnswer,
            delay: Duration::ZERO,
            ending: Ending::Answered(Shape::Whole),
            view: View::default(),
        }
    }
}

impl Fault {
    /// Whether the answer lets itself be waited for.
    pub(super) fn waits(&self) -> bool {
        !self.delay.is_zero()
            || (matches!(self.taking, Taking::Late(_)) && self.answers_truly())
            || matches!(self.ending, Ending::Hung)
    }

    /// Whether the answer is the endpoint's own, so that it has to be known first.
    pub(super) fn answers_truly(&self) -> bool {
        matches!(self.ending, Ending::Answered(_))
    }
}

impl Rule {
    fn fits(&self, call: &Call) -> bool {
        let room = match call.place {
            Place::Deployments | Place::Deployment(_) => Some(Room::Deployments),
            Place::Statuses(_) | Place::Status(..) => Some(Room::Statuses),
            Place::Installation | Place::AccessTokens(_) => Some(Room::App),
            Place::Repository | Place::Unknown => None,
        };
        !call.is_aside
            && self.method.as_ref().is_none_or(|method| *method == call.method)
            && (self.room.is_none() || self.room == room)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Finds the rule that strikes this request: the first that fits it, has let enough through and
/// is not used up. Every rule that still lets requests through counts this one.
pub(super) fn strike(rules: &mut [Rule], call: &Call) -> Option<(Fault, String)> {
    let mut struck = None;
    for rule in rules.iter_mut().filter(|rule| rule.fits(call)) {
        if rule.skip > 0 {
            rule.skip -= 1;
        } else if struck.is_none() && rule.left != Some(0) {
            rule.left = rule.left.map(|left| left - 1);
            struck = Some((rule.fault.clone(), rule.to_string()));
        }
    }
    struck
}
