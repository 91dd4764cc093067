//! The inputs for the fields of a status: states, URLs, the description, and how the URL is found.
//! Nothing is filled in here.

use std::time::Duration;

use regex::RegexBuilder;

use super::errors::Validator;
use super::raw::RawInputs;
use super::values::{A_BOOLEAN, A_DURATION, A_URL, boolean, duration_above_zero};
use super::{LogUrl, RequestedState, StatusOptions};
use crate::deployment::{State, WebUrl};
use crate::output_url::Rule;
use crate::redact::Redactor;

/// A pattern that compiles to more than this many bytes is refused, since memory is bounded.
const MAX_PATTERN: usize = 1 << 20;

const API_TIMEOUT: Duration = Duration::from_mins(2);

pub(super) fn status_options(
    raw_inputs: &RawInputs,
    public_secrets: &Redactor,
    warnings: &mut Vec<String>,
    validator: &mut Validator<'_>,
) -> StatusOptions {
    let status = &raw_inputs.texts.status;
    let mut public = |name: &str, text: &Option<String>| {
        let text = text.clone()?;
        if public_secrets.matches(&text) {
            warnings.push(format!(
                "{} holds a secret, and statuses are public: it is not posted",
                raw_inputs.source(name)
            ));
            return None;
        }
        Some(text)
    };
    let description = public("description", &status.description);
    let target_url = public("target-url", &status.target_url);
    let environment_url = public("environment-url", &status.environment_url);
    let log_url = public("log-url", &status.log_url);
    let mut url =
        |name, text: Option<String>| validator.input(name, text.as_deref(), A_URL, WebUrl::parse);
    let target_url = url("target-url", target_url);
    let environment_url = url("environment-url", environment_url);
    let log_url = validator.input("log-url", log_url.as_deref(), A_LOG_URL, self::log_url);
    let mut flag =
        |name, text: &Option<String>| validator.input(name, text.as_deref(), A_BOOLEAN, boolean);
    let auto_inactive = flag("auto-inactive", &status.auto_inactive);
    let supersede = flag("supersede", &status.supersede).unwrap_or(false);
    let (initial_state, cancel_state) = states(raw_inputs, validator);
    StatusOptions {
        description,
        target_url,
        environment_url,
        log_url: log_url.unwrap_or(LogUrl::NotSent),
        auto_inactive,
        supersede,
        initial_state,
        cancel_state,
    }
}

/// Reads `initial-state` and `cancel-state`.
fn states(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> (State, State) {
    let accepted = "`pending`, `queued` or `in_progress`";
    let text = raw_inputs.texts.run.initial_state.as_deref();
    let initial = validator.input("initial-state", text, accepted, |word| {
        State::parse(word).filter(|state| !state.is_final())
    });
    let accepted = "`error`, `failure` or `inactive`";
    let text = raw_inputs.texts.close.cancel_state.as_deref();
    let cancel = validator.input("cancel-state", text, accepted, |word| {
        State::parse(word).filter(|state| state.is_final() && *state != State::Success)
    });
    (initial.unwrap_or(State::Pending), cancel.unwrap_or(State::Error))
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
