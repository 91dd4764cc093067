//! What a status says at each moment. Never a piece of the command's output: statuses are public.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use crate::ci::Ci;
use crate::deployment::{Description, NewStatus, State, WebUrl, format_duration};
use crate::inputs::{Inputs, LogUrl};
use crate::process::{NotStarted, Outcome, signal_name};

/// The output URL, and whether the command (or the user) said so, rather than we guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutputUrl {
    pub(crate) url: Option<WebUrl>,
    pub(crate) is_declared: bool,
}

/// What a `description` of the user's can name.
#[derive(Clone, Copy, Debug, Default)]
struct TemplateValues {
    duration: Option<Duration>,
    exit_code: Option<i32>,
}

/// The status before the command starts.
pub(crate) fn initial(inputs: &Inputs) -> NewStatus {
    let text = "Deploying".to_owned();
    status(inputs, inputs.status_options.initial_state, text, TemplateValues::default())
}

/// The status that says how the command ended.
pub(crate) fn final_status(
    inputs: &Inputs,
    outcome: &Outcome,
    took: Duration,
    timeout: Option<Duration>,
    output: &OutputUrl,
) -> NewStatus {
    let state = state(outcome, inputs.status_options.cancel_state);
    let values = TemplateValues { duration: Some(took), exit_code: Some(outcome.exit_code()) };
    let mut status = status(inputs, state, what_happened(inputs, outcome, took, timeout), values);
    let has_output_url = match outcome {
        Outcome::Exited { code: 0 } => true,
        Outcome::Exited { .. }
        | Outcome::Signaled { .. }
        | Outcome::Crashed { .. }
        | Outcome::TimedOut
        | Outcome::NotStarted(_) => output.is_declared,
        Outcome::Cancelled { .. } => false,
    };
    if has_output_url && inputs.status_options.target_url.is_none() && status.log_url.is_none() {
        status.target_url = output.url.clone().or(status.target_url);
    }
    if state == State::Success {
        status.environment_url.clone_from(&output.url);
        status.auto_inactive = inputs.status_options.auto_inactive;
    }
    status
}

/// The status of a deploy that was cancelled and may still be stopping.
pub(crate) fn cancelled(inputs: &Inputs, after: Duration) -> NewStatus {
    let values = TemplateValues { duration: Some(after), exit_code: None };
    let text = format!("Cancelled after {}", format_duration(after));
    status(inputs, inputs.status_options.cancel_state, text, values)
}

/// The status that `create` and `finish` post.
pub(crate) fn requested(inputs: &Inputs, state: State) -> NewStatus {
    let text = match state {
        State::Error => "Ended without a result",
        State::Failure => "Failed",
        State::Inactive => "No longer live",
        State::InProgress => "In progress",
        State::Queued => "Queued",
        State::Pending => "Deploying",
        State::Success => "Deployed",
    };
    let mut status = status(inputs, state, text.to_owned(), TemplateValues::default());
    status.environment_url.clone_from(&inputs.status_options.environment_url);
    status.auto_inactive = inputs.status_options.auto_inactive;
    if state == State::Success
        && inputs.status_options.target_url.is_none()
        && status.log_url.is_none()
        && let Some(url) = &inputs.status_options.environment_url
    {
        status.target_url = Some(url.clone());
    }
    status
}

/// GitHub's word for how it ended.
pub(crate) fn state(outcome: &Outcome, cancel_state: State) -> State {
    match outcome {
        Outcome::Exited { code: 0 } => State::Success,
        Outcome::Exited { .. } => State::Failure,
        Outcome::Signaled { .. }
        | Outcome::Crashed { .. }
        | Outcome::TimedOut
        | Outcome::NotStarted(_) => State::Error,
        Outcome::Cancelled { .. } => cancel_state,
    }
}

/// The page where people can watch the run: this job's, else the whole run's.
pub(crate) fn run_page(ci: &Ci) -> Option<&WebUrl> {
    ci.job_page.as_ref().or(ci.run_page.as_ref())
}

