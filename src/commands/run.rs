//! The story: find the deployment, say that it begins, run the command, say how it ended.

mod finalize;
mod lifecycle;
mod prepare;
pub(crate) mod sandboxed;

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use self::lifecycle::{Initial, Telling};
use self::prepare::Prepared;
use crate::commands::context::Surroundings;
use crate::github::Github;
use crate::inputs::{Credentials, Destination, Inputs, RequiredContexts, Wrapped};
use crate::output::console::{Level, Voice};
use crate::process::{self, Ended, Interrupts, Outcome};
use crate::resolve::{self, Chosen, Unresolved};
use crate::status_builder::{self, OutputUrl};

/// Finding and creating a deployment hold the command back no longer.
const FINDING: Duration = Duration::from_secs(15);

/// The initial status holds it back no longer than this again.
const BEGINNING: Duration = Duration::from_secs(3);

/// What a deployment that is just being found or made has left once we are told to stop.
const LAST_LOOK: Duration = Duration::from_secs(2);

const NO_TOKEN: &str = "no deployment status is posted: a fork's or Dependabot's workflow has no \
     token that may write";

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

    let mut initial = Initial::new(begin(telling));
    let has_begun = hold_back(scene, &mut initial).await;
    if let Some(telling) = telling {
        telling.may_go_on(has_begun)?;
    }
    let (mut ended, output) = follow(scene, &prepared, telling, &mut initial).await;
    finalize::leave(scene, telling, &mut ended, &output).await
}

/// Runs the command, and tells GitHub whatever there is to tell until it is over.
async fn follow(
    scene: Scene<'_>,
    prepared: &Prepared,
    telling: Option<&Telling<'_>>,
    initial: &mut Initial<impl Future<Output = ()>>,
) -> (Ended, OutputUrl) {
    scene.voice.hold();
    let mut running = pin!(process::run(&prepared.command, scene.interrupts, prepared.see()));
    let ended = {
        let mut beside = pin!(beside(scene, telling, initial));
        let mut is_told = false;
        let mut ended = loop {
            tokio::select! {
                biased;
                ended = &mut running => break ended,
                () = &mut beside, if !is_told => is_told = true,
            }
        };
        finalize::speak_again(scene, &mut ended).await;
        if let (Outcome::Cancelled { .. }, Some(telling), false) =
            (&ended.outcome, telling, is_told)
        {
            telling.command_is_over();
            beside.await;
        }
        ended
    };
    let output = prepared.output_url(scene, &ended.outcome);
    if let Some(telling) = telling
        && !matches!(ended.outcome, Outcome::Cancelled { .. })
    {
        let last = status_builder::at_the_end(scene, &ended.outcome, ended.took, &output);
        telling.end(initial, &last).await;
    }
    (ended, output)
}

/// What goes on while the command runs: the initial status, and the last one once we are told to
/// stop.
async fn beside(
    scene: Scene<'_>,
    telling: Option<&Telling<'_>>,
    initial: &mut Initial<impl Future<Output = ()>>,
) {
    let Some(telling) = telling else { return };
    tokio::select! {
        biased;
        _ = scene.interrupts.heard() => {}
        () = initial.over() => {}
    }
    let interrupt = scene.interrupts.heard().await;
    telling.cancel(initial, interrupt).await;
}

/// The deployment, or none where GitHub cannot or does not let us tell; the deploy goes on.
async fn choose(scene: Scene<'_>) -> anyhow::Result<Option<Chosen>> {
    let inputs = scene.inputs;
    if has_no_credentials(inputs) {
        anyhow::ensure!(!inputs.strict, "{NO_TOKEN}, and `strict` is set");
        scene.voice.annotate(Level::Notice, NO_TOKEN);
        return Ok(None);
    }
    let limit = if inputs.strict || decides(inputs) { inputs.api_timeout } else { FINDING };
    let mut finding = pin!(resolve::for_work(scene.github, inputs, Instant::now() + limit));
    let found = tokio::select! {
        biased;
        interrupt = scene.interrupts.heard() => {
            timeout_at(interrupt.at + LAST_LOOK, &mut finding).await.ok()
        }
        found = &mut finding => Some(found),
    };
    match found {
        Some(Ok(chosen)) => Ok(Some(chosen)),
        Some(Err(Unresolved::NotFound(text) | Unresolved::Refused(text))) => anyhow::bail!(text),
        Some(Err(Unresolved::Failed(error))) if inputs.strict => anyhow::bail!(error.in_full()),
        Some(Err(Unresolved::Failed(error))) => {
            lifecycle::complain(scene, &error);
            Ok(None)
        }
        // Nothing is run any more either.
        None => Ok(None),
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
async fn hold_back(scene: Scene<'_>, initial: &mut Initial<impl Future<Output = ()>>) -> bool {
    let begun = async {
        if scene.inputs.strict {
            // It gives up by itself when its time is over.
            initial.over().await;
            true
        } else {
            timeout(BEGINNING, initial.over()).await.is_ok()
        }
    };
    tokio::select! {
        biased;
        _ = scene.interrupts.heard() => false,
        has_begun = begun => has_begun,
    }
}

async fn begin(telling: Option<&Telling<'_>>) {
    if let Some(telling) = telling {
        telling.begin().await;
    }
}
