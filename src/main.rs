//! The front door: environment and argv in, exit code out.

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

use std::io;
use std::process::ExitCode;

use crate::ci::Kind;
use crate::cli::{Cli, CliExit, InputTexts, SandboxArgs, Subcommand, UrlArgs};
use crate::commands::context::HostContext;
use crate::env::Variables;
use crate::github::Observer;
use crate::inputs::{Inputs, RawInputs};
use crate::output::console::{self, Console, Level};

/// We could not do our part.
/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const OUR_FAILURE: u8 = 125;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let variables = Variables::new(std::env::vars_os());
    let redactor = inputs::secrets(&variables, &InputTexts::default());
    let raw_inputs = match Cli::parse(std::env::args_os()) {
        Ok(cli) => RawInputs::new(cli, variables),
        Err(CliExit::Help(text)) => {
            // A closed stdout has heard enough.
            let _ = console::print(&text);
            return ExitCode::SUCCESS;
        }
        Err(CliExit::Usage(text)) => {
            console::print_error(false, redactor.redact(&text).trim_end());
            return ExitCode::from(OUR_FAILURE);
        }
    };
    let is_actions = raw_inputs.ci().kind.is_some_and(Kind::is_actions);
    dispatch(raw_inputs).await.unwrap_or_else(|why| {
        console::print_error(is_actions, redactor.redact(&format!("{why:#}")).trim_end());
        ExitCode::from(OUR_FAILURE)
    })
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
    let host = HostContext::of(raw_inputs.variables(), &ci, std::env::temp_dir());
    if *subcommand == Subcommand::Finish
        && !raw_inputs.names_a_deployment()
        && !host.has_unfinished_runs()
    {
        return Ok(ExitCode::SUCCESS);
    }
    let (command_inputs, inputs) = Inputs::check(raw_inputs, subcommand)?;
    let console = Console::new(ci.kind.is_some_and(Kind::is_actions), inputs.verbose);
    for warning in &inputs.warnings {
        console.annotate(Level::Warning, warning);
    }
    let trace = inputs.verbose.then_some(console::log_now as fn(&str));
    let would_send = inputs.dry_run.then_some(print_request as fn(&str));
    let observer = Observer { trace, waiting: console::log_now, would_send };
    commands::dispatch(command_inputs, inputs, &console, host, observer).await
}

/// A closed stdout has read enough.
fn print_request(text: &str) {
    drop(console::print(text));
}

fn run_url(raw_inputs: RawInputs, url_args: &UrlArgs) -> anyhow::Result<ExitCode> {
    let redactor = inputs::secrets(raw_inputs.variables(), &InputTexts::default());
    let console = Console::new(raw_inputs.ci().kind.is_some_and(Kind::is_actions), false);
    let rule = inputs::url_rule(raw_inputs)?;
    let warn = |text: &str| console.annotate(Level::Warning, text);
    commands::url::run(&url_args.files, &rule, url_args.explain, &redactor, &mut io::stdout(), warn)
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
    let announce = |url: &str| drop(console::print(&format!("{url}\n")));
    sandbox::serve(options, announce, console::log).await?;
    Ok(ExitCode::SUCCESS)
}
