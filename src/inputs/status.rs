//! The inputs that say what statuses say: states, URLs, descriptions, and how the URL is found.
//! Nothing is filled in here.

use std::time::Duration;

use regex::RegexBuilder;

use super::errors::Validator;
use super::raw::RawInputs;
use super::values::{A_BOOLEAN, A_DURATION, A_URL, boolean, duration_above_zero};
use super::{LogUrl, RequestedState, StatusOptions};
use crate::deployment::{State, WebUrl};
use crate::output_url::Rule;

/// A pattern that compiles to more than this many bytes is refused: we promise small memory.
const MAX_PATTERN: usize = 1 << 20;

const API_TIMEOUT: Duration = Duration::from_mins(2);

pub(super) fn status_options(
    raw_inputs: &RawInputs,
    validator: &mut Validator<'_>,
) -> StatusOptions {
    let status = &raw_inputs.texts.status;
    let mut url = |name, text| validator.input(name, text, A_URL, WebUrl::parse);
    let target_url = url("target-url", status.target_url.as_deref());
    let environment_url = url("environment-url", status.environment_url.as_deref());
    let log_url = validator.input("log-url", status.log_url.as_deref(), A_LOG_URL, log_url);
    let supersede = status.supersede.as_deref();
    let auto_inactive = status.auto_inactive.as_deref();
    let initial_state = raw_inputs.texts.run.initial_state.as_deref();
    let cancel_state = raw_inputs.texts.close.cancel_state.as_deref();
    StatusOptions {
        description: status.description.clone(),
        target_url,
        environment_url,
        log_url: log_url.unwrap_or(LogUrl::NotSent),
        auto_inactive: validator.input("auto-inactive", auto_inactive, A_BOOLEAN, boolean),
        supersede: validator.input("supersede", supersede, A_BOOLEAN, boolean).unwrap_or(false),
        initial_state: validator
            .input("initial-state", initial_state, "`pending`, `queued` or `in_progress`", |word| {
                State::parse(word).filter(|state| !state.is_final())
            })
            .unwrap_or(State::Pending),
        cancel_state: validator
            .input("cancel-state", cancel_state, "`error`, `failure` or `inactive`", |word| {
                State::parse(word).filter(|state| state.is_final() && *state != State::Success)
            })
            .unwrap_or(State::Error),
    }
}

pub(super) fn api_timeout(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Duration {
    let text = raw_inputs.texts.close.api_timeout.as_deref();
    validator.input("api-timeout", text, A_DURATION, duration_above_zero).unwrap_or(API_TIMEOUT)
}

const A_LOG_URL: &str = "`auto`, or an http or https URL of at most 2048 characters";

fn log_url(text: &str) -> Option<LogUrl> {
    match text {
        "auto" => Some(LogUrl::RunPage),
        _ => WebUrl::parse(text).map(LogUrl::This),
    }
}

/// Reads `state`.
pub(super) fn requested_state(
    raw_inputs: &RawInputs,
    validator: &mut Validator<'_>,
) -> Option<RequestedState> {
    let accepted = "`error`, `failure`, `inactive`, `in_progress`, `pending`, `queued`, \
                    `success`, `cancelled` or `skipped`";
    validator.input("state", raw_inputs.texts.state.state.as_deref(), accepted, |word| match word {
        "cancelled" => Some(RequestedState::Cancelled),
        "skipped" => Some(RequestedState::Skipped),
        _ => State::parse(word).map(RequestedState::State),
    })
}

/// Reads how the URL is found. A pattern comes before a key.
pub(super) fn url_rule(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Rule {
    let detect = raw_inputs.texts.run.detect_url.as_deref();
    let detect = validator.input("detect-url", detect, A_BOOLEAN, boolean).unwrap_or(true);
    let url_rule = &raw_inputs.texts.url_rule;
    let key = url_rule.url_key.clone().map(Rule::Key);
    let otherwise = key.unwrap_or(if detect { Rule::Detect } else { Rule::Nothing });
    let Some(text) = &url_rule.url_pattern else { return otherwise };
    match RegexBuilder::new(text).size_limit(MAX_PATTERN).build() {
        Ok(pattern) => Rule::Pattern(pattern),
        Err(err) => {
            let why = err.to_string();
            // The last line says what is wrong; those before it draw where.
            let why = why.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
            let why = validator.quoted(why);
            let source = raw_inputs.source("url-pattern");
            validator.refuse(&source, text, &format!("a regular expression ({why})"));
            otherwise
        }
    }
}
