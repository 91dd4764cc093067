//! Times, levels and names that loggers put in front of a message.

use super::super::data::keywords::{COMPLAINTS, LEVELS};
use super::tag::{MAX_NAME, Tag};

/// A time, and the logger's name behind it up to a level.
pub(super) fn timed(line: &str) -> Option<Tag<'_>> {
    let (first, mut rest) = split_word(line);
    if !is_time(first.trim_end_matches(':')) {
        return None;
    }
    // A date and a time of day are two words.
    let date = rest.trim_start();
    let end = date.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(date.len());
    if is_time(&date[..end]) {
        rest = &date[end..];
    }
    let rest = rest.trim_start_matches([' ', '-', '\t']);
    let rest = behind_process(rest).unwrap_or(rest);
    Some(Tag::plain(behind_named_level(rest).unwrap_or(rest)))
}

/// `app[release.1]: `, as Heroku writes; `01O `, as GitLab does.
fn behind_process(rest: &str) -> Option<&str> {
    let (word, behind) = split_word(rest);
    let is_process = word.ends_with("]:") && word.contains('[');
    let stream = word.strip_suffix('+').unwrap_or(word);
    let is_stream = stream.len() == 3
        && stream.ends_with(['O', 'E'])
        && stream[..2].bytes().all(|byte| byte.is_ascii_digit());
    (is_process || is_stream).then_some(behind)
}

/// `deploy - INFO - `, as Python's loggers write.
fn behind_named_level(rest: &str) -> Option<&str> {
    let (name, after) = rest.split_once(" - ")?;
    let (level, message) = after.split_once(" - ")?;
    let is_complaint = is_complaint_in(level)?;
    let is_name = name.len() <= MAX_NAME && !name.contains(char::is_whitespace);
    // A complaint is left for `leveled`.
    is_name.then_some(if is_complaint { after } else { message })
}

/// `Nov 26 10:11:12 host name[1]: `
pub(super) fn syslog(line: &str) -> Option<&str> {
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

/// `deploy.INFO: `, as Monolog writes; `I, [2024-06-01T08:00:05 #12]  INFO -- deploy: `, as Ruby's
/// logger does.
pub(super) fn named_level(line: &str) -> Option<Tag<'_>> {
    if line.get(1..).is_some_and(|rest| rest.starts_with(", [")) {
        let (header, rest) = line.split_once(" -- ")?;
        let is_complaint = is_complaint_in(split_word(header.rsplit(' ').next()?).0)?;
        let (_, rest) = rest.split_once(": ").unwrap_or(("", rest.trim_start_matches(':')));
        return Some(Tag::of_level(rest, is_complaint));
    }
    let (word, rest) = split_word(line);
    let (_, level) = word.strip_suffix(':')?.rsplit_once('.')?;
    let is_loud = level.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_complaint = is_complaint_in(level).filter(|_| is_loud)?;
    Some(Tag::of_level(rest, is_complaint))
}

/// Whether the level that stands in brackets with a time or a name is one to be heeded:
/// `[10:15:00 INF]`, `[2024-06-01T08:00:05Z INFO  deploy::main]`.
pub(super) fn level_in(inside: &str) -> Option<bool> {
    let (first, rest) = split_word(inside);
    let level = if is_time(first) { split_word(rest.trim_start()).0 } else { first };
    (inside.len() <= MAX_NAME && !rest.is_empty()).then(|| is_complaint_in(level)).flatten()
}

/// Whether a level is one to be heeded; None is no level.
pub(super) fn is_complaint_in(level: &str) -> Option<bool> {
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(level));
    if is_one_of(&COMPLAINTS) { Some(true) } else { is_one_of(&LEVELS).then_some(false) }
}

/// A level, with what loggers put behind it: `INFO`, `npm notice`, `WARN -`, `INFO:root:`,
/// `INFO 123 --- [main] c.e.App :`, `INFO main.go:12`.
pub(super) fn leveled(line: &str) -> Option<Tag<'_>> {
    if let Some(rest) = line.strip_prefix("remote:") {
        return Some(Tag::plain(rest));
    }
    let of_npm = line.strip_prefix("npm ").or_else(|| line.strip_prefix("yarn "));
    let line = of_npm.unwrap_or(line);
    let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let is_complaint = is_complaint_in(word)?;
    let is_loud = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_parted = rest.starts_with(": ") || rest == ":" || rest.starts_with(['!', '\t']);
    let is_wide = rest.starts_with("  ") || rest.starts_with(" -") || rest.starts_with(" [");
    let is_npm = of_npm.is_some() && rest.starts_with(' ');
    if let Some(name) = rest.strip_prefix(':').filter(|_| is_loud)
        && let Some((name, rest)) = name.split_once(':')
        && !name.contains(char::is_whitespace)
        && !rest.starts_with('/')
    {
        return Some(Tag::of_level(if name.is_empty() { "" } else { rest }, is_complaint));
    }
    // `INFO[0012] `, as logrus counts its seconds; `INFO|Acme.Deploy|`, as NLog writes.
    let counted = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let counted = counted.filter(|(count, _)| count.bytes().all(|byte| byte.is_ascii_digit()));
    let piped = rest.strip_prefix('|').and_then(|rest| rest.split_once('|'));
    if let Some((_, rest)) = counted.or(piped).filter(|_| is_loud) {
        return Some(Tag::of_level(rest, is_complaint));
    }
    if !(is_parted || is_wide || is_npm || (is_loud && rest.starts_with(' '))) {
        return None;
    }
    // `Success! ` opens a sentence.
    if rest.starts_with('!') && !is_complaint {
        return None;
    }
    let rest = rest.trim_start_matches([':', '!', ' ', '\t', '-', '|']);
    Some(Tag::of_level(behind_name(rest), is_complaint))
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
        .or_else(|| message.trim_start().strip_prefix("-- "))
        .or_else(|| message.trim_start().strip_prefix(": "))
    {
        Some(message) if is_dotted || name.len() < 20 => message,
        Some(_) | None if is_dotted && has_line => message,
        Some(_) | None => rest,
    }
}

/// A date, a time of day, or both: `2024-03-01T10:15:00.123Z`.
pub(super) fn is_time(text: &str) -> bool {
    let text = text.strip_suffix("AM").or_else(|| text.strip_suffix("PM")).unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() >= 4
        && text.contains([':', '-', '/'])
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:., +TZ/".contains(&byte))
}

pub(super) fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}
