//! Which words are about a URL: those on its line, else those on the lines above.
//! What they weigh is not its business.

use super::super::ansi::strip;
use super::super::data::labels::{APP_LABELS, MARKS, WELL_MARKS};
use super::super::extract::url::{Candidate, is_box};
use super::super::lines::Window;
use super::super::rows::rows_upwards;
use super::super::words::Words;
use super::foreign::foreign;
use super::keywords::{BEFORE, BEHIND, Keywords, MOST, PURPOSES, WENT_WELL};
use super::tags::untagged;

/// What a line above counts that says that something went well.
const WELL: i32 = 2;

/// What a heading counts for an item with a label of its own that says nothing.
const HEADING: i32 = 2;

/// What words must weigh to be plain.
pub(in super::super) const PLAIN: i32 = 3;

/// How many lines above are asked.
const MAX_ASKED: usize = 3;

/// How many words behind a URL are about it.
const WORDS_BEHIND: usize = 6;

/// Words about a URL, and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Context {
    pub(in super::super) keywords: Keywords,
    /// Where in the stream the heading begins that was asked.
    pub(in super::super) heading: Option<u64>,
    /// The lines above were asked.
    pub(in super::super) is_from_above: bool,
}

/// What the words before a host without a scheme say.
pub(in super::super) fn about_host(candidate: &Candidate<'_>) -> Keywords {
    let mut keywords = before(candidate.before).keywords;
    if candidate.after.trim_start().starts_with("(custom domain") {
        keywords.add("custom domain", MOST);
    }
    keywords
}

/// What the words around a URL say: on its line; if they say nothing, above it.
pub(in super::super) fn about(candidate: &Candidate<'_>, window: &Window<'_>) -> Context {
    let own = before(candidate.before);
    let mut keywords = own.keywords;
    if !own.is_foreign {
        keywords.join(behind(candidate.after));
    }
    let is_weak_label = own.shape == Shape::Label && (1..PLAIN).contains(&keywords.points);
    if is_weak_label && !own.is_foreign && !own.is_mark_alone {
        return with_heading(keywords, window);
    }
    if own.is_foreign || !(keywords.matched.is_empty() || own.is_mark_alone) {
        return Context { keywords, ..Context::default() };
    }
    let stands_alone = own.shape == Shape::Bullet && is_bullet(candidate.after);
    if stands_alone {
        keywords.add("alone on its line", 1);
        if window.is_near_end && window.below.trim_ascii().is_empty() {
            keywords.add("the last line", 1);
        }
    }
    let shape = if stands_alone || own.shape == Shape::Label { own.shape } else { Shape::Text };
    let above = above(window, shape);
    keywords.join(above.keywords);
    Context { keywords, is_from_above: true, ..above }
}

/// An item of a list whose own label says a little: its heading says whether that is enough.
fn with_heading(mut keywords: Keywords, window: &Window<'_>) -> Context {
    let above = above(window, Shape::Label);
    match above.keywords.points {
        ..0 => keywords.worsen("its heading", above.keywords.points),
        0 => {}
        1.. => keywords.add("its heading", 1),
    }
    Context { keywords, is_from_above: true, ..above }
}

/// What stands before a URL on its line.
#[derive(Debug)]
struct Own {
    keywords: Keywords,
    shape: Shape,
    /// A warning, or about somebody else's pages.
    is_foreign: bool,
    /// A sign is all that counts for it.
    is_mark_alone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Nothing but bullets, tags and signs.
    Bullet,
    /// Ends in a mark that gives a name its value.
    Label,
    Text,
}

/// What the text before a URL says, from the last sentence that has a say.
fn before(text: &str) -> Own {
    let message = untagged(text);
    let complaint = message.is_complaint.then_some("a warning or a notice");
    if let Some(reason) = complaint.or_else(|| foreign(&message.text)) {
        let keywords = Keywords { points: -MOST - 1, matched: vec![reason] };
        return Own { keywords, shape: Shape::Text, is_foreign: true, is_mark_alone: false };
    }
    let sentence = last_sentence(&message.text);
    let words = Words::of(sentence);
    let mut keywords = Keywords::weigh(&words, &BEFORE, usize::MAX);
    match words.last() {
        Some("at") => keywords.add("at", 1),
        Some("from") => keywords.worsen("from", -4),
        Some("to") if words.len() == 1 => keywords.worsen("to", -6),
        Some(last @ ("with" | "via" | "by"))
            if !keywords.matched.last().is_some_and(|phrase| phrase.ends_with(last)) =>
        {
            keywords.worsen("with", -2);
        }
        _ => {}
    }
    let shape = shape(sentence, &words);
    if keywords.points > 0 && is_label(sentence) {
        keywords.add(":", 1);
    }
    if words.len() == 1 && words.last().is_some_and(|word| APP_LABELS.contains(&word)) {
        keywords.add("the app's own label", 1);
    }
    if let Some(label) = message.label.filter(|_| shape == Shape::Bullet) {
        let named = Keywords::weigh(&Words::of(label), &BEFORE, usize::MAX);
        if named.points >= PLAIN {
            keywords.join(named);
        }
    }
    let is_mark_alone = keywords.matched.is_empty();
    if let Some((mark, points)) = mark(sentence).filter(|_| keywords.points >= 0) {
        keywords.add(mark, points);
    }
    keywords.points = keywords.points.min(MOST);
    Own { keywords, shape, is_foreign: false, is_mark_alone }
}

