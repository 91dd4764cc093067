//! What a terminal would show of some bytes: escape sequences go, the targets of links stay.
//! It draws nothing: a cursor that moves is ignored, but for one that begins the line anew.

use std::borrow::Cow;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// The text of one line. Control characters other than a tab are dropped, and what is not UTF-8
/// becomes U+FFFD. A hyperlink whose text shows no URL is followed by its target.
/// <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>
pub(super) fn strip(line: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(line);
    let is_plain = |byte: u8| (byte >= b' ' || byte == b'\t') && byte != 0x7f && byte != 0xc2;
    // Without a way out in the middle, the compiler makes a vectorized loop of it.
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        return text;
    }
    let mut shown = Shown { text: String::with_capacity(text.len()), link: None };
    let mut rest = text.as_ref();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '\x1b' => shown.escape(&rest[1..]),
            '\u{9b}' => shown.control(&rest[2..]),
            '\t' => shown.push(first, &rest[1..]),
            c if c.is_control() => &rest[c.len_utf8()..],
            c => shown.push(c, &rest[c.len_utf8()..]),
        };
    }
    shown.close_link();
    Cow::Owned(shown.text)
}

struct Shown<'a> {
    text: String,
    /// The open hyperlink: its target, and where its text begins.
    link: Option<(&'a str, usize)>,
}

impl<'a> Shown<'a> {
    fn push(&mut self, shown: char, rest: &'a str) -> &'a str {
        self.text.push(shown);
        rest
    }

    /// Takes what follows an ESC, gives what follows the sequence.
    fn escape(&mut self, rest: &'a str) -> &'a str {
        match rest.as_bytes().first() {
            Some(b'[') => self.control(&rest[1..]),
            Some(b']') => {
                let (body, rest) = split_string(&rest[1..]);
                if let Some((_, target)) = body.strip_prefix("8;").and_then(|b| b.split_once(';')) {
                    self.close_link();
                    self.link = (!target.is_empty()).then_some((target, self.text.len()));
                }
                rest
            }
            Some(b'P' | b'X' | b'^' | b'_') => split_string(&rest[1..]).1,
            Some(b'(' | b')' | b'#' | b'%') => rest.get(2..).unwrap_or_default(),
            Some(0x20..=0x7e) => &rest[1..],
            Some(_) | None => rest,
        }
    }

    /// Takes what follows the introducer of a control sequence, gives what follows the sequence.
    fn control(&mut self, rest: &'a str) -> &'a str {
        let behind = after_csi(rest);
        // To the first column, or the whole line erased: what a spinner does between its frames.
        if matches!(&rest[..rest.len() - behind.len()], "G" | "1G" | "2K") {
            self.close_link();
            self.text.clear();
        }
        behind
    }

    fn close_link(&mut self) {
        if let Some((target, from)) = self.link.take()
            && !self.text[from..].contains("://")
        {
            self.text.push(' ');
            self.text.extend(target.chars().filter(|c| !c.is_control()));
            self.text.push(' ');
        }
    }
}

/// What follows a control sequence whose introducer has been read.
fn after_csi(rest: &str) -> &str {
    let end = rest.bytes().position(|byte| !(0x20..=0x3f).contains(&byte));
    match end {
        Some(end) if rest.as_bytes()[end].is_ascii() && rest.as_bytes()[end] >= b'@' => {
            &rest[end + 1..]
        }
        Some(end) => &rest[end..],
        None => "",
    }
}

/// The body of a control string, and what follows its terminator (BEL, or ESC and a backslash).
fn split_string(rest: &str) -> (&str, &str) {
    let end = rest.bytes().position(|byte| byte == BEL || byte == ESC).unwrap_or(rest.len());
    let (body, rest) = rest.split_at(end);
    let rest = rest.strip_prefix("\x1b\\").or_else(|| rest.strip_prefix('\x07')).unwrap_or(rest);
    (body, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, shown: &str) {
        assert_eq!(strip(line.as_bytes()), shown);
    }

    #[test]
    fn colors_go() {
        check(
            "\x1b[1;32mlive at\x1b[0m \x1b[36mhttps://a.example\x1b[39m",
            "live at https://a.example",
        );
    }

    #[test]
    fn a_link_that_shows_its_target_is_shown_once() {
        check(
            "\x1b]8;;https://a.example\x1b\\https://a.example\x1b]8;;\x1b\\.",
            "https://a.example.",
        );
    }

    #[test]
    fn a_link_that_hides_its_target_is_followed_by_it() {
        check(
            "\x1b]8;id=1;https://a.example\x07Preview\x1b]8;;\x07!",
            "Preview https://a.example !",
        );
    }

    #[test]
    fn a_sequence_that_is_cut_off_takes_nothing_with_it() {
        check("a\x1b", "a");
        check("a\x1b[31", "a");
        check("a\x1b]8;;https://a.example", "a https://a.example ");
        check("\x1b[é", "é");
    }

    #[test]
    fn other_control_characters_go() {
        check("a\x08b\tc\u{9b}1md\x1b(B", "ab\tcd");
    }
}
