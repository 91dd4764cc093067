//! What is posted of one run: that it begins, how it ended, or that it was cancelled.
//! It keeps the state file in step, so that `finish` can take over at any moment.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future;
use std::path::Path;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

use super::RunContext;
use super::panic_guard::guarded;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;
use crate::output::console::Level;
use crate::process::process_id::ProcessId;
use crate::process::{Cause, ShutdownRequest};
use crate::publisher::{Posted, StatusPublisher, Stop, Ticket};
use crate::resolve::ResolvedDeployment;
use crate::state_file::{RunRecord, StateFile};
use crate::status_builder;

/// The initial status holds the command back no longer than this.
const INITIAL_STATUS_LIMIT: Duration = Duration::from_secs(3);

/// GitHub's runner kills what is left 10 s after its first signal.
const AFTER_A_SIGNAL: ShutdownBudget =
    ShutdownBudget { command: Duration::from_secs(4), all: Duration::from_millis(6800) };

/// It stops listening 5 s after the death of the step's shell.
const AFTER_A_DEATH: ShutdownBudget =
    ShutdownBudget { command: Duration::from_secs(2), all: Duration::from_millis(4300) };

/// How long the last try may go on when a signal comes while it is under way.
const LAST_TRY: Duration = Duration::from_secs(2);

/// The status that GitHub itself posts at the end of such a job carries no URL.
/// <https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments>
const HOW_TO_KEEP_THE_URL: &str = "GitHub made this deployment for the job and ends it itself: to \
     keep the URL, write `environment: {name: …, url: ${{ steps.ID.outputs.url }}}` or \
     `environment: {name: …, deployment: false}`";

/// From the first shutdown request on: until the last status is posted although the command still
/// runs, and until it is not tried any longer.
#[derive(Clone, Copy)]
struct ShutdownBudget {
    command: Duration,
    all: Duration,
}

impl ShutdownBudget {
    fn of(request: ShutdownRequest) -> Self {
        match request.cause {
            Cause::Signal(_) => AFTER_A_SIGNAL,
            Cause::ParentDied => AFTER_A_DEATH,
        }
    }

    fn stop_after(request: ShutdownRequest) -> Stop {
        Stop { cut_off: request.at + LAST_TRY, deadline: request.at + Self::of(request).all }
    }
}

