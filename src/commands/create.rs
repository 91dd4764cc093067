//! Posts one status: to start a deployment that is spread over several steps, and to end it.

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::commands::bulk::{self, A_FEW, Pace};
use crate::commands::list;
use crate::deployment::{DeploymentId, State, Status};
use crate::github::{ApiError, Github};
use crate::inputs::{Inputs, RequestedState};
use crate::output::console::{Console, Level};
use crate::output::step_outputs::RunResult;
use crate::publisher::StatusPublisher;
use crate::resolve::{self, ResolveError};
use crate::status_builder;

/// Posts the status. Returns what is known of it, and a text of it for people or for programs.
///
/// # Errors
/// When it is not clear which deployment is meant, or GitHub did not take the status.
pub(crate) async fn create(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    requested_state: RequestedState,
    as_json: bool,
) -> Result<(RunResult, String), ResolveError> {
    let create = Create { github, inputs, console, as_json };
    let state = requested_state.state(inputs.status_options.cancel_state);
    if requested_state == RequestedState::State(State::Inactive)
        && inputs.target.deployment_id.is_none()
    {
        return create.deactivate_all().await;
    }
    // `skipped`, and `cancelled` as `inactive`, describe what happened.
    let describes = state == State::Inactive
        && matches!(requested_state, RequestedState::Skipped | RequestedState::Cancelled);
    let deadline = Instant::now() + inputs.api_timeout;
    let resolved = if state.is_final() {
        resolve::to_end(github, inputs, deadline).await?
    } else {
        resolve::find_or_create_for_status(github, inputs, deadline).await?
    };
    if let Some(warning) = &resolved.warning {
        console.annotate(Level::Warning, warning);
    }
    if describes
        && inputs.target.deployment_id.is_none()
        && create.is_live(resolved.id, deadline).await?
    {
        console.info(&format!("deployment {} is live and stays so", resolved.id));
        let result = RunResult { deployment: Some(resolved.id), ..RunResult::default() };
        return Ok((result, String::new()));
    }
    let posted = create.post(resolved.id, state).await?;
    let result = RunResult {
        deployment: Some(resolved.id),
        status: Some(posted.id),
        state: Some(state),
        url: inputs.status_options.environment_url.clone(),
        ..RunResult::default()
    };
    Ok((result, create.text(&[(resolved.id, posted)], false)))
}

struct Create<'a> {
    github: &'a Github,
    inputs: &'a Inputs,
    console: &'a Console,
    as_json: bool,
}

impl Create<'_> {
    async fn is_live(&self, deployment: DeploymentId, deadline: Instant) -> Result<bool, ApiError> {
        let latest = resolve::latest(self.github, deployment, deadline).await?;
        Ok(latest.is_some_and(|status| status.state == State::Success.as_str()))
    }

    /// Makes every deployment of the environment inactive that is not inactive yet.
    async fn deactivate_all(&self) -> Result<(RunResult, String), ResolveError> {
        let deadline = || Instant::now() + self.inputs.api_timeout;
        let deployments = resolve::every(self.github, self.inputs, deadline()).await?;
        let mut all_posted = Vec::new();
        let mut refusal = None;
        let mut posts: u32 = 0;
        let mut pace = Pace::after(A_FEW, self.inputs.dry_run);
        for deployment in deployments.entries {
            let latest = resolve::latest(self.github, deployment.id, deadline()).await?;
            if bulk::is_inactive(&deployment, latest.as_ref()) {
                continue;
            }
            pace.before_post().await;
            posts += 1;
            match self.post(deployment.id, State::Inactive).await {
                Ok(posted) => all_posted.push((deployment.id, posted)),
                Err(error) => refusal = Some(error),
            }
        }
        let mut text = String::new();
        if posts == 0 && deployments.is_cut {
            self.console.annotate(Level::Warning, "none of the newest deployments is active");
        } else if posts == 0 {
            self.console.annotate(Level::Notice, "no deployment is active: there is nothing to do");
        } else {
            text = self.text(&all_posted, true);
        }
        if let Some(error) = refusal {
            self.console.print_or_warn(&text);
            return Err(error.into());
        }
        let last = all_posted.last();
        let result = RunResult {
            deployment: last.map(|(deployment, _)| *deployment),
            status: last.map(|(_, posted)| posted.id),
            state: last.map(|_| State::Inactive),
            ..RunResult::default()
        };
        Ok((result, text))
    }

    async fn post(&self, deployment: DeploymentId, state: State) -> Result<Status, ApiError> {
        let status = status_builder::requested(self.inputs, state);
        let publisher = StatusPublisher::new(self.github, deployment, self.inputs.api_timeout);
        publisher.post(&status).await
    }

    fn text(&self, posted: &[(DeploymentId, Status)], are_many: bool) -> String {
        if self.inputs.dry_run {
            return String::new();
        }
        if self.as_json {
            let mut all: Vec<Value> = posted.iter().map(|(id, status)| json(*id, status)).collect();
            let value = if are_many { Value::Array(all) } else { all.pop().unwrap_or_default() };
            format!("{value:#}\n")
        } else {
            let row = |(id, status): &(DeploymentId, Status)| {
                format!("deployment {id}  {}", list::table(std::slice::from_ref(status)))
            };
            posted.iter().map(row).collect()
        }
    }
}

/// The status as GitHub holds it, with the deployment that it is of.
fn json(deployment: DeploymentId, status: &Status) -> Value {
    let mut value = serde_json::to_value(status).expect("a status is plain data");
    value["deployment_id"] = json!(deployment);
    value
}
