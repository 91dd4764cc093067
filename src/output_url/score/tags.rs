//! What runners, loggers and task runners put in front of a message: times, levels, names.
//! They are no words of the message. A level that asks to be heeded is remembered.

use std::borrow::Cow;

use super::super::data::keywords::{COMPLAINTS, LEVELS};

/// How far a logger's name may reach.
const MAX_NAME: usize = 64;

/// A line, or what of it stands before a URL, without its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Message<'a> {
    pub(in super::super) text: Cow<'a, str>,
    /// A warning, a notice or an error: it announces nothing.
    pub(in super::super) is_complaint: bool,
    /// The last tag that could be a label, too: `[preview]`.
    pub(in super::super) label: Option<&'a str>,
}

/// What is left when a tag is taken away.
struct Tag<'a> {
    rest: &'a str,
    is_complaint: bool,
    label: Option<&'a str>,
}

impl<'a> Tag<'a> {
    fn plain(rest: &'a str) -> Self {
        Self { rest, is_complaint: false, label: None }
    }
}

/// Reads the tags of a line.
pub(in super::super) fn untagged(line: &str) -> Message<'_> {
    let mut rest = line.trim_start();
    let (mut is_complaint, mut label) = (false, None);
    while let Some(tag) = tag(rest) {
        is_complaint |= tag.is_complaint;
        label = tag.label.or(label);
        rest = tag.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '|');
    }
    let (text, is_structured_complaint) = structured(rest);
    Message { text, is_complaint: is_complaint || is_structured_complaint, label }
}

fn tag(line: &str) -> Option<Tag<'_>> {
    match line.as_bytes().first()? {
        b':' | b'#' => command(line).or_else(|| build_step(line)),
        b'[' => bracketed(line),
        b'0'..=b'9' => timed(line).or_else(|| named(line)).or_else(|| piped(line)),
        first if first.is_ascii() => syslog(line)
            .map(Tag::plain)
            .or_else(|| leveled(line))
            .or_else(|| named(line))
            .or_else(|| piped(line)),
        _ => leveled(line),
    }
}

/// `::notice::`, `##[warning]`: those who write them mean to announce something.
fn command(line: &str) -> Option<Tag<'_>> {
    let (name, rest) = line
        .strip_prefix("##[")
        .and_then(|rest| rest.split_once(']'))
        .or_else(|| line.strip_prefix("::").and_then(|rest| rest.split_once("::")))?;
    let is_complaint = ["warning", "error", "debug"].iter().any(|level| name.starts_with(level));
    Some(Tag { rest, is_complaint, label: None })
}

/// `#9 12.34 `, as buildkit writes.
fn build_step(line: &str) -> Option<Tag<'_>> {
    let (step, rest) = line.strip_prefix('#')?.split_once(' ')?;
    if step.is_empty() || !step.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let after_time = rest.split_once(' ').filter(|(word, _)| time(word)).map(|(_, rest)| rest);
    Some(Tag::plain(after_time.unwrap_or(rest)))
}

/// `[INFO]`, `[12:30:00]`, `[web:deploy]`, `[1/4]`.
fn bracketed(line: &str) -> Option<Tag<'_>> {
    let (inside, rest) = line.strip_prefix('[')?.split_once(']')?;
    let inside = inside.trim();
    let is_name = inside.len() <= MAX_NAME
        && !inside.contains("://")
        && !inside.contains(|c: char| c.is_whitespace() || "\"'{}(),".contains(c));
    let is_apart = rest.is_empty() || rest.starts_with([' ', '\t', ':', '[', '|']);
    if !(is_apart && (is_name || is_time(inside))) {
        return None;
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(inside));
    let is_complaint = is_one_of(&COMPLAINTS);
    let is_level = is_complaint || is_one_of(&LEVELS) || is_time(inside);
    Some(Tag { rest, is_complaint, label: (!is_level).then_some(inside) })
}

/// A time, and the logger's name behind it up to a level.
fn timed(line: &str) -> Option<Tag<'_>> {
    let (first, mut rest) = split_word(line);
    if !is_time(first.trim_end_matches(':')) {
        return None;
    }
    // A date and a time of day are two words.
    let (second, after) = split_word(rest.trim_start());
    if is_time(second) {
        rest = after;
    }
    Some(Tag::plain(rest.trim_start_matches([' ', '-', '\t'])))
}

/// `Nov 26 10:11:12 host name[1]: `
fn syslog(line: &str) -> Option<&str> {
    if line.as_bytes().get(3) != Some(&b' ') {
        return None;
    }
    let mut words = line.split_ascii_whitespace();
    let (month, day, time) = (words.next()?, words.next()?, words.next()?);
    let is_day = day.len() <= 2 && day.bytes().all(|byte| byte.is_ascii_digit());
    if !(month.len() == 3 && month.is_ascii() && is_day && is_time(time)) {
        return None;
    }
    let at = line.find(time)? + time.len();
    let rest = &line[at..];
    let name_end = rest.find("]: ").or_else(|| rest.find(": ")).filter(|end| *end < MAX_NAME);
    Some(name_end.map_or(rest, |end| rest[end..].trim_start_matches([']', ':'])))
}