pub(super) struct RunLifecycle<'a> {
    context: RunContext<'a>,
    pub(super) resolved: ResolvedDeployment,
    publisher: StatusPublisher<'a>,
    initial: Cell<Option<Ticket>>,
    state_file: RefCell<Option<StateFile>>,
    /// The refusal of the initial status has been annotated.
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
        // Without a URL file, which would lie beside it, that has been said.
        if let Some(Err(error)) = &state_file
            && url_file.is_some()
        {
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
            initial: Cell::default(),
            state_file: RefCell::new(state_file.and_then(Result::ok)),
            is_annotated: Cell::default(),
            is_final_posted: Cell::default(),
            is_over: Notify::new(),
            started: Instant::now(),
        }
    }

    /// Posts what is wanted, for ever. A panic there leaves the rest unposted.
    pub(super) async fn publish(&self) -> Infallible {
        let run = async {
            self.publisher.run().await;
        };
        guarded(self.context.console, "a status", (), run).await;
        self.publisher.abandon();
        future::pending().await
    }

    /// Has the initial status posted, and holds the command back for as long as it may. GitHub's
    /// own status stands where it made the deployment for this job.
    ///
    /// # Errors
    /// With `strict`, when it was not posted: then the command is not run.
    pub(super) async fn post_initial(&self) -> anyhow::Result<()> {
        if self.resolved.is_the_jobs_own {
            self.context.console.info(HOW_TO_KEEP_THE_URL);
        } else {
            let ticket = self.publisher.want(status_builder::initial(self.context.inputs));
            self.initial.set(Some(ticket));
            let limit = (!self.context.inputs.strict).then_some(INITIAL_STATUS_LIMIT);
            tokio::select! {
                biased;
                _ = self.context.shutdown.requested() => {}
                _ = self.publisher.settled(ticket) => {}
                () = sleep(limit.unwrap_or_default()), if limit.is_some() => {}
            }
        }
        self.publisher.silence();
        self.check_initial()?;
        self.announce();
        Ok(())
    }

    fn check_initial(&self) -> anyhow::Result<()> {
        let initial = self.initial.get().and_then(|ticket| self.publisher.result(ticket));
        let is_missing = self.initial.get().is_some()
            && !matches!(initial, Some(Posted::Accepted(_)))
            && self.context.shutdown.first().is_none();
        let refusal = self.initial_refusal();
        if is_missing && self.context.inputs.strict {
            if self.publisher.is_clear() {
                self.close();
            }
            let why = refusal.as_ref().map_or_else(
                || "the initial status was not posted in time".to_owned(),
                ApiError::in_full,
            );
            anyhow::bail!("{why}\nthe command is not run, since `strict` is set");
        }
        if let Some(error) = &refusal {
            self.is_annotated.set(true);
            annotate_error(self.context, error);
        }
        Ok(())
    }

    /// Why the initial status was not posted.
    fn initial_refusal(&self) -> Option<ApiError> {
        match self.publisher.result(self.initial.get()?)? {
            Posted::Refused(error) => Some(error),
            Posted::Accepted(_) | Posted::Superseded => None,
        }
    }

    /// Says which deployment it is and how it stands, before the command starts.
    fn announce(&self) {
        let ResolvedDeployment { id, environment, .. } = &self.resolved;
        let of = environment.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        let text = match self.latest() {
            Some(latest) => format!("deployment {id}{of} is {}", latest.state),
            None if self.resolved.is_the_jobs_own => format!("deployment {id}{of} is GitHub's own"),
            None if self.is_annotated.get() => return,
            None => format!("the initial status of deployment {id}{of} is still being posted"),
        };
        self.context.console.info(&text);
    }

    /// Posts how the command ended.
    pub(super) async fn post_final(&self, last: NewStatus) {
        self.save_outcome(&last);
        let ticket = self.publisher.want(last);
        let posted = tokio::select! {
            posted = self.publisher.settled(ticket) => posted,
            request = self.context.shutdown.requested() => {
                self.publisher.stop_by(ShutdownBudget::stop_after(request));
                self.publisher.settled(ticket).await
            }
        };
        self.conclude(posted);
    }

    /// Once we are asked to stop, posts that the run was cancelled: when the command is gone, or
    /// does not go.
    pub(super) async fn cancel_when_requested(&self) {
        let request = self.context.shutdown.requested().await;
        self.publisher.stop_by(ShutdownBudget::stop_after(request));
        tokio::select! {
            () = self.is_over.notified() => {}
            () = sleep_until(request.at + ShutdownBudget::of(request).command) => {}
        }
        let last = status_builder::cancelled(self.context.inputs, self.started.elapsed());
        self.save_outcome(&last);
        let ticket = self.publisher.want(last);
        self.conclude(self.publisher.settled(ticket).await);
    }

    /// Lets [`RunLifecycle::cancel_when_requested`] go on at once.
    pub(super) fn command_is_over(&self) {
        self.is_over.notify_one();
    }

    /// The latest of our statuses that GitHub holds.
    pub(super) fn latest(&self) -> Option<Status> {
        self.publisher.latest()
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

    /// Nothing is left open once the status was posted; else `finish` may try again.
    fn conclude(&self, posted: Posted) {
        let error = match posted {
            Posted::Accepted(_) => {
                self.is_final_posted.set(true);
                if self.publisher.is_clear() {
                    self.close();
                }
                None
            }
            Posted::Refused(error) => {
                if self.publisher.is_clear() {
                    self.save_answer();
                }
                Some(error)
            }
            Posted::Superseded => return,
        };
        let is_annotated = self.is_annotated.get();
        match (error, self.initial_refusal()) {
            (None, Some(first)) if !is_annotated => self.context.console.info(&first.to_string()),
            (None, _) => {}
            (Some(error), Some(first)) if is_annotated && first.says_the_same(&error) => {
                self.context.console.debug(&error.to_string());
            }
            (Some(error), _) => annotate_error(self.context, &error),
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
