//! Turns the raw inputs into [`Inputs`], or into every error at once.
//! Inputs for other commands are not validated.

use std::path::PathBuf;

use super::errors::{InputErrors, Validator};
use super::raw::RawInputs;
use super::redaction::public_secrets;
use super::values::{A_BOOLEAN, boolean};
use super::{Backend, CommandInputs, Inputs, RequestedState, api, bulk, command, status, target};
use crate::ci::Ci;
use crate::ci::event::Event;
use crate::cli::{Subcommand, UrlArgs};
use crate::output_url::Rule;

impl Inputs {
    /// Checks everything that `subcommand` needs. `url` and `sandbox` need none of it.
    pub(crate) fn check(
        mut raw_inputs: RawInputs,
        subcommand: &Subcommand,
    ) -> Result<(CommandInputs, Self), InputErrors> {
        let contradiction = contradiction(&raw_inputs, subcommand);
        raw_inputs.keep_what_is_for(subcommand);
        let mut validator = raw_inputs.validator();
        if let Some(sentence) = contradiction {
            validator.add(sentence);
        }
        let ci = raw_inputs.ci();
        let is_sandbox = flag("sandbox", raw_inputs.texts.run.sandbox.as_deref(), &mut validator);
        let mut warnings = Vec::new();
        let event = Event::read(&raw_inputs.variables);
        let needs_event = matches!(subcommand, Subcommand::Run | Subcommand::Create { .. });
        if needs_event && !is_sandbox {
            warnings.extend(event_warning(&raw_inputs, &event, &validator));
        }
        let mut notes = Vec::new();
        let command_inputs =
            command_inputs(&raw_inputs, subcommand, &ci, &mut notes, &mut validator);
        let backend = backend(&raw_inputs, &ci, &event, is_sandbox, &mut validator);
        let target = target::target(&raw_inputs, &ci, &event, is_sandbox, &mut validator);
        let redactor = public_secrets(&raw_inputs.variables, &raw_inputs.texts);
        let status_options =
            status::status_options(&raw_inputs, &redactor, &mut warnings, &mut validator);
        let url_rule = status::url_rule(&raw_inputs, &mut validator);
        let api_timeout = status::api_timeout(&raw_inputs, &mut validator);
        let mut is_set = |name, text: &Option<String>| flag(name, text.as_deref(), &mut validator);
        let strict = is_set("strict", &raw_inputs.texts.status.strict);
        let dry_run = is_set("dry-run", &raw_inputs.texts.common.dry_run);
        let use_id = use_id(&raw_inputs, &mut validator);
        let outputs = outputs(&raw_inputs, &mut validator);
        let verbose = raw_inputs.verbose || raw_inputs.variables.get("RUNNER_DEBUG") == Some("1");
        validator.finish(command_inputs.zip(backend).map(|(command_inputs, backend)| {
            let inputs = Self {
                backend,
                target,
                status_options,
                url_rule,
                api_timeout,
                strict,
                dry_run,
                use_id,
                warnings,
                notes,
                outputs,
                ci,
                event,
                redactor,
                verbose,
            };
            (command_inputs, inputs)
        }))
    }
}

/// Reads the inputs of `url`: how a URL is found.
pub(crate) fn url_rule(mut raw_inputs: RawInputs) -> Result<Rule, InputErrors> {
    raw_inputs.keep_what_is_for(&Subcommand::Url(UrlArgs::default()));
    let mut validator = raw_inputs.validator();
    let rule = status::url_rule(&raw_inputs, &mut validator);
    validator.finish(Some(rule))
}

