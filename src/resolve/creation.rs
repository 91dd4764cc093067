//! A new deployment, made at most once.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Chosen, Unresolved, latest, owner, task};
use crate::deployment::{Deployment, NewDeployment};
use crate::github::{ApiError, Filter, Github};
use crate::inputs::{Inputs, RequiredContexts};
use crate::retry::Verdict;

/// GitHub ends a request after 10 s, and its lists lag behind a little.
const SETTLED_AFTER: Duration = Duration::from_secs(12);

const GLANCE: Duration = Duration::from_secs(1);

/// Makes a deployment, once.
pub(super) async fn make(
    github: &Github,
    inputs: &Inputs,
    deadline: Instant,
) -> Result<Chosen, Unresolved> {
    let wanted = wanted(inputs)?;
    let sent = Instant::now();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let error = match github.create_deployment(&wanted, left).await {
            Ok(made) => return Ok(Chosen::from(made)),
            Err(error) => error,
        };
        match error.verdict() {
            Verdict::GiveUp if error.forbids_the_deploy() => {
                return Err(Unresolved::Refused(error.in_full()));
            }
            Verdict::GiveUp => return Err(error.into()),
            Verdict::Unsure { .. } => {
                return match just_made(github, &wanted, sent, deadline).await? {
                    Some(made) => Ok(Chosen::from(made)),
                    None => Err(error.into()),
                };
            }
            Verdict::TryAgain { after } => {
                let pause = after.unwrap_or(GLANCE);
                if Instant::now() + pause >= deadline {
                    return Err(error.into());
                }
                sleep(pause).await;
            }
        }
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
