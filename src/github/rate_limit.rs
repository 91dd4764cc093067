//! GitHub's rate limits, as the headers of an answer state them.
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

/// GitHub asks for at least this where a secondary limit says nothing more.
const SECONDARY_WAIT: Duration = Duration::from_mins(1);

/// A longer wait is cut to this.
const MAX_WAIT: Duration = Duration::from_hours(24);

/// A rate limit that was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RateLimit {
    pub(super) after: Option<Duration>,
}

/// What the latest answer said of the primary rate limit, so that bulk commands pace themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// So many requests are left until `resets`.
    pub(crate) remaining: u64,
    /// At most 24 hours away.
    pub(crate) resets: Instant,
}

impl Quota {
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let remaining = text(headers, "x-ratelimit-remaining")?.parse().ok()?;
        let after = reset_after(headers, SystemTime::now())?;
        Some(Self { remaining, resets: Instant::now() + after })
    }
}

/// Distinguishes a rate limit from a missing permission, which is a 403 too.
pub(super) fn find(
    status: StatusCode,
    headers: &HeaderMap,
    message: &str,
    now: SystemTime,
) -> Option<RateLimit> {
    let message = message.to_ascii_lowercase();
    let is_secondary = message.contains("secondary rate") || message.contains("abuse");
    let asked = retry_after(headers, now).or_else(|| reset(headers, now));
    // The last request of an hour may be refused for its permission all the same.
    let is_denial = message.contains("not accessible by") || headers.contains_key("x-github-sso");
    let is_limit = match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::FORBIDDEN if !is_denial => {
            asked.is_some()
                || is_used_up(headers)
                || is_secondary
                || message.contains("rate limit exceeded")
        }
        _ => false,
    };
    is_limit.then(|| RateLimit { after: asked.or(is_secondary.then_some(SECONDARY_WAIT)) })
}

/// `Retry-After`, in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let wait = if is_number {
        // A number that overflows is longer than any wait.
        value.parse().map_or(MAX_WAIT, Duration::from_secs)
    } else {
        until(httpdate::parse_http_date(value).ok()?, headers, now)
    };
    Some(clamp(wait))
}

/// When the hour's requests, which are used up, are granted anew.
fn reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    is_used_up(headers).then(|| reset_after(headers, now))?
}

fn reset_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let seconds = text(headers, "x-ratelimit-reset")?.parse().ok()?;
    let wait = match UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) {
        Some(reset) => until(reset, headers, now).saturating_add(Duration::from_secs(1)),
        None => MAX_WAIT,
    };
    Some(clamp(wait))
}

/// No server keeps a client away for longer; a larger number is a mistake or an attack, and would
/// overflow the clock's arithmetic.
fn clamp(wait: Duration) -> Duration {
    wait.min(MAX_WAIT)
}

fn is_used_up(headers: &HeaderMap) -> bool {
    text(headers, "x-ratelimit-remaining") == Some("0")
}

/// Measured by the server's own clock where the header `Date` gives it: ours may be wrong.
fn until(then: SystemTime, headers: &HeaderMap, now: SystemTime) -> Duration {
    then.duration_since(server_time(headers).unwrap_or(now)).unwrap_or_default()
}

/// The header `Date`.
pub(super) fn server_time(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, "date")?).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}
