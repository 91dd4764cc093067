//! What a run leaves behind: its last words, the step's outputs, the summary, the exit code.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::Scene;
use super::lifecycle::Telling;
use crate::deployment::State;
use crate::output::console::Level;
use crate::output::step_outputs::Facts;
use crate::output::summary;
use crate::process::{Ended, Outcome};
use crate::status_builder::OutputUrl;

/// We could not do our part.
/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const NOT_TOLD: i32 = 125;

/// What a slow reader still gets once we are told to stop.
const HURRY: Duration = Duration::from_secs(2);

/// Lets our own lines out again, if the command's last byte has been taken.
pub(super) async fn speak_again(scene: Scene<'_>, ended: &mut Ended) {
    if timeout(Duration::ZERO, ended.delivered()).await.is_ok() {
        scene.voice.release(ended.line_left_open());
    }
    if ended.leaked {
        scene.voice.say("a background process keeps the command's output open: not waited for");
    }
    match &ended.outcome {
        Outcome::NotStarted(why) => scene.voice.annotate(Level::Error, &why.to_string()),
        Outcome::TimedOut => scene.voice.annotate(Level::Error, "the command timed out"),
        Outcome::Exited { .. } | Outcome::Signaled { .. } | Outcome::Cancelled { .. } => {}
    }
}

/// Writes outputs and summary, waits for a slow reader of the command's bytes, and gives the exit
/// code.
pub(super) async fn leave(
    scene: Scene<'_>,
    telling: Option<&Telling<'_>>,
    ended: &mut Ended,
    output: &OutputUrl,
) -> anyhow::Result<i32> {
    let exit_code = match telling {
        Some(telling)
            if scene.inputs.strict
                && !telling.has_ended.get()
                && ended.outcome.exit_code() == 0 =>
        {
            NOT_TOLD
        }
        Some(_) | None => ended.outcome.exit_code(),
    };
    let facts = facts(telling, ended, output, exit_code);
    let environment = telling.and_then(|telling| telling.chosen.environment.as_deref()).or(scene
        .inputs
        .target
        .environment
        .as_deref());
    let surroundings = scene.surroundings;
    let written = [
        surroundings.step_outputs.as_ref().map(|file| facts.to_step(file)),
        scene.inputs.outputs.as_ref().map(|file| facts.to_dotenv(file)),
        surroundings
            .step_summary
            .as_ref()
            .map(|file| summary::leave(file, environment, &facts, ended.took)),
    ];
    if !matches!(ended.outcome, Outcome::Cancelled { .. }) {
        let told_to_go = async {
            scene.interrupts.heard().await;
            sleep(HURRY).await;
        };
        tokio::select! {
            () = ended.delivered() => {}
            () = told_to_go => {}
        }
    }
    scene.voice.release(ended.line_left_open());
    for error in written.into_iter().flatten().filter_map(Result::err) {
        scene.voice.annotate(Level::Warning, &format!("{error:#}"));
    }
    if surroundings.step_outputs.is_none() {
        scene.voice.say(&facts.to_line());
    }
    Ok(exit_code)
}

fn facts(
    telling: Option<&Telling<'_>>,
    ended: &Ended,
    output: &OutputUrl,
    exit_code: i32,
) -> Facts {
    let latest = telling.and_then(Telling::latest);
    Facts {
        deployment: telling.map(|telling| telling.chosen.id),
        status: latest.as_ref().map(|status| status.id),
        state: latest.as_ref().and_then(|status| State::parse(&status.state)),
        url: output.url.clone().filter(|_| ended.outcome.exit_code() == 0),
        exit_code: Some(exit_code),
    }
}
