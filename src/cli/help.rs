//! How help looks: `-h` fits one screen, `--help` has everything under headings.

use clap::{Arg, Command};

/// The address of the documentation.
const DOCS: &str = "https://github.com/deployment-status/deployment-status#readme";

/// The inputs by heading, in the order of `--help`; what stands in none is under `Options`.
const HEADINGS: [(&str, &[&str]); 7] = [
    (
        "The command",
        &[
            "run",
            "shell",
            "working_directory",
            "timeout",
            "grace_period",
            "heartbeat",
            "watch_ancestors",
        ],
    ),
    (
        "Which deployment",
        &[
            "environment",
            "deployment_id",
            "ref",
            "older_than",
            "any_owner",
            "keep",
            "delete_environment",
        ],
    ),
    (
        "A new deployment",
        &[
            "create_deployment",
            "task",
            "payload",
            "transient_environment",
            "production_environment",
            "required_contexts",
            "auto_merge",
        ],
    ),
    (
        "The status",
        &[
            "state",
            "initial_state",
            "cancel_state",
            "description",
            "target_url",
            "log_url",
            "auto_inactive",
            "supersede",
            "strict",
            "api_timeout",
        ],
    ),
    ("The deployed URL", &["environment_url", "detect_url", "url_pattern", "url_key"]),
    (
        "GitHub",
        &[
            "token",
            "app_id",
            "app_private_key",
            "app_installation_id",
            "repository",
            "api_url",
            "sandbox",
        ],
    ),
    ("Output", &["outputs", "json", "dry_run"]),
];

/// What `-h` leaves to `--help`.
const RARE: [&str; 28] = [
    "create_deployment",
    "cancel_state",
    "url_key",
    "grace_period",
    "heartbeat",
    "watch_ancestors",
    "task",
    "payload",
    "transient_environment",
    "production_environment",
    "required_contexts",
    "auto_merge",
    "initial_state",
    "description",
    "target_url",
    "log_url",
    "auto_inactive",
    "supersede",
    "api_timeout",
    "detect_url",
    "app_id",
    "app_private_key",
    "app_installation_id",
    "repository",
    "api_url",
    "any_owner",
    "ref",
    "outputs",
];

/// Everything after the options of `--help`: the examples, and for commands with inputs the
/// variables and the exit codes.
pub(super) fn epilogue(command: &Command, examples: &str) -> String {
    let has_inputs = command.get_arguments().any(|arg| arg.get_id() == "token");
    let exit_codes = match command.get_name() {
        "run" | "deployment-status" => RUN_CODES,
        "create" => CREATE_CODES,
        "wait" => WAIT_CODES,
        _ => CODES,
    };
    let inputs =
        if has_inputs { format!("{VARIABLES}\n\n{exit_codes}\n\n") } else { String::new() };
    format!("{examples}\n\n{inputs}Documentation: {DOCS}")
}

/// Puts flags under their headings, in order. The whole sentence is for `--help`, its beginning
/// for `-h`.
pub(super) fn arranged(args: impl Iterator<Item = Arg>) -> Vec<Arg> {
    let mut placed: Vec<_> = args.map(|arg| (place(arg.get_id().as_str()), arg)).collect();
    placed.sort_by_key(|(place, _)| *place);
    let arranged = placed.into_iter().map(|(place, arg)| {
        let name = arg.get_id().as_str();
        let is_rare = RARE.contains(&name);
        let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let arg = arg.help(beginning(&text)).hide_short_help(is_rare);
        let arg = if beginning(&text) == text { arg } else { arg.long_help(text) };
        match place {
            Some((heading, order)) => arg.help_heading(HEADINGS[heading].0).display_order(order),
            None => arg,
        }
    });
    arranged.collect()
}

/// An input's heading, and its place there.
fn place(name: &str) -> Option<(usize, usize)> {
    let mut headings = HEADINGS.iter().enumerate();
    headings.find_map(|(heading, (_, names))| {
        Some((heading, names.iter().position(|known| *known == name)?))
    })
}

