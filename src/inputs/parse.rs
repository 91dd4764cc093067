//! The one way across: what was given becomes [`Inputs`], or everything that is wrong with it.
//! Inputs that are for other commands are not looked at.

use std::path::PathBuf;

use super::errors::{Checks, Problems};
use super::raw::Given;
use super::values::{A_BOOLEAN, boolean};
use super::{Asked, Destination, Inputs, Story, api, command, secrets, status, target};
use crate::ci::Ci;
use crate::ci::event::Event;
use crate::cli::{Logs, Verb};
use crate::output_url::Rule;

impl Inputs {
    /// Checks everything that `verb` needs. `url` and `sandbox` tell no story and need none of it.
    pub(crate) fn check(mut given: Given, verb: &Verb) -> Result<(Story, Self), Problems> {
        let contradiction = contradiction(&given, verb);
        given.keep_what_is_for(verb);
        let mut checks = given.checks();
        if let Some(sentence) = contradiction {
            checks.add(sentence);
        }
        let ci = given.ci();
        let is_sandbox = flag("sandbox", given.raw.running.sandbox.as_deref(), &mut checks);
        let event = event(&given, is_sandbox, &mut checks);
        let story = story(&given, verb, &ci, &mut checks);
        let destination = destination(&given, &ci, &event, is_sandbox, &mut checks);
        let target = target::target(&given, &ci, &event, is_sandbox, &mut checks);
        let wording = status::wording(&given, &mut checks);
        let url_rule = status::url_rule(&given, &mut checks);
        let api_timeout = status::api_timeout(&given, &mut checks);
        let strict = flag("strict", given.raw.running.strict.as_deref(), &mut checks);
        let outputs = outputs(&given, &mut checks);
        let secrets = secrets(&given.variables, &given.raw);
        let verbose = given.verbose || given.variables.get("RUNNER_DEBUG") == Some("1");
        checks.finish(story.zip(destination).map(|(story, destination)| {
            let inputs = Self {
                destination,
                target,
                wording,
                url_rule,
                api_timeout,
                strict,
                outputs,
                ci,
                event,
                secrets,
                verbose,
            };
            (story, inputs)
        }))
    }
}

/// Reads the inputs of `url`: how a URL is found.
pub(crate) fn url_rule(mut given: Given) -> Result<Rule, Problems> {
    given.keep_what_is_for(&Verb::Url(Logs::default()));
    let mut checks = given.checks();
    let rule = status::url_rule(&given, &mut checks);
    checks.finish(Some(rule))
}

/// A script to run, a command after `--` and a state to post exclude each other.
fn contradiction(given: &Given, verb: &Verb) -> Option<String> {
    let script = given.raw.running.run.as_ref().map(|_| given.source("run"));
    let state = given.raw.asking.state.as_ref().map(|_| given.source("state"));
    let command = (!given.arguments.is_empty()).then(|| "the command after `--`".to_owned());
    let (one, other) = match verb {
        Verb::Run if state.is_some() => (state, script.or(command)),
        Verb::Run => (script, command),
        Verb::Create => (state, script),
        Verb::List { .. } | Verb::Finish | Verb::Url(_) | Verb::Sandbox(_) => (None, None),
    };
    Some(format!("{} and {} cannot go together: give one of them", one?, other?))
}

fn flag(name: &str, text: Option<&str>, checks: &mut Checks<'_>) -> bool {
    checks.input(name, text, A_BOOLEAN, boolean).unwrap_or(false)
}

/// An event's file that cannot be read is a problem only where it might say which deployment is
/// meant.
fn event(given: &Given, is_sandbox: bool, checks: &mut Checks<'_>) -> Event {
    Event::read(&given.variables).unwrap_or_else(|why| {
        if !is_sandbox && given.raw.common.deployment_id.is_none() {
            let path = given.variables.raw("GITHUB_EVENT_PATH").unwrap_or_default();
            let (path, why) = (checks.quoted(&path.to_string_lossy()), checks.quoted(&why));
            checks.add(format!("GITHUB_EVENT_PATH is `{path}`, which {why}"));
        }
        Event::unread(&given.variables)
    })
}

fn story(given: &Given, verb: &Verb, ci: &Ci, checks: &mut Checks<'_>) -> Option<Story> {
    match verb {
        Verb::Run => command::wrapped(given, ci.kind, checks).map(Story::Run),
        Verb::Create => {
            if given.raw.asking.state.is_none() {
                checks.add("there is no state: set `--state` or INPUT_STATE");
            }
            status::asked(given, checks).map(Story::Create)
        }
        Verb::List { json } => Some(Story::List { json: *json }),
        Verb::Finish => {
            let state = status::asked(given, checks);
            let job_was_cancelled = state == Some(Asked::Cancelled)
                || given.raw.common.job_status.as_deref() == Some("cancelled");
            Some(Story::Finish { state, job_was_cancelled })
        }
        Verb::Url(_) | Verb::Sandbox(_) => None,
    }
}

fn destination(
    given: &Given,
    ci: &Ci,
    event: &Event,
    is_sandbox: bool,
    checks: &mut Checks<'_>,
) -> Option<Destination> {
    if is_sandbox {
        return Some(Destination::Sandbox);
    }
    api::api(given, ci, event.token_is_read_only, checks).map(Destination::Github)
}

fn outputs(given: &Given, checks: &mut Checks<'_>) -> Option<PathBuf> {
    let text = given.raw.common.outputs.as_deref();
    checks.input("outputs", text, "a file", |text| {
        let path = PathBuf::from(text);
        (!path.is_dir()).then_some(path)
    })
}
