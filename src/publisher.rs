//! Tells GitHub once, in order: one status at a time, and one whose fate is unknown is looked up
//! before anything is posted again.

mod last_status;
mod matching;
mod reconcile;
#[cfg(test)]
mod tests;
mod urgent;

use std::cell::{Cell, Ref, RefCell};
use std::future;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout, timeout_at};

use self::reconcile::Delivery;
use crate::backoff::{RetryDecision, RetryPolicy};
use crate::deployment::{DeploymentId, NewStatus, Status};
use crate::github::{ApiError, Github};

/// GitHub ends a request after 10 s, and its lists lag behind a little: what is not there by then
/// does not come any more.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const DECIDED_AFTER: Duration = Duration::from_secs(11);

/// What the status before leaves of a status's time, at least.
const FINAL_RESERVE: Duration = Duration::from_secs(5);

/// Between two tries that surely changed nothing, unless GitHub asks for another wait.
const RETRY_POLICY: RetryPolicy =
    RetryPolicy { first_delay: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// The statuses of one deployment, as far as they are ours.
pub(crate) struct StatusPublisher<'a> {
    github: &'a Github,
    deployment: DeploymentId,
    patience: Duration,
    latest: RefCell<Option<Status>>,
    /// The one that is on its way, or whose fate is unknown.
    open: RefCell<Option<Attempt>>,
    /// One before it that may still arrive, and then lie on top.
    late: RefCell<Option<Attempt>>,
    /// Until when GitHub asked us to stay away, and in which words.
    rate_limited_until: RefCell<Option<(Instant, ApiError)>>,
    no_more_tries: Cell<bool>,
    cut_short: Notify,
    is_silent: Cell<bool>,
}

#[derive(Clone)]
struct Attempt {
    status: NewStatus,
    sent: Instant,
    /// Why its fate is unknown.
    why: Option<ApiError>,
}

impl<'a> StatusPublisher<'a> {
    /// `patience` is how long each status is tried.
    pub(crate) fn new(github: &'a Github, deployment: DeploymentId, patience: Duration) -> Self {
        Self {
            github,
            deployment,
            patience,
            latest: RefCell::default(),
            open: RefCell::default(),
            late: RefCell::default(),
            rate_limited_until: RefCell::default(),
            no_more_tries: Cell::default(),
            cut_short: Notify::new(),
            is_silent: Cell::default(),
        }
    }

