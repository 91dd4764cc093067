//! Durations, as options, faults and the control header have them, and GitHub's times.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Clocks overflow somewhere above this: 10 years.
const LONGEST: Duration = Duration::from_hours(24 * 3650);

/// Reads `3s`, `500ms` or `1h 30m`; a bare number is seconds.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    parse_any_duration(text)
        .ok()
        .filter(|duration| *duration <= LONGEST)
        .ok_or_else(|| no_duration(text))
}

/// Reads a duration that may be longer than clocks can tell.
pub(super) fn parse_any_duration(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map(Duration::from_secs).ok();
    seconds.or_else(|| humantime::parse_duration(text).ok()).ok_or_else(|| no_duration(text))
}

fn no_duration(text: &str) -> String {
    format!("`{text}` is no duration: write `3s`, `500ms` or `2m`")
}

/// Whole seconds since 1970.
pub(super) fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_or_is_in_seconds() {
        assert_eq!(parse_duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("1h 30m"), Ok(Duration::from_mins(90)));
    }

    #[test]
    fn a_duration_that_overflows_clocks_is_refused() {
        assert!(parse_duration("87600h").is_ok());
        for text in ["87601h", "18446744073709551615", "soon", "-1", ""] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
