//! `supersede`: after a success, the environment's older deployments become inactive.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use super::bulk::{self, A_FEW, Pace};
use crate::deployment::{Deployment, DeploymentId, NewStatus, State, Status};
use crate::github::{ApiError, ErrorKind, Filter, Github};
use crate::inputs::Inputs;
use crate::output::console::{Console, Level};
use crate::publisher::StatusPublisher;
use crate::resolve::owner::{Ownership, Scope};

/// So many statuses are read at the same time.
const CONCURRENT_READS: usize = 4;

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
    let work = supersede_all(github, inputs, console, (ours, deadline), &mut superseded);
    let problem = match timeout_at(deadline, work).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.in_full()),
        Err(_) => Some("there was no more time".to_owned()),
    };
    if superseded > 0 && !inputs.dry_run {
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
    (ours, deadline): (DeploymentId, Instant),
    superseded: &mut usize,
) -> Result<(), ApiError> {
    let own = github.reading(deadline, |limit| github.deployment(ours, limit)).await?;
    let filter = Filter {
        environment: Some(own.environment.clone()),
        task: Some(own.task.clone()).filter(|task| !task.is_empty()),
        ..Filter::default()
    };
    let mut pages = github.deployment_pages(&filter);
    let mut pace = Pace::after(A_FEW, inputs.dry_run);
    while let Some(page) = pages.next(deadline).await? {
        let older: Vec<Deployment> = page.into_iter().filter(|one| is_older(one, &own)).collect();
        let active: Vec<Option<(Deployment, Option<Status>)>> = stream::iter(older)
            .map(|deployment| if_active(github, deployment))
            .buffered(CONCURRENT_READS)
            .try_collect()
            .await?;
        for (deployment, latest) in active.into_iter().flatten() {
            let Deployment { id, payload, .. } = deployment;
            let is_open = latest.as_ref().is_none_or(|latest| !latest.is_final());
            let whose = Ownership::of(&payload, latest.as_ref(), &inputs.ci, Scope::Run);
            if let (true, Ownership::Anothers(whose)) = (is_open, whose) {
                console.info(&format!(
                    "deployment {id} is open, and belongs to {whose}: it is left alone"
                ));
                continue;
            }
            pace.before_post().await;
            StatusPublisher::new(github, id, inputs.api_timeout)
                .post(&NewStatus::of(State::Inactive))
                .await?;
            *superseded += 1;
        }
    }
    Ok(())
}

fn is_older(deployment: &Deployment, own: &Deployment) -> bool {
    deployment.environment.to_lowercase() == own.environment.to_lowercase()
        && (&deployment.created_at, deployment.id) < (&own.created_at, own.id)
}

/// The deployment with its latest status; None where there is nothing to supersede: it is inactive
/// or deleted, or GitHub has dropped its statuses with age.
async fn if_active(
    github: &Github,
    deployment: Deployment,
) -> Result<Option<(Deployment, Option<Status>)>, ApiError> {
    if bulk::has_lost_its_statuses(&deployment) {
        return Ok(None);
    }
    let latest = match bulk::latest(github, deployment.id).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        latest => latest?,
    };
    let is_active = !bulk::is_inactive(&deployment, latest.as_ref());
    Ok(is_active.then_some((deployment, latest)))
}
