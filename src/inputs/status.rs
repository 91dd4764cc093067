//! The inputs that say what statuses say: states, URLs, descriptions, and how the URL is found.
//! Nothing is filled in here.

use std::time::Duration;

use regex::RegexBuilder;

use super::errors::Checks;
use super::raw::Given;
use super::values::{A_BOOLEAN, A_DURATION, A_URL, boolean, duration_above_zero};
use super::{Asked, LogUrl, Wording};
use crate::deployment::{State, WebUrl};
use crate::output_url::Rule;

/// A pattern that compiles to more than this many bytes is refused: we promise small memory.
const MAX_PATTERN: usize = 1 << 20;

const API_TIMEOUT: Duration = Duration::from_mins(2);

pub(super) fn wording(given: &Given, checks: &mut Checks<'_>) -> Wording {
    let posting = &given.raw.posting;
    let mut url = |name, text| checks.input(name, text, A_URL, WebUrl::parse);
    let target_url = url("target-url", posting.target_url.as_deref());
    let environment_url = url("environment-url", posting.environment_url.as_deref());
    let log_url = checks.input("log-url", posting.log_url.as_deref(), A_LOG_URL, log_url);
    let auto_inactive = posting.auto_inactive.as_deref();
    let initial_state = given.raw.running.initial_state.as_deref();
    let cancel_state = given.raw.closing.cancel_state.as_deref();
    Wording {
        description: posting.description.clone(),
        target_url,
        environment_url,
        log_url: log_url.unwrap_or(LogUrl::NotSent),
        auto_inactive: checks.input("auto-inactive", auto_inactive, A_BOOLEAN, boolean),
        initial_state: checks
            .input("initial-state", initial_state, "`pending`, `queued` or `in_progress`", |word| {
                State::parse(word).filter(|state| !state.is_final())
            })
            .unwrap_or(State::Pending),
        cancel_state: checks
            .input("cancel-state", cancel_state, "`error`, `failure` or `inactive`", |word| {
                State::parse(word).filter(|state| state.is_final() && *state != State::Success)
            })
            .unwrap_or(State::Error),
    }
}

pub(super) fn api_timeout(given: &Given, checks: &mut Checks<'_>) -> Duration {
    let text = given.raw.closing.api_timeout.as_deref();
    checks.input("api-timeout", text, A_DURATION, duration_above_zero).unwrap_or(API_TIMEOUT)
}

const A_LOG_URL: &str = "`auto`, or an http or https URL of at most 2048 characters";

fn log_url(text: &str) -> Option<LogUrl> {
    match text {
        "auto" => Some(LogUrl::RunPage),
        _ => WebUrl::parse(text).map(LogUrl::This),
    }
}

/// Reads `state`.
pub(super) fn asked(given: &Given, checks: &mut Checks<'_>) -> Option<Asked> {
    let accepted = "`error`, `failure`, `inactive`, `in_progress`, `pending`, `queued`, \
                    `success`, `cancelled` or `skipped`";
    checks.input("state", given.raw.asking.state.as_deref(), accepted, |word| match word {
        "cancelled" => Some(Asked::Cancelled),
        "skipped" => Some(Asked::State(State::Inactive)),
        _ => State::parse(word).map(Asked::State),
    })
}

/// Reads how the URL is found. A pattern comes before a key.
pub(super) fn url_rule(given: &Given, checks: &mut Checks<'_>) -> Rule {
    let detect = given.raw.running.detect_url.as_deref();
    let detect = checks.input("detect-url", detect, A_BOOLEAN, boolean).unwrap_or(true);
    let finding = &given.raw.finding;
    let key = finding.url_key.clone().map(Rule::Key);
    let otherwise = key.unwrap_or(if detect { Rule::Detect } else { Rule::Nothing });
    let Some(text) = &finding.url_pattern else { return otherwise };
    match RegexBuilder::new(text).size_limit(MAX_PATTERN).build() {
        Ok(pattern) => Rule::Pattern(pattern),
        Err(err) => {
            let why = err.to_string();
            // The last line says what is wrong; those before it draw where.
            let why = why.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
            let why = checks.quoted(why);
            let source = given.source("url-pattern");
            checks.refuse(&source, text, &format!("a regular expression ({why})"));
            otherwise
        }
    }
}
