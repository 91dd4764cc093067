//! What counts for and against a candidate, and the sum of it.

pub(super) mod context;
mod foreign;
pub(super) mod host;
pub(super) mod keywords;
mod logger;
pub(super) mod path;
pub(super) mod query;
mod runner;
mod sentence;
mod structured;
mod tag;
pub(super) mod tags;

use std::fmt;

use super::data::vendors::Vendors;
use super::extract::url::path_of;
use context::{Context, PLAIN};
use host::{HostClass, HostTraits, Reason};
use keywords::MOST;

/// What a candidate needs, at the least.
pub(super) const FLOOR: i32 = 2;

/// What is known of a candidate.
#[derive(Debug)]
pub(super) struct Features {
    address: Address,
    context: Context,
    /// The command gave up, and nothing says that this was deployed all the same.
    is_doubted: bool,
}

/// What a URL itself shows.
#[derive(Debug)]
pub(super) struct Address {
    host: HostTraits,
    path: Vec<(Reason, i32)>,
    is_inner: bool,
}

/// What a candidate weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) points: i32,
    /// Words said in full that it was deployed; no error behind it takes that back.
    pub(super) is_announced: bool,
    /// Where the heading begins that was asked, which it shares with others.
    pub(super) heading: Option<u64>,
}

impl Address {
    /// Reads a URL, or a host without a scheme; the host is given in lower case.
    pub(super) fn of(url: &str, host: &str, vendors: &Vendors) -> Self {
        let path = path_of(url);
        let host_traits = host::traits(host, path, vendors);
        Self {
            path: path::reason(path, host, host_traits.class).collect(),
            is_inner: path::is_inner(path),
            host: host_traits,
        }
    }

    pub(super) fn points(&self) -> i32 {
        self.host.points() + self.path.iter().map(|(_, points)| points).sum::<i32>()
    }

    /// On a host that is known for what people deploy there.
    pub(super) fn is_app(&self) -> bool {
        self.host.class == HostClass::App
    }

    /// No words can make up for what it is.
    pub(super) fn is_hopeless(&self) -> bool {
        self.points() + MOST < FLOOR
    }
}

impl Features {
    pub(super) fn new(mut address: Address, context: Context, has_failed: bool) -> Self {
        let is_unknown = matches!(address.host.class, HostClass::Unknown | HostClass::Shared);
        if address.is_inner && is_unknown && context.keywords.points < PLAIN {
            address.path.push(path::unannounced());
        }
        let is_doubted = has_failed && !context.keywords.is_announcement();
        Self { address, context, is_doubted }
    }

    pub(super) fn score(&self) -> Score {
        let doubt = if self.is_doubted { MOST } else { 0 };
        Score {
            points: self.address.points() + self.context.keywords.points - doubt,
            is_announced: self.context.keywords.is_announcement(),
            heading: self.context.heading,
        }
    }

    /// It weighs what it weighs whatever stands above.
    pub(super) fn is_from_its_line(&self) -> bool {
        !self.context.is_from_above
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.context.keywords, self.address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons = self.host.reason.iter().chain(&self.path).peekable();
        if reasons.peek().is_none() {
            return f.write_str("a host like any other");
        }
        for (i, (reason, points)) in reasons.enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            write!(f, "{comma}{reason} ({points:+})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::data::vendors::VENDORS;
    use super::super::extract::url::host_of;
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let address = Address::of(url, host_of(url), &Vendors::new(&VENDORS));
        assert_eq!(address.to_string(), expected);
    }

    #[test]
    fn paths_tell_what_is_behind_them() {
        check("https://example.com", "a host like any other");
        check("https://example.com/a.tgz", "a `.tgz` file (-6)");
        check("https://example.com/o/projects/1", "`projects` in its path (-3)");
        check("https://o.example.com/app#/s/releases/1", "`releases` in its path (-3)");
        check(
            "https://a.fly.dev/docs",
            "`fly.dev` hosts what people deploy (+4), `docs` in its path (-1)",
        );
        check("https://app.example.com/x", "a host called `app` (-1), a page behind `app.` (-2)");
    }

    #[test]
    fn a_page_on_an_unknown_host_needs_plain_words() {
        let points = |url: &str, points| {
            let address = Address::of(url, host_of(url), &Vendors::new(&VENDORS));
            let mut context = Context::default();
            context.keywords.points = points;
            Features::new(address, context, false).score().points
        };
        assert_eq!(points("https://example.com/", 2), 2);
        assert_eq!(points("https://example.com/l/aB3dE", 3), 0);
        assert_eq!(points("https://example.com/shop", 2), -2);
        assert_eq!(points("https://example.com/#/shop", 2), -2);
        assert_eq!(points("https://example.com/shop", 3), 3);
        assert_eq!(points("https://a.fly.dev/shop", 0), 4);
    }
}
