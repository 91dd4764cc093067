//! A new deployment, made at most once.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::commit::Commit;
use super::owner::{self, Claim};
use super::{ResolveError, ResolvedDeployment, latest, task};
use crate::backoff::{RetryDecision, RetryPolicy};
use crate::deployment::{Deployment, NewDeployment};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{Inputs, RequiredContexts};

/// GitHub ends a request after 10 s, and its lists lag behind a little.
const SETTLED_AFTER: Duration = Duration::from_secs(11);

const LOOKUP_INTERVAL: Duration = Duration::from_secs(1);

/// Between two tries that surely changed nothing, unless GitHub asks for another wait.
const RETRY_POLICY: RetryPolicy =
    RetryPolicy { first_delay: Duration::from_secs(1), cap: Duration::from_secs(10) };

/// Makes a deployment, once.
pub(super) async fn create(
    github: &Github,
    inputs: &Inputs,
    commit: &Commit,
    claim: &Claim,
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    let wanted = wanted(inputs, commit, claim)?;
    let resolved = |made: Deployment| ResolvedDeployment {
        warning: commit.warning.clone(),
        ..ResolvedDeployment::from(made)
    };
    let sent = Cell::new(Instant::now());
    let made = RETRY_POLICY
        .until(
            deadline,
            |error: &ApiError| match error.retry_decision() {
                // It is looked up instead.
                RetryDecision::GiveUp | RetryDecision::Uncertain { .. } => RetryDecision::GiveUp,
                RetryDecision::Retry { after } => RetryDecision::Retry { after },
            },
            |error, delay| github.wait(error, delay),
            || {
                sent.set(Instant::now());
                let left = deadline.saturating_duration_since(sent.get());
                github.create_deployment(&wanted, left.min(SETTLED_AFTER))
            },
        )
        .await;
    match made {
        Ok(made) => Ok(resolved(made)),
        Err(error) if error.forbids_the_deploy() && asks_for_checks(&wanted) => {
            Err(ResolveError::Refused(error.in_full()))
        }
        Err(error) => match error.retry_decision() {
            RetryDecision::GiveUp | RetryDecision::Retry { .. } => Err(error.into()),
            RetryDecision::Uncertain { .. } => {
                let found = find_created(github, &wanted, sent.get(), deadline).await;
                found.ok().flatten().map(resolved).ok_or_else(|| error.into())
            }
        },
    }
}

/// Looks for a deployment whose creation was not answered, by its owner. It is never sent again.
async fn find_created(
    github: &Github,
    wanted: &NewDeployment,
    sent: Instant,
    deadline: Instant,
) -> Result<Option<Deployment>, ApiError> {
    if !owner::is_named(&wanted.payload) {
        // Nothing would tell it from what somebody else made.
        return Ok(None);
    }
    let filter = Filter {
        environment: Some(wanted.environment.clone()),
        task: Some(wanted.task.clone()),
        ..Filter::default()
    };
    let until = (sent + SETTLED_AFTER).min(deadline);
    loop {
        let listed = super::one_page(github, &filter, deadline).await?;
        let is_ours = |one: &Deployment| owner::is_same(&one.payload, &wanted.payload);
        if let Some(made) = listed.into_iter().find(is_ours)
            && latest(github, made.id, deadline).await?.is_none()
        {
            return Ok(Some(made));
        }
        if Instant::now() + LOOKUP_INTERVAL >= until {
            return Ok(None);
        }
        sleep(LOOKUP_INTERVAL).await;
    }
}

fn wanted(inputs: &Inputs, commit: &Commit, claim: &Claim) -> Result<NewDeployment, ResolveError> {
    let target = &inputs.target;
    let missing = |input: &str| {
        ResolveError::NotFound(format!(
            "cannot create a deployment: it is not known for which {input}\n\
             help: set the input `{input}`"
        ))
    };
    Ok(NewDeployment {
        git_ref: commit.git_ref.clone().ok_or_else(|| missing("ref"))?,
        environment: target.environment.clone().ok_or_else(|| missing("environment"))?,
        task: task(target),
        auto_merge: target.auto_merge,
        required_contexts: match &target.required_contexts {
            RequiredContexts::All => None,
            RequiredContexts::These(contexts) => Some(contexts.clone()),
        },
        payload: owner::payload_with_owner(&target.payload, &inputs.ci, claim),
        description: None,
        transient_environment: target.transient_environment,
        production_environment: target.production_environment,
    })
}

/// The inputs made the deploy depend on a merge, or on contexts: then GitHub's no is an answer.
fn asks_for_checks(wanted: &NewDeployment) -> bool {
    wanted.auto_merge || wanted.required_contexts.as_ref().is_none_or(|names| !names.is_empty())
}
