//! The URLs that stand in a line of text, as they were written.
//! It judges their shape alone; what they mean is the business of words and hosts.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::replaced::{REPLACED, is_replaced, replaces};

/// What every URL has behind its scheme.
static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// The ASCII characters that end a URL wherever they stand.
const ASCII_DELIMITERS: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte <= b' ' {
        table[byte as usize] = true;
        byte += 1;
    }
    let mut marks: &[u8] = b"\"'`<>|\\^\x7f";
    while let [mark, rest @ ..] = marks {
        table[*mark as usize] = true;
        marks = rest;
    }
    table
};

/// A piece of a line that has the shape of a URL or of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Candidate<'a> {
    /// What stands on the line before it, and behind it, up to its neighbors.
    pub(in super::super) before: &'a str,
    pub(in super::super) after: &'a str,
    pub(in super::super) text: &'a str,
    /// Why it cannot be a URL that somebody could visit.
    pub(in super::super) flaw: Option<&'static str>,
}

/// Every `http://` or `https://` of a line, in order.
pub(in super::super) fn urls(line: &str) -> Vec<Candidate<'_>> {
    let mut found: Vec<Candidate<'_>> = Vec::new();
    let mut from = 0;
    let mut label = None;
    while let Some(at) = MARK.find(&line.as_bytes()[from..]).map(|at| from + at) {
        let Some(start) = scheme_start(&line[from..at]).map(|start| from + start) else {
            from = at + 3;
            continue;
        };
        let body = at + 3;
        let end = body + extent(&line[body..]);
        let mut before = &line[from..start];
        if let Some(last) = found.last_mut() {
            last.after = before;
            if replaces(before) {
                last.flaw = Some(REPLACED);
                before = label.unwrap_or(before);
            }
        }
        label = Some(before);
        let trimmed = trimmed(&line[start..end], before);
        let after = &line[start + trimmed.len()..];
        let flaw = flaw(&line[start..end], trimmed, &line[end..]);
        found.push(Candidate { before, after, text: trimmed, flaw });
        from = end;
    }
    if let Some(last) = found.last_mut().filter(|last| is_replaced(last.after)) {
        last.flaw = Some(REPLACED);
    }
    found
}

/// Where in the text before `://` the scheme begins, if it is http or https.
fn scheme_start(text: &str) -> Option<usize> {
    let is_scheme = |length: usize, scheme: &str| {
        let start = text.len().checked_sub(length)?;
        let is_it = text.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(scheme));
        is_it.then_some(start)
    };
    let start = is_scheme(5, "https").or_else(|| is_scheme(4, "http"))?;
    let joins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+';
    (!text[..start].bytes().next_back().is_some_and(joins)).then_some(start)
}

/// How many bytes behind `://` may belong to the URL.
fn extent(body: &str) -> usize {
    let is_stop = |byte: u8| !byte.is_ascii() || ASCII_DELIMITERS[usize::from(byte)];
    let ascii = body.bytes().position(is_stop).unwrap_or(body.len());
    let is_edge = |c: char| c.is_whitespace() || is_delimiter(c);
    let mut end = body[ascii..].find(is_edge).map_or(body.len(), |at| ascii + at);
    if body.as_bytes()[..end].iter().any(|byte| b"]),".contains(byte)) {
        for stop in ["](", ",http", ");"] {
            end = body[..end].find(stop).unwrap_or(end);
        }
    }
    end
}

/// A character that ends a URL wherever it stands.
pub(in super::super) fn is_delimiter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => ASCII_DELIMITERS[c as usize],
        // Latin-1's signs, punctuation, arrows, boxes, dingbats, CJK punctuation, emoji.
        '\u{80}'..='\u{bf}'
        | '\u{2000}'..='\u{2bff}'
        | '\u{3000}'..='\u{303f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ff00}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff65}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{1f000}'..='\u{1ffff}' => true,
        _ => false,
    }
}

pub(in super::super) fn is_box(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{259f}' | '|')
}

/// The URL without the punctuation of the sentence that it stands in.
fn trimmed<'a>(url: &'a str, before: &str) -> &'a str {
    let mut url = url;
    let surplus = |opened: char, closed: char| {
        url.matches(closed).count().saturating_sub(url.matches(opened).count())
    };
    let mut unmatched = [surplus('(', ')'), surplus('[', ']'), surplus('{', '}')];
    while let Some(last) = url.chars().next_back() {
        let is_loose = match last {
            // A route's wildcard, or the end of bold text.
            '*' => url.trim_end_matches('*').ends_with('/') || before.ends_with('*'),
            _ => match ")]}".find(last) {
                Some(kind) if unmatched[kind] > 0 => {
                    unmatched[kind] -= 1;
                    true
                }
                Some(_) => false,
                None => ".,;:!?&([{".contains(last),
            },
        };
        if !is_loose {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// Why a URL is a template or an abbreviation.
fn flaw(raw: &str, url: &str, behind: &str) -> Option<&'static str> {
    let is_tag = behind.starts_with('<') && !behind.starts_with("</");
    let has = |part: &[u8]| raw.as_bytes().windows(part.len()).any(|window| window == part);
    let is_braced = url.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'}'));
    let is_named = path_of(url).split(['/', '?', '#', '=', '&']).any(is_placeholder);
    if is_tag || is_braced || is_named || raw.ends_with('{') || has(b"%s") {
        return Some("a template");
    }
    if has(b"...") || behind.starts_with('…') {
        return Some("abbreviated");
    }
    let host = host_of(url);
    if host.is_empty() || host.contains(['*', '$', '(', ')', ',', ';']) {
        return Some("no host that could be visited");
    }
    None
}

