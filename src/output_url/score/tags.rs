//! What runners, loggers and task runners put in front of a message: times, levels, names.
//! They are no words of the message. A level that asks to be heeded is remembered.

use std::borrow::Cow;

use super::super::extract::url::is_box;
use super::logger::{
    is_complaint_in, is_time, level_in, leveled, named_level, split_word, syslog, timed,
};
use super::runner::{pod, step_of_run};
use super::structured::structured;
use super::tag::{MAX_NAME, Tag};

/// A line, or what of it stands before a URL, without its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Message<'a> {
    pub(in super::super) text: Cow<'a, str>,
    /// A warning, a notice or an error: it announces nothing.
    pub(in super::super) is_complaint: bool,
    /// The last tag that could be a label, too: `[preview]`.
    pub(in super::super) label: Option<&'a str>,
    /// It stands in a string of JSON or logfmt.
    pub(in super::super) is_quoted: bool,
}

/// Reads the tags of a line.
pub(in super::super) fn untagged(line: &str) -> Message<'_> {
    let mut rest = behind_marks(line);
    let (mut is_complaint, mut label) = (false, None);
    while let Some(tag) = tag(rest) {
        is_complaint |= tag.is_complaint;
        label = tag.label.or(label);
        rest = behind_marks(tag.rest);
    }
    let structured = structured(rest);
    is_complaint |= structured.is_complaint;
    let is_quoted = structured.is_message;
    match structured.text {
        // The message may have tags of its own.
        Cow::Borrowed(inner) if inner.len() < rest.len() => {
            let inner = untagged(inner);
            Message {
                is_complaint: is_complaint || inner.is_complaint,
                label: inner.label.or(label),
                is_quoted: is_quoted || inner.is_quoted,
                ..inner
            }
        }
        text => Message { text, is_complaint, label, is_quoted },
    }
}

/// A line without the rim of a box and the arrow or the sign that it opens with.
fn behind_marks(line: &str) -> &str {
    let is_blank = |c: char| c.is_whitespace() || is_box(c) || "ℹ\u{fe0f}›".contains(c);
    let line = line.trim_start_matches(is_blank);
    let arrow = ["==> ", "--> ", "=> ", "-> "].iter().find_map(|arrow| line.strip_prefix(arrow));
    arrow.map_or(line, |line| line.trim_start_matches(is_blank))
}

fn tag(line: &str) -> Option<Tag<'_>> {
    match line.as_bytes().first()? {
        b':' | b'#' => command(line).or_else(|| build_step(line)),
        b'[' => bracketed(line),
        b'0'..=b'9' => timed(line).or_else(|| named(line)).or_else(|| piped(line)),
        first if first.is_ascii() => syslog(line)
            .map(Tag::plain)
            .or_else(|| leveled(line))
            .or_else(|| named_level(line))
            .or_else(|| named(line))
            .or_else(|| piped(line))
            .or_else(|| step_of_run(line).or_else(|| pod(line)).map(Tag::plain)),
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
    Some(Tag::of_level(rest, is_complaint))
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
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    if let Some(is_complaint) = level_in(inside).filter(|_| is_apart) {
        return Some(Tag::of_level(rest, is_complaint));
    }
    if !(is_apart && (is_name || is_time(inside))) {
        return None;
    }
    let level = is_complaint_in(inside);
    let is_label = level.is_none() && !is_time(inside);
    Some(Tag { rest, is_complaint: level == Some(true), label: is_label.then_some(inside) })
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
    (is_package(first) && is_task).then_some(Tag::plain(after))
}

/// `web-1  | `, `web.1 | `, `12:30:00 web | `: the service that a supervisor passes on.
fn piped(line: &str) -> Option<Tag<'_>> {
    let (name, rest) = line.split_once('|')?;
    let is_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.+/@".contains(&byte);
    let trimmed = name.trim_end();
    let is_service =
        !trimmed.is_empty() && trimmed.len() < name.len() && trimmed.bytes().all(is_name);
    is_service.then_some(Tag { rest, is_complaint: false, label: Some(trimmed) })
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
        check("10:15:30.123 [main] INFO  c.a.Deploy -- Live at", "Live at");
        check("2024-06-01 08:00:05.1 | INFO     | __main__:deploy:42 - Live at", "Live at");
        check("2024-06-01 08:00:05.1|INFO|Acme.Deploy|Live at", "Live at");
        check("INFO[0012] Live at", "Live at");
        check("10:15AM INF Live at", "Live at");
        check("[10:15:00 INF] Live at", "Live at");
        check("[2024-06-01T08:00:05Z INFO  deploy::main] Live at", "Live at");
        check("[2024-06-01T08:00:05.1+00:00] deploy.INFO: Live at", "Live at");
        check("I, [2024-06-01T08:00:05.1 #12]  INFO -- : Live at", "Live at");
        check("I, [2024-06-01T08:00:05.1 #12]  INFO -- deploy: Live at", "Live at");
        check("[deploy] › ℹ  info      Live at", "Live at");
        check("ℹ Live at", "Live at");
        check("2024-06-01T08:00:05Z 01O Live at", "Live at");
        check("2024-06-01T08:00:05+00:00 app[release.1]: Live at", "Live at");
        check("[main] Live at", "Live at");
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
        check("              +deploy | Live at", "Live at");
        check("admin-6c9f9f6c7d-2xkzl admin Live at", "Live at");
        check("deploy\tRun ./deploy.sh\t2024-06-01T08:00:05.1Z Live at", "Live at");
        check("admin: Production: ", "Production:");
        check("Frontend: ", "Frontend:");
        check("dashboard: ", "dashboard:");
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
            "WARN[0001] x",
            "[10:15:00 WRN] x",
            "W, [2024-06-01T08:00:05.1 #12]  WARN -- : x",
            "[2024-06-01T08:00:05.1+00:00] deploy.WARNING: x",
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
