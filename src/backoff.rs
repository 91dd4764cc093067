//! When to try again, and when to stop.
//! It knows nothing of HTTP, and never sleeps past a deadline.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// So many times in a row a wait that was asked for is believed, however short.
const PATIENCE: u32 = 3;

/// What to do after a try that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// No further try will fare better.
    GiveUp,
    /// Surely nothing happened there. `after` is the least wait that was asked for.
    Retry { after: Option<Duration> },
    /// It may have happened: look before a write is repeated.
    Uncertain { after: Option<Duration> },
}

/// Exponential backoff with full jitter.
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryPolicy {
    pub(crate) first_delay: Duration,
    /// No delay of our own is longer; one that was asked for may be.
    pub(crate) cap: Duration,
}

impl RetryPolicy {
    /// The wait after so many failures in a row (1 is the first), never shorter than what was
    /// asked for.
    pub(crate) fn delay(self, failures: u32, asked: Option<Duration>) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let longest = self.first_delay.saturating_mul(1 << doublings).min(self.cap);
        let ours = longest.mul_f64(fastrand::f64());
        let Some(asked) = asked else { return ours };
        // Everybody who was told the same second would come back in the same second.
        let jitter = (asked / 10).min(self.first_delay).mul_f64(fastrand::f64());
        let theirs = asked.saturating_add(jitter);
        // A server that keeps saying "at once" and then no is not to be hammered.
        if failures > PATIENCE { theirs.max(ours) } else { theirs }
    }

    /// Tries until it works, the verdict is to give up, or the next try would begin after the
    /// deadline; `waiting` hears of each wait before it begins.
    pub(crate) async fn until<T, E, F>(
        self,
        deadline: Instant,
        retry_decision: impl Fn(&E) -> RetryDecision,
        waiting: impl Fn(&E, Duration),
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let mut failures = 0;
        loop {
            let err = match attempt().await {
                Ok(value) => return Ok(value),
                Err(err) => err,
            };
            failures += 1;
            let delay = match retry_decision(&err) {
                RetryDecision::GiveUp => return Err(err),
                RetryDecision::Retry { after } | RetryDecision::Uncertain { after } => {
                    self.delay(failures, after)
                }
            };
            if deadline.saturating_duration_since(Instant::now()) <= delay {
                return Err(err);
            }
            waiting(&err, delay);
            sleep(delay).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const RETRY: RetryPolicy =
        RetryPolicy { first_delay: Duration::from_secs(1), cap: Duration::from_secs(8) };

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Tries something that fails with each of the verdicts in turn and then works.
    async fn tried(
        budget: Duration,
        verdicts: &[RetryDecision],
    ) -> (Result<&'static str, RetryDecision>, usize) {
        let tries = Cell::new(0);
        let attempt = || {
            let failure = verdicts.get(tries.replace(tries.get() + 1)).copied();
            async move { failure.map_or(Ok("done"), Err) }
        };
        let deadline = Instant::now() + budget;
        let result = RETRY.until(deadline, |decision| *decision, |_, _| (), attempt).await;
        (result, tries.get())
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_work_later_is_tried_again() {
        let again = RetryDecision::Retry { after: None };
        let unsure = RetryDecision::Uncertain { after: None };
        assert_eq!(tried(seconds(60), &[again, unsure]).await, (Ok("done"), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_work_is_not_tried_again() {
        let again = RetryDecision::Retry { after: None };
        let result = tried(seconds(60), &[again, RetryDecision::GiveUp]).await;
        assert_eq!(result, (Err(RetryDecision::GiveUp), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_was_asked_for_is_kept() {
        let begun = Instant::now();
        let again = RetryDecision::Retry { after: Some(seconds(42)) };

        let result = tried(seconds(60), &[again]).await;

        assert_eq!(result, (Ok("done"), 2));
        assert!((seconds(42)..=seconds(43)).contains(&begun.elapsed()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_past_the_deadline_is_not_begun() {
        let begun = Instant::now();
        let again = RetryDecision::Retry { after: Some(seconds(3600)) };

        assert_eq!(tried(seconds(60), &[again]).await, (Err(again), 1));
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn each_wait_is_told_before_it_begins() {
        let told = RefCell::new(Vec::new());
        let failures = Cell::new(2_u32);
        let attempt = || {
            let left = failures.replace(failures.get().saturating_sub(1));
            async move { if left == 0 { Ok(()) } else { Err(left) } }
        };
        let begun = Instant::now();

        let result = RETRY
            .until(
                begun + seconds(60),
                |_| RetryDecision::Retry { after: Some(seconds(10)) },
                |left, delay| told.borrow_mut().push((*left, delay >= seconds(10))),
                attempt,
            )
            .await;

        assert_eq!(result, Ok(()));
        assert_eq!(told.into_inner(), [(2, true), (1, true)]);
    }

    #[test]
    fn delays_of_our_own_double_up_to_the_cap() {
        for (failures, longest) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (u32::MAX, 8)] {
            assert!(RETRY.delay(failures, None) <= seconds(longest));
        }
    }

    #[test]
    fn a_wait_of_nothing_is_nothing() {
        assert_eq!(RETRY.delay(PATIENCE, Some(Duration::ZERO)), Duration::ZERO);
    }
}
