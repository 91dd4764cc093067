//! A new deployment, made at most once.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{ResolveError, ResolvedDeployment, latest, owner, task};
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
    deadline: Instant,
) -> Result<ResolvedDeployment, ResolveError> {
    let wanted = wanted(inputs)?;
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
        Ok(made) => Ok(ResolvedDeployment::from(made)),
        Err(error) if error.forbids_the_deploy() => Err(ResolveError::Refused(error.in_full())),
        Err(error) => match error.retry_decision() {
            RetryDecision::GiveUp | RetryDecision::Retry { .. } => Err(error.into()),
            RetryDecision::Uncertain { .. } => {
                let found = find_created(github, &wanted, sent.get(), deadline).await;
                found.ok().flatten().map(ResolvedDeployment::from).ok_or_else(|| error.into())
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
    let filter = Filter {
        environment: Some(wanted.environment.clone()),
        task: Some(wanted.task.clone()),
        ..Filter::default()
    };
    let until = (sent + SETTLED_AFTER).min(deadline);
    loop {
        let listed = super::one_page(github, &filter, deadline).await?;
        // Of a payload that is read nothing but the owner is kept.
        let is_ours = |one: &Deployment| match owner::of(&wanted.payload) {
            Some(owner) => owner::of(&one.payload) == Some(owner),
            None => one.payload == wanted.payload,
        };
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

fn wanted(inputs: &Inputs) -> Result<NewDeployment, ResolveError> {
    let target = &inputs.target;
    let missing = |input: &str| {
        ResolveError::NotFound(format!(
            "cannot create a deployment: it is not known for which {input}\n\
             help: set the input `{input}`"
        ))
    };
    let git_ref = target.git_ref.as_ref().or(target.commit.as_ref());
    Ok(NewDeployment {
        git_ref: git_ref.cloned().ok_or_else(|| missing("ref"))?,
        environment: target.environment.clone().ok_or_else(|| missing("environment"))?,
        task: task(target),
        auto_merge: target.auto_merge,
        required_contexts: match &target.required_contexts {
            RequiredContexts::All => None,
            RequiredContexts::These(contexts) => Some(contexts.clone()),
        },
        payload: owner::payload_with_owner(&target.payload, &inputs.ci),
        description: None,
        transient_environment: target.transient_environment,
        production_environment: target.production_environment,
    })
}
