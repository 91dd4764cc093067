//! Which deployment? The one that was named, that triggered us, that waits for us, or a new one.

mod create;
mod owner;

use tokio::time::Instant;

use crate::deployment::{Deployment, DeploymentId, Status};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{CreateDeployment, Inputs, Target};

/// How many deployments of one commit we look into for the one that GitHub made for this job.
const MAX_LEGS: usize = 10;

/// The deployment that the statuses are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: Option<String>,
    /// GitHub made it for this very job, and will have the last word on it.
    pub(crate) is_the_jobs_own: bool,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum ResolveError {
    /// Nothing says which one is meant.
    NotFound(String),
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

/// Finds or makes the deployment that is about to be worked on.
pub(crate) async fn find_or_create(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    let target = &inputs.target;
    if let Some(id) = target.deployment_id {
        return Ok(ResolvedDeployment::known(id, target.environment.clone()));
    }
    if target.create == CreateDeployment::Always {
        return create::create(github, inputs, deadline).await;
    }
    if let Some(resolved) = from_trigger(inputs) {
        return Ok(resolved);
    }
    let found = match &target.environment {
        Some(environment) => find_open(github, inputs, environment, deadline).await?,
        None => find_for_job(github, inputs, deadline).await?,
    };
    match found {
        Some(resolved) => Ok(resolved),
        None if target.create == CreateDeployment::IfMissing && target.environment.is_some() => {
            create::create(github, inputs, deadline).await
        }
        None => Err(ResolveError::NotFound(what_was_looked_for(inputs, ref_or_commit(target)))),
    }
}

/// Which deployments count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eligible {
    /// Those that wait for a final status.
    Open,
    Any,
}

/// Finds the newest deployment among those that count.
pub(crate) async fn newest(
    github: &Github,
    inputs: &Inputs,
    eligible: Eligible,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    if let Some(resolved) = known(inputs) {
        return Ok(resolved);
    }
    let given = inputs.target.git_ref.as_ref();
    let not_found = || ResolveError::NotFound(what_was_looked_for(inputs, given));
    if inputs.target.environment.is_none() {
        return find_for_job(github, inputs, deadline).await?.ok_or_else(not_found);
    }
    let deployments = one_page(github, &as_given(&inputs.target), deadline).await?;
    for deployment in deployments.into_iter().take(MAX_LEGS) {
        let counts = match eligible {
            Eligible::Any => true,
            Eligible::Open => {
                let latest = latest(github, deployment.id, deadline).await?;
                !latest.is_some_and(|status| status.is_final())
            }
        };
        if counts {
            return Ok(ResolvedDeployment::from(deployment));
        }
    }
    Err(not_found())
}

/// Finds the newest deployment of the commit that people mean, or of the `ref` that was given.
pub(crate) async fn newest_at_ref(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    if let Some(id) = inputs.target.deployment_id {
        return Ok(ResolvedDeployment::known(id, inputs.target.environment.clone()));
    }
    let target = &inputs.target;
    let Some(git_ref) = ref_or_commit(target) else {
        return Err(ResolveError::NotFound(what_was_looked_for(inputs, None)));
    };
    let filter = Filter { git_ref: None, sha: None, ..as_given(target) }.at(git_ref);
    let deployments = one_page(github, &filter, deadline).await?;
    let newest = deployments.into_iter().next().map(ResolvedDeployment::from);
    newest.ok_or_else(|| ResolveError::NotFound(what_was_looked_for(inputs, Some(git_ref))))
}

