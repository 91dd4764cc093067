//! Closes what an interrupted `run` left open. It never guesses `success`, and never creates.

mod closing;

use std::time::Duration;

use tokio::time::{Instant, sleep};

use self::closing::Closing;
use crate::deployment::{NewStatus, State};
use crate::github::{ApiError, Github};
use crate::inputs::{Inputs, RequestedState};
use crate::output::console::Console;
use crate::output::step_outputs::RunResult;
use crate::resolve::{self, ResolveError};
use crate::state_file::{LockedRun, StateDir, UnfinishedRun};
use crate::status_builder;

/// What a run that still runs needs to post its own end.
const STOP_LIMIT: Duration = Duration::from_secs(7);

/// How often a run that was sent SIGTERM is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long all that other `finish` hold is waited for: they may hang.
const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// Closes every open run that is ours; then the deployments that the inputs name. Returns what was
/// posted last.
///
/// # Errors
/// When GitHub refused a status, or could not be reached.
pub(crate) async fn finish(
    github: &Github,
    inputs: &Inputs,
    console: &Console,
    state_dir: &StateDir,
    requested_state: Option<RequestedState>,
    job_was_cancelled: bool,
) -> Result<RunResult, ResolveError> {
    let cancelled = job_was_cancelled
        || inputs.ci.job_was_cancelled
        || requested_state == Some(RequestedState::Cancelled);
    let cancel_state = inputs.status_options.cancel_state;
    let unknown = if cancelled { cancel_state } else { State::Error };
    let mut finish = Finish {
        inputs,
        console,
        state_dir,
        cancelled,
        unknown,
        closing: Closing::new(github, inputs, console),
        refusal: None,
    };
    if inputs.dry_run {
        finish.show_runs().await;
    } else {
        finish.close_runs().await;
    }
    // A use closes its own run and nothing else.
    if !state_dir.has_use() {
        let state = requested_state.map_or(unknown, |requested| requested.state(cancel_state));
        finish.close_named(github, state).await;
    }
    finish.refusal.map_or(Ok(finish.closing.result), |error| Err(error.into()))
}

struct Finish<'a> {
    inputs: &'a Inputs,
    console: &'a Console,
    state_dir: &'a StateDir,
    cancelled: bool,
    /// For a run whose outcome is not known.
    unknown: State,
    closing: Closing<'a>,
    refusal: Option<ApiError>,
}

impl Finish<'_> {
    /// Closes the runs that left a state file. Those that nobody else holds come first, together.
    async fn close_runs(&mut self) {
        let (mut held, mut busy) = (Vec::new(), Vec::new());
        for run in self.state_dir.all() {
            if run.process.is_alive() && !self.may_stop(&run) {
                self.console.info(&format!(
                    "the run of deployment {} still runs, and is not known to be ours to stop: \
                     it is left alone",
                    run.deployment
                ));
            } else if let Some(locked) = self.state_dir.lock(&run, Instant::now()).await {
                held.push(locked);
            } else {
                busy.push(run);
            }
        }
        let held = self.stopped(held).await;
        self.closing.runs_are_gone();
        for locked in held {
            self.close_run(locked).await;
        }
        let until = Instant::now() + LOCK_LIMIT;
        for run in busy {
            match self.state_dir.lock(&run, until).await {
                Some(locked) => {
                    let stopped = self.stopped(vec![locked]).await;
                    self.closing.runs_are_gone();
                    for locked in stopped {
                        self.close_run(locked).await;
                    }
                }
                None if Instant::now() >= until => self.console.info(&format!(
                    "another `finish` is closing deployment {}: it is left to that",
                    run.deployment
                )),
                None => {}
            }
        }
    }

    /// What [`Finish::close_runs`] would post. No run is stopped and no state file is touched.
    async fn show_runs(&mut self) {
        for run in self.state_dir.all() {
            let deployment = run.deployment;
            if run.process.is_alive() {
                let what = if self.may_stop(&run) { "would be stopped" } else { "is left alone" };
                self.console
                    .info(&format!("the run of deployment {deployment} still runs: it {what}"));
                if !self.may_stop(&run) {
                    continue;
                }
            }
            let status = self.last_status(&run);
            if let Err(error) = self.closing.close(deployment, &status).await {
                self.refusal = Some(error);
            }
        }
    }

    fn last_status(&self, run: &UnfinishedRun) -> NewStatus {
        let known = run.outcome.clone();
        known.unwrap_or_else(|| status_builder::requested(self.inputs, self.unknown))
    }

    /// Whether a run that still runs is provably what we are to close.
    fn may_stop(&self, run: &UnfinishedRun) -> bool {
        let is_named = self.state_dir.has_use() || self.cancelled && self.inputs.ci.has_job_id;
        is_named && !run.process.is_our_ancestor()
    }

    /// Sends SIGTERM to the runs that still run, and waits for them; those that closed themselves
    /// are left out.
    async fn stopped(&self, runs: Vec<LockedRun>) -> Vec<LockedRun> {
        let is_alive = |locked: &LockedRun| locked.run.process.is_alive();
        for locked in runs.iter().filter(|locked| is_alive(locked)) {
            // At once: later its number may be another process's.
            locked.run.process.stop();
            let deployment = locked.run.deployment;
            self.console.info(&format!("the run of deployment {deployment} is stopped"));
        }
        let until = Instant::now() + STOP_LIMIT;
        while runs.iter().any(is_alive) && Instant::now() < until {
            sleep(POLL_INTERVAL).await;
        }
        runs.into_iter().filter_map(LockedRun::read_again).collect()
    }

    async fn close_run(&mut self, mut locked: LockedRun) {
        let status = self.last_status(&locked.run);
        match self.closing.close_run(&mut locked, &status).await {
            Ok(()) => locked.close(),
            Err(error) => self.refusal = Some(error),
        }
    }

    /// Closes what an input names: nothing is looked up for what a CI or an event says.
    async fn close_named(&mut self, github: &Github, state: State) {
        let target = &self.inputs.target;
        let deadline = Instant::now() + self.inputs.api_timeout;
        let named = match (target.deployment_id, target.environment_is_input) {
            (Some(id), _) => vec![id],
            (None, true) => match resolve::of_our_run(github, self.inputs, deadline).await {
                Ok((open, notes)) => {
                    for note in &notes {
                        self.console.info(note);
                    }
                    open
                }
                Err(error) => {
                    self.refusal = Some(error);
                    return;
                }
            },
            (None, false) => return,
        };
        let alive = self.state_dir.alive();
        let mut closed_any = self.closing.result.deployment.is_some();
        for deployment in named {
            if alive.contains(&deployment) {
                self.console.info(&format!(
                    "the run of deployment {deployment} still runs: it is left alone"
                ));
                continue;
            }
            let status = status_builder::requested(self.inputs, state);
            match self.closing.close(deployment, &status).await {
                Ok(()) => closed_any = true,
                Err(error) => self.refusal = Some(error),
            }
        }
        if !closed_any && self.refusal.is_none() {
            self.console.info("nothing of this run is open");
        }
    }
}
