//! The main job: find the deployment, post that it begins, run the command, post how it ended.

mod dry_run;
mod finalize;
mod lifecycle;
mod observe;
mod panic_guard;
mod prepare;
pub(crate) mod sandboxed;
mod silence;

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use self::finalize::Ending;
use self::lifecycle::RunLifecycle;
use self::panic_guard::{guarded, guarded_now};
use self::prepare::PreparedCommand;
use crate::ci::event::ReadOnly;
use crate::commands::context::HostContext;
use crate::commands::supersede::supersede;
use crate::github::Github;
use crate::inputs::{CommandOptions, Inputs, RequiredContexts};
use crate::output::console::{self, Console, Level};
use crate::process::{self, Completed, Outcome, ShutdownListener};
use crate::resolve::{self, ResolveError, ResolvedDeployment};
use crate::status_builder;

/// Finding and creating a deployment hold the command back no longer.
const RESOLVE_LIMIT: Duration = Duration::from_secs(15);

/// What a deployment that is just being found or made has left once we are asked to stop.
const RESOLVE_LIMIT_AFTER_SIGNAL: Duration = Duration::from_secs(2);

/// What every step of the job needs.
#[derive(Clone, Copy)]
pub(crate) struct RunContext<'a> {
    pub(crate) github: &'a Github,
    pub(crate) inputs: &'a Inputs,
    pub(crate) command_options: &'a CommandOptions,
    pub(crate) console: &'a Console,
    pub(crate) shutdown: &'a ShutdownListener,
    pub(crate) host: &'a HostContext,
}

/// Runs the command and posts its statuses. Returns the exit code: the command's own, whatever
/// GitHub answers, unless the inputs made the deploy depend on it.
///
/// # Errors
/// When the command may not or cannot be run, with what to do about it.
pub(crate) async fn run(context: RunContext<'_>) -> anyhow::Result<i32> {
    if context.inputs.dry_run {
        return dry_run::run(context).await;
    }
    // Before anything is created: what cannot be run leaves nothing behind.
    let mut prepared = PreparedCommand::new(context)?;
    let finding = find_deployment(context);
    let Some(resolved) = guarded(context.console, "the deployment", Ok(None), finding).await?
    else {
        return run_and_finalize(context, &prepared, None).await;
    };
    prepared.set_deployment(&resolved);
    let lifecycle = RunLifecycle::new(context, resolved, prepared.output.url_file());
    let job = async {
        lifecycle.post_initial().await?;
        run_and_finalize(context, &prepared, Some(&lifecycle)).await
    };
    tokio::select! {
        biased;
        never = lifecycle.publish() => match never {},
        exit_code = job => exit_code,
    }
}

async fn run_and_finalize(
    context: RunContext<'_>,
    prepared: &PreparedCommand,
    lifecycle: Option<&RunLifecycle<'_>>,
) -> anyhow::Result<i32> {
    let mut completed = run_command(context, prepared, lifecycle).await;
    let output = guarded_now(context.console, "the URL", || {
        prepared.output.output_url(context, &completed.outcome)
    });
    if let Some(lifecycle) = lifecycle
        && !matches!(completed.outcome, Outcome::Cancelled { .. })
    {
        let last = status_builder::final_status(
            context.inputs,
            &completed.outcome,
            completed.took,
            context.command_options.timeout,
            &output,
        );
        lifecycle.post_final(last).await;
        supersede_older(context, lifecycle).await;
    }
    let written = prepared.output.written();
    let end = Ending { completed: &mut completed, output: &output, written };
    finalize::finalize(context, lifecycle, end).await
}

/// After a posted success, where the inputs ask for it, and until we are asked to stop.
async fn supersede_older(context: RunContext<'_>, lifecycle: &RunLifecycle<'_>) {
    let RunContext { github, inputs, console, shutdown, .. } = context;
    let is_success = lifecycle.latest().is_some_and(|status| status.state == "success");
    if !(inputs.status_options.supersede && is_success && lifecycle.is_final_posted.get()) {
        return;
    }
    let work = supersede(github, inputs, console, lifecycle.resolved.id);
    tokio::select! {
        biased;
        _ = shutdown.requested() => {}
        () = guarded(console, "older deployments their last status", (), work) => {}
    }
}

