//! What GitHub is told of one run: that it begins, how it ended, or that it was cancelled.
//! It keeps the state file in step, so that `finish` can take over at any moment.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::RunContext;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;
use crate::output::console::Level;
use crate::process::process_id::ProcessId;
use crate::process::{Cause, ShutdownRequest};
use crate::publisher::StatusPublisher;
use crate::resolve::ResolvedDeployment;
use crate::state_file::{RunRecord, StateFile};
use crate::status_builder;

/// GitHub's runner kills what is left 10 s after its first signal.
const AFTER_A_SIGNAL: ShutdownBudget =
    ShutdownBudget { command: Duration::from_secs(4), all: Duration::from_millis(6800) };

/// It stops listening 5 s after the death of the step's shell.
const AFTER_A_DEATH: ShutdownBudget =
    ShutdownBudget { command: Duration::from_secs(2), all: Duration::from_millis(4300) };

/// How long the last try may go on when a signal comes while it is under way.
const LAST_TRY: Duration = Duration::from_secs(2);

/// GitHub's own word at the end of such a job carries no URL.
/// <https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments>
const HOW_TO_KEEP_THE_URL: &str = "GitHub made this deployment for the job and ends it itself: to \
     keep the URL, write `environment: {name: …, url: ${{ steps.ID.outputs.url }}}` or \
     `environment: {name: …, deployment: false}`";

/// From the first shutdown request on: until GitHub is told although the command still runs, and until
/// we stop trying to.
#[derive(Clone, Copy)]
struct ShutdownBudget {
    command: Duration,
    all: Duration,
}

impl ShutdownBudget {
    fn after(request: ShutdownRequest) -> Self {
        match request.cause {
            Cause::Signal(_) => AFTER_A_SIGNAL,
            Cause::ParentDied => AFTER_A_DEATH,
        }
    }
}

/// The initial status on its way.
pub(super) struct InitialStatus<F> {
    posting: Pin<Box<F>>,
    has_begun: bool,
    is_over: bool,
}

impl<F: Future<Output = ()>> InitialStatus<F> {
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

pub(super) struct RunLifecycle<'a> {
    context: RunContext<'a>,
    pub(super) resolved: ResolvedDeployment,
    publisher: StatusPublisher<'a>,
    state_file: RefCell<Option<StateFile>>,
    /// Why the initial status was not posted.
    first_refusal: RefCell<Option<ApiError>>,
    /// A person has been told so.
    is_annotated: Cell<bool>,
    /// GitHub took the final status.
    pub(super) is_final_posted: Cell<bool>,
    is_over: Notify,
    started: Instant,
}

impl<'a> RunLifecycle<'a> {
    pub(super) fn new(
        context: RunContext<'a>,
        resolved: ResolvedDeployment,
        url_file: Option<&Path>,
    ) -> Self {
        let record = RunRecord {
            deployment: resolved.id,
            process: ProcessId::ours(),
            url_file: url_file.map(Path::to_owned),
        };
        let state_file = context.host.state_files.as_ref().map(|state_dir| state_dir.open(&record));
        if let Some(Err(error)) = &state_file {
            context.console.info(&format!(
                "cannot keep a state file, so `finish` will not know of this run: {error}"
            ));
        }
        Self {
            publisher: StatusPublisher::new(
                context.github,
                resolved.id,
                context.inputs.api_timeout,
            ),
            context,
            resolved,
            state_file: RefCell::new(state_file.and_then(Result::ok)),
            first_refusal: RefCell::default(),
            is_annotated: Cell::default(),
            is_final_posted: Cell::default(),
            is_over: Notify::new(),
            started: Instant::now(),
        }
    }

    /// Posts the initial status. GitHub's own word stands where it made the deployment for this
    /// job.
    pub(super) async fn post_initial(&self) {
        if self.resolved.is_the_jobs_own {
            self.context.console.info(HOW_TO_KEEP_THE_URL);
        } else if let Err(error) =
            self.publisher.post(&status_builder::initial(self.context.inputs)).await
        {
            self.first_refusal.replace(Some(error));
        }
    }

