//! Flags over variables: what was given for each input, and where.
//! It judges no value; two spellings of one name that disagree are all that it calls wrong.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::errors::{InputErrors, Validator};
use super::redaction::secrets;
use super::values::number;
use crate::ci::Ci;
use crate::cli::{Cli, InputTexts, SandboxArgs, Subcommand, UrlArgs};
use crate::env::Variables;

/// The variables' prefixes, the stronger one first. Drone and Woodpecker write the second.
const PREFIXES: [&str; 2] = ["INPUT_", "PLUGIN_"];

const A_VERB: &str =
    "`run`, `create`, `list`, `finish`, `sweep`, `delete`, `wait`, `url` or `sandbox`";

const NOTHING_TO_DO: &str = "there is nothing to do: give a command to run \
     (`deployment-status -- ./deploy.sh`, or the input `run`), or a state to post \
     (`deployment-status create --state success`, or the input `state`)";

/// Everything that was given, unjudged.
pub(crate) struct RawInputs {
    subcommand: Option<Subcommand>,
    pub(super) texts: InputTexts,
    /// The input's name with hyphens, and where its value was found.
    sources: BTreeMap<String, String>,
    pub(super) arguments: Vec<OsString>,
    pub(super) verbose: bool,
    pub(super) variables: Variables,
    errors: InputErrors,
}

impl RawInputs {
    /// Lays the flags over the variables.
    pub(crate) fn new(cli: Cli, variables: Variables) -> Self {
        let mut found = BTreeMap::new();
        let mut errors = InputErrors::default();
        for (name, text) in &cli.flags {
            let text = text.trim();
            if !text.is_empty() {
                found.insert(name.clone(), (format!("--{}", hyphened(name)), text.to_owned()));
            }
        }
        for prefix in PREFIXES {
            for (name, here) in spellings(&variables, prefix) {
                if !found.contains_key(&name)
                    && let Some(first) = agreed(&name, here, &mut errors)
                {
                    found.insert(name, first);
                }
            }
        }
        let sources = found.iter().map(|(name, (source, _))| (hyphened(name), source.clone()));
        let sources = sources.collect();
        let raw = envy::from_iter(found.into_iter().map(|(name, (_, text))| (name, text)))
            .expect("every field is an optional text");
        let Cli { subcommand, arguments, verbose, .. } = cli;
        Self { subcommand, texts: raw, sources, arguments, verbose, variables, errors }
    }

    /// Which command is meant, by the rules for an absent sub-command too.
    pub(crate) fn subcommand(&self) -> Result<Subcommand, InputErrors> {
        if let Some(subcommand) = &self.subcommand {
            return Ok(subcommand.clone());
        }
        let mut validator = self.validator();
        let subcommand = match self.texts.command.as_deref() {
            Some(word) => {
                let subcommand = validator.input("command", Some(word), A_VERB, named);
                if !self.arguments.is_empty()
                    && subcommand.as_ref().is_some_and(|subcommand| *subcommand != Subcommand::Run)
                {
                    let source = self.source("command");
                    validator
                        .add(format!("{source} is `{word}`, which takes no command after `--`"));
                }
                subcommand
            }
            None if !self.arguments.is_empty() || self.texts.run.run.is_some() => {
                Some(Subcommand::Run)
            }
            None if self.texts.state.state.is_some() => Some(Subcommand::Create { json: false }),
            None => {
                validator.add(NOTHING_TO_DO);
                None
            }
        };
        validator.finish(subcommand)
    }