/// Runs the command to its end. Where it was cancelled, the last status has been posted, too.
async fn run_command(
    context: RunContext<'_>,
    prepared: &PreparedCommand,
    lifecycle: Option<&RunLifecycle<'_>>,
) -> Completed {
    context.console.buffer();
    let line_state = prepared.command.line_state.clone();
    console::watch_open_line(move || line_state.is_line_open().then(|| line_state.silent_for()));
    let environment = lifecycle.and_then(|lifecycle| lifecycle.resolved.environment.as_deref());
    let mut silence = pin!(silence::show(context, &prepared.command.line_state, environment));
    let cancel = async {
        if let Some(lifecycle) = lifecycle {
            lifecycle.cancel_when_requested().await;
        }
    };
    let mut cancel = pin!(cancel);
    let mut is_cancelled = false;
    let mut running =
        pin!(process::run(&prepared.command, context.shutdown, prepared.output.observe()));
    let mut completed = loop {
        tokio::select! {
            biased;
            completed = &mut running => break completed,
            () = &mut cancel, if !is_cancelled => is_cancelled = true,
            never = &mut silence => match never {},
        }
    };
    console::erase_status_line();
    finalize::flush_console(context, &mut completed).await;
    if let (Outcome::Cancelled { .. }, Some(lifecycle), false) =
        (&completed.outcome, lifecycle, is_cancelled)
    {
        lifecycle.command_is_over();
        cancel.await;
    }
    completed
}

/// The deployment, or none where it cannot be found or created; the deploy goes on.
async fn find_deployment(context: RunContext<'_>) -> anyhow::Result<Option<ResolvedDeployment>> {
    let inputs = context.inputs;
    if inputs.has_no_credentials() {
        let remedy = inputs.event.read_only.map(ReadOnly::remedy).unwrap_or_default();
        let text = format!("no deployment status is posted: {remedy}");
        anyhow::ensure!(!inputs.strict, "{text}, and `strict` is set");
        context.console.annotate(Level::Notice, &text);
        return Ok(None);
    }
    let limit =
        if inputs.strict || creation_decides(inputs) { inputs.api_timeout } else { RESOLVE_LIMIT };
    let mut finding = pin!(resolve::find_or_create(context.github, inputs, Instant::now() + limit));
    let found = tokio::select! {
        biased;
        request = context.shutdown.requested() => {
            timeout_at(request.at + RESOLVE_LIMIT_AFTER_SIGNAL, &mut finding).await.ok()
        }
        found = &mut finding => Some(found),
    };
    match found {
        Some(Ok(resolved)) => {
            if let Some(warning) = &resolved.warning {
                context.console.annotate(Level::Warning, warning);
            }
            Ok(Some(resolved))
        }
        Some(Err(ResolveError::Unidentified(text))) if !inputs.strict => {
            context.console.annotate(Level::Warning, &text);
            Ok(None)
        }
        Some(Err(
            ResolveError::NotFound(text)
            | ResolveError::Unidentified(text)
            | ResolveError::Refused(text),
        )) => anyhow::bail!(text),
        Some(Err(ResolveError::Failed(error))) if inputs.strict => anyhow::bail!(error.in_full()),
        Some(Err(ResolveError::Failed(error))) => {
            lifecycle::annotate_error(context, &error);
            Ok(None)
        }
        // Nothing is run any more either.
        None => Ok(None),
    }
}

/// GitHub's answer to a creation with required contexts or a merge decides whether we deploy.
fn creation_decides(inputs: &Inputs) -> bool {
    let target = &inputs.target;
    target.auto_merge || target.required_contexts != RequiredContexts::These(Vec::new())
}
