//! How a text becomes a boolean, a duration, a number, a list.
//! The caller names the input and what is accepted.

use std::time::Duration;

/// Deadlines beyond it would overflow clocks, and no deploy takes that long.
const MAX_DURATION: Duration = Duration::from_hours(8784);

pub(super) const A_BOOLEAN: &str = "`true` or `false`";
pub(super) const A_DURATION: &str =
    "a duration above 0, such as `90s`, `15m`, `1h30m` or a number of seconds";
pub(super) const A_GRACE_PERIOD: &str =
    "a duration such as `90s`, `15m`, `1h30m` or a number of seconds";
pub(super) const A_COUNT: &str = "a whole number, such as `0` or `5`";
pub(super) const A_NUMBER: &str = "a whole number above 0";
pub(super) const A_URL: &str = "an http or https URL of at most 2048 characters";

/// Reads a boolean of YAML's core schema, as the Actions toolkit does.
/// <https://yaml.org/spec/1.2.2/#1032-tag-resolution>
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Reads `90s`, `15m`, `1h30m`, or a bare number of seconds.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let duration = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(text.parse().ok()?)
    } else {
        humantime::parse_duration(text).ok()?
    };
    (duration <= MAX_DURATION).then_some(duration)
}

pub(super) fn duration_above_zero(text: &str) -> Option<Duration> {
    duration(text).filter(|duration| !duration.is_zero())
}

pub(super) fn number(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_digits && *number > 0)
}

/// Reads a whole number, which may be 0.
pub(super) fn count(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Reads a JSON list of texts, or texts with commas between them; blank ones are dropped.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    let items: Vec<String> = if text.starts_with('[') {
        serde_json::from_str(text).ok()?
    } else {
        text.split(',').map(str::to_owned).collect()
    };
    let items = items.iter().map(|item| item.trim());
    Some(items.filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

/// Reads a text of one line, at most `longest` characters.
pub(super) fn line(text: &str, longest: usize) -> Option<String> {
    let is_line = !text.chars().any(char::is_control) && text.chars().count() <= longest;
    is_line.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_is_one_of_six_words() {
        assert_eq!(["true", "True", "TRUE"].map(boolean), [Some(true); 3]);
        assert_eq!(["false", "False", "FALSE"].map(boolean), [Some(false); 3]);
        assert_eq!(["yes", "1", "tRUE", "on"].map(boolean), [None; 4]);
    }

    #[test]
    fn a_duration_has_units_or_is_in_seconds() {
        let seconds = |text| duration(text).map(|duration| duration.as_secs());

        assert_eq!(["90s", "15m", "1h30m", "90"].map(seconds), [90, 900, 5400, 90].map(Some));
        assert_eq!(["", "-5s", "1.5", "5x", "m", "99999999999999999999s"].map(seconds), [None; 6]);
        assert_eq!(duration_above_zero("0s"), None);
    }

    #[test]
    fn a_duration_is_no_longer_than_a_clock_can_add() {
        assert_eq!(duration("18446744073709551615"), None);
        assert_eq!(duration("1000years"), None);
    }

    #[test]
    fn a_number_is_digits_alone() {
        assert_eq!(number("42"), Some(42));
        assert_eq!(["0", "4x", "+4", "-4", "", "99999999999999999999999"].map(number), [None; 6]);
    }

    #[test]
    fn a_list_is_json_or_has_commas() {
        let items = Some(vec!["a b".to_owned(), "c".to_owned()]);

        assert_eq!(list(r#"["a b", "c"]"#), items);
        assert_eq!(list("a b, c,,"), items);
        assert_eq!(list("[1]"), None);
        assert_eq!(list("[oops"), None);
    }
}
