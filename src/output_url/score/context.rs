//! Which words are about a URL: those on its line, else those on the lines above.
//! What they weigh is not its business.

use super::super::ansi::strip;
use super::super::data::labels::{APP_LABELS, WELL_MARKS};
use super::super::extract::url::{Candidate, is_box};
use super::super::lines::Window;
use super::super::rows::{rows, rows_upwards};
use super::super::words::Words;
use super::foreign::foreign;
use super::keywords::{BEFORE, BEHIND, Keywords, MOST, PURPOSES, WENT_WELL};
use super::runner::{behind_shared_name, shared_name};
use super::sentence::{Shape, is_bullet, is_label, last_sentence, mark, shape};
use super::tags::untagged;

/// What a line above counts that says that something went well.
const WELL: i32 = 2;

/// What a sentence before the one that a URL stands in counts, where it says so.
const WELL_BEFORE: i32 = 1;

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
pub(in super::super) fn about_host(candidate: &Candidate<'_>, window: &Window<'_>) -> Keywords {
    let name = name_beside(candidate, window);
    let mut keywords = before(behind_shared_name(candidate.before, name)).keywords;
    if candidate.after.trim_start().starts_with("(custom domain") {
        keywords.add("custom domain", MOST);
    }
    keywords
}

/// What the words around a URL say: on its line; if they say nothing, above it.
pub(in super::super) fn about(candidate: &Candidate<'_>, window: &Window<'_>) -> Context {
    let name = name_beside(candidate, window);
    let own = before(behind_shared_name(candidate.before, name));
    // Fields behind a message are not about it.
    let after = candidate.after.split('"').next().filter(|_| own.is_quoted);
    let after = after.map_or(candidate.after, |after| after.trim_end_matches("\\n"));
    let mut keywords = own.keywords;
    if !own.is_foreign {
        keywords.join(behind(after));
    }
    let is_weak_label = own.shape == Shape::Label && (1..PLAIN).contains(&keywords.points);
    if is_weak_label && !own.is_foreign && !own.is_mark_alone {
        return with_heading(keywords, window, name);
    }
    if own.is_foreign || !(keywords.matched.is_empty() || own.is_mark_alone) {
        return Context { keywords, is_from_above: name.is_some(), ..Context::default() };
    }
    let stands_alone = own.shape == Shape::Bullet && is_bullet(after);
    if stands_alone {
        keywords.add("alone on its line", 1);
        if window.is_near_end && window.below.trim_ascii().is_empty() {
            keywords.add("the last line", 1);
        }
    }
    let shape = if stands_alone || own.shape == Shape::Label { own.shape } else { Shape::Text };
    let above = above(window, shape, name);
    keywords.join(above.keywords);
    Context { keywords, is_from_above: true, ..above }
}

/// The name of the task that the lines around a candidate are tagged with.
fn name_beside<'a>(candidate: &Candidate<'a>, window: &Window<'_>) -> Option<&'a str> {
    let (first, _) = candidate.before.trim_start().split_once(':')?;
    if first.is_empty() || first.contains(char::is_whitespace) {
        return None;
    }
    let above = rows_upwards(window.above).map(|(_, row)| row);
    let mut beside = above.take(MAX_ASKED).chain(rows(window.below).skip(1).take(1));
    beside.find_map(|row| shared_name(candidate.before, &strip(row)))
}

/// An item of a list whose own label says a little: its heading says whether that is enough.
fn with_heading(mut keywords: Keywords, window: &Window<'_>, name: Option<&str>) -> Context {
    let above = above(window, Shape::Label, name);
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
    /// It stands in a string of JSON or logfmt.
    is_quoted: bool,
}

/// What the text before a URL says, from the last sentence that has a say.
fn before(text: &str) -> Own {
    let message = untagged(text);
    let complaint = message.is_complaint.then_some("a warning or a notice");
    if let Some(reason) = complaint.or_else(|| foreign(&message.text)) {
        let keywords = Keywords { points: -MOST - 1, matched: vec![reason] };
        let is_quoted = message.is_quoted;
        return Own {
            keywords,
            shape: Shape::Text,
            is_foreign: true,
            is_mark_alone: false,
            is_quoted,
        };
    }
    let (earlier, sentence) = last_sentence(&message.text);
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
    if keywords.points >= 0 && went_well(earlier) {
        keywords.add("it went well", WELL_BEFORE);
    }
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
    Own { keywords, shape, is_foreign: false, is_mark_alone, is_quoted: message.is_quoted }
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
fn above(window: &Window<'_>, shape: Shape, name: Option<&str>) -> Context {
    let (mut asked, mut is_behind_blank) = (0, false);
    for (start, line) in rows_upwards(window.above) {
        let line = strip(line);
        let text = behind_shared_name(&line, name);
        let message = untagged(text);
        // A rule or a rim is no blank line; a tag alone is one.
        let is_tag_alone = message.text.trim().is_empty() && text.contains(char::is_alphanumeric);
        if text.trim().is_empty() || is_tag_alone {
            if asked > 0 {
                break;
            }
            is_behind_blank = true;
        }
        if !message.text.contains(char::is_alphanumeric) {
            continue;
        }
        asked += 1;
        let shown = message.text.trim_end_matches(|c: char| c.is_whitespace() || is_box(c));
        if shown.ends_with('…') || shown.ends_with("...") || asked > MAX_ASKED {
            break;
        }
        if is_behind_blank && shape != Shape::Bullet && !went_well(text) {
            break;
        }
        let is_heading = shown.ends_with([':', '：']);
        if let Some(keywords) = heading(text, is_heading, shape) {
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
