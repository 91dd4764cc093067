//! From the environment and argv to an exit code.

mod cli;
mod inputs;

mod commands;

mod publisher;
mod resolve;
mod state_file;
mod status_builder;

mod deployment;
mod env;
mod redact;

mod backoff;
mod ci;
mod github;
mod output;
mod output_url;
mod process;
mod sandbox;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use crate::ci::{Ci, Kind};
use crate::cli::{Cli, CliExit, InputTexts, SandboxArgs, Subcommand, UrlArgs};
use crate::commands::context::HostContext;
use crate::env::Variables;
use crate::github::Observer;
use crate::inputs::{Inputs, RawInputs};
use crate::output::console::{self, Console, Level};
use crate::redact::Redactor;

/// We could not do our part.
/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const OUR_FAILURE: u8 = 125;

fn main() -> ExitCode {
    // A panic is caught where it may cost no more than a status or a URL; this is what is said.
    std::panic::set_hook(Box::new(|panic| console::log_now(&format!("internal error: {panic}"))));
    let runtime = process::ensure_descriptors()
        .and_then(|()| tokio::runtime::Builder::new_current_thread().enable_all().build());
    match runtime {
        Ok(runtime) => runtime.block_on(run()),
        Err(why) => {
            console::print_error(false, &format!("cannot start: {why}"));
            ExitCode::from(OUR_FAILURE)
        }
    }
}

async fn run() -> ExitCode {
    let variables = Variables::new(std::env::vars_os());
    let argv: Vec<OsString> = std::env::args_os().collect();
    let misplaced = inputs::secrets_of_argv(&variables, &argv);
    let ci = Ci::detect(&variables, None).kind;
    let is_actions = ci.is_some_and(Kind::is_actions);
    let fail = |redactor: &Redactor, text: &str| {
        console::print_error(is_actions, redactor.redact_all(text).trim_end());
        ExitCode::from(OUR_FAILURE)
    };
    let has_colors = variables.wants_colors(io::stdout().is_terminal());
    console::set_colors(variables.wants_colors(io::stderr().is_terminal()));
    console::set_status_line(ci.is_none() && variables.wants_status_line());
    let raw_inputs = match Cli::parse(argv, has_colors) {
        Ok(cli) => RawInputs::new(cli, variables),
        Err(CliExit::Help(text)) => return print(&text),
        Err(CliExit::Usage(text)) => return fail(&misplaced, &text),
    };
    let redactor = raw_inputs.redactor();
    console::hide(redactor.clone());
    dispatch(raw_inputs).await.unwrap_or_else(|why| fail(&redactor, &format!("{why:#}")))
}

fn print(text: &str) -> ExitCode {
    match console::print(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            console::print_error(false, &err.to_string());
            ExitCode::from(OUR_FAILURE)
        }
    }
}

async fn dispatch(raw_inputs: RawInputs) -> anyhow::Result<ExitCode> {
    match raw_inputs.subcommand()? {
        Subcommand::Url(url_args) => run_url(raw_inputs, &url_args),
        Subcommand::Sandbox(sandbox_args) => run_sandbox(&sandbox_args).await,
        subcommand => run_api_command(raw_inputs, &subcommand).await,
    }
}

/// The commands that send requests to GitHub.
async fn run_api_command(
    raw_inputs: RawInputs,
    subcommand: &Subcommand,
) -> anyhow::Result<ExitCode> {
    let ci = raw_inputs.ci();
    let host =
        HostContext::of(raw_inputs.variables(), &ci, raw_inputs.use_id(), std::env::temp_dir());
    if *subcommand == Subcommand::Finish
        && (raw_inputs.use_id().is_some() || !raw_inputs.names_a_deployment())
        && !host.has_unfinished_runs()
    {
        return Ok(ExitCode::SUCCESS);
    }
    let (command_inputs, inputs) = Inputs::check(raw_inputs, subcommand)?;
    let console = Console::new(ci.kind.is_some_and(Kind::is_actions), inputs.verbose);
    for warning in &inputs.warnings {
        console.annotate(Level::Warning, warning);
    }
    for note in &inputs.notes {
        console.info(note);
    }
    let trace = inputs.verbose.then_some(console::log_between_lines as fn(&str));
    let would_send = inputs.dry_run.then_some(print_request as fn(&str));
    let observer = Observer { trace, waiting: console::log_between_lines, would_send };
    commands::dispatch(command_inputs, inputs, &console, host, observer).await
}

/// Nothing else depends on who reads it.
fn print_request(text: &str) {
    drop(console::print(text));
}

fn run_url(raw_inputs: RawInputs, url_args: &UrlArgs) -> anyhow::Result<ExitCode> {
    let redactor = inputs::public_secrets(raw_inputs.variables(), &InputTexts::default());
    let console = Console::new(raw_inputs.ci().kind.is_some_and(Kind::is_actions), false);
    let rule = inputs::url_rule(raw_inputs)?;
    let warn = |text: &str| console.annotate(Level::Warning, text);
    let stdout = &mut io::stdout();
    let found =
        commands::url::run(&url_args.files, &rule, url_args.explain, &redactor, stdout, warn);
    match found {
        // The reader has seen enough, so there was something to see.
        Err(why) if is_broken_pipe(&why) => Ok(ExitCode::SUCCESS),
        found => found,
    }
}

fn is_broken_pipe(why: &anyhow::Error) -> bool {
    why.downcast_ref::<io::Error>().is_some_and(|err| err.kind() == io::ErrorKind::BrokenPipe)
}

async fn run_sandbox(args: &SandboxArgs) -> anyhow::Result<ExitCode> {
    let options = sandbox::Options::parse(&sandbox::RawOptions {
        port: args.port,
        grants: &args.grants,
        faults: &args.faults,
        deployments: &args.deployments,
        runs: &args.runs,
        pull_requests: &args.pull_requests,
        age: args.age.as_deref(),
        rate_limit: args.rate_limit.as_deref(),
    })?;
    // It serves on where nobody reads its URL; a full disk is reported.
    let announce = |url: &str| {
        print(&format!("{url}\n"));
    };
    sandbox::serve(options, announce, console::log).await?;
    Ok(ExitCode::SUCCESS)
}
