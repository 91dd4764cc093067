//! What an address leads to, by its host and path, with or without knowing the vendor.
//! It reads names only: nothing is resolved or asked.

use std::fmt;
use std::net::IpAddr;

use super::candidates::path_of;
use super::detector::FLOOR;
use super::names::{file, front_label, inner_segment};
use super::vendors::{Kind, Vendors};
use super::vocabulary::MOST;

/// No words outweigh it.
const NEVER: i32 = -20;

/// Words cannot make up for it: a closer look is spared.
const HOPELESS: i32 = FLOOR - MOST - 1;

/// Ends of names that only a network of its own knows.
const INSIDE: [&str; 6] = [".arpa", ".internal", ".invalid", ".lan", ".local", ".svc"];

/// What an address says, in points and in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) points: i32,
    why: Vec<(Reason, i32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    AppHost(&'static str),
    Vendor(&'static str),
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
}

/// Judges a URL, or a host without a scheme, by its host in lower case and its path.
pub(super) fn look(url: &str, host: &str, vendors: &Vendors) -> Look {
    let mut look = Look::default();
    let host = host.trim_end_matches('.');
    let vendor = vendors.line_for(host);
    match vendor {
        Some((pattern, kind)) => look.judge_vendor(host, pattern, kind),
        None => look.judge_host(host),
    }
    let path = path_of(url);
    // An app's front page is short; behind `app.` a vendor shows one customer's things.
    if path.len() > 1 && host.starts_with("app.") && vendor.is_none() {
        look.add(Reason::BehindApp, -2);
    }
    if path.len() > 1 && look.points > HOPELESS {
        look.judge_path(path, vendor.is_some());
    }
    look
}

/// Whether a host is served over http.
pub(super) fn is_plain(host: &str, vendors: &Vendors) -> bool {
    vendors.line_for(host).is_some_and(|(_, kind)| kind == Kind::PlainApp)
}

impl Look {
    /// On a host that is known for what people deploy there.
    pub(super) fn is_app(&self) -> bool {
        self.why.iter().any(|(reason, _)| matches!(reason, Reason::AppHost(_)))
    }

    fn add(&mut self, reason: Reason, points: i32) {
        self.points += points;
        self.why.push((reason, points));
    }

    fn judge_vendor(&mut self, host: &str, pattern: &'static str, kind: Kind) {
        let names = host.split('.').count() - pattern.split('.').count();
        let first = host.split('.').next().unwrap_or_default();
        // A vendor keeps the plain names under its domain for itself: `docs.platform.sh`.
        let is_kept = first == "www" || front_label(first).is_some_and(|(_, points)| points < -2);
        match kind {
            Kind::App | Kind::PlainApp if names == 1 && is_kept => {
                self.add(Reason::Vendor(pattern), NEVER);
            }
            Kind::App | Kind::PlainApp => self.add(Reason::AppHost(pattern), 4),
            Kind::Own => self.add(Reason::Vendor(pattern), NEVER),
        }
    }

    fn judge_host(&mut self, host: &str) {
        let (first, rest) = host.split_once('.').unwrap_or((host, ""));
        let is_numeric = host.starts_with('[') || host.ends_with(|c: char| c.is_ascii_digit());
        if is_numeric && let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            let (reason, points) = judge_address(address);
            self.add(reason, points);
        } else if host == "localhost" || host.ends_with(".localhost") {
            self.add(Reason::ThisMachine, -2);
        } else if rest.is_empty() || INSIDE.iter().any(|end| host.ends_with(end)) {
            self.add(Reason::Inside, -4);
        } else if let Some((label, points)) = front_label(first) {
            self.add(Reason::Called(label), points);
        } else if rest.contains('.') && first.contains('-') {
            self.add(Reason::NameUnderDomain, 1);
        }
    }

    fn judge_path(&mut self, path: &str, is_app: bool) {
        let path = path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if let Some((end, points)) = file(&path) {
            self.add(Reason::File(end), points);
        } else if let Some((segment, points)) = inner_segment(&path) {
            self.add(Reason::Segment(segment), if is_app { -1 } else { points });
        }
    }
}

fn judge_address(address: IpAddr) -> (Reason, i32) {
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
        _ if address.is_loopback() || address.is_unspecified() => (Reason::ThisMachine, -2),
        _ if is_private => (Reason::PrivateAddress, -2),
        IpAddr::V4(_) | IpAddr::V6(_) => (Reason::BareAddress, -1),
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.why.is_empty() {
            return f.write_str("a host like any other");
        }
        for (i, (reason, points)) in self.why.iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            write!(f, "{comma}{reason} ({points:+})")?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AppHost(pattern) => write!(f, "`{pattern}` hosts what people deploy"),
            Self::Vendor(pattern) => write!(f, "`{pattern}`: a page of the vendor's own"),
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vendors::VENDORS;
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let host = super::super::candidates::host_of(url);
        assert_eq!(look(url, host, &Vendors::new(&VENDORS)).to_string(), expected);
    }

    #[test]
    fn hosts_tell_what_they_are_for() {
        check("https://a.fly.dev/", "`fly.dev` hosts what people deploy (+4)");
        check("https://fly.dev/", "`fly.dev`: a page of the vendor's own (-20)");
        check("https://docs.platform.sh", "`platform.sh`: a page of the vendor's own (-20)");
        check("https://console.example.com", "a host called `console` (-6)");
        check("https://pr-1.example.com", "a name under somebody's domain (+1)");
        check("https://example.com", "a host like any other");
    }

    #[test]
    fn amazon_has_apps_and_a_lot_of_its_own() {
        let app = "`execute-api.*.amazonaws.com` hosts what people deploy (+4)";
        check("https://1.execute-api.eu-west-1.amazonaws.com/prod", app);
        let app = "`s3-website-*.amazonaws.com` hosts what people deploy (+4)";
        check("http://b.s3-website-eu-west-1.amazonaws.com", app);
        let own = "`amazonaws.com`: a page of the vendor's own (-20)";
        check("https://sqs.eu-west-1.amazonaws.com/1/q", own);
    }

    #[test]
    fn addresses_tell_how_far_they_reach() {
        check("http://localhost:3000", "this very machine (-2)");
        check("http://127.0.0.1", "this very machine (-2)");
        check("http://[::1]:80", "this very machine (-2)");
        check("http://10.0.0.5", "a private address (-2)");
        check("http://169.254.169.254/latest", "a metadata service (-20)");
        check("http://[2001:db8::1]/", "a bare address (-1)");
        check("https://kubernetes.default.svc", "a name that only a network of its own knows (-4)");
        check("http://web:8080", "a name that only a network of its own knows (-4)");
    }

    #[test]
    fn paths_tell_what_is_behind_them() {
        check("https://example.com/a.tgz", "a `.tgz` file (-6)");
        check("https://example.com/o/projects/1", "`projects` in its path (-3)");
        check(
            "https://a.fly.dev/docs",
            "`fly.dev` hosts what people deploy (+4), `docs` in its path (-1)",
        );
    }
}
