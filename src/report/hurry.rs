//! The last status when there is no time to look first, and what is still done about one before it
//! that may arrive afterwards.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::held::{self, Place};
use super::{DECIDED_AFTER, Report};
use crate::deployment::{NewStatus, Status, StatusId};
use crate::github::{ApiError, Github};
use crate::retry::Verdict;

/// After a signal a try has to be short: the runner kills us soon.
const HURRIED_TRY: Duration = Duration::from_secs(2);
const HURRIED_PAUSE: Duration = Duration::from_millis(200);

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

    /// Looks once an earlier status must have arrived, or there is no more time, and posts again
    /// if that lies on top of this one.
    pub(super) async fn stay_on_top(
        &self,
        github: &Github,
        status: &NewStatus,
        posted: StatusId,
        deadline: Instant,
    ) {
        let Some(late) = self.late.borrow().clone().filter(|late| !late.status.state.is_final())
        else {
            self.late.replace(None);
            return;
        };
        let decided = late.sent + DECIDED_AFTER;
        sleep_until(decided.min(deadline - HURRIED_TRY)).await;
        let is_decided = Instant::now() >= decided;
        let limit = || (HURRIED_TRY / 2).min(deadline.saturating_duration_since(Instant::now()));
        let Ok(held) = github.latest_statuses(self.deployment, limit()).await else { return };
        let is_buried = match held::place(&held, &late.status, posted) {
            Place::Above => {
                let again = github.create_status(self.deployment, status, limit()).await;
                again.map(|again| self.latest.replace(Some(again))).is_ok()
            }
            Place::Below => true,
            Place::Nowhere => is_decided,
        };
        if is_buried {
            self.late.replace(None);
        }
    }
}
