//! Runs the command that was asked for; its result becomes an exit code.

mod bulk;
pub(crate) mod context;
mod create;
mod delete;
mod finish;
mod list;
pub(crate) mod run;
mod supersede;
mod sweep;
pub(crate) mod url;
mod wait;

use std::process::ExitCode;

use self::context::HostContext;
use self::run::{RunContext, sandboxed};
use crate::ci::Kind;
use crate::deployment::State;
use crate::github::{ApiError, Github, Observer};
use crate::inputs::{Backend, CommandInputs, CommandOptions, Inputs, RequestedState};
use crate::output::command_outputs::WrittenOutputs;
use crate::output::console::{self, Console, Level};
use crate::output::step_outputs::RunResult;
use crate::process::{ShutdownListener, to_exit_code};
use crate::resolve::ResolveError;

/// GitHub refused, or could not be reached.
const API_FAILURE: ExitCode = ExitCode::FAILURE;

/// Runs the command that was asked for.
///
/// # Errors
/// When we could not do our part: nothing was posted, and no command was run.
pub(crate) async fn dispatch(
    command_inputs: CommandInputs,
    inputs: Inputs,
    console: &Console,
    host: HostContext,
    observer: Observer,
) -> anyhow::Result<ExitCode> {
    let github = |inputs: &Inputs| match &inputs.backend {
        Backend::Github(api) => Github::new(api, observer),
        Backend::Sandbox => anyhow::bail!("only `run` has a sandbox of its own"),
    };
    match command_inputs {
        CommandInputs::Run(command_options) => {
            run(inputs, &command_options, console, host, observer).await
        }
        CommandInputs::Create { state, json } => {
            create(&github(&inputs)?, &inputs, console, &host, (state, json)).await
        }
        CommandInputs::List { json } => {
            let listed = list::list(&github(&inputs)?, &inputs, json).await;
            if let Ok(text) = &listed {
                console::print(text)?;
            }
            exit_code(listed, &inputs, console)
        }
        CommandInputs::Finish { state, job_was_cancelled } => {
            let state_dir = host.state_files.as_ref().expect("only a sandboxed run has none");
            let github = github(&inputs)?;
            let closed =
                finish::finish(&github, &inputs, console, state_dir, state, job_was_cancelled)
                    .await;
            if let Ok(result) = &closed
                && result.status.is_some()
            {
                leave_outputs(result, &inputs, console, &host);
            }
            exit_code(closed, &inputs, console)
        }
        CommandInputs::Sweep(options) => {
            let swept = sweep::sweep(&github(&inputs)?, &inputs, &options, console).await;
            Ok(bulk_exit_code(swept, console))
        }
        CommandInputs::Delete(options) => {
            let deleted = delete::delete(&github(&inputs)?, &inputs, &options, console).await;
            Ok(bulk_exit_code(deleted, console))
        }
        CommandInputs::Wait(options) => {
            wait::wait(&github(&inputs)?, &inputs, &options, console, &host).await
        }
    }
}

async fn run(
    inputs: Inputs,
    command_options: &CommandOptions,
    console: &Console,
    host: HostContext,
    observer: Observer,
) -> anyhow::Result<ExitCode> {
    let tracking = host.tracking.clone().filter(|_| command_options.watch_ancestors);
    let shutdown = ShutdownListener::listen(tracking)?;
    if let Some(note) = shutdown.note() {
        console.info(note);
    }
    // It is `true` by itself where there is a mark to know our ancestors by.
    let is_default = matches!(inputs.ci.kind, Some(Kind::GithubActions | Kind::AzurePipelines));
    let is_explicit = !is_default || host.tracking.is_some();
    if command_options.watch_ancestors && is_explicit && !shutdown.watches_ancestors() {
        let text = "`watch-ancestors` is set, but there is nobody to watch here";
        console.annotate(Level::Warning, text);
    }
    let is_under_git_bash = host.is_under_git_bash;
    let exit_code = match &inputs.backend {
        Backend::Github(api) => {
            let github = Github::new(api, observer)?;
            let context = RunContext {
                github: &github,
                inputs: &inputs,
                command_options,
                console,
                shutdown: &shutdown,
                host: &host,
            };
            run::run(context).await?
        }
        Backend::Sandbox => {
            sandboxed::run_in_sandbox(inputs, command_options, console, &shutdown, host, observer)
                .await?
        }
    };
    #[cfg(unix)]
    shutdown.die_like_command();
    Ok(to_exit_code(exit_code, is_under_git_bash))
}

