//! The deployments that are to end, or to be shown: of an environment, whatever their commit.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::owner::{Ownership, Scope};
use super::{
    ResolveError, ResolvedDeployment, commit, in_repository, is_open, is_same_name, known, latest,
    not_found, one_page, own_job,
};
use crate::deployment::{Deployment, DeploymentId};
use crate::github::{ApiError, Filter, Github, Listed};
use crate::inputs::{Inputs, Target};

/// How many deployments' statuses are looked at: an environment may have any number.
const MAX_LOOKS: usize = 10;

/// How many environments a message names.
const MAX_NAMES: usize = 10;

/// The deployment that a final status ends: the newest open one that is ours, else the newest of
/// our commit that is nobody's. None are made.
///
/// # Errors
/// When nothing is open, or only what is another's.
pub(crate) async fn to_end(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    if let Some(resolved) = known(inputs) {
        return Ok(resolved);
    }
    let Some(environment) = &inputs.target.environment else {
        return own_job::find(github, inputs, deadline).await;
    };
    let mut left_alone = LeftAlone::default();
    let (listed, _) = of_environment(github, &inputs.target, deadline).await?;
    let seen: Vec<DeploymentId> = listed.iter().map(|one| one.id).collect();
    if let Some(found) = among(github, inputs, listed, &mut left_alone, deadline).await? {
        return Ok(found);
    }
    let rest = of_our_commit(github, inputs, &seen, deadline).await?;
    if let Some(found) = among(github, inputs, rest.entries, &mut left_alone, deadline).await? {
        return Ok(found);
    }
    Err(match (left_alone.0.is_empty(), rest.is_cut) {
        (false, _) => ResolveError::NotFound(left_alone.message(environment)),
        (true, false) => not_found(inputs, inputs.target.git_ref.as_deref()),
        (true, true) => ResolveError::NotFound(format!(
            "the commit has more deployments than are looked at, and none of the newest is an open \
             one to `{environment}` that is ours\n\
             help: set `deployment-id` to name it"
        )),
    })
}

/// The open one that is to end, ours before nobody's.
async fn among(
    github: &Github,
    inputs: &Inputs,
    listed: Vec<Deployment>,
    left_alone: &mut LeftAlone,
    deadline: Instant,
) -> Result<Option<ResolvedDeployment>, ApiError> {
    let by_payload = |one: &Deployment| Ownership::by_payload(&one.payload, &inputs.ci, Scope::Job);
    let (ours, rest): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|one| by_payload(one) == Ownership::Ours);
    for deployment in ours.into_iter().take(MAX_LOOKS) {
        if is_open(latest(github, deployment.id, deadline).await?.as_ref()) {
            return Ok(Some(deployment.into()));
        }
    }
    let (others, unnamed): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|one| by_payload(one).is_anothers());
    let found = among_unnamed(github, inputs, unnamed, left_alone, deadline).await?;
    if found.is_some() {
        return Ok(found);
    }
    for deployment in others.into_iter().take(MAX_LOOKS) {
        if is_open(latest(github, deployment.id, deadline).await?.as_ref()) {
            left_alone.add(&deployment, &by_payload(&deployment));
        }
    }
    Ok(None)
}

