//! What became of a status whose post was not answered: the list is read until it tells.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::{Attempt, DECIDED_AFTER, Report, matching};
use crate::backoff::Verdict;
use crate::deployment::{NewStatus, Status};
use crate::github::ApiError;

/// One look at the list of statuses.
const LOOK: Duration = Duration::from_secs(5);

/// From one look to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A last look leaves room for its answer.
const GLANCE: Duration = Duration::from_millis(250);

/// A list that cannot be read that much longer will not tell.
const UNREADABLE: Duration = Duration::from_secs(20);

/// What is kept for posting again when the list does not tell.
const LAST_POST: Duration = Duration::from_secs(2);

/// What became of an attempt that was not answered.
pub(super) enum Fate {
    Taken(Status),
    Dropped,
    Unknown,
}

impl Report<'_> {
    /// Reads the list until the status of unknown fate is there, or can no longer arrive. Whoever
    /// wants to post the same again `must_know`, from a list that could be read.
    pub(super) async fn fate(&self, deadline: Instant, must_know: bool) -> Fate {
        let Some(Attempt { status, sent, why }) = self.open.borrow().clone() else {
            return Fate::Dropped;
        };
        let decided = sent + DECIDED_AFTER;
        let unreadable = decided.max((decided + UNREADABLE).min(deadline - LAST_POST));
        let mut pause = FIRST_PAUSE;
        loop {
            let looked = Instant::now();
            let (is_known, asked) = match self.look(&status, deadline).await {
                Ok(Some(found)) => {
                    self.is_settled(Some(&found));
                    return Fate::Taken(found);
                }
                Ok(None) => (true, None),
                Err(error) => match error.verdict() {
                    Verdict::GiveUp => (true, None),
                    Verdict::TryAgain { after } | Verdict::Unsure { after } => (false, after),
                },
            };
            if looked >= decided && (is_known || !must_know || looked >= unreadable) {
                self.is_settled(None);
                return Fate::Dropped;
            }
            let Some(next) = next_look(decided, pause, asked, deadline) else {
                return Fate::Unknown;
            };
            if self.no_more_tries.get() {
                return Fate::Unknown;
            }
            if let Some(why) = why.as_ref().filter(|_| pause == FIRST_PAUSE) {
                self.say_wait(why, decided.saturating_duration_since(looked));
            }
            // Either is an end of the wait.
            let _ = timeout_at(next, self.cut_short.notified()).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn look(&self, status: &NewStatus, until: Instant) -> Result<Option<Status>, ApiError> {
        let limit = LOOK.min(until.saturating_duration_since(Instant::now()));
        let held = self.github.latest_statuses(self.deployment, limit).await?;
        let newest = self.latest.borrow().as_ref().map(|latest| latest.id);
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
    let last = deadline - GLANCE;
    (now < last).then_some(next.min(last))
}
