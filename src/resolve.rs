//! Which deployment, and whose? The one that was named, that triggered us, that waits for us, or a
//! new one. What is another's is never resolved to.

mod commit;
mod create;
mod ending;
mod open;
mod own_job;
pub(crate) mod owner;

use tokio::time::Instant;

pub(crate) use self::ending::{every, newest, of_our_run, to_end};
use self::open::Found;
use self::owner::Claim;
use crate::deployment::{Deployment, DeploymentId, Status};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{Backend, CreateDeployment, Inputs, Target};

/// The deployment that the statuses are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: Option<String>,
    /// GitHub made it for this very job, and posts the last status on it.
    pub(crate) is_the_jobs_own: bool,
    /// What a person should know of how it was found.
    pub(crate) warning: Option<String>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum ResolveError {
    /// Nothing says which one is meant.
    NotFound(String),
    /// There may be one that GitHub made for this job, and nothing says which it is. A deploy goes
    /// on without.
    Unidentified(String),
    /// GitHub did not make it, for a reason that the inputs asked for.
    Refused(String),
    /// GitHub could not be asked, or does not let us.
    Failed(ApiError),
}

impl From<ApiError> for ResolveError {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// Finds or makes the deployment that a `run` is about to work on.
pub(crate) async fn find_or_create(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    let claim = Claim::of_run(inputs.use_id.as_deref(), &inputs.ci);
    find_or_create_as(github, inputs, &claim, deadline).await
}

/// The same for one status, which other steps of the job will follow.
pub(crate) async fn find_or_create_for_status(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    find_or_create_as(github, inputs, &Claim::Create, deadline).await
}

async fn find_or_create_as(
    github: &Github,
    inputs: &Inputs,
    claim: &Claim,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    let target = &inputs.target;
    if let Some(id) = target.deployment_id {
        return Ok(ResolvedDeployment::known(id, target.environment.clone()));
    }
    if target.create == CreateDeployment::Always {
        let commit = commit::find(github, inputs, deadline).await;
        return create::create(github, inputs, &commit, claim, deadline).await;
    }
    if let Some(resolved) = handed_over(inputs) {
        return Ok(resolved);
    }
    let Some(environment) = &target.environment else {
        return own_job::find(github, inputs, deadline).await;
    };
    let commit = commit::find(github, inputs, deadline).await;
    let git_ref = commit.git_ref.as_deref();
    let search = open::Search { github, inputs, environment, claim, deadline };
    match search.find(git_ref).await? {
        Found::Open(found) => Ok(ResolvedDeployment { warning: commit.warning, ..found }),
        Found::Nothing { own_elsewhere } if target.create == CreateDeployment::IfMissing => {
            let warning = commit.warning.clone().or(own_elsewhere);
            let made = create::create(github, inputs, &commit, claim, deadline).await?;
            Ok(ResolvedDeployment { warning, ..made })
        }
        Found::Nothing { .. } => Err(not_found(inputs, git_ref)),
    }
}

/// The latest status of a deployment, if it has any.
///
/// # Errors
/// When the list cannot be read in time.
pub(crate) async fn latest(
    github: &Github,
    deployment: DeploymentId,
    deadline: Instant,
) -> Result<Option<Status>, ApiError> {
    Ok(github
        .reading(deadline, |limit| github.latest_statuses(deployment, limit))
        .await?
        .into_iter()
        .next())
}

/// The newest deployments, as many as one request lists.
async fn one_page(
    github: &Github,
    filter: &Filter,
    deadline: Instant,
) -> Result<Vec<Deployment>, ApiError> {
    github.reading(deadline, |limit| github.deployments(filter, limit)).await
}

/// The deployment that was named, or that the event or the CI hands us.
fn known(inputs: &Inputs) -> Option<ResolvedDeployment> {
    let id = inputs.target.deployment_id;
    id.map(|id| ResolvedDeployment::known(id, inputs.target.environment.clone()))
        .or_else(|| handed_over(inputs))
}

/// A `deployment_status` event is another workflow's work: only an open one can be taken up.
fn handed_over(inputs: &Inputs) -> Option<ResolvedDeployment> {
    let wanted = inputs.target.environment.as_deref();
    if let Some(deployment) = &inputs.event.deployment {
        let is_meant = wanted.is_none_or(|wanted| is_same_name(wanted, &deployment.environment));
        if !inputs.event.is_status || is_meant && !deployment.has_ended {
            let environment = Some(deployment.environment.clone()).filter(|name| !name.is_empty());
            return Some(ResolvedDeployment::known(deployment.id, environment));
        }
    }
    let id = inputs.ci.deployment_id?;
    Some(ResolvedDeployment::known(id, inputs.target.environment.clone()))
}

fn is_open(latest: Option<&Status>) -> bool {
    !latest.is_some_and(Status::is_final)
}

/// Environment names know no case.
fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn task(target: &Target) -> String {
    target.task.clone().unwrap_or_else(|| "deploy".to_owned())
}

/// There is no open deployment that is meant.
fn not_found(inputs: &Inputs, git_ref: Option<&str>) -> ResolveError {
    let target = &inputs.target;
    let looked = match &target.environment {
        None => "no `environment` was given".to_owned(),
        Some(environment) => {
            let at = git_ref.map(|git_ref| format!(" at `{git_ref}`")).unwrap_or_default();
            format!("no open deployment to `{environment}`{at} was found{}", in_repository(inputs))
        }
    };
    let event = match &inputs.event.unread {
        Some(unread) if unread.hides_a_deployment => {
            format!("the event's file {}, {looked}", unread.why)
        }
        _ => format!("no `deployment` event triggered this, {looked}"),
    };
    let help = match (&target.environment, target.create) {
        (None, _) => "set `environment`, or `deployment-id` to name one",
        (Some(_), CreateDeployment::Never) => {
            "let `create-deployment` be `if-missing`, or set `deployment-id` to name one"
        }
        (Some(_), CreateDeployment::Always | CreateDeployment::IfMissing) => {
            "start one with a state such as `pending` first, or set `deployment-id` to name one"
        }
    };
    ResolveError::NotFound(format!(
        "cannot tell which deployment is meant: no `deployment-id` was given, {event}\n\
         help: {help}"
    ))
}

fn in_repository(inputs: &Inputs) -> String {
    match &inputs.backend {
        Backend::Github(api) => format!(" in {}", api.repository),
        Backend::Sandbox => String::new(),
    }
}

impl ResolvedDeployment {
    fn known(id: DeploymentId, environment: Option<String>) -> Self {
        Self { id, environment, is_the_jobs_own: false, warning: None }
    }
}

impl From<Deployment> for ResolvedDeployment {
    fn from(deployment: Deployment) -> Self {
        let environment = Some(deployment.environment).filter(|name| !name.is_empty());
        Self::known(deployment.id, environment)
    }
}
