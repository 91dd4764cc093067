//! What the words around a URL say about it, on its line and near it.
//! It weighs words; which ones there are is the vocabulary's business.

use std::fmt;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::lexicon::Lexicon;
use super::vocabulary::{BEFORE, BEHIND, FAILED, MOST, PURPOSES, WENT_WELL};

/// What some words say: points, and the words themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) points: i32,
    pub(super) words: Vec<&'static str>,
}

/// What the text before a URL on its line says, from the last sentence that has a say.
pub(super) fn before(text: &str) -> Said {
    let text = without_tags(text);
    let sentence = last_sentence(text);
    let words = words(sentence);
    let mut said = weigh(&words, &BEFORE);
    match words.last().map(String::as_str) {
        Some("at") => said.add("at", 1),
        Some("from") => said.worsen("from", -4),
        Some("to") if words.len() == 1 => said.worsen("to", -6),
        Some("with" | "via" | "by") => said.worsen("with", -2),
        _ => {}
    }
    if said.points > 0 && is_label(sentence) {
        said.add(":", 1);
    }
    said.points = said.points.min(MOST);
    said
}

/// What the text behind a URL on its line says.
pub(super) fn behind(text: &str) -> Said {
    let words = words(text.split_once(". ").map_or(text, |(sentence, _)| sentence));
    let is_purpose = matches!(words.first().map(String::as_str), Some("for" | "to" | "and"));
    let purpose = words.iter().take(6).find_map(|word| PURPOSES.get(word).filter(|_| is_purpose));
    match purpose {
        Some((purpose, points)) => Said { points, words: vec![purpose] },
        None => weigh(&words[..words.len().min(6)], &BEHIND),
    }
}

/// A line near a URL that says that something went well.
pub(super) fn went_well(text: &str) -> bool {
    words(text).iter().any(|word| WENT_WELL.get(word).is_some())
}

/// A line that says that something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Deploy,
    /// An error as good as the last word.
    Error,
}

/// What a line says of a failure.
pub(super) fn failure(line: &str, is_near_end: bool) -> Option<Failure> {
    static MARKS: LazyLock<Searcher> = LazyLock::new(|| {
        Searcher::new(["rror", "ERROR", "ailed", "AILED", "borted", "ejected"])
            .expect("these literals can be searched")
    });
    // A runner tells the exit code, and not what the command had done by then.
    const RUNNERS: [&str; 2] = ["The process '", "Process completed with exit code"];
    if MARKS.find(line).is_none() || RUNNERS.iter().any(|mark| line.contains(mark)) {
        return None;
    }
    let words = words(line);
    if (0..words.len()).any(|at| FAILED.longest_phrase(&words[at..]).is_some()) {
        return Some(Failure::Deploy);
    }
    let is_last_word = is_near_end && [line, without_tags(line)].into_iter().any(is_error);
    is_last_word.then_some(Failure::Error)
}

/// Opens with a word for an error that is no part of a sentence.
fn is_error(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_apart = rest.trim_start().is_empty()
        || rest.starts_with([':', '!', ']'])
        || [" -", " ("].iter().any(|mark| rest.starts_with(mark));
    is_apart
        && ["error", "fatal", "failed", "failure", "aborted"]
            .contains(&word.to_lowercase().as_str())
}

/// Nothing but a list's bullet, an HTTP method, or marks before a URL.
pub(super) fn is_bullet(text: &str) -> bool {
    const METHODS: [&str; 10] =
        ["get", "post", "put", "patch", "delete", "head", "options", "any", "http", "value"];
    words(without_tags(text)).iter().all(|word| METHODS.contains(&word.as_str()))
}

impl Said {
    /// Adds what other words say about the same URL.
    pub(super) fn join(&mut self, other: Self) {
        self.points = (self.points + other.points).min(MOST);
        self.words.extend(other.words);
    }

    pub(super) fn add(&mut self, word: &'static str, points: i32) {
        self.points += points;
        self.words.push(word);
    }

