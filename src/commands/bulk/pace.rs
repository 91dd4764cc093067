//! How fast many requests follow each other.
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::deployment::format_duration;
use crate::github::Github;
use crate::output::console::Console;

/// So many posts follow each other at once; then one a second.
const BURST: u32 = 5;
const INTERVAL: Duration = Duration::from_secs(1);

/// Requests of the hour that are left to others.
const RESERVED: u64 = 10;

pub(in crate::commands) struct Pace {
    posts: u32,
    next: Instant,
}

impl Pace {
    pub(in crate::commands) fn new() -> Self {
        Self { posts: 0, next: Instant::now() }
    }

    /// Waits until the next post may be sent.
    pub(in crate::commands) async fn before_post(&mut self) {
        if self.posts >= BURST {
            sleep_until(self.next).await;
        }
        self.posts += 1;
        self.next = Instant::now() + INTERVAL;
    }
}

/// Waits until the hour's requests are granted anew, where they are nearly used up.
pub(in crate::commands) async fn wait_for_quota(github: &Github, console: &Console) {
    let Some(quota) = github.quota().filter(|quota| quota.remaining <= RESERVED) else { return };
    let wait = quota.resets.saturating_duration_since(Instant::now());
    if !wait.is_zero() {
        let wait = format_duration(wait);
        console.info(&format!("GitHub's rate limit is used up: waiting {wait}"));
    }
    sleep_until(quota.resets).await;
}
