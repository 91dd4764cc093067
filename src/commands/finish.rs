//! Closes what an interrupted `run` left open. It never guesses `success`, and never creates.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::deployment::{DeploymentId, NewStatus, State};
use crate::github::{ApiError, Github};
use crate::inputs::{Asked, Inputs};
use crate::output::console::{Level, Voice};
use crate::publisher::Report;
use crate::resolve::{self, Unresolved};
use crate::state_file::{OpenRun, Place};
use crate::status_builder;

/// What a run that still lives needs to post its own end.
const LAST_WORDS: Duration = Duration::from_secs(7);

/// How often a run that was told to stop is looked for.
const GLANCE: Duration = Duration::from_millis(100);

/// Closes every open run of this job; without one, the deployment that the inputs name.
///
/// # Errors
/// When GitHub refused a status, or could not be reached.
pub(crate) async fn finish(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    place: &Place,
    asked: Option<Asked>,
    job_was_cancelled: bool,
) -> Result<(), Unresolved> {
    let cancelled = job_was_cancelled || asked == Some(Asked::Cancelled);
    let state = if cancelled { inputs.wording.cancel_state } else { State::Error };
    let runs = stopped(place.all(), voice).await;
    if runs.is_empty() {
        let state = asked.map_or(state, |asked| asked.state(inputs.wording.cancel_state));
        return without_a_file(github, inputs, voice, state).await;
    }
    let mut refusal = None;
    for run in runs {
        let status = run.outcome.clone().unwrap_or_else(|| status_builder::as_told(inputs, state));
        match close(github, inputs, voice, run.record.deployment, &status).await {
            Ok(()) => run.close(),
            Err(error) => refusal = Some(error),
        }
    }
    refusal.map_or(Ok(()), |error| Err(error.into()))
}

/// Tells the runs that still live to stop, and waits for them; those that closed themselves are
/// left out.
async fn stopped(runs: Vec<OpenRun>, voice: &Voice) -> Vec<OpenRun> {
    for run in runs.iter().filter(|run| run.record.process.is_alive()) {
        voice.say("a run of this job is still alive and is told to stop");
        run.record.process.tell_to_stop();
    }
    let until = Instant::now() + LAST_WORDS;
    while runs.iter().any(|run| run.record.process.is_alive()) && Instant::now() < until {
        sleep(GLANCE).await;
    }
    runs.into_iter().filter_map(|run| run.read_again().ok()).collect()
}

async fn without_a_file(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    state: State,
) -> Result<(), Unresolved> {
    let deadline = Instant::now() + inputs.api_timeout;
    let chosen = match resolve::newest_at_ref(github, inputs, deadline).await {
        Err(Unresolved::NotFound(_)) => {
            voice.say("nothing is open");
            return Ok(());
        }
        chosen => chosen?,
    };
    let status = status_builder::as_told(inputs, state);
    Ok(close(github, inputs, voice, chosen.id, &status).await?)
}

/// Posts the status, unless the latest one is final already.
async fn close(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    deployment: DeploymentId,
    status: &NewStatus,
) -> Result<(), ApiError> {
    let deadline = Instant::now() + inputs.api_timeout;
    let latest = resolve::latest(github, deployment, deadline).await?;
    if let Some(latest) = latest.filter(crate::deployment::Status::is_final) {
        voice.say(&format!("deployment {deployment} has ended already: {}", latest.state));
        return Ok(());
    }
    Report::new(github, deployment, inputs.api_timeout).post(status).await?;
    voice.annotate(
        Level::Notice,
        &format!("deployment {deployment} was left open and is now `{}`", status.state),
    );
    Ok(())
}
