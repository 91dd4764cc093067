//! Which CI is this, and what does it call things?

use crate::deployment::{DeploymentId, Slug, WebUrl};

/// What the CI's own variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ci {
    /// None on a laptop.
    pub(crate) kind: Option<Kind>,
    /// Only where the forge is GitHub.
    pub(crate) repository: Option<Slug>,
    /// The pull request's head, else the commit that is built.
    pub(crate) commit: Option<String>,
    pub(crate) pull_request: Option<u64>,
    pub(crate) environment: Option<String>,
    /// The page of this very job, where the CI tells it.
    pub(crate) job_page: Option<WebUrl>,
    /// The page of the run (pipeline, build) that this job belongs to.
    pub(crate) run_page: Option<WebUrl>,
    /// Woodpecker alone knows it.
    pub(crate) deployment_id: Option<DeploymentId>,
    /// Who we are among the runs, attempts and jobs of this CI; empty where it does not say.
    pub(crate) run: String,
    pub(crate) attempt: String,
    pub(crate) job: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    GithubActions,
}
