//! What became of a status whose post was not answered: the list is read until it shows.

use std::time::Duration;

use tokio::time::Instant;

use super::{Attempt, DECIDED_AFTER, State, StatusPublisher, matching};
use crate::backoff::RetryDecision;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;

/// One look at the list of statuses.
const READ_LIMIT: Duration = Duration::from_secs(5);

/// From one look to the next.
const FIRST_READ_DELAY: Duration = Duration::from_millis(500);
const MAX_READ_DELAY: Duration = Duration::from_secs(2);

/// A last look leaves room for its answer.
const LAST_READ_MARGIN: Duration = Duration::from_millis(250);

/// A list that cannot be read that much longer does not show it any more.
const UNREADABLE_LIMIT: Duration = Duration::from_secs(20);

/// What is kept for posting again when the list does not show it.
const LAST_POST_RESERVE: Duration = Duration::from_secs(2);

/// What became of an attempt that was not answered.
pub(super) enum Delivery {
    Accepted(Status),
    Lost,
    Unknown,
}

impl StatusPublisher<'_> {
    /// Reads the list until the status of unknown fate is there, or can no longer arrive. Whoever
    /// wants to post the same again `must_know`, from a list that could be read.
    pub(super) async fn reconcile(&self, deadline: Instant, must_know: bool) -> Delivery {
        let state = self.progress.borrow().state.clone();
        let (Attempt { status, sent }, why) = match state {
            State::Idle => return Delivery::Lost,
            State::Sending(attempt) => (attempt, None),
            State::Unconfirmed(attempt, why) => (attempt, Some(why)),
        };
        let decided = sent + DECIDED_AFTER;
        let unreadable =
            decided.max((decided + UNREADABLE_LIMIT).min(deadline - LAST_POST_RESERVE));
        let mut pause = FIRST_READ_DELAY;
        loop {
            let looked = Instant::now();
            let (is_known, asked) = match self.read_list(&status, deadline).await {
                Ok(Some(found)) => {
                    self.progress.borrow_mut().settle(Some(&found));
                    return Delivery::Accepted(found);
                }
                Ok(None) => (true, None),
                Err(error) => match error.retry_decision() {
                    RetryDecision::GiveUp => (true, None),
                    RetryDecision::Retry { after } | RetryDecision::Uncertain { after } => {
                        (false, after)
                    }
                },
            };
            if looked >= decided && (is_known || !must_know || looked >= unreadable) {
                self.progress.borrow_mut().settle(None);
                return Delivery::Lost;
            }
            let Some(next) = next_look(decided, pause, asked, deadline) else {
                return Delivery::Unknown;
            };
            if !self.progress.borrow().may_retry() {
                return Delivery::Unknown;
            }
            if let Some(why) = why.as_ref().filter(|_| pause == FIRST_READ_DELAY) {
                self.report_wait(why, decided.saturating_duration_since(looked));
            }
            self.pause(next.saturating_duration_since(Instant::now())).await;
            pause = (pause * 2).min(MAX_READ_DELAY);
        }
    }

    async fn read_list(
        &self,
        status: &NewStatus,
        until: Instant,
    ) -> Result<Option<Status>, ApiError> {
        let limit = READ_LIMIT.min(until.saturating_duration_since(Instant::now()));
        let held = self.github.latest_statuses(self.deployment, limit).await?;
        let newest = self.latest().map(|latest| latest.id);
        Ok(matching::find(&held, status, newest).cloned())
    }
}

/// None if there is no time for another look. There is one at the moment that decides, and a last
/// one just before the deadline.
fn next_look(
    decided: Instant,
    pause: Duration,
    asked: Option<Duration>,
    deadline: Instant,
) -> Option<Instant> {
    let now = Instant::now();
    let next = match asked {
        Some(asked) => now + asked.max(pause),
        None if now < decided => decided.min(now + pause),
        None => now + pause,
    };
    let last = deadline - LAST_READ_MARGIN;
    (now < last).then_some(next.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_next_look_is_soon_at_the_moment_that_decides_and_before_the_deadline() {
        let now = Instant::now();
        let in_seconds = |seconds| now + Duration::from_secs(seconds);
        let pause = Duration::from_secs(2);
        let deadline = in_seconds(60);
        let asked = |seconds| Some(Duration::from_secs(seconds));
        let next = |decided, asked| next_look(decided, pause, asked, deadline);

        assert_eq!(next(in_seconds(9), None), Some(in_seconds(2)));
        assert_eq!(next(in_seconds(1), None), Some(in_seconds(1)));
        assert_eq!(next(now, None), Some(in_seconds(2)));
        assert_eq!(next(in_seconds(9), asked(1)), Some(in_seconds(2)));
        assert_eq!(next(in_seconds(9), asked(5)), Some(in_seconds(5)));
        let last = deadline - LAST_READ_MARGIN;
        assert_eq!(next(in_seconds(9), asked(99)), Some(last));
        assert_eq!(next_look(now, pause, None, now + LAST_READ_MARGIN), None);
    }
}
