//! How fast many requests follow each other.
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::backoff::RetryDecision;
use crate::deployment::format_duration;
use crate::github::{ApiError, ErrorKind, Github};
use crate::output::console::Console;

const INTERVAL: Duration = Duration::from_secs(1);

/// So many posts at the beginning are not held back where somebody waits for them.
pub(in crate::commands) const A_FEW: u32 = 5;

/// Requests of the hour that are left to others.
const RESERVED: u64 = 10;

/// So often the same request waits for the rate limit.
const WAITS: u32 = 3;

/// GitHub grants the requests of an hour anew each hour.
const LONGEST_WAIT: Duration = Duration::from_mins(65);

/// Posts follow each other at least [`INTERVAL`] apart, but for the first few.
pub(in crate::commands) struct Pace {
    /// Posts that are not held back.
    burst: u32,
    next: Instant,
}

impl Pace {
    /// Where nothing is sent, nothing is held back.
    pub(in crate::commands) fn after(burst: u32, is_dry_run: bool) -> Self {
        Self { burst: if is_dry_run { u32::MAX } else { burst }, next: Instant::now() }
    }

    /// Waits until the next post may be sent.
    pub(in crate::commands) async fn before_post(&mut self) {
        match self.burst.checked_sub(1) {
            Some(left) => self.burst = left,
            None => sleep_until(self.next).await,
        }
        self.next = Instant::now() + INTERVAL;
    }
}

/// Makes requests when the rate limit has room for them. Where it is used up all the same, they
/// are made again once it is granted anew.
pub(in crate::commands) async fn within_quota<T>(
    github: &Github,
    console: &Console,
    mut attempt: impl AsyncFnMut() -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    for _ in 0..WAITS {
        wait_for_quota(github, console).await;
        let error = match attempt().await {
            Err(error) if error.kind() == ErrorKind::RateLimited => error,
            done => return done,
        };
        let RetryDecision::Retry { after: Some(after) } = error.retry_decision() else {
            return Err(error);
        };
        if after > LONGEST_WAIT {
            return Err(error);
        }
        say(console, after);
        sleep(after).await;
    }
    attempt().await
}

/// Waits until the hour's requests are granted anew, where they are nearly used up.
async fn wait_for_quota(github: &Github, console: &Console) {
    let Some(quota) = github.quota().filter(|quota| quota.remaining <= RESERVED) else { return };
    let wait = quota.resets.saturating_duration_since(Instant::now());
    if !wait.is_zero() {
        say(console, wait);
        sleep(wait).await;
    }
}

fn say(console: &Console, wait: Duration) {
    let wait = format_duration(wait);
    console.info(&format!("GitHub's rate limit is used up: waiting {wait}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of five posts may be sent, in seconds.
    async fn posts(mut pace: Pace) -> Vec<u64> {
        let begun = Instant::now();
        let mut sent = Vec::new();
        for _ in 0..5 {
            pace.before_post().await;
            sent.push(begun.elapsed().as_secs());
        }
        sent
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_first_few_there_is_one_post_a_second() {
        assert_eq!(posts(Pace::after(1, false)).await, [0, 1, 2, 3, 4]);
        assert_eq!(posts(Pace::after(3, false)).await, [0, 0, 0, 1, 2]);
        assert_eq!(posts(Pace::after(1, true)).await, [0; 5]);
    }
}
