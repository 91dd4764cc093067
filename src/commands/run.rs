//! The story: find the deployment, say that it begins, run the command, say how it ended.

mod finalize;
mod lifecycle;
mod prepare;
pub(crate) mod sandboxed;

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use self::lifecycle::{InitialStatus, RunLifecycle};
use self::prepare::PreparedCommand;
use crate::ci::event::ReadOnly;
use crate::commands::context::HostContext;
use crate::github::Github;
use crate::inputs::{Backend, CommandOptions, Credentials, Inputs, RequiredContexts};
use crate::output::console::{Console, Level};
use crate::process::{self, Completed, Outcome, ShutdownListener};
use crate::resolve::{self, ResolveError, ResolvedDeployment};
use crate::status_builder::{self, OutputUrl};

/// Finding and creating a deployment hold the command back no longer.
const RESOLVE_LIMIT: Duration = Duration::from_secs(15);

/// The initial status holds it back no longer than this again.
const INITIAL_STATUS_LIMIT: Duration = Duration::from_secs(3);

/// What a deployment that is just being found or made has left once we are told to stop.
const RESOLVE_LIMIT_AFTER_SIGNAL: Duration = Duration::from_secs(2);

/// What every step of the story looks at.
#[derive(Clone, Copy)]
pub(crate) struct RunContext<'a> {
    pub(crate) github: &'a Github,
    pub(crate) inputs: &'a Inputs,
    pub(crate) command_options: &'a CommandOptions,
    pub(crate) console: &'a Console,
    pub(crate) shutdown: &'a ShutdownListener,
    pub(crate) host: &'a HostContext,
}

/// Runs the command and tells GitHub. Returns the exit code: the command's own, whatever GitHub
/// says, unless the inputs made the deploy depend on it.
///
/// # Errors
/// When the command may not or cannot be run, with what to do about it.
pub(crate) async fn run(context: RunContext<'_>) -> anyhow::Result<i32> {
    let resolved = find_deployment(context).await?;
    let prepared = PreparedCommand::new(context, resolved.as_ref())?;
    let lifecycle =
        resolved.map(|resolved| RunLifecycle::new(context, resolved, prepared.url_file()));
    let lifecycle = lifecycle.as_ref();

    let mut initial = InitialStatus::new(post_initial(lifecycle));
    let has_begun = await_initial_status(context, &mut initial).await;
    if let Some(lifecycle) = lifecycle {
        lifecycle.may_go_on(has_begun)?;
    }
    let (mut completed, output) = run_command(context, &prepared, lifecycle, &mut initial).await;
    finalize::finalize(context, lifecycle, &mut completed, &output).await
}

/// Runs the command, and tells GitHub whatever there is to tell until it is over.
async fn run_command(
    context: RunContext<'_>,
    prepared: &PreparedCommand,
    lifecycle: Option<&RunLifecycle<'_>>,
    initial: &mut InitialStatus<impl Future<Output = ()>>,
) -> (Completed, OutputUrl) {
    context.console.buffer();
    let mut running = pin!(process::run(&prepared.command, context.shutdown, prepared.observe()));
    let completed = {
        let mut publish_while_running = pin!(publish_while_running(context, lifecycle, initial));
        let mut is_told = false;
        let mut completed = loop {
            tokio::select! {
                biased;
                completed = &mut running => break completed,
                () = &mut publish_while_running, if !is_told => is_told = true,
            }
        };
        finalize::flush_console(context, &mut completed).await;
        if let (Outcome::Cancelled { .. }, Some(lifecycle), false) =
            (&completed.outcome, lifecycle, is_told)
        {
            lifecycle.command_is_over();
            publish_while_running.await;
        }
        completed
    };
    let output = prepared.output_url(context, &completed.outcome);
    if let Some(lifecycle) = lifecycle
        && !matches!(completed.outcome, Outcome::Cancelled { .. })
    {
        let last =
            status_builder::final_status(context, &completed.outcome, completed.took, &output);
        lifecycle.post_final(initial, &last).await;
    }
    (completed, output)
}

/// What goes on while the command runs: the initial status, and the last one once we are told to
/// stop.
async fn publish_while_running(
    context: RunContext<'_>,
    lifecycle: Option<&RunLifecycle<'_>>,
    initial: &mut InitialStatus<impl Future<Output = ()>>,
) {
    let Some(lifecycle) = lifecycle else { return };
    tokio::select! {
        biased;
        _ = context.shutdown.requested() => {}
        () = initial.over() => {}
    }
    let request = context.shutdown.requested().await;
    lifecycle.cancel(initial, request).await;
}

/// The deployment, or none where GitHub cannot or does not let us tell; the deploy goes on.
async fn find_deployment(context: RunContext<'_>) -> anyhow::Result<Option<ResolvedDeployment>> {
    let inputs = context.inputs;
    if has_no_credentials(inputs) {
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
        )) => {
            anyhow::bail!(text)
        }
        Some(Err(ResolveError::Failed(error))) if inputs.strict => anyhow::bail!(error.in_full()),
        Some(Err(ResolveError::Failed(error))) => {
            lifecycle::annotate_error(context, &error);
            Ok(None)
        }
        // Nothing is run any more either.
        None => Ok(None),
    }
}

fn has_no_credentials(inputs: &Inputs) -> bool {
    match &inputs.backend {
        Backend::Github(api) => matches!(api.credentials, Credentials::Missing),
        Backend::Sandbox => false,
    }
}

/// GitHub's answer to a creation with required contexts or a merge decides whether we deploy.
fn creation_decides(inputs: &Inputs) -> bool {
    let target = &inputs.target;
    target.auto_merge || target.required_contexts != RequiredContexts::These(Vec::new())
}

/// Waits for the initial status as long as it may hold the command back.
async fn await_initial_status(
    context: RunContext<'_>,
    initial: &mut InitialStatus<impl Future<Output = ()>>,
) -> bool {
    let begun = async {
        if context.inputs.strict {
            // It gives up by itself when its time is over.
            initial.over().await;
            true
        } else {
            timeout(INITIAL_STATUS_LIMIT, initial.over()).await.is_ok()
        }
    };
    tokio::select! {
        biased;
        _ = context.shutdown.requested() => false,
        has_begun = begun => has_begun,
    }
}

async fn post_initial(lifecycle: Option<&RunLifecycle<'_>>) {
    if let Some(lifecycle) = lifecycle {
        lifecycle.post_initial().await;
    }
}
