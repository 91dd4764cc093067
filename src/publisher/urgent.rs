//! The last status when there is no time to look first, and what is still done about one before it
//! that may arrive afterwards.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::matching::{self, Position};
use super::{Attempt, DECIDED_AFTER, Posted, StatusPublisher, Stop, Wanted};
use crate::backoff::RetryDecision;
use crate::deployment::{NewStatus, Status, StatusId};
use crate::github::{ApiError, Github};

/// After a signal a try has to be short: the runner kills us soon.
const URGENT_TRY_LIMIT: Duration = Duration::from_secs(2);
const URGENT_RETRY_DELAY: Duration = Duration::from_millis(200);

/// A last look, and what has to be posted again then, take no longer.
const FINAL_CHECK_LIMIT: Duration = Duration::from_millis(800);

impl StatusPublisher<'_> {
    /// Posts a last status in the time that a signal leaves.
    pub(super) async fn post_urgently(&self, wanted: &Wanted, stop: Stop) -> Posted {
        let post = async |status: &NewStatus| self.post_before(status, stop.deadline).await;
        match self.with_fallbacks(&wanted.status, stop.deadline, post).await {
            Ok(posted) => Posted::Accepted(posted),
            Err(error) => Posted::Refused(error),
        }
    }

    /// Posts a status by `deadline`, on new connections and with no time to look first: a double
    /// is the lesser evil.
    async fn post_before(&self, status: &NewStatus, deadline: Instant) -> Result<Status, ApiError> {
        let github = self.github.fresh();
        loop {
            let limit = URGENT_TRY_LIMIT.min(deadline.saturating_duration_since(Instant::now()));
            let error = match self.attempt(&github, status, limit).await {
                Ok(posted) => {
                    self.ensure_latest(&github, status, posted.id, deadline).await;
                    return Ok(posted);
                }
                Err(error) => error,
            };
            let pause = match error.retry_decision() {
                RetryDecision::GiveUp => return Err(error),
                RetryDecision::Retry { after } | RetryDecision::Uncertain { after } => {
                    after.unwrap_or(URGENT_RETRY_DELAY)
                }
            };
            if Instant::now() + pause >= deadline {
                return Err(error);
            }
            sleep(pause).await;
        }
    }

    /// Looks once an earlier status must have arrived, or twice as long as there is time, and posts
    /// again if that lies on top of this one.
    pub(super) async fn ensure_latest(
        &self,
        github: &Github,
        status: &NewStatus,
        posted: StatusId,
        deadline: Instant,
    ) {
        let late = self.progress.borrow().superseded.clone();
        let late = late.filter(|late| !late.status.state.is_final());
        let mut is_latest = late.is_none();
        if let Some(late) = late {
            let decided = late.sent + DECIDED_AFTER;
            for look in [deadline - URGENT_TRY_LIMIT, deadline - FINAL_CHECK_LIMIT] {
                sleep_until(decided.min(look)).await;
                is_latest = self.repost_if_newer(github, &late, (status, posted), deadline).await;
                if is_latest {
                    break;
                }
            }
        }
        if is_latest {
            self.progress.borrow_mut().superseded = None;
        }
    }

    /// Whether an earlier status lies below this one for good.
    async fn repost_if_newer(
        &self,
        github: &Github,
        late: &Attempt,
        (status, posted): (&NewStatus, StatusId),
        deadline: Instant,
    ) -> bool {
        let is_decided = Instant::now() >= late.sent + DECIDED_AFTER;
        let limit =
            || (URGENT_TRY_LIMIT / 2).min(deadline.saturating_duration_since(Instant::now()));
        let Ok(held) = github.latest_statuses(self.deployment, limit()).await else { return false };
        match matching::position(&held, &late.status, posted) {
            Position::Above => {
                let again = github.create_status(self.deployment, status, limit()).await;
                again.map(|again| self.progress.borrow_mut().latest = Some(again)).is_ok()
            }
            Position::Below => true,
            Position::Nowhere => is_decided,
        }
    }
}
