//! The story: find the deployment, say that it begins, run the command, say how it ended.

mod command;
mod leaving;
mod telling;

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use self::command::Prepared;
use self::telling::Telling;
use crate::actions::{Level, Voice};
use crate::github::Github;
use crate::inputs::{Credentials, Destination, Inputs, RequiredContexts, Wrapped};
use crate::process::{self, Interrupts, Outcome};
use crate::resolve::{self, Chosen, Unresolved};
use crate::surroundings::Surroundings;
use crate::wording;

/// Finding and creating a deployment hold the command back no longer.
const FINDING: Duration = Duration::from_secs(15);

/// The initial status holds it back no longer than this again.
const BEGINNING: Duration = Duration::from_secs(3);

/// What a deployment that is just being found or made has left once we are told to stop.
const LAST_LOOK: Duration = Duration::from_secs(2);

/// What every step of the story looks at.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) github: &'a Github,
    pub(crate) inputs: &'a Inputs,
    pub(crate) wrapped: &'a Wrapped,
    pub(crate) voice: &'a Voice,
    pub(crate) interrupts: &'a Interrupts,
    pub(crate) surroundings: &'a Surroundings,
}

/// Runs the command and tells GitHub. Returns the exit code: the command's own, whatever GitHub
/// says, unless the inputs made the deploy depend on it.
///
/// # Errors
/// When the command may not or cannot be run, with what to do about it.
pub(crate) async fn run(scene: Scene<'_>) -> anyhow::Result<i32> {
    let chosen = choose(scene).await?;
    let prepared = Prepared::new(scene, chosen.as_ref())?;
    let telling = chosen.map(|chosen| Telling::new(scene, chosen));
    let telling = telling.as_ref();

    let mut beginning = pin!(begin(telling));
    let mut has_begun = hold_back(scene, &mut beginning).await;
    if let Some(telling) = telling {
        telling.may_go_on(has_begun)?;
    }

    scene.voice.hold();
    let see = prepared.see();
    let mut running = pin!(process::run(&prepared.command, scene.interrupts, see));
    let mut cancelling = pin!(cancel(telling, scene.interrupts));
    let mut has_cancelled = false;
    let mut ended = loop {
        tokio::select! {
            biased;
            ended = &mut running => break ended,
            () = &mut cancelling, if !has_cancelled => has_cancelled = true,
            () = &mut beginning, if !has_begun && scene.interrupts.first().is_none() => {
                has_begun = true;
            }
        }
    };
    leaving::speak_again(scene, &mut ended).await;

    let output = prepared.output_url(scene, &ended.outcome);
    if let Some(telling) = telling {
        if let Outcome::Cancelled { .. } = ended.outcome {
            telling.command_is_over();
            if !has_cancelled {
                cancelling.await;
            }
        } else {
            let last = wording::at_the_end(scene, &ended.outcome, ended.took, &output);
            let rest = async {
                if !has_begun {
                    beginning.await;
                }
            };
            telling.end(rest, &last).await;
        }
    }
    leaving::leave(scene, telling, &mut ended, &output).await
}

/// The deployment, or none where GitHub cannot or does not let us tell; the deploy goes on.
async fn choose(scene: Scene<'_>) -> anyhow::Result<Option<Chosen>> {
    let inputs = scene.inputs;
    if has_no_credentials(inputs) {
        scene.voice.annotate(
            Level::Notice,
            "no deployment status is posted: a fork's or Dependabot's workflow has no token that \
             may write",
        );
        return Ok(None);
    }
    let limit = if inputs.strict || decides(inputs) { inputs.api_timeout } else { FINDING };
    let mut finding = pin!(resolve::for_work(scene.github, inputs, Instant::now() + limit));
    let found = tokio::select! {
        found = timeout(limit, &mut finding) => found,
        _ = scene.interrupts.heard() => timeout(LAST_LOOK, &mut finding).await,
    };
    match found {
        Ok(Ok(chosen)) => Ok(Some(chosen)),
        Ok(Err(Unresolved::NotFound(text) | Unresolved::Refused(text))) => anyhow::bail!(text),
        Ok(Err(Unresolved::Failed(error))) if inputs.strict => anyhow::bail!(error.in_full()),
        Ok(Err(Unresolved::Failed(error))) => {
            telling::complain(scene, &error);
            Ok(None)
        }
        Err(_) if scene.interrupts.first().is_some() => Ok(None),
        Err(_) if inputs.strict => anyhow::bail!("GitHub did not answer within {limit:?}"),
        Err(_) => {
            scene.voice.annotate(
                Level::Warning,
                "GitHub did not answer in time: the command runs, and no status is posted",
            );
            Ok(None)
        }
    }
}

fn has_no_credentials(inputs: &Inputs) -> bool {
    match &inputs.destination {
        Destination::Github(api) => matches!(api.credentials, Credentials::Missing),
        Destination::Sandbox => false,
    }
}

/// GitHub's answer to a creation with required contexts or a merge decides whether we deploy.
fn decides(inputs: &Inputs) -> bool {
    let target = &inputs.target;
    target.auto_merge || target.required_contexts != RequiredContexts::These(Vec::new())
}

/// Waits for the initial status as long as it may hold the command back.
async fn hold_back(scene: Scene<'_>, beginning: &mut Pin<&mut impl Future<Output = ()>>) -> bool {
    let limit = if scene.inputs.strict { scene.inputs.api_timeout } else { BEGINNING };
    tokio::select! {
        begun = timeout(limit, beginning) => begun.is_ok(),
        _ = scene.interrupts.heard() => false,
    }
}

async fn begin(telling: Option<&Telling<'_>>) {
    if let Some(telling) = telling {
        telling.begin().await;
    }
}

async fn cancel(telling: Option<&Telling<'_>>, interrupts: &Interrupts) {
    match telling {
        Some(telling) => telling.cancel().await,
        None => drop(interrupts.heard().await),
    }
}