/// `USER_ID`, `YOUR-TOKEN`: a name that the reader is to replace.
fn is_placeholder(part: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || b"_-".contains(&byte);
    part.contains(['_', '-'])
        // `EN-US` is a language.
        && part.len() > 5
        && part.bytes().all(is_letter)
        && part.starts_with(|c: char| c.is_ascii_uppercase())
}

fn behind_scheme(url: &str) -> &str {
    let end = url.find(':').filter(|end| url[*end..].starts_with("://"));
    end.map_or(url, |end| &url[end + 3..])
}

/// The host of a URL, without credentials and port.
pub(in super::super) fn host_of(url: &str) -> &str {
    let body = behind_scheme(url);
    let authority = body.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or(host);
    }
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// What of a URL may be shown in an explanation: no credentials, and no query.
pub(in super::super) fn without_secrets(url: &str) -> String {
    let (scheme, body) = url.split_once("://").unwrap_or(("", url));
    let plain = body.split('?').next().unwrap_or_default();
    let authority_end = plain.find('/').unwrap_or(plain.len());
    let from = plain[..authority_end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &plain[from..])
}

/// Path, query and fragment of a URL.
pub(in super::super) fn path_of(url: &str) -> &str {
    let body = behind_scheme(url);
    body.find(['/', '?', '#']).map_or("", |at| &body[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let found: Vec<_> =
            urls(line).iter().filter(|c| c.flaw.is_none()).map(|c| c.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn punctuation_of_the_sentence_is_left_behind() {
        check("Live at https://a.example.", &["https://a.example"]);
        check("(see https://a.example/b_(c))!", &["https://a.example/b_(c)"]);
        check(
            "[app](https://a.example/x), **https://b.example**",
            &["https://a.example/x", "https://b.example"],
        );
        check(
            "\"https://a.example\", 'https://b.example'",
            &["https://a.example", "https://b.example"],
        );
        check("│ https://a.example │", &["https://a.example"]);
        check("🌍https://a.example🚀", &["https://a.example"]);
        check("https://a.example,https://b.example", &["https://a.example", "https://b.example"]);
        check("route: https://a.example/*", &["https://a.example/"]);
    }

    #[test]
    fn templates_and_abbreviations_are_no_urls() {
        check(
            "https://<app>.fly.dev https://$HOST/ https://a.${DOMAIN}/ https://a.example/{id}",
            &[],
        );
        check(
            "https://… https://... https://repo.example/... https://***.web.app https://my-<id>.dev",
            &[],
        );
        check(
            "<a href=\"https://a.example\">https://a.example</a>",
            &["https://a.example", "https://a.example"],
        );
    }

    #[test]
    fn a_name_in_capitals_is_a_template_and_a_language_is_none() {
        check("https://a.example/users/USER_ID https://a.example/?key=YOUR-KEY", &[]);
        check("https://a.example/EN-US/", &["https://a.example/EN-US/"]);
    }

    #[test]
    fn of_a_changed_value_the_new_one_counts() {
        check("~ url: \"https://a.example\" => \"https://b.example\"", &["https://b.example"]);
        check("~ url = \"https://a.example\" -> \"https://b.example\"", &["https://b.example"]);
        check("~ url = \"https://a.example\" -> (known after apply)", &[]);
        check("- url = \"https://a.example\" -> null", &[]);
        check("https://a.example -> http://b.example", &["https://a.example", "http://b.example"]);
        let line = "~ url: \"https://a.example\" => \"https://b.example\"";
        assert_eq!(urls(line)[1].before, "~ url: \"");
    }

    #[test]
    fn other_schemes_are_no_urls() {
        check("git+https://a.example s3://b ssh://git@c.example xhttps://d.example", &[]);
        check("url=HTTPS://A.example", &["HTTPS://A.example"]);
    }

    #[test]
    fn hosts_of_every_kind_are_read() {
        check(
            "https://münchen.example:8443/ä http://[::1]:80/x",
            &["https://münchen.example:8443/ä", "http://[::1]:80/x"],
        );
        assert_eq!(host_of("https://u:p@a.example:80/x@y"), "a.example");
        assert_eq!(host_of("http://[::1]:80/x"), "[::1]");
        assert_eq!(path_of("https://a.example?x=/"), "?x=/");
    }

    #[test]
    fn an_explanation_shows_no_secrets() {
        let shown = without_secrets("https://u:p@a.example/x?sig=1");
        assert_eq!(shown, "https://a.example/x");
    }
}
