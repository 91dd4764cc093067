//! The last status when there is no time to look first, and what is still done about one before it
//! that may arrive afterwards.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::matching::{self, Place};
use super::{Attempt, DECIDED_AFTER, Report};
use crate::backoff::Verdict;
use crate::deployment::{NewStatus, Status, StatusId};
use crate::github::{ApiError, Github};

/// After a signal a try has to be short: the runner kills us soon.
const HURRIED_TRY: Duration = Duration::from_secs(2);
const HURRIED_PAUSE: Duration = Duration::from_millis(200);

/// A last look, and what has to be posted again then, take no longer.
const LAST_LOOK: Duration = Duration::from_millis(800);

impl Report<'_> {
    /// Posts a status by `deadline`, on new connections and with no time to look first: a double
    /// is the lesser evil. Whatever else is being posted must not be polled any more.
    ///
    /// # Errors
    /// When GitHub refuses it, or took none of the tries.
    pub(crate) async fn post_in_a_hurry(
        &self,
        status: &NewStatus,
        deadline: Instant,
    ) -> Result<Status, ApiError> {
        let github = self.github.fresh();
        loop {
            let limit = HURRIED_TRY.min(deadline.saturating_duration_since(Instant::now()));
            let error = match self.attempt(&github, status, limit).await {
                Ok(posted) => {
                    self.stay_on_top(&github, status, posted.id, deadline).await;
                    return Ok(posted);
                }
                Err(error) => error,
            };
            let pause = match error.verdict() {
                Verdict::GiveUp => return Err(error),
                Verdict::TryAgain { after } | Verdict::Unsure { after } => {
                    after.unwrap_or(HURRIED_PAUSE)
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
    pub(super) async fn stay_on_top(
        &self,
        github: &Github,
        status: &NewStatus,
        posted: StatusId,
        deadline: Instant,
    ) {
        let late = self.late.borrow().clone().filter(|late| !late.status.state.is_final());
        let mut is_buried = late.is_none();
        if let Some(late) = late {
            let decided = late.sent + DECIDED_AFTER;
            for look in [deadline - HURRIED_TRY, deadline - LAST_LOOK] {
                sleep_until(decided.min(look)).await;
                is_buried = self.bury(github, &late, (status, posted), deadline).await;
                if is_buried {
                    break;
                }
            }
        }
        if is_buried {
            self.late.replace(None);
        }
    }

    /// Whether an earlier status lies below this one for good.
    async fn bury(
        &self,
        github: &Github,
        late: &Attempt,
        (status, posted): (&NewStatus, StatusId),
        deadline: Instant,
    ) -> bool {
        let is_decided = Instant::now() >= late.sent + DECIDED_AFTER;
        let limit = || (HURRIED_TRY / 2).min(deadline.saturating_duration_since(Instant::now()));
        let Ok(held) = github.latest_statuses(self.deployment, limit()).await else { return false };
        match matching::place(&held, &late.status, posted) {
            Place::Above => {
                let again = github.create_status(self.deployment, status, limit()).await;
                again.map(|again| self.latest.replace(Some(again))).is_ok()
            }
            Place::Below => true,
            Place::Nowhere => is_decided,
        }
    }
}
