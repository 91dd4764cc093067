//! Ways in which a command or its user says what the URL is: a file, a pattern, a key.

pub(super) mod json_key;
mod lines;
pub(super) mod pattern;
pub(super) mod url_file;
pub(super) mod wrangler;

use std::net::IpAddr;

use super::data::vendors::{VENDORS, Vendors};
use super::extract::hostname;
use crate::deployment::WebUrl;

/// Reads what somebody has pointed at: a URL, or a host without a scheme, with the quotes and the
/// full stop of the sentence that it stood in.
fn as_url(text: &str) -> Option<WebUrl> {
    let text = unquoted(text);
    let lower = text.get(..6).unwrap_or(text).to_ascii_lowercase();
    if text.contains("://") || lower.starts_with("http:") || lower.starts_with("https:") {
        return WebUrl::parse(text);
    }
    let (authority, path) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    let (host, port) =
        authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok();
    if !(hostname::is_host(host) || is_local) || !port.is_none_or(is_port) {
        return None;
    }
    let vendors = Vendors::new(&VENDORS);
    let base =
        if is_local { format!("http://{host}") } else { hostname::with_scheme(host, &vendors) };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    WebUrl::parse(&format!("{base}{port}{path}"))
}

/// A text without blanks, quotes and brackets around it, and without a final mark.
fn unquoted(text: &str) -> &str {
    let mut text = text;
    loop {
        let trimmed = text
            .trim_matches(|c: char| c.is_whitespace() || "\"'`<>".contains(c))
            .trim_end_matches(['.', ',', ';']);
        let pairs = [('(', ')'), ('[', ']')];
        let inner =
            pairs.iter().find_map(|pair| trimmed.strip_prefix(pair.0)?.strip_suffix(pair.1));
        let next = inner.unwrap_or(trimmed);
        if next == text {
            return text;
        }
        text = next;
    }
}

/// What a pattern or a key found, or why it is no URL.
pub(super) fn pointed_at(input: &str, text: &str) -> Result<WebUrl, String> {
    as_url(text)
        .ok_or_else(|| format!("what {input} finds is no http or https URL: no URL is reported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, url: Option<&str>) {
        assert_eq!(as_url(text).as_ref().map(WebUrl::as_str), url, "in: {text}");
    }

    #[test]
    fn a_url_is_read_without_the_marks_around_it() {
        check(" https://a.example ", Some("https://a.example"));
        check("\"https://a.example/x\",", Some("https://a.example/x"));
        check("<https://a.example>.", Some("https://a.example"));
        check("[https://a.example]", Some("https://a.example"));
        check("(https://a.example/b_(c))", Some("https://a.example/b_(c)"));
    }

    #[test]
    fn a_host_is_served_over_https_where_nothing_is_known() {
        check("a.surge.sh", Some("https://a.surge.sh"));
        check("a.example:8443/x?y=1", Some("https://a.example:8443/x?y=1"));
        check("localhost:3000", Some("http://localhost:3000"));
        check("192.0.2.7:8080", Some("http://192.0.2.7:8080"));
        check(
            "lb-1.us-west-2.elb.amazonaws.com/x",
            Some("http://lb-1.us-west-2.elb.amazonaws.com/x"),
        );
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for text in ["ftp://a.example", "no host", "", "a.example:port", "https:///app", "main.rs"]
        {
            check(text, None);
        }
    }
}
