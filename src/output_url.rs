//! The URL in what the command wrote: declared by a pattern, a key or a file, or else detected.
//! Precision first: a wrong URL is worse than none.

mod ansi;
mod data;
mod detect;
mod explain;
mod extract;
mod failure;
mod flood;
mod gate;
mod lines;
mod quick_hash;
mod rank;
mod rows;
mod scan;
mod score;
mod sieve;
mod sources;
mod words;

#[cfg(test)]
mod tests;

use regex::Regex;

use crate::deployment::WebUrl;
use crate::redact::Redactor;

use data::vendors::{VENDORS, Vendors};
use detect::Detector;
pub(crate) use gate::accept;
use gate::declare;
pub(crate) use scan::{Scan, Stream};
use score::FLOOR;
use sources::json_key::{self, Tail};
use sources::pattern::Matches;
use sources::pointed_at;
pub(crate) use sources::url_file::declared;
pub(crate) use sources::wrangler::from_wrangler;

/// How the output URL is found in what the command wrote.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// `url-pattern`: for one line; group `url`, else group 1, else the whole match.
    Pattern(Regex),
    /// `url-key`: a JSON pointer or a key into what was written to stdout.
    Key(String),
    Detect,
    /// `detect-url: false`.
    Nothing,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) url: Option<WebUrl>,
    /// The user said where it stands; it was not guessed.
    pub(crate) is_declared: bool,
    /// A pattern or a key that found nothing, or a URL that cannot be reported, in words.
    pub(crate) warning: Option<String>,
}

/// Reads one of the command's streams as it comes, in a fixed amount of memory.
#[derive(Debug)]
pub(crate) struct Scanner(By);

#[derive(Debug)]
enum By {
    Pattern(Matches),
    Key(Tail),
    Detection(Box<Detector>),
    Nothing,
}

impl Scanner {
    pub(crate) fn new(rule: &Rule) -> Self {
        Self::with(rule, false)
    }

    /// One that can [`explain()`] itself.
    pub(crate) fn explaining(rule: &Rule) -> Self {
        Self::with(rule, true)
    }

    /// One that detects nothing on a host, nor on the host whose API that is.
    fn without(mut self, host: Option<&str>) -> Self {
        if let (By::Detection(detector), Some(host)) = (&mut self.0, host) {
            detector.exclude(host.strip_prefix("api.").unwrap_or(host));
        }
        self
    }

    fn with(rule: &Rule, explains: bool) -> Self {
        Self(match rule {
            Rule::Pattern(pattern) => By::Pattern(Matches::new(pattern.clone())),
            Rule::Key(_) => By::Key(Tail::default()),
            Rule::Detect => {
                By::Detection(Box::new(Detector::new(Vendors::new(&VENDORS), explains)))
            }
            Rule::Nothing => By::Nothing,
        })
    }

    /// Takes the next bytes; how they are cut into pieces does not matter.
    pub(crate) fn observe(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            By::Pattern(matches) => matches.observe(bytes),
            By::Key(tail) => tail.observe(bytes),
            By::Detection(detector) => detector.observe(bytes),
            By::Nothing => {}
        }
    }

    /// Takes the end of the stream. Needed once, before [`find`].
    pub(crate) fn finish(&mut self) {
        match &mut self.0 {
            By::Pattern(matches) => matches.finish(),
            By::Detection(detector) => detector.finish(),
            By::Key(_) | By::Nothing => {}
        }
    }
}

/// Finds the output URL in what the finished scanners have read: stdout is asked first. A key is
/// looked up in stdout alone.
pub(crate) fn find(rule: &Rule, stdout: &Scanner, stderr: &Scanner, secrets: &Redactor) -> Found {
    let streams = [stdout, stderr];
    match rule {
        Rule::Pattern(pattern) => {
            let last = streams.iter().find_map(|scanner| scanner.last_match());
            let nothing = || format!("url-pattern `{pattern}` matches no line: no URL is reported");
            let url = last.ok_or_else(nothing).and_then(|text| pointed_at("url-pattern", text));
            let mut found = declare(url, secrets);
            if streams.iter().any(|scanner| scanner.has_skipped()) {
                let slow = format!(
                    "url-pattern `{pattern}` takes too long for this much output: a part was not searched"
                );
                let why = found.warning.map(|why| format!("; {why}")).unwrap_or_default();
                found.warning = Some(slow + &why);
            }
            found
        }
        Rule::Key(key) => {
            let tail = stdout.tail().unwrap_or_default();
            let value = json_key::value_of(key, &tail);
            let nothing = || {
                format!(
                    "url-key `{key}` is not in what the command wrote to stdout: no URL is reported"
                )
            };
            let url = value.ok_or_else(nothing).and_then(|text| pointed_at("url-key", &text));
            declare(url, secrets)
        }
        Rule::Detect => {
            let best = streams.iter().find_map(|scanner| scanner.detected());
            let (url, warning) = match best.map(|url| accept(url, secrets)) {
                Some(Ok(url)) => (Some(url), None),
                Some(Err(why)) => (None, Some(why)),
                None => (None, None),
            };
            Found { url, is_declared: false, warning }
        }
        Rule::Nothing => Found { url: None, is_declared: false, warning: None },
    }
}

/// Every candidate in order, its line, its points, the reasons, and what decided.
pub(crate) fn explain(rule: &Rule, scanner: &Scanner, found: &Found) -> String {
    let by = match rule {
        Rule::Pattern(pattern) => format!("by url-pattern `{pattern}`: its last match"),
        Rule::Key(key) => format!("by url-key `{key}`: its last value"),
        Rule::Detect => format!(
            "by detection: most points, at least {FLOOR}; among equals the last, under one heading the first; then the shortest path of its host"
        ),
        Rule::Nothing => "not looked for: detect-url is false".to_owned(),
    };
    let candidates = match &scanner.0 {
        By::Detection(detector) => detector.explanation().map(ToString::to_string),
        By::Pattern(_) | By::Key(_) | By::Nothing => None,
    };
    let candidates = candidates.unwrap_or_default();
    let url = found.url.as_ref().map_or("none", WebUrl::as_str);
    let warning = found.warning.iter().map(|warning| format!("warning: {warning}\n"));
    format!("{candidates}reported: {url}\ndecided {by}\n{}", warning.collect::<String>())
}

impl Scanner {
    fn last_match(&self) -> Option<&str> {
        match &self.0 {
            By::Pattern(matches) => matches.last(),
            By::Key(_) | By::Detection(_) | By::Nothing => None,
        }
    }

    fn has_skipped(&self) -> bool {
        matches!(&self.0, By::Pattern(matches) if matches.has_skipped())
    }

    fn tail(&self) -> Option<String> {
        match &self.0 {
            By::Key(tail) => Some(tail.text()),
            By::Pattern(_) | By::Detection(_) | By::Nothing => None,
        }
    }

    fn detected(&self) -> Option<WebUrl> {
        match &self.0 {
            By::Detection(detector) => detector.winner().and_then(|best| WebUrl::parse(&best.url)),
            By::Pattern(_) | By::Key(_) | By::Nothing => None,
        }
    }
}
