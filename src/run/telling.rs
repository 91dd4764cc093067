//! What GitHub is told of one run: that it begins, how it ended, or that it was cancelled.
//! It keeps the state file in step, so that `finish` can take over at any moment.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::Scene;
use crate::actions::Level;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;
use crate::process::identity::Identity;
use crate::process::{Cause, Interrupt};
use crate::report::Report;
use crate::resolve::Chosen;
use crate::retry::Verdict;
use crate::state_file::{Record, StateFile};
use crate::wording;

/// GitHub's runner kills what is left 10 s after its first signal.
const AFTER_A_SIGNAL: Patience =
    Patience { command: Duration::from_secs(4), all: Duration::from_millis(6800) };

/// It stops listening 5 s after the death of the step's shell.
const AFTER_A_DEATH: Patience =
    Patience { command: Duration::from_secs(2), all: Duration::from_millis(4300) };

/// How long the last try may go on when a signal comes while it is under way.
const LAST_TRY: Duration = Duration::from_secs(2);

/// From the first interrupt on: until GitHub is told although the command still runs, and until
/// we stop trying to.
#[derive(Clone, Copy)]
struct Patience {
    command: Duration,
    all: Duration,
}

impl Patience {
    fn after(interrupt: Interrupt) -> Self {
        match interrupt.cause {
            Cause::Signal(_) => AFTER_A_SIGNAL,
            Cause::AncestorDied => AFTER_A_DEATH,
        }
    }
}

pub(super) struct Telling<'a> {
    scene: Scene<'a>,
    pub(super) chosen: Chosen,
    report: Report<'a>,
    state_file: RefCell<Option<StateFile>>,
    /// The latest status that GitHub took.
    pub(super) latest: RefCell<Option<Status>>,
    /// Why the initial status was not posted.
    first_refusal: RefCell<Option<ApiError>>,
    /// GitHub took the final status.
    pub(super) has_ended: Cell<bool>,
    is_over: Notify,
    started: Instant,
}

impl<'a> Telling<'a> {
    pub(super) fn new(scene: Scene<'a>, chosen: Chosen) -> Self {
        let record = Record { deployment: chosen.id, process: Identity::ours() };
        let state_file = scene.surroundings.state_files.as_ref().map(|place| place.open(&record));
        if let Some(Err(error)) = &state_file {
            scene.voice.say(&format!(
                "cannot keep a state file, so `finish` will not know of this run: {error}"
            ));
        }
        Self {
            report: Report::new(scene.github, chosen.id, scene.inputs.api_timeout),
            scene,
            chosen,
            state_file: RefCell::new(state_file.and_then(Result::ok)),
            latest: RefCell::default(),
            first_refusal: RefCell::default(),
            has_ended: Cell::default(),
            is_over: Notify::new(),
            started: Instant::now(),
        }
    }

    /// Posts the initial status. GitHub's own word stands where it made the deployment for this
    /// job.
    pub(super) async fn begin(&self) {
        if self.chosen.is_the_jobs_own {
            return;
        }
        match self.report.post(&wording::at_the_start(self.scene.inputs)).await {
            Ok(posted) => self.note(posted),
            Err(error) => {
                self.first_refusal.replace(Some(error));
            }
        }
    }

    /// Says why the initial status was refused, while it still comes before the command.
    ///
    /// # Errors
    /// With `strict`, when it was not posted: then the command is not run.
    pub(super) fn may_go_on(&self, has_begun: bool) -> anyhow::Result<()> {
        let refusal = self.first_refusal.borrow();
        match &*refusal {
            Some(error) if self.scene.inputs.strict => anyhow::bail!(error.in_full()),
            Some(error) => complain(self.scene, error),
            None if self.scene.inputs.strict && !has_begun => {
                anyhow::ensure!(
                    self.scene.interrupts.first().is_some(),
                    "the initial status was not posted in time, and `strict` is set"
                );
            }
            None => {}
        }
        Ok(())
    }

    /// Posts how the command ended, after `beginning` has come to its end.
    pub(super) async fn end(&self, beginning: impl Future<Output = ()>, last: &NewStatus) {
        self.remember(last);
        let mut posting = pin!(async {
            self.report.give_up();
            beginning.await;
            self.report.resume();
            self.report.post(last).await
        });
        let posted = tokio::select! {
            posted = &mut posting => posted,
            interrupt = self.scene.interrupts.heard() => {
                match timeout(LAST_TRY, &mut posting).await {
                    Ok(posted) => posted,
                    Err(_) => self.in_a_hurry(last, interrupt).await,
                }
            }
        };
        self.conclude(posted);
    }

    /// Posts that the run was cancelled: once the command is gone, or does not go.
    pub(super) async fn cancel(&self) {
        let interrupt = self.scene.interrupts.heard().await;
        tokio::select! {
            () = self.is_over.notified() => {}
            () = sleep_until(interrupt.at + Patience::after(interrupt).command) => {}
        }
        let last = wording::when_cancelled(self.scene.inputs, self.started.elapsed());
        self.remember(&last);
        let posted = self.in_a_hurry(&last, interrupt).await;
        self.conclude(posted);
    }

    /// Lets [`Telling::cancel`] go on at once.
    pub(super) fn command_is_over(&self) {
        self.is_over.notify_one();
    }

    async fn in_a_hurry(&self, last: &NewStatus, since: Interrupt) -> Result<Status, ApiError> {
        self.report.post_in_a_hurry(last, since.at + Patience::after(since).all).await
    }

    fn remember(&self, last: &NewStatus) {
        if let Some(file) = &mut *self.state_file.borrow_mut()
            && let Err(error) = file.ended_with(last)
        {
            self.scene.voice.trace(&format!("cannot write the state file: {error}"));
        }
    }

    /// Nothing is left open if the status was posted, or if no other try could do better.
    fn conclude(&self, posted: Result<Status, ApiError>) {
        let is_settled = match &posted {
            Ok(_) => self.report.is_clear(),
            Err(error) => error.verdict() == Verdict::GiveUp,
        };
        if is_settled && let Some(file) = self.state_file.take() {
            file.close();
        }
        match posted {
            Ok(posted) => {
                self.has_ended.set(true);
                self.note(posted);
            }
            Err(error) if self.was_told(&error) => self.scene.voice.trace(&error.in_full()),
            Err(error) => complain(self.scene, &error),
        }
    }

    /// The initial status was refused in the same words, but for the request's id.
    fn was_told(&self, error: &ApiError) -> bool {
        self.first_refusal.borrow().as_ref().is_some_and(|first| first.help() == error.help())
    }

    fn note(&self, posted: Status) {
        self.latest.replace(Some(posted));
    }
}

/// What a person has to know of a status that GitHub did not take.
pub(super) fn complain(scene: Scene<'_>, error: &ApiError) {
    let level = if scene.inputs.event.token_is_read_only && error.is_denied() {
        Level::Notice
    } else {
        Level::Warning
    };
    scene.voice.annotate(level, &error.in_full());
}
