//! Hosts that stand in a line without a scheme.
//! It tells them from files and versions; whether one was deployed to is judged elsewhere.

use super::super::data::labels::FILE_ENDS;
use super::super::data::vendors::{Kind, Vendors};
use super::replaced::{REPLACED, is_replaced};
use super::url::{Candidate, is_delimiter};

/// A quick look, before anything is read: whether some dot stands between two names.
pub(in super::super) fn may_be_in(line: &[u8]) -> bool {
    memchr::memchr_iter(b'.', line).any(|dot| {
        let before = dot.checked_sub(1).map(|at| line[at]);
        let is_name = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
        let rest = &line[dot + 1..];
        let end = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'-'));
        let label = &rest[..end.unwrap_or(rest.len())];
        is_name
            && label.len() >= 2
            && label[0] >= b'A'
            && !FILE_ENDS.iter().any(|end| label.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// Every word of a line that could be a host without a scheme, in order.
pub(in super::super) fn hosts(line: &str) -> impl Iterator<Item = Candidate<'_>> {
    let is_edge = |c: char| c.is_whitespace() || is_delimiter(c) || "()[]{}=,;".contains(c);
    let (mut from, mut last_host) = (0, 0);
    let mut label = None;
    std::iter::from_fn(move || {
        loop {
            let start = from + line[from..].find(|c| !is_edge(c))?;
            let end = line[start..].find(is_edge).map_or(line.len(), |length| start + length);
            from = end;
            let text = line[start..end].trim_end_matches(['.', ':', '!', '?', '/', '*']);
            if is_host(text) {
                let after = &line[start + text.len()..];
                let before = label.take().unwrap_or(&line[last_host..start]);
                last_host = end;
                let flaw = is_replaced(after).then_some(REPLACED);
                // The new value has the old one's label.
                label = flaw.map(|_| before);
                return Some(Candidate { before, after, text, flaw });
            }
        }
    })
}

/// A host as a URL; load balancers and buckets have no certificate of their own.
pub(in super::super) fn with_scheme(host: &str, vendors: &Vendors) -> String {
    let is_plain = vendors
        .line_for(host)
        .is_some_and(|(_, kind)| matches!(kind, Kind::Machine | Kind::PlainApp));
    let scheme = if is_plain { "http" } else { "https" };
    format!("{scheme}://{host}")
}

/// A name with a dot whose last label could be a top-level domain, and no file.
pub(in super::super) fn is_host(text: &str) -> bool {
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
        && !FILE_ENDS.contains(&last.to_ascii_lowercase().as_str())
        && name.split('.').all(is_label)
        && name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::super::data::vendors::VENDORS;
    use super::*;

    #[test]
    fn a_host_without_a_scheme_is_told_from_a_file_an_address_and_a_version() {
        let line = "Host: a-b.shuttle.app, me@x.dev package.json 10.0.0.1 v1.2.3 (c.example.com).";
        let found: Vec<_> = hosts(line).map(|c| c.text).collect();
        assert_eq!(found, ["a-b.shuttle.app", "c.example.com"]);
    }

    #[test]
    fn a_quick_look_finds_the_lines_with_hosts() {
        for line in ["Host: a.example", "x a-b.shuttle.app", "münchen.example", "v1.2 is a.dev"] {
            assert!(may_be_in(line.as_bytes()), "{line}");
        }
        for line in
            ["host 10.0.0.1", "url: none.", "main.rs:12 url", "package.json", "a . b", "..."]
        {
            assert!(!may_be_in(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_host_gets_the_scheme_that_it_is_served_with() {
        let vendors = Vendors::new(&VENDORS);
        assert_eq!(with_scheme("a.surge.sh", &vendors), "https://a.surge.sh");
        let balancer = "lb-1.us-west-2.elb.amazonaws.com";
        assert_eq!(with_scheme(balancer, &vendors), format!("http://{balancer}"));
    }
}
