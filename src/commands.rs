//! Which story is told, and what its end means as an exit code.

pub(crate) mod context;
mod create;
mod finish;
mod list;
pub(crate) mod run;
pub(crate) mod url;

use std::process::ExitCode;

use self::context::Surroundings;
use self::run::{Scene, sandboxed};
use crate::github::{Github, Notices};
use crate::inputs::{Asked, Destination, Inputs, Story, Wrapped};
use crate::output::console::{Level, Voice};
use crate::process::Interrupts;
use crate::resolve::Unresolved;

/// GitHub refused, or could not be reached.
const NOT_DONE: ExitCode = ExitCode::FAILURE;

/// Tells the story to its end.
///
/// # Errors
/// When we could not do our part: nothing was posted, and no command was run.
pub(crate) async fn tell(
    story: Story,
    inputs: Inputs,
    voice: &Voice,
    surroundings: Surroundings,
    notices: Notices,
) -> anyhow::Result<ExitCode> {
    let github = |inputs: &Inputs| match &inputs.destination {
        Destination::Github(api) => Github::new(api, notices),
        Destination::Sandbox => anyhow::bail!("only `run` has a sandbox of its own"),
    };
    match story {
        Story::Run(wrapped) => run(inputs, &wrapped, voice, surroundings, notices).await,
        Story::Create(asked) => {
            create(&github(&inputs)?, &inputs, voice, &surroundings, asked).await
        }
        Story::List { json } => {
            let listed = list::list(&github(&inputs)?, &inputs, json).await;
            done(listed, &inputs, voice)
        }
        Story::Finish { state, job_was_cancelled } => {
            let place = surroundings.state_files.as_ref().expect("only a rehearsal has none");
            let github = github(&inputs)?;
            let closed =
                finish::finish(&github, &inputs, voice, place, state, job_was_cancelled).await;
            done(closed, &inputs, voice)
        }
    }
}

async fn run(
    inputs: Inputs,
    wrapped: &Wrapped,
    voice: &Voice,
    surroundings: Surroundings,
    notices: Notices,
) -> anyhow::Result<ExitCode> {
    let tracking = surroundings.tracking.clone().filter(|_| wrapped.watch_ancestors);
    let interrupts = Interrupts::listen(tracking)?;
    let exit_code = match &inputs.destination {
        Destination::Github(api) => {
            let github = Github::new(api, notices)?;
            let scene = Scene {
                github: &github,
                inputs: &inputs,
                wrapped,
                voice,
                interrupts: &interrupts,
                surroundings: &surroundings,
            };
            run::run(scene).await?
        }
        Destination::Sandbox => {
            sandboxed::rehearse(inputs, wrapped, voice, &interrupts, surroundings, notices).await?
        }
    };
    // Windows has longer codes, of which the runner sees no more either.
    Ok(ExitCode::from(u8::try_from(exit_code).unwrap_or(u8::MAX)))
}

async fn create(
    github: &Github,
    inputs: &Inputs,
    voice: &Voice,
    surroundings: &Surroundings,
    asked: Asked,
) -> anyhow::Result<ExitCode> {
    let created = create::create(github, inputs, voice, asked).await;
    if let Ok(facts) = &created {
        if let Some(file) = &surroundings.step_outputs {
            facts.to_step(file)?;
        }
        if let Some(file) = &inputs.outputs {
            facts.to_dotenv(file)?;
        }
    }
    done(created, inputs, voice)
}

fn done<T>(
    told: Result<T, Unresolved>,
    inputs: &Inputs,
    voice: &Voice,
) -> anyhow::Result<ExitCode> {
    match told {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(Unresolved::NotFound(text) | Unresolved::Refused(text)) => anyhow::bail!(text),
        Err(Unresolved::Failed(error)) if inputs.event.token_is_read_only && error.is_denied() => {
            voice.annotate(Level::Notice, &error.in_full());
            Ok(ExitCode::SUCCESS)
        }
        Err(Unresolved::Failed(error)) => {
            voice.annotate(Level::Error, &error.in_full());
            Ok(NOT_DONE)
        }
    }
}