/// The best of those whose payload names nobody: ours by its page, else nobody's of our commit.
async fn among_unnamed(
    github: &Github,
    inputs: &Inputs,
    mut unnamed: Vec<Deployment>,
    left_alone: &mut LeftAlone,
    deadline: Instant,
) -> Result<Option<ResolvedDeployment>, ApiError> {
    if unnamed.is_empty() {
        return Ok(None);
    }
    let commit = commit::find(github, inputs, deadline).await;
    let is_of_commit = |one: &Deployment| {
        commit.git_ref.as_deref().is_some_and(|meant| {
            one.git_ref == meant || meant.len() >= 7 && one.sha.starts_with(meant)
        })
    };
    // Newest first among those of our commit, then among the rest.
    unnamed.sort_by_key(|one| !is_of_commit(one));
    let mut nobodys = None;
    for deployment in unnamed.into_iter().take(MAX_LOOKS) {
        let latest = latest(github, deployment.id, deadline).await?;
        if !is_open(latest.as_ref()) {
            continue;
        }
        match Ownership::of(&deployment.payload, latest.as_ref(), &inputs.ci, Scope::Job) {
            Ownership::Ours => return Ok(Some(deployment.into())),
            Ownership::Nobodys if is_of_commit(&deployment) => {
                nobodys = nobodys.or(Some(deployment));
            }
            whose @ (Ownership::Nobodys | Ownership::Anothers(_)) => {
                left_alone.add(&deployment, &whose);
            }
        }
    }
    let warning = commit.warning;
    Ok(nobodys.map(|one| ResolvedDeployment { warning, ..ResolvedDeployment::from(one) }))
}

/// What is open, and not ours to end.
#[derive(Default)]
struct LeftAlone(Vec<String>);

impl LeftAlone {
    fn add(&mut self, deployment: &Deployment, whose: &Ownership) {
        let why = match whose {
            Ownership::Anothers(whose) => format!("belongs to {whose}"),
            Ownership::Ours | Ownership::Nobodys => "is of another commit".to_owned(),
        };
        self.0.push(format!("deployment {} {why}: give `deployment-id`", deployment.id));
    }

    fn message(&self, environment: &str) -> String {
        format!(
            "nothing was ended: what is open in `{environment}` is not provably ours\n  {}",
            self.0.join("\n  ")
        )
    }
}

/// The deployment that is to be shown: the newest, whatever its state.
pub(crate) async fn newest(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    if let Some(resolved) = known(inputs) {
        return Ok(resolved);
    }
    let Some(environment) = &inputs.target.environment else {
        return own_job::find(github, inputs, deadline).await;
    };
    let (listed, others) = of_environment(github, &inputs.target, deadline).await?;
    let newest = listed.into_iter().next().map(ResolvedDeployment::from);
    newest.ok_or_else(|| nothing_to_show(inputs, environment, &others))
}

/// Says where was looked, and which environments are there.
fn nothing_to_show(inputs: &Inputs, environment: &str, others: &BTreeSet<String>) -> ResolveError {
    let Target { git_ref, task, .. } = &inputs.target;
    let at = git_ref.as_ref().map(|git_ref| format!(" at `{git_ref}`")).unwrap_or_default();
    let of = task.as_ref().map(|task| format!(" of task `{task}`")).unwrap_or_default();
    let named = others.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let more = others.len() - named.len();
    let there = match (named.is_empty(), more) {
        (true, _) => "; there are none to other environments either".to_owned(),
        (false, 0) => format!("; the newest deployments are to {}", named.join(", ")),
        (false, more) => {
            format!("; the newest deployments are to {} and {more} more", named.join(", "))
        }
    };
    ResolveError::NotFound(format!(
        "no deployment to `{environment}`{at}{of} was found{}{there}\n\
         help: check the environment's name, or set `deployment-id` to name one",
        in_repository(inputs)
    ))
}