fn status(inputs: &Inputs, state: State, text: String, values: TemplateValues) -> NewStatus {
    let status_options = &inputs.status_options;
    let page = run_page(&inputs.ci);
    let log_url = match &status_options.log_url {
        LogUrl::NotSent => None,
        LogUrl::RunPage => page,
        LogUrl::This(url) => Some(url),
    };
    // GitHub copies `log_url` onto `target_url`, so the two are never sent together.
    let target_url = match log_url {
        Some(_) => None,
        None => status_options.target_url.as_ref().or(page),
    };
    let description = match &status_options.description {
        Some(template) => fill_template(template, inputs, state, values),
        None => text,
    };
    NewStatus {
        state,
        target_url: target_url.cloned(),
        log_url: log_url.cloned(),
        description: Some(Description::new(&description)).filter(|text| !text.as_str().is_empty()),
        environment: inputs
            .target
            .environment
            .clone()
            .filter(|_| inputs.target.environment_is_input),
        environment_url: None,
        auto_inactive: None,
    }
}

fn fill_template(template: &str, inputs: &Inputs, state: State, values: TemplateValues) -> String {
    let duration = values.duration.map(format_duration).unwrap_or_default();
    let exit_code = values.exit_code.map(|code| code.to_string()).unwrap_or_default();
    let environment = inputs.target.environment.as_deref().unwrap_or_default();
    template
        .replace("{state}", state.as_str())
        .replace("{duration}", &duration)
        .replace("{exit_code}", &exit_code)
        .replace("{environment}", environment)
}

/// How the command ended, in a few words, without a secret.
pub(crate) fn what_happened(
    inputs: &Inputs,
    outcome: &Outcome,
    took: Duration,
    timeout: Option<Duration>,
) -> String {
    inputs.redactor.redact_all(&describe(outcome, took, timeout))
}

fn describe(outcome: &Outcome, took: Duration, timeout: Option<Duration>) -> String {
    let after = format_duration(took);
    match outcome {
        Outcome::Exited { code: 0 } => format!("Deployed in {after}"),
        Outcome::Exited { code } => format!("Exited with {code} after {after}"),
        Outcome::Signaled { signal, .. } => {
            format!("Killed by {} after {after}", signal_name(*signal))
        }
        Outcome::Crashed { code } => format!("Crashed with 0x{code:08X} after {after}"),
        Outcome::TimedOut => {
            format!("Timed out after {}", format_duration(timeout.unwrap_or(took)))
        }
        Outcome::Cancelled { .. } => format!("Cancelled after {after}"),
        Outcome::NotStarted(NotStarted::NotFound { program }) => {
            with_bare_name("Command not found", program)
        }
        Outcome::NotStarted(NotStarted::NoInterpreter { interpreter, .. }) => {
            with_bare_name("Interpreter not found", OsStr::new(interpreter))
        }
        Outcome::NotStarted(NotStarted::NotExecutable { program, .. }) => {
            with_bare_name("Command not executable", program)
        }
        Outcome::NotStarted(NotStarted::NoDirectory { .. }) => {
            "Working directory not found".to_owned()
        }
        Outcome::NotStarted(NotStarted::TooLong | NotStarted::Other(_)) => {
            "Command could not be started".to_owned()
        }
    }
}

/// Longer names, in characters, and those with blanks or other signs are left out: they may be a
/// whole command line that was quoted by mistake, or an assignment, with its secrets.
const MAX_PROGRAM_NAME: usize = 64;

fn with_bare_name(what: &str, program: &OsStr) -> String {
    let name = Path::new(program).file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let is_bare = (1..=MAX_PROGRAM_NAME).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || "._-+".contains(c))
        && !program.to_string_lossy().contains(char::is_whitespace);
    if is_bare { format!("{what}: {name}") } else { what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_a_bare_program_at_most() {
        let check = |program: &str, text: &str| {
            assert_eq!(with_bare_name("Command not found", OsStr::new(program)), text);
        };
        check("wrangler", "Command not found: wrangler");
        check("./bin/deploy.sh", "Command not found: deploy.sh");
        check("curl -H 'Authorization: Bearer x' https://x.example/y", "Command not found");
        check(&"x".repeat(65), "Command not found");
        check("TOKEN=hunter22", "Command not found");
        check("me:hunter22@host", "Command not found");
        check("", "Command not found");
    }
}