    /// Says why the initial status was refused, while it still comes before the command.
    ///
    /// # Errors
    /// With `strict`, when it was not posted: then the command is not run.
    pub(super) fn may_go_on(&self, has_begun: bool) -> anyhow::Result<()> {
        self.publisher.silence();
        let is_strict = self.context.inputs.strict && self.context.shutdown.first().is_none();
        let refusal = self.first_refusal.borrow();
        if is_strict && (refusal.is_some() || !has_begun) {
            if self.publisher.is_clear() {
                self.close();
            }
            let why = refusal.as_ref().map_or_else(
                || "the initial status was not posted in time".to_owned(),
                ApiError::in_full,
            );
            anyhow::bail!("{why}\nthe command is not run, since `strict` is set");
        }
        if let Some(error) = &*refusal {
            self.is_annotated.set(true);
            annotate_error(self.context, error);
        }
        Ok(())
    }

    /// Posts how the command ended.
    pub(super) async fn post_final(
        &self,
        initial: &mut InitialStatus<impl Future<Output = ()>>,
        last: &NewStatus,
    ) {
        self.save_outcome(last);
        let mut posting = pin!(self.publisher.post_after(initial.over(), last));
        let posted = tokio::select! {
            posted = &mut posting => Ok(posted),
            request = self.context.shutdown.requested() => {
                let until = request.at + LAST_TRY;
                timeout_at(until, &mut posting).await.map_err(|_| request)
            }
        };
        let posted = match posted {
            Ok(posted) => posted,
            Err(request) => self.post_urgently(last, request).await,
        };
        self.conclude(posted);
    }

    /// Posts that the run was cancelled: once the command is gone, or does not go.
    pub(super) async fn cancel(
        &self,
        initial: &mut InitialStatus<impl Future<Output = ()>>,
        request: ShutdownRequest,
    ) {
        let budget = ShutdownBudget::after(request);
        self.publisher.give_up();
        let stopping = async {
            tokio::select! {
                () = self.is_over.notified() => {}
                () = sleep_until(request.at + budget.command) => {}
            }
        };
        let beginning = async {
            if initial.has_begun {
                // Two requests at once could arrive in either order.
                let _ = timeout_at(request.at + LAST_TRY, initial.over()).await;
            }
        };
        tokio::join!(stopping, beginning);
        let last = status_builder::cancelled(self.context.inputs, self.started.elapsed());
        self.save_outcome(&last);
        let posted = self.post_urgently(&last, request).await;
        self.conclude(posted);
    }

    /// Lets [`RunLifecycle::cancel`] go on at once.
    pub(super) fn command_is_over(&self) {
        self.is_over.notify_one();
    }

    /// The latest of our statuses that GitHub holds.
    pub(super) fn latest(&self) -> Option<Status> {
        self.publisher.latest().clone()
    }

    async fn post_urgently(
        &self,
        last: &NewStatus,
        since: ShutdownRequest,
    ) -> Result<Status, ApiError> {
        self.publisher.post_before(last, since.at + ShutdownBudget::after(since).all).await
    }

    fn save_outcome(&self, last: &NewStatus) {
        if let Some(file) = &mut *self.state_file.borrow_mut()
            && let Err(error) = file.record_outcome(last)
        {
            self.context.console.debug(&format!("cannot write the state file: {error}"));
        }
    }

    fn save_answer(&self) {
        if let Some(file) = &mut *self.state_file.borrow_mut()
            && let Err(error) = file.record_answer()
        {
            self.context.console.debug(&format!("cannot write the state file: {error}"));
        }
    }

    /// Nothing is left open if the status was posted; else the state file stays, for `finish`.
    fn conclude(&self, posted: Result<Status, ApiError>) {
        if self.publisher.is_clear() {
            match &posted {
                Ok(_) => self.close(),
                Err(_) => self.save_answer(),
            }
        }
        self.is_final_posted.set(posted.is_ok());
        let first = self.first_refusal.take();
        let has_complained = self.is_annotated.get();
        match (posted, first) {
            (Ok(_), Some(first)) if !has_complained => {
                self.context.console.info(&first.to_string());
            }
            (Ok(_), _) => {}
            (Err(error), Some(first)) if has_complained && first.says_the_same(&error) => {
                self.context.console.debug(&error.to_string());
            }
            (Err(error), _) => annotate_error(self.context, &error),
        }
    }

    fn close(&self) {
        if let Some(file) = self.state_file.take() {
            file.close();
        }
    }
}

/// What a person has to know of a status that GitHub did not take.
pub(super) fn annotate_error(context: RunContext<'_>, error: &ApiError) {
    if let Some(read_only) = context.inputs.event.read_only
        && error.is_denied()
    {
        let text = format!("{error}\nhelp: {}", read_only.remedy());
        context.console.annotate(Level::Notice, &text);
    } else {
        context.console.annotate(Level::Warning, &error.in_full());
    }
}
