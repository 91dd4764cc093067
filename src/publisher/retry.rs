//! Posts a status with all the time that it has: tries, waits, and looks before trying again.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::reconcile::Delivery;
use super::{Attempt, DECIDED_AFTER, FINAL_RESERVE, State, StatusPublisher, Wanted};
use crate::backoff::{RetryDecision, RetryPolicy};
use crate::deployment::{NewStatus, Status};
use crate::github::{ApiError, Github};

/// Between two tries that surely changed nothing, unless GitHub asks for another wait.
const RETRY_POLICY: RetryPolicy =
    RetryPolicy { first_delay: Duration::from_secs(1), cap: Duration::from_secs(30) };

impl StatusPublisher<'_> {
    /// Posts a status by its deadline, and sees to it that an earlier one does not lie on top.
    pub(super) async fn post_in_time(&self, wanted: &Wanted) -> Result<Status, ApiError> {
        let Wanted { status, deadline } = wanted;
        let deadline = *deadline;
        // The earlier status has its time until then; what has not arrived by then is late.
        self.reconcile(deadline - FINAL_RESERVE.min(self.time_limit / 2), false).await;
        let post = async |status: &NewStatus| self.post_with_retries(status, deadline).await;
        let posted = if status.state.is_final() {
            self.with_fallbacks(status, deadline, post).await?
        } else {
            post(status).await?
        };
        self.ensure_latest(self.github, status, posted.id, deadline).await;
        Ok(posted)
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
            let after = match error.retry_decision() {
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
            let left = deadline.saturating_duration_since(Instant::now());
            let pause = RETRY_POLICY.delay_within(failures, after, left);
            let Some(pause) = pause else { return Err(error) };
            if !self.wait_before_retry(&error, pause).await {
                return Err(error);
            }
        }
        unreachable!("tries are counted for ever")
    }

    /// Waits as long as GitHub asked for when it refused the status before. A wait that is too
    /// long is not begun: one try shows whether it still holds.
    async fn wait_out_rate_limit(&self, deadline: Instant) -> Result<(), ApiError> {
        let rate_limit = self.progress.borrow_mut().rate_limit.take();
        let Some((until, why)) = rate_limit.filter(|(until, _)| *until < deadline) else {
            return Ok(());
        };
        let left = until.saturating_duration_since(Instant::now());
        let limit = deadline.saturating_duration_since(Instant::now());
        let pause = RETRY_POLICY.delay_within(1, Some(left), limit).unwrap_or(left);
        if left.is_zero() || self.wait_before_retry(&why, pause).await { Ok(()) } else { Err(why) }
    }

    /// Waits; false as soon as the status is not worth another try.
    async fn wait_before_retry(&self, error: &ApiError, pause: Duration) -> bool {
        if self.progress.borrow().may_retry() && !pause.is_zero() {
            self.report_wait(error, pause);
            self.pause(pause).await;
        }
        self.progress.borrow().may_retry()
    }

    /// Waits that long, or until the status is not worth another try.
    pub(super) async fn pause(&self, pause: Duration) {
        let superseded = self.until(|progress| (!progress.may_retry()).then_some(()));
        // Either is an end of the wait.
        let _ = timeout(pause, superseded).await;
    }

    pub(super) fn report_wait(&self, error: &ApiError, pause: Duration) {
        if !self.progress.borrow().is_silent {
            self.github.wait(error, pause);
        }
    }

    /// Sends one request, and keeps what is known of its delivery.
    pub(super) async fn attempt(
        &self,
        github: &Github,
        status: &NewStatus,
        limit: Duration,
    ) -> Result<Status, ApiError> {
        let attempt = Attempt { status: status.clone(), sent: Instant::now() };
        self.begin(&attempt);
        let answer = github.create_status(self.deployment, status, limit).await;
        let mut progress = self.progress.borrow_mut();
        let error = match &answer {
            Ok(posted) => {
                progress.settle(Some(posted));
                return answer;
            }
            Err(error) => error,
        };
        let after = match error.retry_decision() {
            RetryDecision::GiveUp => {
                progress.settle(None);
                None
            }
            RetryDecision::Retry { after } => {
                progress.settle(None);
                after
            }
            RetryDecision::Uncertain { after } => {
                progress.state = State::Unconfirmed(attempt, error.clone());
                after
            }
        };
        progress.rate_limit = after.map(|after| (Instant::now() + after, error.clone()));
        drop(progress);
        answer
    }

    fn begin(&self, attempt: &Attempt) {
        let mut progress = self.progress.borrow_mut();
        let earlier = progress.open_attempt().cloned();
        if let Some(earlier) = earlier.filter(|earlier| earlier.status != attempt.status) {
            progress.superseded = Some(earlier);
        }
        progress.state = State::Sending(attempt.clone());
    }
}
