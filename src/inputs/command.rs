//! The inputs of `run` alone: what is run, and within which limits.
//! It starts nothing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::errors::Validator;
use super::raw::{RawInputs, input_of, names};
use super::values::{
    A_BOOLEAN, A_DURATION, A_GRACE_PERIOD, boolean, duration, duration_above_zero,
};
use super::{Command, CommandOptions, shell};
use crate::ci::Kind;

const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Reads what is to be run. None where that is wrong.
pub(super) fn command_options(
    raw_inputs: &RawInputs,
    kind: Option<Kind>,
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
    let is_told_alone = matches!(kind, Some(Kind::GithubActions | Kind::AzurePipelines));
    let text = run.working_directory.as_deref();
    let directory = validator.input("working-directory", text, "a directory that exists", |text| {
        let directory = PathBuf::from(text);
        directory.is_dir().then_some(directory)
    });
    Some(CommandOptions {
        command: command(raw_inputs, validator)?,
        directory,
        variables: variables(raw_inputs),
        timeout,
        grace_period: grace_period.unwrap_or(GRACE_PERIOD),
        watch_ancestors: watch_ancestors.unwrap_or(is_told_alone),
        heartbeat,
    })
}

fn command(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<Command> {
    let run = &raw_inputs.texts.run;
    let mut read = |text| {
        validator
            .input("shell", text, shell::A_SHELL, |text| shell::shell(text, &raw_inputs.variables))
    };
    let shell = read(run.shell.as_deref());
    match (&run.run, raw_inputs.arguments.first()) {
        (Some(text), _) => {
            let shell = if run.shell.is_some() { shell } else { read(Some(shell::DEFAULT)) };
            Some(Command::Script { text: text.clone(), shell: shell? })
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

/// Our environment less our inputs, which may hold the token.
fn variables(raw_inputs: &RawInputs) -> Vec<(OsString, OsString)> {
    let names = names();
    let ours = raw_inputs.variables.iter().filter(|(name, _)| input_of(name, &names).is_none());
    ours.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