/// What the text behind a URL on its line says.
fn behind(text: &str) -> Keywords {
    let words = Words::of(text.split_once(". ").map_or(text, |(sentence, _)| sentence));
    let is_purpose = matches!(words.get(0), Some("for" | "to" | "and"));
    // `… to see your app`
    let is_visit = words.iter().take(WORDS_BEHIND).any(|word| APP_LABELS.contains(&word));
    let is_purpose = is_purpose && !(is_visit && words.get(1) == Some("see"));
    let mut first = words.iter().take(WORDS_BEHIND);
    match first.find_map(|word| PURPOSES.get(word).filter(|_| is_purpose)) {
        Some(purpose) => Keywords { points: purpose.weight, matched: vec![purpose.text] },
        None => Keywords::weigh(&words, &BEHIND, WORDS_BEHIND),
    }
}

/// What the lines above say, up to a blank one or one about work under way. A line with a
/// URL is about that one, so it is passed over.
fn above(window: &Window<'_>, shape: Shape) -> Context {
    let (mut asked, mut is_behind_blank) = (0, false);
    for (start, line) in rows_upwards(window.above) {
        let text = strip(line);
        if text.trim().is_empty() {
            if asked > 0 {
                break;
            }
            is_behind_blank = true;
        }
        if !text.contains(char::is_alphanumeric) {
            continue;
        }
        asked += 1;
        let message = untagged(&text);
        let shown = message.text.trim_end_matches(|c: char| c.is_whitespace() || is_box(c));
        if shown.ends_with('…') || shown.ends_with("...") || asked > MAX_ASKED {
            break;
        }
        if is_behind_blank && shape != Shape::Bullet && !went_well(&text) {
            break;
        }
        let is_heading = shown.ends_with([':', '：']);
        if let Some(keywords) = heading(&text, is_heading, shape) {
            let at = window.offset.saturating_sub((window.above.len() - start) as u64);
            return Context { keywords, heading: Some(at), is_from_above: true };
        }
    }
    Context::default()
}

/// What a line says about the URLs below it.
fn heading(text: &str, is_heading: bool, shape: Shape) -> Option<Keywords> {
    if text.contains("://") {
        return None;
    }
    let own = before(text);
    if own.is_foreign {
        return None;
    }
    if (shape == Shape::Bullet || is_heading) && !own.keywords.matched.is_empty() {
        let mut keywords = own.keywords;
        if shape != Shape::Bullet {
            keywords.points = keywords.points.min(HEADING);
        }
        return Some(keywords);
    }
    let is_well = shape != Shape::Text && went_well(text);
    is_well.then(|| Keywords { points: WELL, matched: vec!["it went well"] })
}

/// A line near a URL that says that something went well.
fn went_well(text: &str) -> bool {
    let words = Words::of(text);
    WELL_MARKS.iter().any(|mark| text.contains(mark))
        || !WENT_WELL.phrases_in(&words, usize::MAX).is_empty()
}

/// The sign that stands directly before a URL, or before its label.
fn mark(sentence: &str) -> Option<(&'static str, i32)> {
    let opening = sentence.trim_start_matches(|c: char| c.is_whitespace() || "-*•>".contains(c));
    MARKS.iter().find(|(mark, _)| opening.starts_with(mark)).copied()
}

fn shape(sentence: &str, words: &Words) -> Shape {
    const METHODS: [&str; 10] =
        ["get", "post", "put", "patch", "delete", "head", "options", "any", "http", "value"];
    if words.iter().all(|word| METHODS.contains(&word)) {
        return Shape::Bullet;
    }
    if is_label(sentence) { Shape::Label } else { Shape::Text }
}

fn is_bullet(text: &str) -> bool {
    shape(text, &Words::of(text)) == Shape::Bullet
}

/// Ends in a mark that gives a name its value.
fn is_label(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || is_box(c) || "\"'`[(*_\\".contains(c))
        .ends_with([':', '=', '>', '：', '→'])
}

/// The last sentence of a text that has a word in it.
fn last_sentence(text: &str) -> &str {
    let mut rest = text;
    while let Some((end, next)) = last_end(rest) {
        let sentence = &rest[next..];
        if sentence.contains(char::is_alphabetic) {
            return sentence;
        }
        rest = &rest[..end];
    }
    rest
}

/// Where the last mark stands that ends a sentence, and where the next one begins.
fn last_end(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut until = bytes.len();
    let plain = loop {
        let Some(at) = memchr::memrchr3(b'.', b'!', b'?', &bytes[..until]) else { break None };
        if bytes.get(at + 1) == Some(&b' ') {
            break Some((at, at + 2));
        }
        until = at;
    };
    if text.is_ascii() {
        return plain;
    }
    let wide = text.rfind(['。', '！', '？']).map(|at| (at, at + '。'.len_utf8()));
    plain.max(wide)
}
