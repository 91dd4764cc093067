//! Flags over variables: what was given for each input, and where.
//! It judges no value; two spellings of one name that disagree are all that it calls wrong.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::problems::{Checks, Problems};
use super::secrets;
use super::values::number;
use crate::ci::Ci;
use crate::cli::{Cli, Logs, Raw, SandboxArgs, Verb};
use crate::variables::Variables;

/// The variables' prefixes, the stronger one first. Drone and Woodpecker write the second.
const PREFIXES: [&str; 2] = ["INPUT_", "PLUGIN_"];

const A_VERB: &str = "`run`, `create`, `list`, `finish`, `url` or `sandbox`";

const NOTHING_TO_DO: &str = "there is nothing to do: give a command to run \
     (`deployment-status -- ./deploy.sh`, or the input `run`), or a state to post \
     (`deployment-status create --state success`, or the input `state`)";

/// Everything that was given, unjudged.
pub(crate) struct Given {
    verb: Option<Verb>,
    pub(super) raw: Raw,
    /// The input's name with hyphens, and where its value was found.
    sources: BTreeMap<String, String>,
    pub(super) arguments: Vec<OsString>,
    pub(super) verbose: bool,
    pub(super) variables: Variables,
    problems: Problems,
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
        let mut checks = self.checks();
        let verb = match self.raw.command.as_deref() {
            Some(word) => {
                let verb = checks.input("command", Some(word), A_VERB, named);
                if !self.arguments.is_empty()
                    && verb.as_ref().is_some_and(|verb| *verb != Verb::Run)
                {
                    let source = self.source("command");
                    checks.add(format!("{source} is `{word}`, which takes no command after `--`"));
                }
                verb
            }
            None if !self.arguments.is_empty() || self.raw.running.run.is_some() => Some(Verb::Run),
            None if self.raw.asking.state.is_some() => Some(Verb::Create),
            None => {
                checks.add(NOTHING_TO_DO);
                None
            }
        };
        checks.finish(verb)
    }

    pub(super) fn checks(&self) -> Checks<'_> {
        let secrets = secrets(&self.variables, &self.raw);
        Checks::new(self, secrets, self.problems.clone())
    }

    /// Where an input was found, or the flag that would give it.
    pub(super) fn source(&self, name: &str) -> String {
        self.sources.get(name).cloned().unwrap_or_else(|| format!("--{name}"))
    }

    /// Forgets the inputs that are for other commands: an action maps them all, always.
    pub(super) fn keep_what_is_for(&mut self, verb: &Verb) {
        let raw = std::mem::take(&mut self.raw);
        let (common, asking, closing, finding) = (raw.common, raw.asking, raw.closing, raw.finding);
        let (running, posting) = (raw.running, raw.posting);
        self.raw = match verb {
            Verb::Run => Raw { common, running, posting, closing, finding, ..Raw::default() },
            Verb::Create => Raw { common, asking, posting, closing, ..Raw::default() },
            Verb::List { .. } => Raw { common, ..Raw::default() },
            Verb::Finish => Raw { common, asking, closing, ..Raw::default() },
            Verb::Url(_) => Raw { finding, ..Raw::default() },
            Verb::Sandbox(_) => Raw::default(),
        };
    }

    pub(crate) fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What the CI's own variables say.
    pub(crate) fn ci(&self) -> Ci {
        let job_id = self.raw.common.job_id.as_deref().filter(|id| number(id).is_some());
        Ci::detect(&self.variables, job_id)
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
        "sandbox" => Some(Verb::Sandbox(SandboxArgs::default())),
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