/// A script to run, a command after `--` and a state to post exclude each other.
fn contradiction(raw_inputs: &RawInputs, subcommand: &Subcommand) -> Option<String> {
    let script = raw_inputs.texts.run.run.as_ref().map(|_| raw_inputs.source("run"));
    let state = raw_inputs.texts.state.state.as_ref().map(|_| raw_inputs.source("state"));
    let command = (!raw_inputs.arguments.is_empty()).then(|| "the command after `--`".to_owned());
    let (one, other) = match subcommand {
        Subcommand::Run if state.is_some() => (state, script.or(command)),
        Subcommand::Run => (script, command),
        Subcommand::Create { .. } => (state, script),
        Subcommand::List { .. }
        | Subcommand::Finish
        | Subcommand::Sweep
        | Subcommand::Delete
        | Subcommand::Wait { .. }
        | Subcommand::Url(_)
        | Subcommand::Sandbox(_) => (None, None),
    };
    Some(format!("{} and {} cannot go together: give one of them", one?, other?))
}

fn flag(name: &str, text: Option<&str>, validator: &mut Validator<'_>) -> bool {
    validator.input(name, text, A_BOOLEAN, boolean).unwrap_or(false)
}

/// The event's file only helps: what it does not say is a warning, where it could have mattered.
fn event_warning(
    raw_inputs: &RawInputs,
    event: &Event,
    validator: &Validator<'_>,
) -> Option<String> {
    let unread = event.unread.as_ref()?;
    if raw_inputs.texts.common.deployment_id.is_some() {
        return None;
    }
    let unknown = unread.unknown;
    Some(match raw_inputs.variables.raw("GITHUB_EVENT_PATH") {
        Some(path) => {
            let path = validator.quoted(&path.to_string_lossy());
            let why = validator.quoted(&unread.why);
            format!("GITHUB_EVENT_PATH is `{path}`, which {why}: {unknown}")
        }
        None => format!("GITHUB_EVENT_PATH is not set: {unknown}"),
    })
}

/// `action.yml` makes up a random word, which becomes a part of file names.
fn use_id(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<String> {
    let text = raw_inputs.texts.common.use_id.as_deref();
    validator.input("use", text, "at most 64 letters, digits and hyphens", |text| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (is_plain && text.len() <= 64).then(|| text.to_owned())
    })
}

fn command_inputs(
    raw_inputs: &RawInputs,
    subcommand: &Subcommand,
    ci: &Ci,
    notes: &mut Vec<String>,
    validator: &mut Validator<'_>,
) -> Option<CommandInputs> {
    match subcommand {
        Subcommand::Run => {
            let options = command::command_options(raw_inputs, ci.kind, notes, validator);
            options.map(CommandInputs::Run)
        }
        Subcommand::Create { json } => {
            if raw_inputs.texts.state.state.is_none() {
                validator.add("there is no state: set `--state` or INPUT_STATE");
            }
            let state = status::requested_state(raw_inputs, validator);
            state.map(|state| CommandInputs::Create { state, json: *json })
        }
        Subcommand::List { json } => Some(CommandInputs::List { json: *json }),
        Subcommand::Finish => {
            let state = status::requested_state(raw_inputs, validator);
            let job_was_cancelled = state == Some(RequestedState::Cancelled)
                || raw_inputs.texts.common.job_status.as_deref() == Some("cancelled");
            Some(CommandInputs::Finish { state, job_was_cancelled })
        }
        Subcommand::Sweep => Some(CommandInputs::Sweep(bulk::sweep_options(raw_inputs, validator))),
        Subcommand::Delete => {
            bulk::delete_options(raw_inputs, validator).map(CommandInputs::Delete)
        }
        Subcommand::Wait { json } => {
            Some(CommandInputs::Wait(bulk::wait_options(raw_inputs, ci, *json, validator)))
        }
        Subcommand::Url(_) | Subcommand::Sandbox(_) => None,
    }
}

fn backend(
    raw_inputs: &RawInputs,
    ci: &Ci,
    event: &Event,
    is_sandbox: bool,
    validator: &mut Validator<'_>,
) -> Option<Backend> {
    if is_sandbox {
        return Some(Backend::Sandbox);
    }
    api::api(raw_inputs, ci, event.token_is_read_only, validator).map(Backend::Github)
}

fn outputs(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<PathBuf> {
    let text = raw_inputs.texts.common.outputs.as_deref();
    validator.input("outputs", text, "a file", |text| {
        let path = PathBuf::from(text);
        (!path.is_dir()).then_some(path)
    })
}
