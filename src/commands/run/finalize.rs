//! What a run leaves behind: the step's outputs, the summary, the closing line, the exit code.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::RunContext;
use super::lifecycle::RunLifecycle;
use crate::deployment::State;
use crate::output::command_outputs::WrittenOutputs;
use crate::output::console::Level;
use crate::output::step_outputs::RunResult;
use crate::output::summary;
use crate::process::{Completed, Outcome};
use crate::status_builder::{self, OutputUrl};

/// We could not do our part.
/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const OUR_FAILURE: i32 = 125;

/// What a slow reader still gets once we are asked to stop.
const READER_LIMIT_AFTER_SIGNAL: Duration = Duration::from_secs(2);

/// How the command ended, and what was found in what it wrote.
pub(super) struct Ending<'a> {
    pub(super) completed: &'a mut Completed,
    pub(super) output: &'a OutputUrl,
    pub(super) written: WrittenOutputs,
}

/// Writes our own lines again, if the command's last byte has been taken.
pub(super) async fn flush_console(context: RunContext<'_>, completed: &mut Completed) {
    if timeout(Duration::ZERO, completed.delivered()).await.is_ok() {
        context.console.flush();
    }
    if completed.leaked {
        context
            .console
            .info("a background process keeps the command's output open: not waited for");
    }
    if let Some(gap) = completed.observation_gap() {
        context.console.info(&gap);
    }
    match &completed.outcome {
        Outcome::NotStarted(why) => context.console.annotate(Level::Error, &why.to_string()),
        Outcome::TimedOut => context.console.annotate(Level::Error, "the command timed out"),
        Outcome::Exited { .. }
        | Outcome::Signaled { .. }
        | Outcome::Crashed { .. }
        | Outcome::Cancelled { .. } => {}
    }
}

/// Writes outputs and summary, waits for a slow reader of the command's bytes, and gives the exit
/// code.
pub(super) async fn finalize(
    context: RunContext<'_>,
    lifecycle: Option<&RunLifecycle<'_>>,
    Ending { completed, output, written }: Ending<'_>,
) -> anyhow::Result<i32> {
    let exit_code = match lifecycle {
        Some(lifecycle)
            if context.inputs.strict
                && !lifecycle.is_final_posted.get()
                && completed.outcome.exit_code() == 0 =>
        {
            OUR_FAILURE
        }
        Some(_) | None => completed.outcome.exit_code(),
    };
    let result = result(context, lifecycle, completed, output, exit_code);
    let host = context.host;
    let files = [
        host.step_outputs.as_ref().map(|file| result.to_step(file, &written)),
        context.inputs.outputs.as_ref().map(|file| result.to_dotenv(file)),
        host.step_summary.as_ref().map(|file| summary::append(file, &result, completed.took)),
    ];
    if !matches!(completed.outcome, Outcome::Cancelled { .. }) {
        let shutdown_limit = async {
            context.shutdown.requested().await;
            sleep(READER_LIMIT_AFTER_SIGNAL).await;
        };
        tokio::select! {
            () = completed.delivered() => {}
            () = shutdown_limit => {}
        }
    }
    context.console.flush();
    for error in files.into_iter().flatten().filter_map(Result::err) {
        context.console.annotate(Level::Warning, &format!("{error:#}"));
    }
    context.console.info(&result.to_line());
    Ok(exit_code)
}

fn result(
    context: RunContext<'_>,
    lifecycle: Option<&RunLifecycle<'_>>,
    completed: &Completed,
    output: &OutputUrl,
    exit_code: i32,
) -> RunResult {
    let inputs = context.inputs;
    let latest = lifecycle.and_then(RunLifecycle::latest);
    let outcome = &completed.outcome;
    let timeout = context.command_options.timeout;
    RunResult {
        environment: lifecycle
            .and_then(|lifecycle| lifecycle.resolved.environment.clone())
            .or_else(|| inputs.target.environment.clone()),
        description: latest
            .as_ref()
            .filter(|latest| latest.is_final())
            .and_then(|latest| latest.description.clone())
            .filter(|description| !description.is_empty())
            .unwrap_or_else(|| {
                status_builder::what_happened(inputs, outcome, completed.took, timeout)
            }),
        page: status_builder::run_page(&inputs.ci).cloned(),
        deployment: lifecycle.map(|lifecycle| lifecycle.resolved.id),
        status: latest.as_ref().map(|status| status.id),
        state: latest.as_ref().and_then(|status| State::parse(&status.state)),
        url: output.url.clone().filter(|_| completed.outcome.exit_code() == 0),
        exit_code: Some(exit_code),
    }
}
