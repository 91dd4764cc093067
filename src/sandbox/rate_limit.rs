//! The primary rate limit: so many requests in a window of time, which starts with the first one.
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::time::{Duration, SystemTime};

use super::time;
use super::time::epoch_seconds;

/// How many requests may be made in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimit {
    requests: u64,
    window: Duration,
}

impl Default for RateLimit {
    /// What GitHub grants an App's installation and a personal token.
    fn default() -> Self {
        Self { requests: 5000, window: Duration::from_hours(1) }
    }
}

impl RateLimit {
    /// Reads `REQUESTS` in an hour, or `REQUESTS/DURATION`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (requests, window) = text.split_once('/').unwrap_or((text, "1h"));
        let window = time::parse_duration(window).ok().filter(|window| !window.is_zero());
        match (requests.parse(), window) {
            (Ok(requests), Some(window)) => Ok(Self { requests, window }),
            _ => Err(format!("`{text}` is no rate limit: write `1000` (in an hour) or `20/3s`")),
        }
    }
}

/// The requests of the current window.
#[derive(Debug)]
pub(super) struct RateLimiter {
    limit: RateLimit,
    used: u64,
    /// The end of the window; `None` before the first request.
    resets: Option<SystemTime>,
}

/// What the `X-RateLimit` headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) limit: u64,
    pub(super) used: u64,
    pub(super) remaining: u64,
    /// In seconds since 1970, rounded up.
    pub(super) reset: u64,
}

impl RateLimiter {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self { limit, used: 0, resets: None }
    }

    /// Begins a new window where the last one is over. True if no request is left in it.
    pub(super) fn is_exhausted(&mut self, now: SystemTime) -> bool {
        if self.resets.is_none_or(|resets| resets <= now) {
            self.used = 0;
            self.resets = now.checked_add(self.limit.window);
        }
        self.used >= self.limit.requests
    }

    pub(super) fn count(&mut self) {
        self.used = self.used.saturating_add(1).min(self.limit.requests);
    }

    pub(super) fn usage(&self) -> Usage {
        let resets = self.resets.unwrap_or_else(SystemTime::now);
        Usage {
            limit: self.limit.requests,
            used: self.used,
            remaining: self.limit.requests - self.used,
            reset: epoch_seconds(resets).saturating_add(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_window_is_exhausted_and_ends() {
        let mut limiter = RateLimiter::new(RateLimit::parse("2/10s").expect("it is a limit"));
        let start = UNIX_EPOCH + Duration::from_secs(1000);
        for _ in 0..2 {
            assert!(!limiter.is_exhausted(start));
            limiter.count();
        }
        assert!(limiter.is_exhausted(start + Duration::from_secs(9)));
        assert_eq!(limiter.usage(), Usage { limit: 2, used: 2, remaining: 0, reset: 1011 });
        assert!(!limiter.is_exhausted(start + Duration::from_secs(10)));
        assert_eq!(limiter.usage(), Usage { limit: 2, used: 0, remaining: 2, reset: 1021 });
    }

    #[test]
    fn a_rate_limit_is_a_number_and_perhaps_a_window() {
        assert_eq!(RateLimit::parse("5000"), Ok(RateLimit::default()));
        for text in ["", "x", "5/", "5/0s", "-1", "5/soon"] {
            assert!(RateLimit::parse(text).is_err(), "{text}");
        }
    }
}