/// Every deployment of the environment, whosever it is.
pub(crate) async fn every(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<Listed<Deployment>, ResolveError> {
    let Some(environment) = &inputs.target.environment else {
        return Err(not_found(inputs, None));
    };
    let filter = as_given(&inputs.target);
    let mut all = github.all_deployments(&filter, deadline).await?;
    // Where GitHub compares names as they are written, the newest show how else this one is.
    let recent =
        one_page(github, &Filter { environment: None, ..filter.clone() }, deadline).await?;
    let mut spellings: BTreeSet<String> = recent.into_iter().map(|one| one.environment).collect();
    spellings.retain(|name| is_same_name(name, environment));
    spellings.retain(|name| !all.entries.iter().any(|one| one.environment == *name));
    for spelling in spellings {
        let filter = Filter { environment: Some(spelling), ..filter.clone() };
        let more = github.all_deployments(&filter, deadline).await?;
        all.entries.extend(more.entries);
        all.is_cut |= more.is_cut;
    }
    Ok(all)
}

/// The open deployments of the environment that any job of our run opened, and a note on each of
/// another's that is open.
pub(crate) async fn of_our_run(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<(Vec<DeploymentId>, Vec<String>), ApiError> {
    let by_payload = |one: &Deployment| Ownership::by_payload(&one.payload, &inputs.ci, Scope::Run);
    let (mut listed, _) = of_environment(github, &inputs.target, deadline).await?;
    let seen: Vec<DeploymentId> = listed.iter().map(|one| one.id).collect();
    listed.extend(of_our_commit(github, inputs, &seen, deadline).await?.entries);
    let (ours, rest): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|one| by_payload(one) == Ownership::Ours);
    let (mut open, mut notes) = (Vec::new(), Vec::new());
    for deployment in ours.into_iter().chain(rest.into_iter().take(MAX_LOOKS)) {
        let latest = latest(github, deployment.id, deadline).await?;
        if !is_open(latest.as_ref()) {
            continue;
        }
        let id = deployment.id;
        match Ownership::of(&deployment.payload, latest.as_ref(), &inputs.ci, Scope::Run) {
            Ownership::Ours => open.push(id),
            Ownership::Anothers(whose) => {
                notes.push(format!("deployment {id} belongs to {whose} and is left alone"));
            }
            Ownership::Nobodys => {
                notes.push(format!(
                    "deployment {id} is not known to be of this run and is left alone: to close \
                     it, give `deployment-id`"
                ));
            }
        }
    }
    Ok((open, notes))
}

/// The newest deployments of the environment, as many as one request lists; where there are none,
/// the other environments that the newest deployments are to.
async fn of_environment(
    github: &Github,
    target: &Target,
    deadline: Instant,
) -> Result<(Vec<Deployment>, BTreeSet<String>), ApiError> {
    let filter = as_given(target);
    let listed = one_page(github, &filter, deadline).await?;
    if !listed.is_empty() {
        return Ok((listed, BTreeSet::new()));
    }
    // GitHub may compare the name as it is written.
    let any = Filter { environment: None, ..filter };
    let wanted = target.environment.as_deref().unwrap_or_default();
    let (listed, others): (Vec<_>, Vec<_>) = one_page(github, &any, deadline)
        .await?
        .into_iter()
        .partition(|one| is_same_name(&one.environment, wanted));
    Ok((listed, others.into_iter().map(|one| one.environment).collect()))
}

/// Those of our commit that the newest of the environment hide, or that are filed under the name in
/// another case.
async fn of_our_commit(
    github: &Github,
    inputs: &Inputs,
    seen: &[DeploymentId],
    deadline: Instant,
) -> Result<Listed<Deployment>, ApiError> {
    let target = &inputs.target;
    let commit = commit::find(github, inputs, deadline).await;
    let Some(git_ref) = commit.git_ref else {
        return Ok(Listed { entries: Vec::new(), is_cut: false });
    };
    let filter = Filter { task: target.task.clone(), ..Filter::default().at(&git_ref) };
    let wanted = target.environment.as_deref().unwrap_or_default();
    let mut listed = github.all_deployments(&filter, deadline).await?;
    listed.entries.retain(|one| is_same_name(&one.environment, wanted) && !seen.contains(&one.id));
    Ok(listed)
}

/// The filter for what was given, and nothing that was guessed.
fn as_given(target: &Target) -> Filter {
    Filter {
        task: target.task.clone(),
        environment: target.environment.clone(),
        ..target.git_ref.as_deref().map(|git_ref| Filter::default().at(git_ref)).unwrap_or_default()
    }
}
