//! Hosts that stand in a line without a scheme.
//! It tells them from files and versions; whether one was deployed to is judged elsewhere.

use crate::deployment::WebUrl;

use super::candidates::{Candidate, is_delimiter};
use super::hosts::is_plain;
use super::vendors::Vendors;

/// Ends of words that are files.
const FILES: [&str; 24] = [
    "bin", "cfg", "conf", "css", "env", "go", "gz", "html", "jar", "js", "json", "lock", "log",
    "md", "mjs", "php", "py", "rb", "tar", "tgz", "toml", "ts", "yaml", "yml",
];

/// Every word of a line that could be a host without a scheme, in order.
pub(super) fn hosts(line: &str) -> impl Iterator<Item = Candidate<'_>> {
    let is_edge = |c: char| c.is_whitespace() || is_delimiter(c) || "()[]{}=,;".contains(c);
    let (mut from, mut last_host) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let start = from + line[from..].find(|c| !is_edge(c))?;
            let end = line[start..].find(is_edge).map_or(line.len(), |length| start + length);
            from = end;
            let text = line[start..end].trim_end_matches(['.', ':', '!', '?', '/', '*']);
            if is_host(text) {
                let after = &line[start + text.len()..];
                let before = &line[last_host..start];
                last_host = end;
                return Some(Candidate { before, after, text, flaw: None });
            }
        }
    })
}

/// Reads what somebody has pointed at: a URL, or a host without a scheme.
pub(super) fn as_url(text: &str, vendors: &Vendors) -> Option<WebUrl> {
    let text = text.trim();
    if text.contains("://") {
        return WebUrl::parse(text);
    }
    let (host, path) = text.split_at(text.find('/').unwrap_or(text.len()));
    is_host(host).then(|| WebUrl::parse(&format!("{}{path}", with_scheme(host, vendors)))).flatten()
}

/// A host as a URL; load balancers and buckets have no certificate of their own.
pub(super) fn with_scheme(host: &str, vendors: &Vendors) -> String {
    let scheme = if is_plain(host, vendors) { "http" } else { "https" };
    format!("{scheme}://{host}")
}

/// A name with a dot whose last label could be a top-level domain, and no file.
fn is_host(text: &str) -> bool {
    let Some((name, last)) = text.rsplit_once('.') else { return false };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
    };
    text.len() <= 253
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && !FILES.contains(&last.to_ascii_lowercase().as_str())
        && name.split('.').all(is_label)
        && name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::vendors::VENDORS;
    use super::*;

    #[test]
    fn a_host_without_a_scheme_is_told_from_a_file_an_address_and_a_version() {
        let line = "Host: a-b.shuttle.app, me@x.dev package.json 10.0.0.1 v1.2.3 (c.example.com).";
        let found: Vec<_> = hosts(line).map(|c| c.text).collect();
        assert_eq!(found, ["a-b.shuttle.app", "c.example.com"]);
    }

    #[test]
    fn a_host_gets_the_scheme_that_it_is_served_with() {
        let check = |text, url| {
            assert_eq!(as_url(text, &Vendors::new(&VENDORS)).as_ref().map(WebUrl::as_str), url);
        };
        check("a.surge.sh", Some("https://a.surge.sh"));
        check(
            "lb-1.us-west-2.elb.amazonaws.com/x",
            Some("http://lb-1.us-west-2.elb.amazonaws.com/x"),
        );
        check(" https://a.example ", Some("https://a.example"));
        check("ftp://a.example", None);
        check("no host", None);
    }
}
