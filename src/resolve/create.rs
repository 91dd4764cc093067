//! A new deployment, made at most once.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Chosen, Unresolved, latest, owner, task};
use crate::backoff::{Retry, Verdict};
use crate::deployment::{Deployment, NewDeployment};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{Inputs, RequiredContexts};

/// GitHub ends a request after 10 s, and its lists lag behind a little.
const SETTLED_AFTER: Duration = Duration::from_secs(11);

const GLANCE: Duration = Duration::from_secs(1);

/// Between two tries that surely changed nothing, unless GitHub asks for another wait.
const BETWEEN_TRIES: Retry =
    Retry { first_delay: Duration::from_secs(1), cap: Duration::from_secs(10) };

/// Makes a deployment, once.
pub(super) async fn make(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<Chosen, Unresolved> {
    let wanted = wanted(inputs)?;
    let sent = Cell::new(Instant::now());
    let made = BETWEEN_TRIES
        .until(
            deadline,
            |error: &ApiError| match error.verdict() {
                // It is looked up instead.
                Verdict::GiveUp | Verdict::Unsure { .. } => Verdict::GiveUp,
                Verdict::TryAgain { after } => Verdict::TryAgain { after },
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
        Ok(made) => Ok(Chosen::from(made)),
        Err(error) if error.forbids_the_deploy() => Err(Unresolved::Refused(error.in_full())),
        Err(error) => match error.verdict() {
            Verdict::GiveUp | Verdict::TryAgain { .. } => Err(error.into()),
            Verdict::Unsure { .. } => {
                let found = just_made(github, &wanted, sent.get(), deadline).await;
                found.ok().flatten().map(Chosen::from).ok_or_else(|| error.into())
            }
        },
    }
}

/// Looks for a deployment whose creation was not answered, by its owner. It is never sent again.
async fn just_made(
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
        if let Some(made) = listed.into_iter().find(|one| one.payload == wanted.payload)
            && latest(github, made.id, deadline).await?.is_none()
        {
            return Ok(Some(made));
        }
        if Instant::now() + GLANCE >= until {
            return Ok(None);
        }
        sleep(GLANCE).await;
    }
}

fn wanted(inputs: &Inputs) -> Result<NewDeployment, Unresolved> {
    let target = &inputs.target;
    let missing = |input: &str| {
        Unresolved::NotFound(format!(
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
        payload: owner::named_in(&target.payload, &inputs.ci),
        description: None,
        transient_environment: target.transient_environment,
        production_environment: target.production_environment,
    })
}
