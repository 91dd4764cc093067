//! A look at the bytes of a line, before anything is read: can a URL come of it at all?
//! It never says no where a closer look would say yes.

use memchr::memmem::Finder;

use super::failure;

/// What makes a line worth a look: a URL, a word that may announce a host without a scheme, or one
/// about a failure. Four bytes at the least, which a vectorized search needs to be quick.
const TRIGGERS: &[&str] = &[
    "p://",
    "s://",
    "P://",
    "S://",
    "url:",
    "url ",
    "url=",
    "url\"",
    "urls",
    "Url:",
    "Url ",
    "Url=",
    "URL:",
    "URL ",
    "URL=",
    "host",
    "Host",
    "HOST",
    "omain",
    "OMAIN",
    "omínio",
    "oute",
    "CNAME",
    "ndpoint",
    "NDPOINT",
    "dns_",
    "dns ",
    "dnsName",
    "DNS ",
    "fqdn",
    "FQDN",
    "NAL-IP",
    "ing at ",
    "able at ",
    "live at ",
    "up at ",
    "ed to ",
    "ed at ",
    "域名",
    "地址",
    "도메인",
    "домен",
];

/// What makes a line worth a look where there are too many to look at: it says of itself, in plain
/// words, that something was deployed.
pub(super) const ANNOUNCEMENTS: &[&str] = &[
    "live at",
    "Live at",
    "is live",
    "LIVE",
    "ployed to",
    "ployed at",
    "PLOYED",
    "ployed:",
    "blished to",
    "ublished:",
    "ailable at",
    "isit your",
    "ebsite",
    "eady at",
    "review:",
    "review U",
    "roduction:",
    "nning at",
    "osted at",
    "ccess your",
    "ite url",
    "ite URL",
    "pp URL",
    "pplication U",
    "y failed",
    "t failed",
    "访问",
    "部署",
    "デプロイ",
    "배포",
    "доступ",
    "isponible",
];

/// Of the triggers those that matter most.
pub(super) const MAIN_TRIGGERS: &[&str] =
    &["p://", "s://", "ployed to", "ployed at", "live at", "ailable at", "y failed", "t failed"];

pub(super) fn triggers() -> impl Iterator<Item = &'static str> {
    TRIGGERS.iter().chain(failure::MARKS).copied()
}

/// What a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sieved {
    Nothing,
    /// A URL that may win.
    Urls,
    /// A host without a scheme, or the heading of a table.
    Hosts,
    /// Perhaps a failure.
    Marked,
    /// A line that is to be read in any case.
    Whole,
}

/// Looks at the hosts of a line's URLs; None where there is no `://`. In a flood no host is expected
/// to go on in the next line.
pub(super) fn urls(
    line: &[u8],
    scheme: &Finder<'_>,
    is_flooded: bool,
    mut may_win: impl FnMut(&[u8]) -> bool,
) -> Option<Sieved> {
    let mut places = scheme.find_iter(line).peekable();
    places.peek()?;
    let is_wanted = |at: usize| {
        let is_web = at > 3 && matches!(line[at - 1], b'p' | b'P')
            || at > 4 && matches!(line[at - 1], b's' | b'S') && matches!(line[at - 2], b'p' | b'P');
        is_web && host(&line[at + 3..], is_flooded).is_none_or(&mut may_win)
    };
    Some(if places.any(is_wanted) { Sieved::Urls } else { Sieved::Nothing })
}

/// The host that some bytes begin with; None where it is not plain to see.
fn host(bytes: &[u8], may_end_line: bool) -> Option<&[u8]> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let end = bytes.iter().position(|byte| !is_name(byte)).unwrap_or(bytes.len());
    let is_end = match bytes.get(end) {
        None => may_end_line,
        Some(b':') => {
            let port = bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            port > 0
                && bytes
                    .get(end + 1 + port)
                    .is_none_or(|byte| !b"@:".contains(byte) && !byte.is_ascii_alphanumeric())
        }
        Some(byte) => b"/?# \t\"'<>`|)],;".contains(byte),
    };
    (end > 0 && is_end).then_some(&bytes[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, hosts: &[&str], expected: Option<Sieved>) {
        let mut seen = Vec::new();
        let sieved = urls(line.as_bytes(), &Finder::new("://"), false, |host| {
            seen.push(String::from_utf8_lossy(host).into_owned());
            false
        });
        assert_eq!(
            (seen.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), sieved),
            (hosts, expected)
        );
    }

    #[test]
    fn hosts_are_seen_where_they_are_plain() {
        check(
            "GET https://a.example/x and http://b:80/",
            &["a.example", "b"],
            Some(Sieved::Nothing),
        );
        check("s3://bucket/key gs://bucket", &[], Some(Sieved::Nothing));
        check("no URL", &[], None);
        for line in [
            "https://u:p@a.example/",
            "https://münchen.example",
            "https://$HOST/",
            "https://a.exa\x1b[0mple",
            "https://a.example",
        ] {
            check(line, &[], Some(Sieved::Urls));
        }
    }
}