/// A level, with what loggers put behind it: `INFO`, `npm notice`, `WARN -`, `INFO:root:`,
/// `INFO 123 --- [main] c.e.App :`, `INFO main.go:12`.
fn leveled(line: &str) -> Option<Tag<'_>> {
    if let Some(rest) = line.strip_prefix("remote:") {
        return Some(Tag::plain(rest));
    }
    let of_npm = line.strip_prefix("npm ").or_else(|| line.strip_prefix("yarn "));
    let line = of_npm.unwrap_or(line);
    let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let is_complaint = is_one_of(&COMPLAINTS);
    if !is_complaint && !is_one_of(&LEVELS) {
        return None;
    }
    let is_loud = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_parted = rest.starts_with(": ") || rest == ":" || rest.starts_with(['!', '\t']);
    let is_wide = rest.starts_with("  ") || rest.starts_with(" -") || rest.starts_with(" [");
    let is_npm = of_npm.is_some() && rest.starts_with(' ');
    if let Some(name) = rest.strip_prefix(':').filter(|_| is_loud)
        && let Some((name, rest)) = name.split_once(':')
        && !name.contains(char::is_whitespace)
        && !rest.starts_with('/')
    {
        return Some(Tag {
            rest: if name.is_empty() { "" } else { rest },
            is_complaint,
            label: None,
        });
    }
    if !(is_parted || is_wide || is_npm || (is_loud && rest.starts_with(' '))) {
        return None;
    }
    // `Success! ` opens a sentence.
    if rest.starts_with('!') && !is_complaint {
        return None;
    }
    let rest = rest.trim_start_matches([':', '!', ' ', '\t', '-']);
    Some(Tag { rest: behind_name(rest), is_complaint, label: None })
}

/// What follows a logger's name, where there is one.
fn behind_name(rest: &str) -> &str {
    if let Some((process, message)) = rest.split_once(" --- ")
        && process.bytes().all(|byte| byte.is_ascii_digit())
    {
        return message.split_once(" : ").map_or(message, |(_, message)| message);
    }
    let (name, message) = split_word(rest);
    let is_place = name.contains('.') && !name.contains("://") && !name.contains('@');
    let is_dotted = is_place && name.split(['.', '/', ':']).all(|part| !part.is_empty());
    let has_line = name.rsplit_once(':').is_some_and(|(_, line)| {
        !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
    });
    match message
        .trim_start()
        .strip_prefix("- ")
        .or_else(|| message.trim_start().strip_prefix(": "))
    {
        Some(message) if is_dotted || name.len() < 20 => message,
        Some(_) | None if is_dotted && has_line => message,
        Some(_) | None => rest,
    }
}

/// A package and its task: `web:deploy: `, `@acme/web: `, `apps/web deploy: `; or a task alone,
/// where a label follows: `admin: Production: `.
fn named(line: &str) -> Option<Tag<'_>> {
    line.find(':')?;
    let (first, rest) = split_word(line);
    let is_package = |word: &str| {
        word.len() <= MAX_NAME
            && word.contains([':', '/', '@', '#'])
            && !word.contains("://")
            && !word.contains("//")
            && word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@/:#._-".contains(&byte))
    };
    if let Some(name) = first.strip_suffix(':') {
        let is_task = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let is_label_next = is_task
            && rest.trim_end().ends_with(':')
            && rest.trim_start().starts_with(|c: char| c.is_alphanumeric());
        if is_package(name) || is_label_next {
            return Some(Tag { rest, is_complaint: false, label: Some(name) });
        }
    }
    let (second, after) = split_word(rest.trim_start());
    let is_task = second.strip_suffix(':').is_some_and(|task| {
        !task.is_empty() && task.bytes().all(|b| b.is_ascii_lowercase() || b":-".contains(&b))
    });
    (is_package(first) && is_task).then_some(Tag { rest: after, is_complaint: false, label: None })
}

/// `web-1  | `, `web.1 | `, `12:30:00 web | `: the service that a supervisor passes on.
fn piped(line: &str) -> Option<Tag<'_>> {
    let (name, rest) = line.split_once('|')?;
    let is_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let trimmed = name.trim_end();
    let is_service =
        !trimmed.is_empty() && trimmed.len() < name.len() && trimmed.bytes().all(is_name);
    is_service.then_some(Tag { rest, is_complaint: false, label: Some(trimmed) })
}

