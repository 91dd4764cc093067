//! `supersede`: after a success, the environment's older deployments become inactive.

use tokio::time::{Instant, timeout_at};

use super::bulk::{self, Pace};
use crate::ci::Ci;
use crate::deployment::{Deployment, DeploymentId, NewStatus, State, Status};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::Inputs;
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;

/// Makes every older deployment of the same environment and task inactive that is not inactive
/// yet. One that another run still works on is left alone. It never fails the deploy: what is left
/// is said.
pub(in crate::commands) async fn supersede(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    ours: DeploymentId,
) {
    let deadline = Instant::now() + inputs.api_timeout;
    let mut superseded = 0;
    let work = supersede_all(github, inputs, console, ours, &mut superseded);
    let problem = match timeout_at(deadline, work).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.in_full()),
        Err(_) => Some("there was no more time".to_owned()),
    };
    if superseded > 0 {
        console.info(&format!("{superseded} older deployments are inactive now"));
    }
    if let Some(problem) = problem {
        let text = format!("some older deployments may still be active: {problem}");
        console.annotate(Level::Warning, &text);
    }
}

async fn supersede_all(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    ours: DeploymentId,
    superseded: &mut usize,
) -> Result<(), ApiError> {
    let deadline = Instant::now() + inputs.api_timeout;
    let own = github.reading(deadline, |limit| github.deployment(ours, limit)).await?;
    let filter = Filter {
        environment: Some(own.environment.clone()),
        task: Some(own.task.clone()).filter(|task| !task.is_empty()),
        ..Filter::default()
    };
    let mut pages = github.deployment_pages(&filter);
    let mut pace = Pace::new();
    while let Some(page) = pages.next(deadline).await? {
        for deployment in page.iter().filter(|deployment| is_older(deployment, &own)) {
            let latest = bulk::latest(github, deployment.id).await?;
            if is_inactive(deployment, latest.as_ref()) {
                continue;
            }
            if is_anothers_and_open(deployment, latest.as_ref(), &inputs.ci) {
                console.info(&format!(
                    "deployment {} is left alone: another run still works on it",
                    deployment.id
                ));
                continue;
            }
            pace.before_post().await;
            deactivate(github, inputs, deployment.id).await?;
            *superseded += 1;
        }
    }
    Ok(())
}

fn is_older(deployment: &Deployment, own: &Deployment) -> bool {
    deployment.environment.to_lowercase() == own.environment.to_lowercase()
        && (&deployment.created_at, deployment.id) < (&own.created_at, own.id)
}

/// Where GitHub has dropped the statuses with age, there is nothing to supersede.
fn is_inactive(deployment: &Deployment, latest: Option<&Status>) -> bool {
    match latest {
        Some(latest) => latest.state == State::Inactive.as_str(),
        None => bulk::age(deployment) >= bulk::STATUSES_KEPT,
    }
}

fn is_anothers_and_open(deployment: &Deployment, latest: Option<&Status>, ci: &Ci) -> bool {
    let is_open = latest.is_none_or(|latest| !latest.is_final());
    let run = deployment.payload.get("deployment_status").and_then(|owner| owner.get("run"));
    is_open && run.is_some_and(|run| run.as_str() != Some(&ci.run))
}

async fn deactivate(github: &Github, inputs: &Inputs, id: DeploymentId) -> Result<(), ApiError> {
    StatusPublisher::new(github, id, inputs.api_timeout)
        .post(&NewStatus::of(State::Inactive))
        .await
        .map(drop)
}