/// Where the details of a sentence begin.
const DETAILS: [&str; 8] =
    [" [default", ": ", "; ", ", such as", ", and ", ", with ", " instead of ", " ("];

/// The first words of a sentence, without its details and its default.
fn beginning(text: &str) -> String {
    let end = DETAILS.iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    text[..end].to_owned()
}

const VARIABLES: &str = "\
Variables:
  Every option with a value is also read from INPUT_NAME and PLUGIN_NAME: INPUT_DEPLOYMENT_ID
  stands for --deployment-id. The first found wins: the option, INPUT_NAME, PLUGIN_NAME.";

const RUN_CODES: &str = "\
Exit codes:
  the command's own; 124 timed out; 125 bad inputs, or refused where `strict` asks for it;
  126 not executable; 127 not found; 128+n ended by signal n";

const CREATE_CODES: &str = "\
Exit codes:
  0 done, or GitHub was not reached; 1 GitHub refused what the inputs say, or was not reached
  and `strict` is set; 125 bad inputs";

const WAIT_CODES: &str = "\
Exit codes:
  0 it ended in success; 1 it ended otherwise; 124 timed out; 125 bad inputs";

const CODES: &str = "\
Exit codes:
  0 done; 1 GitHub refused or was not reached; 125 bad inputs";

pub(super) const PROGRAM: &str = "\
Examples:
  deployment-status run --sandbox -- ./deploy.sh
  deployment-status --environment production -- ./deploy.sh
  deployment-status create --deployment-id 42 --state success";

pub(super) const RUN: &str = "\
Examples:
  deployment-status run --environment production -- ./deploy.sh --fast
  deployment-status run --deployment-id 42 --timeout 15m -- npx wrangler deploy
  deployment-status run --sandbox -- ./deploy.sh";

pub(super) const CREATE: &str = "\
Examples:
  deployment-status create --deployment-id 42 --state success
  deployment-status create --environment preview-7 --state inactive";

pub(super) const LIST: &str = "\
Examples:
  deployment-status list --deployment-id 42
  deployment-status list --environment production --json";

pub(super) const FINISH: &str = "\
Examples:
  deployment-status finish
  deployment-status finish --deployment-id 42 --state failure";

pub(super) const SWEEP: &str = "\
Examples:
  deployment-status sweep --dry-run
  deployment-status sweep --environment 'preview-*' --older-than 1h";

pub(super) const DELETE: &str = "\
Examples:
  deployment-status delete --environment preview-7 --state inactive
  deployment-status delete --environment 'preview-*' --keep 5 --dry-run";

pub(super) const WAIT: &str = "\
Examples:
  deployment-status wait --environment preview --ref my-branch
  deployment-status wait --deployment-id 42 --timeout 20m --json";

pub(super) const URL: &str = "\
Examples:
  deployment-status url deploy.log
  ./deploy.sh 2>&1 | deployment-status url --explain

Exit codes:
  0 a URL was found; 1 there is none; 125 bad inputs";

pub(super) const COMPLETIONS: &str = "\
Examples:
  deployment-status completions bash >~/.local/share/bash-completion/completions/deployment-status
  deployment-status completions fish >~/.config/fish/completions/deployment-status.fish";

pub(super) const MAN: &str = "\
Examples:
  deployment-status man >deployment-status.1
  deployment-status man run | man -l -";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::input_names;

    #[test]
    fn every_input_has_its_heading() {
        let hidden = ["command", "job_id", "job_status", "use"];
        for name in input_names() {
            assert!(
                place(name).is_some() || hidden.contains(&name.as_str()),
                "`{name}` has no heading"
            );
        }
    }

    #[test]
    fn a_short_help_is_the_beginning_of_the_long_one() {
        assert_eq!(beginning("The state to post: `error`, or so"), "The state to post");
        assert_eq!(beginning("Its task [default: `deploy`]"), "Its task");
        assert_eq!(beginning("A file"), "A file");
    }
}
