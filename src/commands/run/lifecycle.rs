//! What GitHub is told of one run: that it begins, how it ended, or that it was cancelled.
//! It keeps the state file in step, so that `finish` can take over at any moment.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Scene;
use crate::backoff::Verdict;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;
use crate::output::console::Level;
use crate::process::process_id::Identity;
use crate::process::{Cause, Interrupt};
use crate::publisher::Report;
use crate::resolve::Chosen;
use crate::state_file::{Record, StateFile};
use crate::status_builder;

/// GitHub's runner kills what is left 10 s after its first signal.
const AFTER_A_SIGNAL: Patience =
    Patience { command: Duration::from_secs(4), all: Duration::from_millis(6800) };

/// It stops listening 5 s after the death of the step's shell.
const AFTER_A_DEATH: Patience =
    Patience { command: Duration::from_secs(2), all: Duration::from_millis(4300) };

/// How long the last try may go on when a signal comes while it is under way.
const LAST_TRY: Duration = Duration::from_secs(2);

/// GitHub's own word at the end of such a job carries no URL.
/// <https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments>
const HOW_TO_KEEP_THE_URL: &str = "GitHub made this deployment for the job and ends it itself: to \
     keep the URL, write `environment: {name: …, url: ${{ steps.ID.outputs.url }}}` or \
     `environment: {name: …, deployment: false}`";

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

/// The initial status on its way.
pub(super) struct Initial<F> {
    posting: Pin<Box<F>>,
    has_begun: bool,
    is_over: bool,
}

impl<F: Future<Output = ()>> Initial<F> {
    pub(super) fn new(posting: F) -> Self {
        Self { posting: Box::pin(posting), has_begun: false, is_over: false }
    }

    /// Waits until it was posted, or given up. May be left and taken up again.
    pub(super) async fn over(&mut self) {
        if !self.is_over {
            self.has_begun = true;
            self.posting.as_mut().await;
            self.is_over = true;
        }
    }
}

pub(super) struct Telling<'a> {
    scene: Scene<'a>,
    pub(super) chosen: Chosen,
    report: Report<'a>,
    state_file: RefCell<Option<StateFile>>,
    /// Why the initial status was not posted.
    first_refusal: RefCell<Option<ApiError>>,
    /// A person has been told so.
    has_complained: Cell<bool>,
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
            first_refusal: RefCell::default(),
            has_complained: Cell::default(),
            has_ended: Cell::default(),
            is_over: Notify::new(),
            started: Instant::now(),
        }
    }

    /// Posts the initial status. GitHub's own word stands where it made the deployment for this
    /// job.
    pub(super) async fn begin(&self) {
        if self.chosen.is_the_jobs_own {
            self.scene.voice.say(HOW_TO_KEEP_THE_URL);
        } else if let Err(error) =
            self.report.post(&status_builder::at_the_start(self.scene.inputs)).await
        {
            self.first_refusal.replace(Some(error));
        }
    }

    /// Says why the initial status was refused, while it still comes before the command.
    ///
    /// # Errors
    /// With `strict`, when it was not posted: then the command is not run.
    pub(super) fn may_go_on(&self, has_begun: bool) -> anyhow::Result<()> {
        self.report.fall_silent();
        let is_strict = self.scene.inputs.strict && self.scene.interrupts.first().is_none();
        let refusal = self.first_refusal.borrow();
        if is_strict && (refusal.is_some() || !has_begun) {
            if self.report.is_clear() {
                self.close();
            }
            let why = refusal.as_ref().map_or_else(
                || "the initial status was not posted in time".to_owned(),
                ApiError::in_full,
            );
            anyhow::bail!("{why}\nthe command is not run, since `strict` is set");
        }
        if let Some(error) = &*refusal {
            self.has_complained.set(true);
            complain(self.scene, error);
        }
        Ok(())
    }

    /// Posts how the command ended.
    pub(super) async fn end(
        &self,
        initial: &mut Initial<impl Future<Output = ()>>,
        last: &NewStatus,
    ) {
        self.remember(last);
        let mut posting = pin!(self.report.post_after(initial.over(), last));
        let posted = tokio::select! {
            posted = &mut posting => Ok(posted),
            interrupt = self.scene.interrupts.heard() => {
                let until = interrupt.at + LAST_TRY;
                timeout_at(until, &mut posting).await.map_err(|_| interrupt)
            }
        };
        let posted = match posted {
            Ok(posted) => posted,
            Err(interrupt) => self.in_a_hurry(last, interrupt).await,
        };
        self.conclude(posted);
    }

    /// Posts that the run was cancelled: once the command is gone, or does not go.
    pub(super) async fn cancel(
        &self,
        initial: &mut Initial<impl Future<Output = ()>>,
        interrupt: Interrupt,
    ) {
        let patience = Patience::after(interrupt);
        self.report.give_up();
        let stopping = async {
            tokio::select! {
                () = self.is_over.notified() => {}
                () = sleep_until(interrupt.at + patience.command) => {}
            }
        };
        let beginning = async {
            if initial.has_begun {
                // Two requests at once could arrive in either order.
                let _ = timeout_at(interrupt.at + LAST_TRY, initial.over()).await;
            }
        };
        tokio::join!(stopping, beginning);
        let last = status_builder::when_cancelled(self.scene.inputs, self.started.elapsed());
        self.remember(&last);
        let posted = self.in_a_hurry(&last, interrupt).await;
        self.conclude(posted);
    }

    /// Lets [`Telling::cancel`] go on at once.
    pub(super) fn command_is_over(&self) {
        self.is_over.notify_one();
    }

    /// The latest of our statuses that GitHub holds.
    pub(super) fn latest(&self) -> Option<Status> {
        self.report.latest().clone()
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
        if is_settled {
            self.close();
        }
        self.has_ended.set(posted.is_ok());
        let first = self.first_refusal.take();
        let has_complained = self.has_complained.get();
        match (posted, first) {
            (Ok(_), Some(first)) if !has_complained => self.scene.voice.say(&first.to_string()),
            (Ok(_), _) => {}
            (Err(error), Some(first)) if has_complained && first.says_the_same(&error) => {
                self.scene.voice.trace(&error.to_string());
            }
            (Err(error), _) => complain(self.scene, &error),
        }
    }

    fn close(&self) {
        if let Some(file) = self.state_file.take() {
            file.close();
        }
    }
}

/// What a person has to know of a status that GitHub did not take.
pub(super) fn complain(scene: Scene<'_>, error: &ApiError) {
    if scene.inputs.event.token_is_read_only && error.is_denied() {
        let text =
            format!("{error}\na fork's or Dependabot's workflow has no token that may write");
        scene.voice.annotate(Level::Notice, &text);
    } else {
        scene.voice.annotate(Level::Warning, &error.in_full());
    }
}
