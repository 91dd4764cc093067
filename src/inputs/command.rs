//! The inputs of `run` alone: what is run, and within which limits.
//! No process is started here.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::errors::Validator;
use super::raw::RawInputs;
use super::shell::{self, NoShell};
use super::values::{
    A_BOOLEAN, A_DURATION, A_GRACE_PERIOD, boolean, duration, duration_above_zero,
};
use super::variables::is_ours;
use super::{Command, CommandOptions};
use crate::ci::Kind;
use crate::process::script::Shell;

const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Reads what is to be run. None where that is wrong.
pub(super) fn command_options(
    raw_inputs: &RawInputs,
    kind: Option<Kind>,
    notes: &mut Vec<String>,
    validator: &mut Validator<'_>,
) -> Option<CommandOptions> {
    let run = &raw_inputs.texts.run;
    let text = raw_inputs.texts.timeout.timeout.as_deref();
    let timeout = validator.input("timeout", text, A_DURATION, duration_above_zero);
    let text = run.grace_period.as_deref();
    let grace_period = validator.input("grace-period", text, A_GRACE_PERIOD, duration);
    let text = run.heartbeat.as_deref();
    let heartbeat = validator.input("heartbeat", text, A_DURATION, duration_above_zero);
    let text = run.watch_ancestors.as_deref();
    let watch_ancestors = validator.input("watch-ancestors", text, A_BOOLEAN, boolean);
    let is_signaled_alone = matches!(kind, Some(Kind::GithubActions | Kind::AzurePipelines));
    let text = run.working_directory.as_deref();
    let directory = validator.input("working-directory", text, "a directory that exists", |text| {
        let directory = PathBuf::from(text);
        directory.is_dir().then_some(directory)
    });
    Some(CommandOptions {
        command: command(raw_inputs, notes, validator)?,
        directory,
        variables: variables(raw_inputs),
        timeout,
        grace_period: grace_period.unwrap_or(GRACE_PERIOD),
        watch_ancestors: watch_ancestors.unwrap_or(is_signaled_alone),
        heartbeat,
    })
}

fn command(
    raw_inputs: &RawInputs,
    notes: &mut Vec<String>,
    validator: &mut Validator<'_>,
) -> Option<Command> {
    let run = &raw_inputs.texts.run;
    let asked = run.shell.as_deref().map(|text| asked_shell(text, raw_inputs, validator));
    match (&run.run, raw_inputs.arguments.first()) {
        (Some(text), _) => {
            let shell = match asked {
                Some(shell) => shell?,
                None => default_shell(raw_inputs, notes, validator)?,
            };
            Some(Command::Script { text: text.clone(), shell })
        }
        (None, Some(program)) if program.is_empty() => {
            validator.add("the command after `--` is empty: expected a program");
            None
        }
        (None, Some(_)) => Some(Command::Arguments(raw_inputs.arguments.clone())),
        (None, None) => {
            validator.add(
                "there is no command: give one after `--` (`deployment-status -- ./deploy.sh`), \
                 or a script as the input `run`",
            );
            None
        }
    }
}

fn asked_shell(text: &str, raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<Shell> {
    match shell::shell(text, &raw_inputs.variables) {
        Ok(shell) => Some(shell),
        Err(NoShell::NotUnderstood) => {
            validator.refuse(&raw_inputs.source("shell"), text, shell::A_SHELL);
            None
        }
        Err(NoShell::NoGitBash) => {
            validator.add(shell::NO_GIT_BASH);
            None
        }
    }
}

fn default_shell(
    raw_inputs: &RawInputs,
    notes: &mut Vec<String>,
    validator: &mut Validator<'_>,
) -> Option<Shell> {
    let Ok((shell, is_sh)) = shell::default_shell(&raw_inputs.variables) else {
        validator.add(shell::NO_GIT_BASH);
        return None;
    };
    if is_sh {
        notes.push(shell::NO_BASH.to_owned());
    }
    Some(shell)
}

/// Our environment without our inputs, which may hold the token, and without the variables that
/// an outer run has set for its own command.
fn variables(raw_inputs: &RawInputs) -> Vec<(OsString, OsString)> {
    let others = raw_inputs.variables.iter().filter(|(name, _)| !is_ours(name));
    others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
