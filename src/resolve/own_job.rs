//! The deployment that GitHub made for this job, since the job names an `environment:`.

use std::time::Duration;

use tokio::time::Instant;

use super::owner::{self, Ownership, Scope};
use super::{ResolveError, ResolvedDeployment, commit, is_open, not_found};
use crate::ci::Kind;
use crate::ci::pages::Page;
use crate::deployment::{Deployment, DeploymentId, Status};
use crate::github::{Filter, Github, Listed};
use crate::inputs::Inputs;

/// The check run is worth one look: the statuses say the same.
const CHECK_RUN_LIMIT: Duration = Duration::from_secs(4);

const CUT: &str = "no `environment` was given, and the commit has more deployments than are looked \
     at, so the one that GitHub made for this job was not found\n\
     help: set the input `environment`, and `environment: {name: …, deployment: false}` in the job";

const NO_JOB_PAGE: &str = "no `environment` was given, and nothing says which job this is, so the \
     deployment that GitHub made for it cannot be found\n\
     help: set the input `environment`, and `environment: {name: …, deployment: false}` in the job";

/// Finds it, however many deployments the commit has.
///
/// # Errors
/// When there is none, or without a page of the job, which identifies it.
pub(super) async fn find(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    if inputs.ci.kind != Some(Kind::GithubActions) {
        return Err(not_found(inputs, None));
    }
    if inputs.ci.job_page.is_none() {
        return Err(ResolveError::Unidentified(NO_JOB_PAGE.to_owned()));
    }
    let meant = commit::find(github, inputs, deadline).await.git_ref;
    let mut commits: Vec<String> = meant.into_iter().chain(inputs.ci.commit.clone()).collect();
    commits.dedup();
    let (mut asked, mut any_is_cut) = (false, false);
    for commit in commits {
        let filter = Filter::default().at(&commit);
        let Listed { entries: mut candidates, is_cut } =
            github.all_deployments(&filter, deadline).await?;
        any_is_cut |= is_cut;
        candidates.retain(|one| {
            !Ownership::by_payload(&one.payload, &inputs.ci, Scope::Job).is_anothers()
        });
        // One is looked at directly; of several, GitHub may say which it is.
        if candidates.len() > 1
            && !std::mem::replace(&mut asked, true)
            && let Some(named) = named_by_check_run(github, inputs, deadline).await
        {
            let environment = candidates.iter().find(|one| one.id == named);
            let environment = environment.map(|one| one.environment.clone());
            let found = ResolvedDeployment::known(named, environment);
            return Ok(ResolvedDeployment { is_the_jobs_own: true, ..found });
        }
        if let Some(found) = with_our_page(github, inputs, candidates, deadline).await? {
            return Ok(found);
        }
    }
    Err(if any_is_cut {
        ResolveError::Unidentified(CUT.to_owned())
    } else {
        not_found(inputs, None)
    })
}

/// What the job's check run says, where the token may read it.
async fn named_by_check_run(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Option<DeploymentId> {
    let job = inputs.ci.job.parse().ok()?;
    let until = deadline.min(Instant::now() + CHECK_RUN_LIMIT);
    github.reading(until, |limit| github.deployment_of_job(job, limit)).await.ok().flatten()
}

/// The newest whose latest status points at this very job's page; else the newest of which an
/// earlier one does, since what was deployed has a page of its own.
async fn with_our_page(
    github: &Github,
    inputs: &Inputs,
    candidates: Vec<Deployment>,
    deadline: Instant,
) -> Result<Option<ResolvedDeployment>, ResolveError> {
    let is_ours = |status: &Status| {
        owner::page_of(status).is_some_and(|page| inputs.ci.page(page) == Page::OurJob)
    };
    let mut earlier = None;
    for deployment in candidates {
        let id = deployment.id;
        let statuses = github.reading(deadline, |limit| github.latest_statuses(id, limit)).await?;
        let is_made_by_us = owner::is_named(&deployment.payload);
        if is_made_by_us && !is_open(statuses.first()) {
            continue;
        }
        let found = ResolvedDeployment {
            is_the_jobs_own: !is_made_by_us,
            ..ResolvedDeployment::from(deployment)
        };
        if statuses.first().is_some_and(is_ours) {
            return Ok(Some(found));
        }
        if !is_made_by_us && statuses.iter().any(is_ours) {
            earlier = earlier.or(Some(found));
        }
    }
    Ok(earlier)
}
