//! argv in, the command and its flags out.
//! It checks no input: flags are texts here, as variables are.

mod args;
mod sandbox_args;
mod subcommands;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser};
use serde::Serialize;

pub(crate) use args::InputTexts;
use subcommands::{Create, Delete, Finish, List, Run, Sweep, Url, Wait};

use sandbox_args::FAULTS_HELP;
pub(crate) use sandbox_args::SandboxArgs;

/// What argv says.
pub(crate) struct Cli {
    /// None where no sub-command was given.
    pub(crate) subcommand: Option<Subcommand>,
    /// The inputs that were given as flags: names as in [`InputTexts`], and what was written.
    pub(crate) flags: Vec<(String, String)>,
    /// The command after `--`.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) verbose: bool,
}

/// The sub-commands, with what is theirs alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subcommand {
    Run,
    Create { json: bool },
    List { json: bool },
    Finish,
    Sweep,
    Delete,
    Wait { json: bool },
    Url(UrlArgs),
    Sandbox(SandboxArgs),
}

/// What `url` reads.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[group(skip)]
pub(crate) struct UrlArgs {
    /// Show every candidate and why it won or lost
    #[arg(long)]
    pub(crate) explain: bool,
    /// Logs to read, one after the other [default: stdin]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Why there is nothing to do, in clap's words.
#[derive(Debug)]
pub(crate) enum CliExit {
    /// `--help` or `--version`: for stdout, exit 0.
    Help(String),
    /// A usage error: for stderr, exit 125.
    Usage(String),
}

impl Cli {
    /// Reads argv, the program's name first.
    pub(crate) fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Self, CliExit> {
        let argv: Vec<OsString> = argv.into_iter().collect();
        let told = |err: clap::Error| {
            let text = err.render().to_string();
            if err.use_stderr() {
                CliExit::Usage(sanitize(&text, &argv))
            } else {
                CliExit::Help(text)
            }
        };
        // Without a sub-command every input is a flag, but to list them all there helps nobody.
        let command = Argv::command()
            .mut_args(|arg| if arg.is_global_set() { arg } else { arg.hide(true) })
            .help_expected(true);
        let matches = command.try_get_matches_from(&argv).map_err(told)?;
        Ok(Argv::from_arg_matches(&matches).map_err(told)?.into())
    }
}

/// Runs a deploy command and tells GitHub how it went
#[derive(Parser)]
#[command(
    name = "deployment-status",
    version,
    subcommand_required = false,
    disable_help_subcommand = true,
    next_line_help = true,
    override_usage = "deployment-status [run] [OPTIONS] -- COMMAND [ARG]...\n       \
                      deployment-status <create|list|finish|sweep|delete|wait|url|sandbox> [OPTIONS]",
    after_help = "\
Examples:
  deployment-status run --sandbox -- ./deploy.sh
  deployment-status --environment production -- ./deploy.sh
  deployment-status create --deployment-id 42 --state success

Every option of these commands is also read from INPUT_NAME and PLUGIN_NAME in the environment."
)]
struct Argv {
    #[command(subcommand)]
    sub: Option<Sub>,
    #[command(flatten)]
    raw: InputTexts,
    /// Tell each request, its answer and its timing
    #[arg(long, global = true)]
    verbose: bool,
    /// The command to run, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    arguments: Vec<OsString>,
}

#[derive(clap::Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, and not for long")]
enum Sub {
    /// Run a deploy command, and post how it goes
    #[command(
        override_usage = "deployment-status run [OPTIONS] -- COMMAND [ARG]...\n       \
                          deployment-status run [OPTIONS] --run SCRIPT",
        after_help = "\
Examples:
  deployment-status run --environment production -- ./deploy.sh --fast
  deployment-status run --deployment-id 42 --timeout 15m -- npx wrangler deploy
  deployment-status run --sandbox -- ./deploy.sh"
    )]
    Run(Run),
    /// Post one status
    #[command(after_help = "\
