//! URLs that a narrow terminal broke at the end of a line.

use super::url::{Candidate, is_box, is_delimiter};

/// Joins a URL that a narrow terminal broke at the end of its line with the rest of it.
/// None where the next line does not plainly continue it.
pub(in super::super) fn joined(
    broken: &Candidate<'_>,
    below: &str,
    is_known: impl Fn(&str) -> bool,
) -> Option<String> {
    if !is_rim(broken.after) || broken.flaw.is_some() {
        return None;
    }
    let opens_box = |text: &str| text.trim_start().starts_with(is_box);
    let is_boxed = opens_box(broken.before) && opens_box(below) && !broken.after.contains("  ");
    let below = below.trim_start_matches(|c: char| c.is_whitespace() || is_box(c));
    let is_url = below.starts_with("https://") || below.starts_with("http://");
    if is_url || !below.starts_with(|c: char| c.is_ascii_lowercase() || c == '.') {
        return None;
    }
    let end = below.find(|c: char| c.is_whitespace() || is_delimiter(c)).unwrap_or(below.len());
    let (rest, behind) = below.split_at(end);
    let opened = broken.before.chars().next_back().filter(|c| "'\"`".contains(*c));
    let is_closed_below = opened.is_some() && opened == behind.chars().next();
    let whole = format!("{}{}", broken.text, rest.trim_end_matches(['.', ',', ';', ')']));
    let completes_a_host = !is_known(broken.text) && is_known(&whole);
    let continues_in_box = is_boxed && rest.contains(['.', '/']);
    (is_closed_below || completes_a_host || continues_in_box).then_some(whole)
}

/// Nothing but blanks and the rim of a box.
pub(in super::super) fn is_rim(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_box(c))
}

#[cfg(test)]
mod tests {
    use super::super::url::urls;
    use super::*;

    #[test]
    fn a_broken_url_is_joined_where_that_is_plain() {
        let is_known = |url: &str| url.ends_with(".modal.run");
        let broken = |line| urls(line).pop().expect("the line has a URL");
        let whole = joined(&broken("│ https://a.moda"), "   │ l.run (label truncated)", is_known);
        assert_eq!(whole.as_deref(), Some("https://a.modal.run"));
        let whole = joined(&broken("open 'https://a.exam"), "ple/b' now", is_known);
        assert_eq!(whole.as_deref(), Some("https://a.example/b"));
        assert_eq!(joined(&broken("https://a.example"), "done", is_known), None);
        assert_eq!(joined(&broken("https://a.moda is it"), "l.run", is_known), None);
    }
}
