//! What `sweep`, `delete` and `supersede` share: deployments in bulk, paced, with progress.

mod liveness;
mod pace;
mod progress;

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

pub(super) use self::liveness::{Liveness, RunLookup};
pub(super) use self::pace::{Pace, wait_for_quota};
pub(super) use self::progress::Progress;
use crate::deployment::{Deployment, DeploymentId, Status};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::EnvironmentGlob;

/// One request of many is tried for this long.
pub(super) const REQUEST_LIMIT: Duration = Duration::from_mins(2);

/// GitHub deletes statuses that are older, and with them the state.
/// <https://docs.github.com/en/rest/deployments/statuses>
pub(super) const STATUSES_KEPT: Duration = Duration::from_hours(90 * 24);

/// All deployments of the environments that match, newest first.
pub(super) async fn deployments_of(
    github: &Github,
    environment: Option<&EnvironmentGlob>,
) -> Result<Vec<Deployment>, ApiError> {
    let name = environment.and_then(EnvironmentGlob::name).map(str::to_owned);
    let filter = Filter { environment: name, ..Filter::default() };
    let mut found = Vec::new();
    let mut pages = github.deployment_pages(&filter);
    while let Some(page) = pages.next(Instant::now() + REQUEST_LIMIT).await? {
        found.extend(page.into_iter().filter(|deployment| {
            environment.is_none_or(|glob| glob.matches(&deployment.environment))
        }));
    }
    found.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    // What is created while the pages are read moves entries from one page to the next.
    found.dedup_by_key(|deployment| deployment.id);
    Ok(found)
}

/// The latest status of a deployment, if it has any.
pub(super) async fn latest(
    github: &Github,
    deployment: DeploymentId,
) -> Result<Option<Status>, ApiError> {
    let deadline = Instant::now() + REQUEST_LIMIT;
    let statuses =
        github.reading(deadline, |limit| github.latest_statuses(deployment, limit)).await?;
    Ok(statuses.into_iter().next())
}

/// How long ago a deployment was created; nothing where GitHub does not say.
pub(super) fn age(deployment: &Deployment) -> Duration {
    humantime::parse_rfc3339(&deployment.created_at)
        .ok()
        .and_then(|created| SystemTime::now().duration_since(created).ok())
        .unwrap_or_default()
}
