//! The sentence that a URL stands in, and its shape.

use super::super::data::labels::MARKS;
use super::super::extract::url::is_box;
use super::super::words::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing but bullets, tags and signs.
    Bullet,
    /// Ends in a mark that gives a name its value.
    Label,
    Text,
}

/// The sign that stands directly before a URL, or before its label.
pub(super) fn mark(sentence: &str) -> Option<(&'static str, i32)> {
    let opening = sentence.trim_start_matches(|c: char| c.is_whitespace() || "-*•>\"'".contains(c));
    MARKS.iter().find(|(mark, _)| opening.starts_with(mark)).copied()
}

pub(super) fn shape(sentence: &str, words: &Words) -> Shape {
    const METHODS: [&str; 10] =
        ["get", "post", "put", "patch", "delete", "head", "options", "any", "http", "value"];
    if words.iter().all(|word| METHODS.contains(&word)) {
        return Shape::Bullet;
    }
    if is_label(sentence) { Shape::Label } else { Shape::Text }
}

pub(super) fn is_bullet(text: &str) -> bool {
    shape(text, &Words::of(text)) == Shape::Bullet
}

/// Ends in a mark that gives a name its value.
pub(super) fn is_label(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || is_box(c) || "\"'`[(*_\\".contains(c))
        .ends_with([':', '=', '>', '：', '→'])
}

/// The last sentence of a text that has a word in it, and what stands before it.
pub(super) fn last_sentence(text: &str) -> (&str, &str) {
    let mut rest = text;
    while let Some((end, next)) = last_end(rest) {
        let sentence = &rest[next..];
        if sentence.contains(char::is_alphabetic) {
            return (&rest[..end], sentence);
        }
        rest = &rest[..end];
    }
    ("", rest)
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
