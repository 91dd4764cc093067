//! The inputs of `run` alone: what is run, and within which limits.
//! It starts nothing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::errors::Checks;
use super::raw::{Given, input_of, names};
use super::values::{
    A_BOOLEAN, A_DURATION, A_GRACE_PERIOD, boolean, duration, duration_above_zero,
};
use super::{Command, Wrapped, shell};
use crate::ci::Kind;

const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Reads what is to be run. None where that is wrong.
pub(super) fn wrapped(
    given: &Given,
    kind: Option<Kind>,
    checks: &mut Checks<'_>,
) -> Option<Wrapped> {
    let running = &given.raw.running;
    let text = running.timeout.as_deref();
    let timeout = checks.input("timeout", text, A_DURATION, duration_above_zero);
    let text = running.grace_period.as_deref();
    let grace_period = checks.input("grace-period", text, A_GRACE_PERIOD, duration);
    let text = running.watch_ancestors.as_deref();
    let watch_ancestors = checks.input("watch-ancestors", text, A_BOOLEAN, boolean);
    let is_told_alone = matches!(kind, Some(Kind::GithubActions | Kind::AzurePipelines));
    let text = running.working_directory.as_deref();
    let directory = checks.input("working-directory", text, "a directory that exists", |text| {
        let directory = PathBuf::from(text);
        directory.is_dir().then_some(directory)
    });
    Some(Wrapped {
        command: command(given, checks)?,
        directory,
        variables: variables(given),
        timeout,
        grace_period: grace_period.unwrap_or(GRACE_PERIOD),
        watch_ancestors: watch_ancestors.unwrap_or(is_told_alone),
    })
}

fn command(given: &Given, checks: &mut Checks<'_>) -> Option<Command> {
    let running = &given.raw.running;
    let mut read = |text| {
        checks.input("shell", text, shell::A_SHELL, |text| shell::shell(text, &given.variables))
    };
    let shell = read(running.shell.as_deref());
    match (&running.run, given.arguments.first()) {
        (Some(text), _) => {
            let shell = if running.shell.is_some() { shell } else { read(Some(shell::DEFAULT)) };
            Some(Command::Script { text: text.clone(), shell: shell? })
        }
        (None, Some(program)) if program.is_empty() => {
            checks.add("the command after `--` is empty: expected a program");
            None
        }
        (None, Some(_)) => Some(Command::Arguments(given.arguments.clone())),
        (None, None) => {
            checks.add(
                "there is no command: give one after `--` (`deployment-status -- ./deploy.sh`), \
                 or a script as the input `run`",
            );
            None
        }
    }
}

/// Our environment less our inputs, which may hold the token.
fn variables(given: &Given) -> Vec<(OsString, OsString)> {
    let names = names();
    let ours = given.variables.iter().filter(|(name, _)| input_of(name, &names).is_none());
    ours.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
