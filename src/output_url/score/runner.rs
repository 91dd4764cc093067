//! What tools put in front of the lines of many runs that they show at once.

use super::logger::{is_time, split_word};
use super::tag::MAX_NAME;

/// `job<tab>step<tab>2024-06-01T08:00:05.1Z `, as `gh run view --log` writes.
pub(super) fn step_of_run(line: &str) -> Option<&str> {
    let mut fields = line.splitn(3, '\t');
    let (job, step, rest) = (fields.next()?, fields.next()?, fields.next()?);
    let is_name = |name: &str| name.len() <= MAX_NAME && !name.contains("://");
    (is_name(job) && is_name(step) && is_time(split_word(rest).0)).then_some(rest)
}

/// `web-6c9f9f6c7d-2xkzl web `: a pod of Kubernetes and its container.
pub(super) fn pod(line: &str) -> Option<&str> {
    let (pod, rest) = split_word(line);
    let (container, rest) = split_word(rest.trim_start());
    let mut parts = pod.rsplit('-');
    let is_hash = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        part.is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(is_letter))
    };
    let is_pod = is_hash(parts.next(), 5..=5)
        && is_hash(parts.next(), 8..=10)
        && parts.next().is_some_and(|name| !name.is_empty());
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (is_pod && !container.is_empty() && container.bytes().all(is_name)).then_some(rest)
}

/// The name in front of a text that the line beside it has, too: `web: `, as nx and lerna write.
/// Beside a bare label there is no telling them apart, so the other line must be prose.
pub(super) fn shared_name<'a>(text: &'a str, other: &str) -> Option<&'a str> {
    let (name, _) = split_word(text.trim_start());
    let is_name = name.len() > 1
        && name.len() <= MAX_NAME
        && name.ends_with(':')
        && name.starts_with(|c: char| c.is_ascii_lowercase());
    let rest = other.trim_start().strip_prefix(name).filter(|_| is_name)?;
    (rest.starts_with(' ') && rest.split_whitespace().nth(1).is_some()).then_some(name)
}

/// A text without such a name.
pub(super) fn behind_shared_name<'a>(text: &'a str, name: Option<&str>) -> &'a str {
    name.and_then(|name| text.trim_start().strip_prefix(name)).unwrap_or(text)
}
