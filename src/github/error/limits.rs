//! How long GitHub asks us to stay away.
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode};

/// GitHub asks for at least this where a secondary limit says nothing more.
const SECONDARY_WAIT: Duration = Duration::from_secs(60);

/// A rate limit that was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) after: Option<Duration>,
}

/// Tells a rate limit from a missing permission, which is a 403 too.
pub(super) fn find(
    status: StatusCode,
    headers: &HeaderMap,
    message: &str,
    now: SystemTime,
) -> Option<Limit> {
    let message = message.to_ascii_lowercase();
    let is_secondary = message.contains("secondary rate") || message.contains("abuse");
    let asked = retry_after(headers, now).or_else(|| reset(headers, now));
    let is_limit = match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        // The last request of an hour may be refused for its permission all the same.
        StatusCode::FORBIDDEN if message.contains("not accessible by") => false,
        StatusCode::FORBIDDEN => {
            asked.is_some() || is_secondary || message.contains("rate limit exceeded")
        }
        _ => false,
    };
    is_limit.then(|| Limit { after: asked.or(is_secondary.then_some(SECONDARY_WAIT)) })
}

/// `Retry-After`, in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(until(httpdate::parse_http_date(value).ok()?, headers, now)),
    }
}

/// When the hour's requests, which are used up, are granted anew.
fn reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if text(headers, "x-ratelimit-remaining")? != "0" {
        return None;
    }
    let seconds = text(headers, "x-ratelimit-reset")?.parse().ok()?;
    let reset = UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(until(reset, headers, now) + Duration::from_secs(1))
}

/// By the server's own clock where it tells it: ours may be wrong.
fn until(then: SystemTime, headers: &HeaderMap, now: SystemTime) -> Duration {
    let date = text(headers, "date").and_then(|date| httpdate::parse_http_date(date).ok());
    then.duration_since(date.unwrap_or(now)).unwrap_or_default()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}
