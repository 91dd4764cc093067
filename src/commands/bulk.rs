//! What `sweep`, `delete` and `supersede` share: deployments in bulk, paced, with progress.

mod liveness;
mod pace;
mod progress;

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

pub(super) use self::liveness::{Liveness, RunLookup};
pub(super) use self::pace::{A_FEW, Pace, within_quota};
pub(super) use self::progress::Progress;
use crate::backoff::RetryDecision;
use crate::deployment::{Deployment, DeploymentId, State, Status};
use crate::github::{ApiError, ErrorKind, Filter, Github, Listed, newest_deployment_first};
use crate::inputs::EnvironmentGlob;
use crate::output::console::{Console, Level};
use crate::resolve;

/// One request of many is tried for this long.
pub(super) const REQUEST_LIMIT: Duration = Duration::from_mins(2);

/// No job of GitHub Actions lasts longer.
/// <https://docs.github.com/en/actions/reference/limits>
pub(super) const LONGEST_JOB: Duration = Duration::from_hours(5 * 24);

/// GitHub deletes statuses that are older, and with them the state.
/// <https://docs.github.com/en/rest/deployments/statuses>
pub(super) const STATUSES_KEPT: Duration = Duration::from_hours(90 * 24);

/// All deployments of the environments that match, newest first.
pub(super) async fn deployments_of(
    github: &Github,
    console: &Console,
    environment: Option<&EnvironmentGlob>,
) -> Result<Listed<Deployment>, ApiError> {
    let name = environment.and_then(EnvironmentGlob::name).map(str::to_owned);
    let filter = Filter { environment: name, ..Filter::default() };
    let mut found = Vec::new();
    let mut pages = github.deployment_pages(&filter);
    while let Some(page) =
        within_quota(github, console, async || pages.next(Instant::now() + REQUEST_LIMIT).await)
            .await?
    {
        found.extend(page.into_iter().filter(|deployment| {
            environment.is_none_or(|glob| glob.matches(&deployment.environment))
        }));
    }
    let is_cut = pages.is_cut();
    if let Some(environment) = environment.filter(|_| found.is_empty() && !is_cut) {
        console.annotate(Level::Notice, &format!("no deployment to `{environment}` was found"));
    }
    Ok(Listed { entries: newest_deployment_first(found), is_cut })
}

/// The latest status of a deployment, if it has any.
pub(super) async fn latest(
    github: &Github,
    deployment: DeploymentId,
) -> Result<Option<Status>, ApiError> {
    resolve::latest(github, deployment, Instant::now() + REQUEST_LIMIT).await
}

/// How long ago a deployment was created; nothing where GitHub does not say.
pub(super) fn age(deployment: &Deployment) -> Duration {
    since(&deployment.created_at).unwrap_or_default()
}

/// GitHub has dropped its statuses with age: whether it was ever closed is not known any more.
pub(super) fn has_lost_its_statuses(deployment: &Deployment) -> bool {
    let times = [&deployment.created_at, &deployment.updated_at];
    times.into_iter().all(|time| since(time).is_some_and(|age| age >= STATUSES_KEPT))
}

/// It is inactive, or without a status so old that GitHub has dropped them with age.
pub(super) fn is_inactive(deployment: &Deployment, latest: Option<&Status>) -> bool {
    latest
        .map_or(age(deployment) >= STATUSES_KEPT, |latest| latest.state == State::Inactive.as_str())
}

fn since(time: &str) -> Option<Duration> {
    let time = humantime::parse_rfc3339(time).ok()?;
    Some(SystemTime::now().duration_since(time).unwrap_or_default())
}

/// Goes on after an error that is about one deployment alone, and counts it.
///
/// # Errors
/// The error itself where the next deployment would meet it too: an outage, a missing permission.
pub(super) fn skip_refused(
    error: ApiError,
    refused: &mut usize,
    console: &Console,
) -> Result<(), ApiError> {
    let is_denied = matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden);
    if is_denied || error.retry_decision() != RetryDecision::GiveUp {
        return Err(error);
    }
    console.annotate(Level::Warning, &error.in_full());
    *refused += 1;
    Ok(())
}