    /// Plain words, or words for what has been done, and no bad one outweighs them.
    pub(super) fn is_announcement(&self) -> bool {
        let is_done = |phrase: &&str| phrase.split(' ').any(|word| WENT_WELL.get(word).is_some());
        self.points >= MOST || (self.points >= 3 && self.words.iter().any(is_done))
    }

    /// Counts a bad word unless a worse one has been counted.
    fn worsen(&mut self, word: &'static str, points: i32) {
        self.points = self.points.min(points);
        self.words.push(word);
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words.is_empty() {
            return f.write_str("the words around it say nothing");
        }
        write!(f, "words: {} ({:+})", self.words.join(", "), self.points)
    }
}

/// The longest phrases of a table in a list of words: a pair's words do not count again.
fn weigh(words: &[String], table: &Lexicon) -> Said {
    let mut said = Said::default();
    let mut worst = 0;
    let mut at = 0;
    while at < words.len() {
        let longest = table.longest_phrase(&words[at..]);
        at += longest.map_or(1, |(phrase, _)| phrase.split(' ').count());
        if let Some((phrase, points)) = longest {
            said.words.push(phrase);
            if points > 0 { said.points += points } else { worst = worst.min(points) }
        }
    }
    said.points = said.points.min(MOST) + worst;
    said
}

/// Ends in a mark that gives a name its value.
fn is_label(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || "\"'`[(".contains(c))
        .ends_with([':', '=', '>'])
}

/// A line without what runners and loggers put in front of it: `remote:`, `[INFO]`,
/// `::notice::`, a time.
fn without_tags(line: &str) -> &str {
    let mut line = line.trim_start();
    while let Some(rest) = behind_tag(line) {
        line = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '|');
    }
    line
}

fn behind_tag(line: &str) -> Option<&str> {
    const LEVELS: [&str; 8] =
        ["INFO", "INFO:", "LOG", "LOG:", "NOTICE", "NOTICE:", "info:", "notice:"];
    if let Some(message) = line.strip_prefix("remote:") {
        return Some(message);
    }
    if let Some((_, message)) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        return Some(message);
    }
    if let Some((tag, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_tag = matches!(tag, "info" | "log" | "notice" | "success")
            || is_time(tag)
            || tag.bytes().all(|byte| byte.is_ascii_uppercase());
        return is_tag.then_some(rest);
    }
    let (first, rest) = line.split_at(line.find(char::is_whitespace)?);
    (LEVELS.contains(&first) || is_time(first)).then_some(rest)
}

/// A date, a time of day, or both: `2024-03-01T10:15:00.123Z`.
fn is_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() >= 4
        && text.contains([':', '-'])
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.,+TZ/".contains(&byte))
}

/// The last sentence of a text that has a word in it.
fn last_sentence(text: &str) -> &str {
    let mut rest = text;
    while let Some(end) = [". ", "! ", "? "].iter().filter_map(|mark| rest.rfind(mark)).max() {
        if rest[end + 2..].contains(char::is_alphabetic) {
            return &rest[end + 2..];
        }
        rest = &rest[..end];
    }
    rest
}

/// The words of a text in lower case; `ServiceURL` and `service_url` are two words each.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut last, mut before_last) = (' ', ' ');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_hump = c.is_uppercase() && last.is_lowercase();
        let ends_acronym = c.is_lowercase() && last.is_uppercase() && before_last.is_uppercase()
            // `URLs` is a plural, no two words.
            && chars.peek().is_some_and(|next| next.is_lowercase());
        if c.is_alphabetic() {
            if !last.is_alphabetic() || is_hump {
                words.push(String::new());
            }
            if ends_acronym && let Some(first) = words.last_mut().and_then(String::pop) {
                words.push(first.to_string());
            }
            words.last_mut().expect("a word was begun").extend(c.to_lowercase());
        }
        (before_last, last) = (last, c);
    }
    words
}