    pub(super) fn validator(&self) -> Validator<'_> {
        let redactor = secrets(&self.variables, &self.texts);
        Validator::new(self, redactor, self.errors.clone())
    }

    /// Where an input was found, or the flag that would give it.
    pub(super) fn source(&self, name: &str) -> String {
        self.sources.get(name).cloned().unwrap_or_else(|| format!("--{name}"))
    }

    /// Forgets the inputs that are for other commands: an action maps them all, always.
    pub(super) fn keep_what_is_for(&mut self, subcommand: &Subcommand) {
        let InputTexts {
            command: _,
            common,
            run,
            state,
            status,
            close,
            url_rule,
            timeout,
            select,
            delete,
        } = std::mem::take(&mut self.texts);
        let none = InputTexts::default();
        self.texts = match subcommand {
            Subcommand::Run => InputTexts { common, run, status, close, url_rule, timeout, ..none },
            Subcommand::Create { .. } => InputTexts { common, state, status, close, ..none },
            Subcommand::List { .. } => InputTexts { common, ..none },
            Subcommand::Finish => InputTexts { common, state, close, ..none },
            Subcommand::Sweep => InputTexts { common, select, ..none },
            Subcommand::Delete => InputTexts { common, state, select, delete, ..none },
            Subcommand::Wait { .. } => InputTexts { common, timeout, ..none },
            Subcommand::Url(_) => InputTexts { url_rule, ..none },
            Subcommand::Sandbox(_) => none,
        };
    }

    pub(crate) fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What the CI's own variables say.
    pub(crate) fn ci(&self) -> Ci {
        let job_id = self.texts.common.job_id.as_deref().filter(|id| number(id).is_some());
        Ci::detect(&self.variables, job_id)
    }

    /// Whether a deployment or an environment was given as an input: then `finish` has something
    /// to look at even where no run is open.
    pub(crate) fn names_a_deployment(&self) -> bool {
        self.texts.common.deployment_id.is_some() || self.texts.common.environment.is_some()
    }
}

fn named(word: &str) -> Option<Subcommand> {
    match word {
        "run" => Some(Subcommand::Run),
        "create" => Some(Subcommand::Create { json: false }),
        "list" => Some(Subcommand::List { json: false }),
        "finish" => Some(Subcommand::Finish),
        "sweep" => Some(Subcommand::Sweep),
        "delete" => Some(Subcommand::Delete),
        "wait" => Some(Subcommand::Wait { json: false }),
        "url" => Some(Subcommand::Url(UrlArgs::default())),
        "sandbox" => Some(Subcommand::Sandbox(SandboxArgs::default())),
        _ => None,
    }
}

/// The input that a variable gives, under any of its spellings and either prefix.
pub(super) fn input_of(variable: &OsStr, names: &[String]) -> Option<String> {
    let written = variable.to_str()?;
    PREFIXES.iter().find_map(|prefix| {
        let name = named_after(written, prefix)?;
        names.contains(&name).then_some(name)
    })
}

/// Every input's name, as a field of [`InputTexts`].
pub(super) fn names() -> Vec<String> {
    let raw = serde_json::to_value(InputTexts::default()).expect("every field is an optional text");
    raw.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
}

/// The prefix is stripped once: `INPUT_INPUT_TOKEN` is nobody's token.
fn named_after(variable: &str, prefix: &str) -> Option<String> {
    let name = variable.to_ascii_uppercase().replace('-', "_");
    Some(name.strip_prefix(prefix)?.to_ascii_lowercase())
}

type Spelling<'a> = (&'a str, &'a OsStr);

/// The variables with this prefix that are inputs, by input.
fn spellings<'a>(variables: &'a Variables, prefix: &str) -> BTreeMap<String, Vec<Spelling<'a>>> {
    let names = names();
    let mut found: BTreeMap<String, Vec<Spelling<'a>>> = BTreeMap::new();
    for (variable, value) in variables.iter() {
        if let Some(written) = variable.to_str()
            && let Some(name) = named_after(written, prefix)
            && names.contains(&name)
        {
            found.entry(name).or_default().push((written, value));
        }
    }
    found
}

/// The one value of an input's spellings, with the first one's name.
fn agreed(
    name: &str,
    spellings: Vec<Spelling<'_>>,
    errors: &mut InputErrors,
) -> Option<(String, String)> {
    let mut first: Option<(&str, &str)> = None;
    for (variable, value) in spellings {
        let Some(text) = value.to_str().map(str::trim) else {
            errors.add(format!("{variable} is not UTF-8"));
            continue;
        };
        match first {
            _ if text.is_empty() => {}
            None => first = Some((variable, text)),
            Some((other, said)) if said != text => errors.add(format!(
                "{other} and {variable} give {} two different values: set one of them",
                hyphened(name)
            )),
            Some(_) => {}
        }
    }
    first.map(|(variable, text)| (variable.to_owned(), text.to_owned()))
}

fn hyphened(name: &str) -> String {
    name.replace('_', "-")
}