Examples:
  deployment-status create --deployment-id 42 --state success
  deployment-status create --environment preview-7 --state inactive")]
    Create(Create),
    /// List a deployment's statuses, newest first
    #[command(after_help = "\
Examples:
  deployment-status list --deployment-id 42
  deployment-status list --environment production --json")]
    List(List),
    /// Close what an interrupted run left open
    #[command(after_help = "\
Examples:
  deployment-status finish
  deployment-status finish --deployment-id 42 --state failure")]
    Finish(Finish),
    /// Close the deployments that dead runs left open
    #[command(after_help = "\
Examples:
  deployment-status sweep --dry-run
  deployment-status sweep --environment 'preview-*' --older-than 1h")]
    Sweep(Sweep),
    /// Delete an environment's deployments that are no longer needed
    #[command(after_help = "\
Examples:
  deployment-status delete --environment preview-7 --state inactive
  deployment-status delete --environment 'preview-*' --keep 5 --dry-run")]
    Delete(Delete),
    /// Wait until a deployment ends, and print its URL
    #[command(after_help = "\
Examples:
  deployment-status wait --environment preview --ref my-branch
  deployment-status wait --deployment-id 42 --timeout 20m --json")]
    Wait(Wait),
    /// Print the URL that run would find in a log
    #[command(after_help = "\
Examples:
  deployment-status url deploy.log
  ./deploy.sh 2>&1 | deployment-status url --explain")]
    Url(Url),
    /// Serve a local stand-in of GitHub's deployments API
    #[command(after_help = FAULTS_HELP)]
    Sandbox(SandboxArgs),
}

impl From<Argv> for Cli {
    fn from(argv: Argv) -> Self {
        let mut flags = pairs(&argv.raw);
        let mut arguments = argv.arguments;
        let (subcommand, own) = match argv.sub {
            None => (None, Vec::new()),
            Some(Sub::Run(mut run)) => {
                arguments.append(&mut run.arguments);
                (Some(Subcommand::Run), pairs(&run))
            }
            Some(Sub::Create(create)) => {
                (Some(Subcommand::Create { json: create.json }), pairs(&create))
            }
            Some(Sub::List(list)) => (Some(Subcommand::List { json: list.json }), pairs(&list)),
            Some(Sub::Finish(finish)) => (Some(Subcommand::Finish), pairs(&finish)),
            Some(Sub::Sweep(sweep)) => (Some(Subcommand::Sweep), pairs(&sweep)),
            Some(Sub::Delete(delete)) => (Some(Subcommand::Delete), pairs(&delete)),
            Some(Sub::Wait(wait)) => (Some(Subcommand::Wait { json: wait.json }), pairs(&wait)),
            Some(Sub::Url(url)) => (Some(Subcommand::Url(url.url_args.clone())), pairs(&url)),
            Some(Sub::Sandbox(sandbox_args)) => {
                (Some(Subcommand::Sandbox(sandbox_args)), Vec::new())
            }
        };
        flags.extend(own);
        Self { subcommand, flags, arguments, verbose: argv.verbose }
    }
}

/// The flags that were given. They travel as names and texts, as variables do.
fn pairs(flags: &impl Serialize) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(map)) = serde_json::to_value(flags) else { return Vec::new() };
    let text = |value: serde_json::Value| value.as_str().map(str::to_owned);
    map.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// clap quotes arguments as they are; a line end in one would begin a line of its own.
fn sanitize(text: &str, argv: &[OsString]) -> String {
    let arguments = argv.iter().map(|argument| argument.to_string_lossy());
    arguments.filter(|argument| argument.contains(char::is_control)).fold(
        text.to_owned(),
        |text, argument| {
            let lines = argument.split(char::is_control).filter(|line| !line.is_empty());
            text.replace(argument.as_ref(), &lines.collect::<Vec<_>>().join(" "))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_nothing_wrong_with_the_flags() {
        Argv::command().debug_assert();
    }
}
