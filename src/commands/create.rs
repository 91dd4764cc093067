//! Posts one status: to start a deployment that is spread over several steps, and to end it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::commands::list;
use crate::deployment::{DeploymentId, State, Status};
use crate::github::{ApiError, Github};
use crate::inputs::{Asked, Inputs};
use crate::output::console::{self, Level, Voice};
use crate::output::step_outputs::Facts;
use crate::publisher::Report;
use crate::resolve::{self, Counted, Unresolved};
use crate::status_builder;

/// So many statuses are posted as fast as they go; then one a second.
/// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests>
const A_FEW: u32 = 5;
const PACE: Duration = Duration::from_secs(1);

/// Posts the status and prints it. Returns what is known of it.
///
/// # Errors
/// When it is not clear which deployment is meant, or GitHub did not take the status.
pub(crate) async fn create(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    asked: Asked,
) -> Result<Facts, Unresolved> {
    let state = asked.state(inputs.wording.cancel_state);
    let deadline = Instant::now() + inputs.api_timeout;
    if state == State::Inactive && inputs.target.deployment_id.is_none() {
        return retire(github, inputs, voice).await;
    }
    let chosen = if state.is_final() {
        resolve::newest(github, inputs, Counted::Open, deadline).await?
    } else {
        resolve::for_work(github, inputs, deadline).await?
    };
    let posted = post(github, inputs, voice, chosen.id, state).await?;
    Ok(Facts {
        deployment: Some(chosen.id),
        status: Some(posted.id),
        state: Some(state),
        url: inputs.wording.environment_url.clone(),
        exit_code: None,
    })
}

/// Makes every deployment of the environment inactive that is not inactive yet.
async fn retire(github: &Github, inputs: &Inputs, voice: &Voice) -> Result<Facts, Unresolved> {
    let deployments = resolve::all(github, inputs, Instant::now() + inputs.api_timeout).await?;
    let mut facts = Facts::default();
    let mut refusal = None;
    let mut posts: u32 = 0;
    let mut next = Instant::now();
    for deployment in deployments {
        let deadline = Instant::now() + inputs.api_timeout;
        let latest = resolve::latest(github, deployment, deadline).await?;
        if latest.is_some_and(|status| status.state == State::Inactive.as_str()) {
            continue;
        }
        if posts >= A_FEW {
            sleep_until(next).await;
        }
        next = Instant::now() + PACE;
        posts += 1;
        match post(github, inputs, voice, deployment, State::Inactive).await {
            Ok(posted) => {
                facts.deployment = Some(deployment);
                facts.status = Some(posted.id);
                facts.state = Some(State::Inactive);
            }
            Err(error) => refusal = Some(error),
        }
    }
    if posts == 0 {
        voice.annotate(Level::Notice, "no deployment is active: there is nothing to do");
    }
    refusal.map_or(Ok(facts), |error| Err(error.into()))
}

async fn post(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    deployment: DeploymentId,
    state: State,
) -> Result<Status, ApiError> {
    let status = status_builder::as_told(inputs, state);
    let posted = Report::new(github, deployment, inputs.api_timeout).post(&status).await?;
    let row = list::table(std::slice::from_ref(&posted));
    if let Err(error) = console::print(&row) {
        voice.trace(&format!("cannot print the status: {error}"));
    }
    Ok(posted)
}
