//! `run --dry-run`: the deployment is looked for, each request that would change something is
//! printed, and nothing is run.

use std::time::Duration;

use super::{RunContext, find_deployment};
use crate::commands::supersede::supersede;
use crate::deployment::DeploymentId;
use crate::process::Outcome;
use crate::status_builder::{self, OutputUrl};

/// # Errors
/// As [`super::run`].
pub(super) async fn run(context: RunContext<'_>) -> anyhow::Result<i32> {
    let Some(resolved) = find_deployment(context).await? else { return Ok(0) };
    let inputs = context.inputs;
    let initial = status_builder::initial(inputs);
    let url = inputs.status_options.environment_url.clone();
    let output = OutputUrl { url, is_declared: false };
    let success = Outcome::Exited { code: 0 };
    let last = status_builder::final_status(inputs, &success, Duration::ZERO, None, &output);
    let statuses = [(!resolved.is_the_jobs_own).then_some(initial), Some(last)];
    for status in statuses.into_iter().flatten() {
        context
            .github
            .create_status(resolved.id, &status, inputs.api_timeout)
            .await
            .map_err(|error| anyhow::anyhow!(error.in_full()))?;
    }
    if inputs.status_options.supersede && resolved.id != DeploymentId::UNKNOWN {
        supersede(context.github, inputs, context.console, resolved.id).await;
    }
    context
        .console
        .info("the command is not run, since `dry-run` is set; the last request is for a success");
    Ok(0)
}
