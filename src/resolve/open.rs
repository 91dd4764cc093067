//! The newest open deployment of a commit, environment and task, in few requests.

use tokio::time::Instant;

use super::owner::{self, Claim, Ownership, Scope};
use super::{ResolvedDeployment, is_open, is_same_name, latest, one_page, task};
use crate::ci::pages::Page;
use crate::deployment::Deployment;
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{CreateDeployment, Inputs};

/// How many candidates are looked at before a new deployment is made: with one look, from start to
/// finish a run takes five requests.
const LOOKS_BEFORE_CREATION: usize = 1;

/// The same where none may be made.
const LOOKS_WITHOUT_CREATION: usize = 2;

/// What is looked for.
pub(super) struct Search<'a> {
    pub(super) github: &'a Github,
    pub(super) inputs: &'a Inputs,
    pub(super) environment: &'a str,
    pub(super) claim: &'a Claim,
    pub(super) deadline: Instant,
}

/// What came of it.
pub(super) enum Found {
    Open(ResolvedDeployment),
    /// The warning is for a job that has a deployment of its own in another environment.
    Nothing {
        own_elsewhere: Option<String>,
    },
}

impl Search<'_> {
    /// Takes the newest that is open and not another's.
    pub(super) async fn find(&self, git_ref: Option<&str>) -> Result<Found, ApiError> {
        let Some(git_ref) = git_ref else { return Ok(Found::Nothing { own_elsewhere: None }) };
        let target = &self.inputs.target;
        // GitHub may compare an environment's name as it is written, so it is compared here.
        let filter = Filter { task: Some(task(target)), ..Filter::default().at(git_ref) };
        let listed = one_page(self.github, &filter, self.deadline).await?;
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            listed.into_iter().partition(|one| is_same_name(&one.environment, self.environment));
        let looks = match target.create {
            CreateDeployment::Never => LOOKS_WITHOUT_CREATION,
            CreateDeployment::Always | CreateDeployment::IfMissing => LOOKS_BEFORE_CREATION,
        };
        let mut candidates = here.into_iter().filter(|one| self.may_be_ours(one)).peekable();
        if candidates.peek().is_none() {
            return Ok(Found::Nothing { own_elsewhere: self.own_elsewhere(elsewhere).await? });
        }
        for candidate in candidates.take(looks) {
            if let Some(found) = self.take(candidate).await? {
                return Ok(Found::Open(found));
            }
        }
        Ok(Found::Nothing { own_elsewhere: None })
    }

    fn may_be_ours(&self, one: &Deployment) -> bool {
        !Ownership::by_payload(&one.payload, &self.inputs.ci, Scope::Job).is_anothers()
            && !self.claim.is_of_another_run(&one.payload)
    }

    async fn take(&self, candidate: Deployment) -> Result<Option<ResolvedDeployment>, ApiError> {
        let ci = &self.inputs.ci;
        let latest = latest(self.github, candidate.id, self.deadline).await?;
        let whose = Ownership::of(&candidate.payload, latest.as_ref(), ci, Scope::Job);
        let is_named = owner::is_named(&candidate.payload);
        // Somebody whom the CI gives no name made it and is about to post its first status.
        let is_being_made = latest.is_none() && is_named && whose == Ownership::Nobodys;
        let is_free = is_open(latest.as_ref()) && !whose.is_anothers() && !is_being_made;
        Ok(is_free.then(|| ResolvedDeployment {
            is_the_jobs_own: whose == Ownership::Ours && !is_named && ci.job_page.is_some(),
            ..ResolvedDeployment::from(candidate)
        }))
    }

    /// Whether the job has a deployment of its own in another environment, as far as one look
    /// shows: the look that no candidate needed.
    async fn own_elsewhere(&self, elsewhere: Vec<Deployment>) -> Result<Option<String>, ApiError> {
        let ci = &self.inputs.ci;
        let may_be_githubs = |one: &Deployment| !owner::is_named(&one.payload);
        let newest = elsewhere.into_iter().find(may_be_githubs);
        let Some(newest) = newest.filter(|_| ci.job_page.is_some()) else { return Ok(None) };
        let latest = latest(self.github, newest.id, self.deadline).await?;
        let page = latest.as_ref().and_then(owner::page_of);
        let is_own = page.is_some_and(|page| ci.page(page) == Page::OurJob);
        Ok(is_own.then(|| {
            format!(
                "there are two deployments now: GitHub made {} of `{}` for this job, and \
                 `environment` names `{}`\n\
                 help: write `environment: {{name: {}, deployment: false}}` in the job, or leave \
                 the input out",
                newest.id, newest.environment, self.environment, newest.environment
            )
        }))
    }
}