/// The message of a line of JSON or logfmt, with the name of the field that follows it.
fn structured(text: &str) -> (Cow<'_, str>, bool) {
    let is_json = text.starts_with('{') && text.contains("\":");
    let is_logfmt = text.contains('=') && (text.contains("level=") || text.contains("msg="));
    if !is_json && !is_logfmt {
        return (Cow::Borrowed(text), false);
    }
    let value = |names: &[&str]| names.iter().find_map(|name| field(text, name, is_json));
    let level = value(&["level", "severity", "lvl", "levelname", "log.level"]).unwrap_or_default();
    let is_complaint = COMPLAINTS.contains(&level.0.to_lowercase().as_str());
    let Some((message, end)) = value(&["msg", "message", "log", "text"]) else {
        return (
            Cow::Borrowed(if level.0.is_empty() { text } else { last_field(text) }),
            is_complaint,
        );
    };
    let behind = &text[end..];
    if behind.len() < 2 {
        return (Cow::Borrowed(message), is_complaint);
    }
    (Cow::Owned(format!("{message} {}", last_field(behind))), is_complaint)
}

/// The value of a field, and where in the text it ends.
fn field<'a>(text: &'a str, name: &str, is_json: bool) -> Option<(&'a str, usize)> {
    let start = if is_json {
        let key = format!("\"{name}\":");
        text.find(&key)? + key.len()
    } else {
        let key = format!("{name}=");
        let at = text.find(&key)?;
        (at == 0 || text.as_bytes()[at - 1] == b' ').then_some(at + key.len())?
    };
    let value = text[start..].trim_start();
    let start = text.len() - value.len();
    let (value, start) = match value.strip_prefix('"') {
        Some(quoted) => (quoted.split('"').next().unwrap_or_default(), start + 1),
        None => (value.split([' ', ',', '}']).next().unwrap_or_default(), start),
    };
    Some((value, start + value.len()))
}

/// The last field's name, and what stands behind it.
fn last_field(text: &str) -> &str {
    text.rfind([',', ' '])
        .filter(|at| text[*at..].contains(char::is_alphabetic))
        .map_or(text, |at| &text[at + 1..])
}

/// A date, a time of day, or both: `2024-03-01T10:15:00.123Z`.
fn is_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() >= 4
        && text.contains([':', '-', '/'])
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:., +TZ/".contains(&byte))
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, message: &str) {
        assert_eq!(untagged(line).text.trim_end(), message, "in: {line}");
    }

    #[test]
    fn times_and_levels_are_tags() {
        check("2024-06-01T08:00:05.3Z INFO  Finished", "Finished");
        check("2024-06-01 08:00:05,123 - INFO - Live at", "Live at");
        check("[2024-06-01 08:00:05] [INFO] Live at", "Live at");
        check("INFO:root:Live at", "Live at");
        check("2024-06-01 08:00:05.123  INFO 123 --- [  main] c.e.App  : Live at", "Live at");
        check("2024-06-01T08:00:05Z\tINFO\tcmd/main.go:12\tLive at", "Live at");
        check("Nov 26 10:11:12 web deploy[12]: Live at", "Live at");
        check("#9 12.34 Live at", "Live at");
        check("info  - Live at", "Live at");
        check("remote:        Live at", "Live at");
        check("Success! Deployed", "Success! Deployed");
    }

    #[test]
    fn names_of_tasks_are_tags() {
        check("web:deploy: Production: ", "Production:");
        check("admin:deploy: Production: ", "Production:");
        check("@acme/web: Live at", "Live at");
        check("@acme/web:deploy: Live at", "Live at");
        check("apps/admin deploy: Live at", "Live at");
        check("[admin] Live at", "Live at");
        check("admin-1  | Live at", "Live at");
        check("admin: Production: ", "Production:");
        check("Frontend: ", "Frontend:");
        check("dashboard: ", "dashboard:");
    }

    #[test]
    fn the_message_of_a_structured_line_is_the_line() {
        check(r#"{"level":"info","time":1,"msg":"Live at "#, "Live at");
        check(r#"level=info ts=1 msg="Live at "#, "Live at");
        check(r#"{"level":"info","msg":"deployed","url":""#, r#"deployed "url":""#);
        check(r#"{"url": ""#, r#"{"url": ""#);
    }

    #[test]
    fn a_line_to_be_heeded_is_a_complaint() {
        for line in [
            "WARNING: Running pip",
            "npm notice Changelog:",
            "[notice] A new release",
            "warn  - x",
            "::warning::x",
            r#"{"level":"warn","msg":"x"#,
            "level=warning msg=x",
            "npm warn deprecated",
            "DEPRECATED: x",
            "2024-06-01T08:00:05.3Z WARN x",
            "#9 1.23 WARNING: x",
        ] {
            assert!(untagged(line).is_complaint, "in: {line}");
        }
        for line in
            ["::notice::Deployed to", "Warnings are fine", "error-free deploy", "notice board: "]
        {
            assert!(!untagged(line).is_complaint, "in: {line}");
        }
    }
}
