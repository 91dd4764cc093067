//! Flags over variables: what was given for each input, and where.
//! No value is validated here; only two spellings of one name with different values are an error.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::errors::{InputErrors, Sources, Validator};
use super::redaction::secrets;
use super::values::number;
use super::variables::{self, Spelling, Spellings, hyphened};
use crate::ci::Ci;
use crate::cli::{Cli, InputTexts, SandboxArgs, Subcommand, UrlArgs, inputs_of};
use crate::env::Variables;
use crate::redact::Redactor;

const A_COMMAND: &str =
    "`run`, `create`, `list`, `finish`, `sweep`, `delete`, `wait`, `url` or `sandbox`";

const NOTHING_TO_DO: &str = "there is nothing to do: give a command to run \
     (`deployment-status -- ./deploy.sh`, or the input `run`), or a state to post \
     (`deployment-status create --state success`, or the input `state`)";

/// Everything that was given, not yet validated.
pub(crate) struct RawInputs {
    subcommand: Option<Subcommand>,
    /// By name, as a field of [`InputTexts`].
    found: BTreeMap<String, String>,
    pub(super) texts: InputTexts,
    sources: Sources,
    pub(super) arguments: Vec<OsString>,
    pub(super) verbose: bool,
    pub(super) variables: Variables,
    errors: InputErrors,
}

impl RawInputs {
    /// Lays the flags over the variables, the strongest first.
    pub(crate) fn new(cli: Cli, variables: Variables) -> Self {
        let Cli { subcommand, flags, arguments, verbose } = cli;
        let mut errors = InputErrors::default();
        let json = variables::in_json(&variables).unwrap_or_else(|why| {
            errors.add(format!("{} {why}", variables::JSON));
            Spellings::new()
        });
        let layers = [
            of_flags(flags),
            variables::with_prefix(&variables, variables::INPUT),
            json,
            variables::with_prefix(&variables, variables::PLUGIN),
        ];
        let mut found = BTreeMap::new();
        let mut sources = Sources::default();
        for (name, spellings) in layers.into_iter().flatten() {
            if !found.contains_key(&name)
                && let Some((source, text)) = agreed(&name, spellings, &mut errors)
            {
                sources.insert(hyphened(&name), source);
                found.insert(name, text);
            }
        }
        let texts = texts(&found);
        Self { subcommand, found, texts, sources, arguments, verbose, variables, errors }
    }

    /// Which command is meant, by the rules for an absent sub-command too.
    pub(crate) fn subcommand(&self) -> Result<Subcommand, InputErrors> {
        if let Some(subcommand) = &self.subcommand {
            return Ok(subcommand.clone());
        }
        let mut validator = self.validator();
        let subcommand = match self.texts.command.as_deref() {
            Some(word) => {
                let subcommand = validator.input("command", Some(word), A_COMMAND, named);
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
        Validator::new(&self.sources, &self.variables, self.redactor(), self.errors.clone())
    }

    /// Hides the secrets that flags and variables hold.
    pub(crate) fn redactor(&self) -> Redactor {
        secrets(&self.variables, &self.texts)
    }

    /// Where an input was found, or the flag that would give it.
    pub(super) fn source(&self, name: &str) -> String {
        self.sources.of(name)
    }

    /// Drops the inputs that are for other commands: the action hands over all that are set.
    pub(super) fn keep_what_is_for(&mut self, subcommand: &Subcommand) {
        let names = inputs_of(subcommand.name());
        self.found.retain(|name, _| names.contains(name));
        self.texts = texts(&self.found);
    }

    pub(crate) fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What the CI's own variables contain.
    pub(crate) fn ci(&self) -> Ci {
        let job_id = self.texts.common.job_id.as_deref().filter(|id| number(id).is_some());
        Ci::detect(&self.variables, job_id)
    }

    /// Which use of the action this is.
    pub(crate) fn use_id(&self) -> Option<&str> {
        self.texts.common.use_id.as_deref()
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

fn texts(found: &BTreeMap<String, String>) -> InputTexts {
    envy::from_iter(found.clone()).expect("every field is an optional text")
}

fn of_flags(flags: Vec<(String, String)>) -> Spellings {
    let mut found = Spellings::new();
    for (name, text) in flags {
        let source = format!("--{}", hyphened(&name));
        // A flag after the sub-command is the later one, and wins.
        found.insert(name, vec![Spelling { source, text: Some(text.trim().to_owned()) }]);
    }
    found
}

/// The one value of an input's spellings, with the first one's source. Blank is absent.
fn agreed(
    name: &str,
    spellings: Vec<Spelling>,
    errors: &mut InputErrors,
) -> Option<(String, String)> {
    let mut first: Option<(String, String)> = None;
    for Spelling { source, text } in spellings {
        let Some(text) = text else {
            errors.add(format!("{source} is not UTF-8"));
            continue;
        };
        match &first {
            _ if text.is_empty() => {}
            None => first = Some((source, text)),
            Some((other, said)) if *said != text => errors.add(format!(
                "{other} and {source} give {} two different values: set one of them",
                hyphened(name)
            )),
            Some(_) => {}
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_names_each_command_as_its_sub_command_is_named() {
        for word in A_COMMAND.split('`').skip(1).step_by(2) {
            assert_eq!(named(word).as_ref().map(Subcommand::name), Some(word));
        }
    }
}
