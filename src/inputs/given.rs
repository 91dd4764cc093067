//! Flags over variables: what was given for each input, and where.
//! It judges no value; two spellings of one name that disagree are all that it calls wrong.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use super::Problems;
use crate::ci::Ci;
use crate::cli::{Cli, Logs, Raw, Rehearsal, Verb};
use crate::variables::Variables;

/// The variables' prefixes, the stronger one first. Drone and Woodpecker write the second.
const PREFIXES: [&str; 2] = ["INPUT_", "PLUGIN_"];

/// Everything that was given, unjudged.
pub(crate) struct Given {
    pub(super) verb: Option<Verb>,
    pub(super) raw: Raw,
    /// The input's name with hyphens, and where its value was found.
    pub(super) sources: BTreeMap<String, String>,
    pub(super) arguments: Vec<std::ffi::OsString>,
    pub(super) verbose: bool,
    pub(super) variables: Variables,
    pub(super) problems: Problems,
}

impl Given {
    /// Lays the flags over the variables.
    pub(crate) fn new(cli: Cli, variables: Variables) -> Self {
        let mut found = BTreeMap::new();
        let mut problems = Problems::default();
        for (name, text) in &cli.flags {
            let text = text.trim();
            if !text.is_empty() {
                found.insert(name.clone(), (format!("--{}", hyphened(name)), text.to_owned()));
            }
        }
        for prefix in PREFIXES {
            for (name, here) in spellings(&variables, prefix) {
                if !found.contains_key(&name)
                    && let Some(first) = agreed(&name, here, &mut problems)
                {
                    found.insert(name, first);
                }
            }
        }
        let sources = found.iter().map(|(name, (source, _))| (hyphened(name), source.clone()));
        let sources = sources.collect();
        let raw = envy::from_iter(found.into_iter().map(|(name, (_, text))| (name, text)))
            .expect("every field is an optional text");
        let Cli { verb, arguments, verbose, .. } = cli;
        Self { verb, raw, sources, arguments, verbose, variables, problems }
    }

    /// Which command is meant, by the rules for an absent sub-command too.
    pub(crate) fn verb(&self) -> Result<Verb, Problems> {
        if let Some(verb) = &self.verb {
            return Ok(verb.clone());
        }
        let has_command = !self.arguments.is_empty();
        match self.raw.command.as_deref() {
            Some(word) => {
                let source = &self.sources["command"];
                let verb = named(word).ok_or_else(|| {
                    let shown: String = word.chars().filter(|c| !c.is_control()).take(20).collect();
                    Problems::one(format!(
                        "{source} is `{shown}`: expected `run`, `create`, `list`, `finish`, `url` \
                         or `sandbox`"
                    ))
                })?;
                if has_command && verb != Verb::Run {
                    return Err(Problems::one(format!(
                        "{source} is `{word}`, which takes no command after `--`"
                    )));
                }
                Ok(verb)
            }
            None if has_command || self.raw.running.run.is_some() => Ok(Verb::Run),
            None if self.raw.asking.state.is_some() => Ok(Verb::Create),
            None => Err(Problems::one(
                "there is nothing to do: give a command to run (`deployment-status -- \
                 ./deploy.sh`, or the input `run`), or a state to post (`deployment-status create \
                 --state success`, or the input `state`)",
            )),
        }
    }

    pub(crate) fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What the CI's own variables say.
    pub(crate) fn ci(&self) -> Ci {
        Ci::detect(&self.variables, self.raw.common.job_id.as_deref())
    }

    /// Whether a deployment or an environment was given as an input: then `finish` has something
    /// to look at even where no run is open.
    pub(crate) fn names_a_deployment(&self) -> bool {
        self.raw.common.deployment_id.is_some() || self.raw.common.environment.is_some()
    }
}

fn named(word: &str) -> Option<Verb> {
    match word {
        "run" => Some(Verb::Run),
        "create" => Some(Verb::Create),
        "list" => Some(Verb::List { json: false }),
        "finish" => Some(Verb::Finish),
        "url" => Some(Verb::Url(Logs::default())),
        "sandbox" => Some(Verb::Sandbox(Rehearsal::default())),
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

/// Every input's name, as a field of [`Raw`].
pub(super) fn names() -> Vec<String> {
    let raw = serde_json::to_value(Raw::default()).expect("every field is an optional text");
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
    problems: &mut Problems,
) -> Option<(String, String)> {
    let mut first: Option<(&str, &str)> = None;
    for (variable, value) in spellings {
        let Some(text) = value.to_str().map(str::trim) else {
            problems.add(format!("{variable} is not UTF-8"));
            continue;
        };
        match first {
            _ if text.is_empty() => {}
            None => first = Some((variable, text)),
            Some((other, said)) if said != text => problems.add(format!(
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
