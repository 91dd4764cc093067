//! What an address leads to by its host, with or without knowing the vendor.
//! It reads names only: nothing is resolved or asked.

use std::fmt;
use std::net::IpAddr;
use std::sync::LazyLock;

use super::super::data::labels;
use super::super::data::phrase_table::{Phrase, PhraseTable};
use super::super::data::vendors::{Kind, Vendors};

static FRONT_LABELS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[labels::FRONT_LABELS]));

/// No words outweigh it.
const NEVER: i32 = -20;

/// Ends of names that only a network of its own knows.
const INSIDE: [&str; 9] = [
    ".arpa",
    ".ddev.site",
    ".internal",
    ".invalid",
    ".lan",
    ".lndo.site",
    ".local",
    ".svc",
    ".test",
];

/// What a host says, in points and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct HostTraits {
    pub(in super::super) class: HostClass,
    pub(in super::super) reason: Option<(Reason, i32)>,
}

/// Whether it is known what lives on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum HostClass {
    /// What people deploy.
    App,
    /// People's pages and many other things, under one host.
    Shared,
    Vendor,
    Unknown,
}

/// A trait of a URL, as an explanation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Reason {
    AppHost(&'static str),
    Vendor(&'static str),
    Shared(&'static str),
    Machine(&'static str),
    Metadata,
    PrivateAddress,
    BareAddress,
    ThisMachine,
    Inside,
    Called(&'static str),
    NameUnderDomain,
    BehindApp,
    File(&'static str),
    Segment(&'static str),
    Unannounced,
}

/// Judges a host in lower case; of a shared one, that there is a path matters.
pub(in super::super) fn traits(host: &str, path: &str, vendors: &Vendors) -> HostTraits {
    let host = host.trim_end_matches('.');
    match vendors.line_for(host) {
        Some((pattern, kind)) => by_vendor(host, path, pattern, kind),
        None => HostTraits { class: HostClass::Unknown, reason: by_name(host) },
    }
}

impl HostTraits {
    pub(in super::super) fn points(&self) -> i32 {
        self.reason.map_or(0, |(_, points)| points)
    }
}

fn by_vendor(host: &str, path: &str, pattern: &'static str, kind: Kind) -> HostTraits {
    let names = host.split('.').count() - pattern.split('.').count();
    let first = host.split('.').next().unwrap_or_default();
    // A vendor keeps the plain names under its domain for itself: `docs.platform.sh`.
    let is_kept = first == "www" || front_label(first).is_some_and(|label| label.weight < -2);
    let (class, reason, points) = match kind {
        Kind::App | Kind::PlainApp if names == 1 && is_kept => {
            (HostClass::Vendor, Reason::Vendor(pattern), NEVER)
        }
        Kind::App | Kind::PlainApp => (HostClass::App, Reason::AppHost(pattern), 4),
        Kind::Machine => (HostClass::Unknown, Reason::Machine(pattern), -1),
        Kind::PathApp if path.len() > 1 => (HostClass::App, Reason::AppHost(pattern), 4),
        Kind::Shared if path.len() > 1 => (HostClass::Shared, Reason::Shared(pattern), 0),
        Kind::Own | Kind::PathApp | Kind::Shared => {
            (HostClass::Vendor, Reason::Vendor(pattern), NEVER)
        }
    };
    HostTraits { class, reason: Some((reason, points)) }
}

fn by_name(host: &str) -> Option<(Reason, i32)> {
    let (first, rest) = host.split_once('.').unwrap_or((host, ""));
    let is_numeric = host.starts_with('[') || host.ends_with(|c: char| c.is_ascii_digit());
    if is_numeric && let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Some(by_address(address));
    }
    if host == "localhost" || host.ends_with(".localhost") || host == "host.docker.internal" {
        return Some((Reason::ThisMachine, NEVER));
    }
    if rest.is_empty() || INSIDE.iter().any(|end| host.ends_with(end)) {
        return Some((Reason::Inside, -4));
    }
    if let Some(label) = front_label(first) {
        return Some((Reason::Called(label.text), label.weight));
    }
    let is_name = rest.contains('.') && first.contains('-');
    is_name.then_some((Reason::NameUnderDomain, 1))
}

fn by_address(address: IpAddr) -> (Reason, i32) {
    let address = address.to_canonical();
    let is_metadata = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    let is_private = match address {
        IpAddr::V4(v4) => v4.is_private(),
        IpAddr::V6(v6) => v6.is_unique_local(),
    };
    match address {
        _ if is_metadata => (Reason::Metadata, NEVER),
        _ if address.is_loopback() || address.is_unspecified() => (Reason::ThisMachine, NEVER),
        _ if is_private => (Reason::PrivateAddress, -2),
        IpAddr::V4(_) | IpAddr::V6(_) => (Reason::BareAddress, -1),
    }
}

fn front_label(label: &str) -> Option<Phrase> {
    FRONT_LABELS.get(label)
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AppHost(pattern) => write!(f, "`{pattern}` hosts what people deploy"),
            Self::Vendor(pattern) => write!(f, "`{pattern}`: a page of the vendor's own"),
            Self::Shared(pattern) => write!(f, "`{pattern}`: pages of many people"),
            Self::Machine(pattern) => write!(f, "`{pattern}`: somebody's machine"),
            Self::Metadata => f.write_str("a metadata service"),
            Self::PrivateAddress => f.write_str("a private address"),
            Self::BareAddress => f.write_str("a bare address"),
            Self::ThisMachine => f.write_str("this very machine"),
            Self::Inside => f.write_str("a name that only a network of its own knows"),
            Self::Called(label) => write!(f, "a host called `{label}`"),
            Self::NameUnderDomain => f.write_str("a name under somebody's domain"),
            Self::BehindApp => f.write_str("a page behind `app.`"),
            Self::File(end) => write!(f, "a `.{end}` file"),
            Self::Segment(segment) => write!(f, "`{segment}` in its path"),
            Self::Unannounced => f.write_str("a page that no plain words announce"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::data::vendors::VENDORS;
    use super::*;

    #[track_caller]
    fn check(host: &str, path: &str, expected: &str) {
        let traits = traits(host, path, &Vendors::new(&VENDORS));
        let shown = traits.reason.map(|(reason, points)| format!("{reason} ({points:+})"));
        assert_eq!(shown.unwrap_or_default(), expected);
    }

    #[test]
    fn hosts_tell_what_they_are_for() {
        check("a.fly.dev", "/", "`fly.dev` hosts what people deploy (+4)");
        check("fly.dev", "/", "`fly.dev`: a page of the vendor's own (-20)");
        check("docs.platform.sh", "", "`platform.sh`: a page of the vendor's own (-20)");
        check("console.example.com", "", "a host called `console` (-6)");
        check("pr-1.example.com", "", "a name under somebody's domain (+1)");
        check("example.com", "", "");
    }

    #[test]
    fn amazon_has_apps_and_a_lot_of_its_own() {
        let app = "`execute-api.*.amazonaws.com` hosts what people deploy (+4)";
        check("1.execute-api.eu-west-1.amazonaws.com", "/prod", app);
        let app = "`s3-website-*.amazonaws.com` hosts what people deploy (+4)";
        check("b.s3-website-eu-west-1.amazonaws.com", "", app);
        let own = "`amazonaws.com`: a page of the vendor's own (-20)";
        check("sqs.eu-west-1.amazonaws.com", "/1/q", own);
    }

    #[test]
    fn a_vendor_may_put_apps_into_paths_and_its_own_pages_among_apps() {
        let app = "`functions.yandexcloud.net` hosts what people deploy (+4)";
        check("functions.yandexcloud.net", "/d4e7", app);
        let own = "`scm.*.azurewebsites.net`: a page of the vendor's own (-20)";
        check("a.scm.westeurope-01.azurewebsites.net", "", own);
        let own = "`scm.azurewebsites.net`: a page of the vendor's own (-20)";
        check("a.scm.azurewebsites.net", "", own);
    }

    #[test]
    fn addresses_tell_how_far_they_reach() {
        for host in [
            "localhost",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "0.0.0.0",
            "[::]",
            "[::ffff:127.0.0.1]",
        ] {
            check(host, "", "this very machine (-20)");
        }
        check("10.0.0.5", "", "a private address (-2)");
        check("169.254.169.254", "/latest", "a metadata service (-20)");
        check("[2001:db8::1]", "", "a bare address (-1)");
        check("kubernetes.default.svc", "", "a name that only a network of its own knows (-4)");
        check("web", "", "a name that only a network of its own knows (-4)");
    }
}
