//! What is left of the hour's requests, so that bulk commands pace themselves.
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::time::SystemTime;

use http::HeaderMap;
use tokio::time::Instant;

use super::Github;
use super::error;

/// What the latest answer said of the primary rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// So many requests are left until `resets`.
    pub(crate) remaining: u64,
    /// At most 24 hours away.
    pub(crate) resets: Instant,
}

impl Github {
    /// None before the first answer, and where the server has no limit (GHES by default).
    #[cfg_attr(not(test), expect(dead_code, reason = "`sweep` and `delete` pace themselves"))]
    pub(crate) fn quota(&self) -> Option<Quota> {
        *self.shared.quota.lock().expect("nobody panics while holding the quota")
    }

    pub(super) fn quota_from(&self, headers: &HeaderMap) {
        let Some((remaining, after)) = error::quota(headers, SystemTime::now()) else { return };
        let quota = Quota { remaining, resets: Instant::now() + after };
        *self.shared.quota.lock().expect("nobody panics while holding the quota") = Some(quota);
    }
}
