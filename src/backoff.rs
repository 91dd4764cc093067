//! Delays between tries, and the decision whether there is another one.
//! It knows nothing of HTTP, and never sleeps past a deadline.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// So many times in a row a wait that was asked for is taken as it is, however short.
const BELIEVED_WAITS: u32 = 3;

/// A try that has less time than this before the deadline is not begun: no answer would come in time.
const SHORTEST_TRY: Duration = Duration::from_millis(100);

/// What to do after a failed try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Another try would end the same way.
    GiveUp,
    /// Surely nothing was done there. `after` is the least wait that was asked for.
    Retry { after: Option<Duration> },
    /// It may have been done: look before a write is repeated.
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
        // Clients that were all given the same second would come back in the same second.
        let jitter = (asked / 10).min(self.first_delay).mul_f64(fastrand::f64());
        let theirs = asked.saturating_add(jitter);
        // A server that asks for no wait and refuses again and again is not to be hammered.
        if failures > BELIEVED_WAITS { theirs.max(ours) } else { theirs }
    }

    /// The wait before the next try, so that an answer can still come before the deadline, which is
    /// `left` away. Our own delays are cut to that; None where what was asked for is too long.
    pub(crate) fn delay_within(
        self,
        failures: u32,
        asked: Option<Duration>,
        left: Duration,
    ) -> Option<Duration> {
        let latest = left.saturating_sub(self.first_delay.min(left / 2));
        let delay = self.delay(failures, asked).min(latest).max(asked.unwrap_or_default());
        (left.checked_sub(delay)? >= SHORTEST_TRY).then_some(delay)
    }

    /// Tries until it works, the decision is to give up, or no other try would be answered before
    /// the deadline. `waiting` is called before each wait.
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
            let asked = match retry_decision(&err) {
                RetryDecision::GiveUp => return Err(err),
                RetryDecision::Retry { after } | RetryDecision::Uncertain { after } => after,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(delay) = self.delay_within(failures, asked, left) else { return Err(err) };
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
    async fn each_wait_is_announced_before_it_begins() {
        let reported = RefCell::new(Vec::new());
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
                |left, delay| reported.borrow_mut().push((*left, delay >= seconds(10))),
                attempt,
            )
            .await;

        assert_eq!(result, Ok(()));
        assert_eq!(reported.into_inner(), [(2, true), (1, true)]);
    }

    #[test]
    fn delays_of_our_own_double_up_to_the_cap() {
        for (failures, longest) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (u32::MAX, 8)] {
            assert!(RETRY.delay(failures, None) <= seconds(longest));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_a_last_try_with_time_for_its_answer() {
        for budget in [3, 10, 60] {
            let begun = Instant::now();
            let last = Cell::new(begun);
            let attempt = || {
                last.set(Instant::now());
                async { Err::<(), ()>(()) }
            };
            let again = |(): &()| RetryDecision::Retry { after: None };

            let result = RETRY.until(begun + seconds(budget), again, |(), _| (), attempt).await;

            assert_eq!(result, Err(()));
            let left = begun + seconds(budget) - last.get();
            assert!((SHORTEST_TRY..=seconds(1)).contains(&left), "{left:?} of {budget}s");
        }
    }

    #[test]
    fn no_jitter_takes_a_wait_that_was_asked_for_past_the_deadline() {
        for _ in 0..1000 {
            let delay = RETRY.delay_within(1, Some(seconds(10)), Duration::from_millis(10_150));
            let delay = delay.expect("there is time for it");
            assert!((seconds(10)..=Duration::from_millis(10_050)).contains(&delay), "{delay:?}");
        }
        for left in [0, 50, 9_999, 10_000, 10_099] {
            let delay = RETRY.delay_within(1, Some(seconds(10)), Duration::from_millis(left));
            assert_eq!(delay, None, "{left}");
        }
        assert_eq!(RETRY.delay_within(1, Some(Duration::MAX), seconds(60)), None);
    }

    #[test]
    fn a_wait_of_nothing_is_nothing() {
        assert_eq!(RETRY.delay(BELIEVED_WAITS, Some(Duration::ZERO)), Duration::ZERO);
    }
}