    /// The latest of our statuses that GitHub is known to hold.
    pub(crate) fn latest(&self) -> Ref<'_, Option<Status>> {
        self.latest.borrow()
    }

    /// No status is on its way whose fate we do not know.
    pub(crate) fn is_clear(&self) -> bool {
        self.open.borrow().is_none() && self.late.borrow().is_none()
    }

    /// Says no more what is waited for: nobody waits.
    pub(crate) fn silence(&self) {
        self.is_silent.set(true);
    }

    /// Posts a status.
    ///
    /// # Errors
    /// When GitHub refuses it, or could not be made to take it in time. Then it may still have
    /// been taken, which the next call finds out.
    pub(crate) async fn post(&self, status: &NewStatus) -> Result<Status, ApiError> {
        self.post_after(future::ready(()), status).await
    }

    /// Posts a status once the one before it has been answered, or can no longer arrive. `before`
    /// is the call that posts that one; it is not tried again.
    ///
    /// # Errors
    /// As [`StatusPublisher::post`].
    pub(crate) async fn post_after(
        &self,
        before: impl Future<Output = ()>,
        status: &NewStatus,
    ) -> Result<Status, ApiError> {
        let deadline = Instant::now() + self.patience;
        let reserved = deadline - FINAL_RESERVE.min(self.patience / 2);
        self.give_up();
        // What has not come to its end by then is late.
        let _ = timeout_at(reserved, before).await;
        self.no_more_tries.set(false);
        self.is_silent.set(false);
        self.reconcile(reserved, false).await;
        let posted = self.post_with_retries(status, deadline).await?;
        self.ensure_latest(self.github, status, posted.id, deadline).await;
        Ok(posted)
    }

    /// Lets the status that is being posted come to its answer, but not to another try.
    pub(crate) fn give_up(&self) {
        self.no_more_tries.set(true);
        self.cut_short.notify_waiters();
    }

    async fn post_with_retries(
        &self,
        status: &NewStatus,
        deadline: Instant,
    ) -> Result<Status, ApiError> {
        self.wait_out_rate_limit(deadline).await?;
        let mut fresh = None;
        for failures in 1.. {
            let limit = DECIDED_AFTER.min(deadline.saturating_duration_since(Instant::now()));
            let github = fresh.as_ref().unwrap_or(self.github);
            let error = match self.attempt(github, status, limit).await {
                Ok(posted) => return Ok(posted),
                Err(error) => error,
            };
            let failed = Instant::now();
            let asked = match error.retry_decision() {
                RetryDecision::GiveUp => return Err(error),
                RetryDecision::Retry { after } => after,
                RetryDecision::Uncertain { after } => match self.reconcile(deadline, true).await {
                    Delivery::Accepted(found) => return Ok(found),
                    Delivery::Lost => {
                        Some(after.unwrap_or_default().saturating_sub(failed.elapsed()))
                    }
                    Delivery::Unknown => return Err(error),
                },
            };
            // The old connections may be what was broken.
            fresh = Some(self.github.fresh());
            let pause = RETRY_POLICY.delay(failures, asked);
            if Instant::now() + pause >= deadline || !self.wait_before_retry(&error, pause).await {
                return Err(error);
            }
        }
        unreachable!("tries are counted for ever")
    }

    /// Waits as long as GitHub asked us to when it refused the status before. A wait that is too
    /// long is not begun: one try shows whether it still holds.
    async fn wait_out_rate_limit(&self, deadline: Instant) -> Result<(), ApiError> {
        let rate_limited_until =
            self.rate_limited_until.take().filter(|(until, _)| *until < deadline);
        let Some((until, why)) = rate_limited_until else { return Ok(()) };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || self.wait_before_retry(&why, RETRY_POLICY.delay(1, Some(left))).await {
            Ok(())
        } else {
            Err(why)
        }
    }

    /// Waits, unless nobody wants another try.
    async fn wait_before_retry(&self, error: &ApiError, pause: Duration) -> bool {
        if !self.no_more_tries.get() && !pause.is_zero() {
            self.report_wait(error, pause);
            // Either is an end of the wait.
            let _ = timeout(pause, self.cut_short.notified()).await;
        }
        !self.no_more_tries.get()
    }

    fn report_wait(&self, error: &ApiError, pause: Duration) {
        if !self.is_silent.get() {
            self.github.wait(error, pause);
        }
    }

    async fn attempt(
        &self,
        github: &Github,
        status: &NewStatus,
        limit: Duration,
    ) -> Result<Status, ApiError> {
        let attempt = Attempt { status: status.clone(), sent: Instant::now(), why: None };
        if let Some(earlier) = self.open.replace(Some(attempt))
            && earlier.status != *status
        {
            self.late.replace(Some(earlier));
        }
        let answer = github.create_status(self.deployment, status, limit).await;
        let error = match &answer {
            Ok(posted) => {
                self.is_settled(Some(posted));
                return answer;
            }
            Err(error) => error,
        };
        let asked = match error.retry_decision() {
            RetryDecision::GiveUp => {
                self.is_settled(None);
                None
            }
            RetryDecision::Retry { after } => {
                self.is_settled(None);
                after
            }
            RetryDecision::Uncertain { after } => {
                if let Some(open) = &mut *self.open.borrow_mut() {
                    open.why = Some(error.clone());
                }
                after
            }
        };
        self.rate_limited_until.replace(asked.map(|asked| (Instant::now() + asked, error.clone())));
        answer
    }

    fn is_settled(&self, posted: Option<&Status>) {
        self.open.replace(None);
        if posted.is_some() {
            self.latest.replace(posted.cloned());
        }
    }
}