async fn create(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    host: &HostContext,
    (requested_state, as_json): (RequestedState, bool),
) -> anyhow::Result<ExitCode> {
    if let Some(read_only) = inputs.event.read_only
        && inputs.has_no_credentials()
    {
        let text = format!("no deployment status is posted: {}", read_only.remedy());
        anyhow::ensure!(!inputs.strict, "{text}, and `strict` is set");
        console.annotate(Level::Notice, &text);
        return Ok(ExitCode::SUCCESS);
    }
    let created = create::create(github, inputs, console, requested_state, as_json).await;
    match created {
        Ok((result, text)) => {
            if let (Some(id), Some(State::Success)) = (result.deployment, result.state)
                && inputs.status_options.supersede
            {
                supersede::supersede(github, inputs, console, id).await;
            }
            leave_outputs(&result, inputs, console, host);
            console.print_or_warn(&text);
            Ok(ExitCode::SUCCESS)
        }
        Err(ResolveError::Failed(error))
            if !inputs.strict && inputs.event.read_only.is_none() && error.is_passing() =>
        {
            console.annotate(Level::Warning, &error.in_full());
            Ok(ExitCode::SUCCESS)
        }
        // The start was not taken either, so there is nothing to end.
        Err(ResolveError::NotFound(text) | ResolveError::Unidentified(text))
            if !inputs.strict
                && let Some(read_only) = inputs.event.read_only =>
        {
            let text = format!("no deployment status is posted: {}\n{text}", read_only.remedy());
            console.annotate(Level::Notice, &text);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => exit_code::<()>(Err(error), inputs, console),
    }
}

/// Writes the outputs, where something was posted. What was posted stays posted where that fails.
fn leave_outputs(result: &RunResult, inputs: &Inputs, console: &Console, host: &HostContext) {
    if inputs.dry_run {
        return;
    }
    let written = WrittenOutputs::default();
    let to_step = host.step_outputs.as_deref().map(|file| result.to_step(file, &written));
    let to_dotenv = inputs.outputs.as_deref().map(|file| result.to_dotenv(file));
    for error in [to_step, to_dotenv].into_iter().flatten().filter_map(Result::err) {
        console.annotate(Level::Warning, &format!("{error:#}"));
    }
}

fn exit_code<T>(
    result: Result<T, ResolveError>,
    inputs: &Inputs,
    console: &Console,
) -> anyhow::Result<ExitCode> {
    match result {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(
            ResolveError::NotFound(text)
            | ResolveError::Unidentified(text)
            | ResolveError::Refused(text),
        ) => anyhow::bail!(text),
        Err(ResolveError::Failed(error)) => {
            if let Some(read_only) = inputs.event.read_only
                && error.is_denied()
            {
                let text = format!("{error}\nhelp: {}", read_only.remedy());
                console.annotate(Level::Notice, &text);
                return Ok(ExitCode::SUCCESS);
            }
            console.annotate(Level::Error, &error.in_full());
            Ok(API_FAILURE)
        }
    }
}

fn bulk_exit_code(refused: Result<usize, ApiError>, console: &Console) -> ExitCode {
    match refused {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => API_FAILURE,
        Err(error) => {
            console.annotate(Level::Error, &error.in_full());
            API_FAILURE
        }
    }
}