/// Finds every deployment of the environment.
pub(crate) async fn all(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<Vec<DeploymentId>, ResolveError> {
    if inputs.target.environment.is_none() {
        return Err(ResolveError::NotFound(what_was_looked_for(inputs, None)));
    }
    let deployments = github.all_deployments(&as_given(&inputs.target), deadline).await?;
    Ok(deployments.into_iter().map(|deployment| deployment.id).collect())
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

/// The filter for what was given, and nothing that was guessed.
fn as_given(target: &Target) -> Filter {
    Filter {
        task: target.task.clone(),
        environment: target.environment.clone(),
        ..target.git_ref.as_deref().map(|git_ref| Filter::default().at(git_ref)).unwrap_or_default()
    }
}

fn known(inputs: &Inputs) -> Option<ResolvedDeployment> {
    let id = inputs.target.deployment_id;
    id.map(|id| ResolvedDeployment::known(id, inputs.target.environment.clone()))
        .or_else(|| from_trigger(inputs))
}

/// The deployment whose event triggered the workflow.
fn from_trigger(inputs: &Inputs) -> Option<ResolvedDeployment> {
    let wanted = inputs.target.environment.as_ref();
    if let Some(deployment) = &inputs.event.deployment
        && (!inputs.event.is_status
            || wanted.is_none_or(|environment| *environment == deployment.environment))
    {
        return Some(ResolvedDeployment::known(
            deployment.id,
            Some(deployment.environment.clone()),
        ));
    }
    inputs.ci.deployment_id.map(|id| ResolvedDeployment::known(id, wanted.cloned()))
}

/// The newest deployment that nobody else works on and that has not ended.
async fn find_open(
    github: &Github,
    inputs: &Inputs,
    environment: &str,
    deadline: Instant,
) -> Result<Option<ResolvedDeployment>, ResolveError> {
    let target = &inputs.target;
    let Some(git_ref) = ref_or_commit(target) else { return Ok(None) };
    let filter = Filter {
        task: Some(task(target)),
        environment: Some(environment.to_owned()),
        ..Filter::default().at(git_ref)
    };
    let deployments = one_page(github, &filter, deadline).await?;
    let Some(newest) =
        deployments.into_iter().find(|one| !owner::is_another(&one.payload, &inputs.ci))
    else {
        return Ok(None);
    };
    let latest = latest(github, newest.id, deadline).await?;
    let page = latest.as_ref().and_then(page_of);
    // Whoever made it is about to post its first status.
    let is_being_made = latest.is_none() && owner::of(&newest.payload).is_some();
    let is_free = latest.as_ref().is_none_or(|status| !status.is_final())
        && !is_being_made
        && !page.is_some_and(|page| inputs.ci.is_anothers_page(page));
    let is_the_jobs_own = page.is_some_and(|page| inputs.ci.is_own_page(page))
        && owner::of(&newest.payload).is_none();
    Ok(is_free.then(|| ResolvedDeployment { is_the_jobs_own, ..ResolvedDeployment::from(newest) }))
}

/// The deployment that GitHub made for this job, since the job names an `environment:`.
async fn find_for_job(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<Option<ResolvedDeployment>, ResolveError> {
    let (Some(_), Some(commit)) = (&inputs.ci.job_page, &inputs.target.commit) else {
        return Ok(None);
    };
    let filter = Filter { sha: Some(commit.clone()), ..Filter::default() };
    for deployment in one_page(github, &filter, deadline).await?.into_iter().take(MAX_LEGS) {
        let latest = latest(github, deployment.id, deadline).await?;
        if latest.as_ref().and_then(page_of).is_some_and(|page| inputs.ci.is_own_page(page)) {
            let is_the_jobs_own = owner::of(&deployment.payload).is_none();
            return Ok(Some(ResolvedDeployment {
                is_the_jobs_own,
                ..ResolvedDeployment::from(deployment)
            }));
        }
    }
    Ok(None)
}

fn task(target: &Target) -> String {
    target.task.clone().unwrap_or_else(|| "deploy".to_owned())
}

fn page_of(status: &Status) -> Option<&str> {
    let urls = [&status.log_url, &status.target_url].into_iter().flatten();
    urls.map(String::as_str).find(|url| !url.is_empty())
}

/// The ref that was given, or the commit that people mean.
fn ref_or_commit(target: &Target) -> Option<&String> {
    target.git_ref.as_ref().or(target.commit.as_ref())
}

fn what_was_looked_for(inputs: &Inputs, git_ref: Option<&String>) -> String {
    let target = &inputs.target;
    let looked = match &target.environment {
        None => "no `environment` was given".to_owned(),
        Some(environment) => {
            let at = git_ref.map(|git_ref| format!(" at `{git_ref}`")).unwrap_or_default();
            format!("no open deployment to `{environment}`{at} was found")
        }
    };
    let help = match (&target.environment, target.create) {
        (None, _) => "set `environment` to find or create one, or `deployment-id` to name one",
        (Some(_), CreateDeployment::Never) => {
            "let `create-deployment` be `if-missing`, or set `deployment-id` to name one"
        }
        (Some(_), CreateDeployment::Always | CreateDeployment::IfMissing) => {
            "start one with a state such as `pending` first, or set `deployment-id` to name one"
        }
    };
    format!(
        "cannot tell which deployment is meant: no `deployment-id` was given, no `deployment` event \
         triggered this, {looked}\nhelp: {help}"
    )
}

impl ResolvedDeployment {
    fn known(id: DeploymentId, environment: Option<String>) -> Self {
        Self { id, environment, is_the_jobs_own: false }
    }
}

impl From<Deployment> for ResolvedDeployment {
    fn from(deployment: Deployment) -> Self {
        let environment = Some(deployment.environment).filter(|name| !name.is_empty());
        Self { id: deployment.id, environment, is_the_jobs_own: false }
    }
}
