//! The URL in what the command wrote: declared by a pattern, a key or a file, or else detected.
//! Precision first: a wrong URL is worse than none.

mod around;
mod bare;
mod candidates;
mod detector;
mod escapes;
mod flood;
mod hosts;
mod key;
mod lexicon;
mod names;
mod pattern;
mod ranking;
mod stream;
mod tables;
mod vendors;
mod vocabulary;
mod words;
mod wrangler;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tools;

use regex::Regex;

use crate::deployment::WebUrl;
use crate::redact::Redactor;

use detector::{Detector, FLOOR, Told};
use key::Tail;
use pattern::Matches;
use vendors::{VENDORS, Vendors};
pub(crate) use wrangler::from_wrangler;

/// How much of the `DEPLOYMENT_URL_FILE` is read.
const MAX_DECLARATION: usize = 4 * 1024;

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

    /// One that can [`explain`] itself.
    pub(crate) fn explaining(rule: &Rule) -> Self {
        Self::with(rule, true)
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
    pub(crate) fn see(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            By::Pattern(matches) => matches.see(bytes),
            By::Key(tail) => tail.see(bytes),
            By::Detection(detector) => detector.see(bytes),
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
            declare(
                last.ok_or_else(nothing).and_then(|text| in_words("url-pattern", text)),
                secrets,
            )
        }
        Rule::Key(key) => {
            let tail = stdout.tail().unwrap_or_default();
            let value = key::value_of(key, &tail);
            let nothing = || {
                format!(
                    "url-key `{key}` is not in what the command wrote to stdout: no URL is reported"
                )
            };
            declare(value.ok_or_else(nothing).and_then(|text| in_words("url-key", &text)), secrets)
        }
        Rule::Detect => {
            let best = streams.iter().find_map(|scanner| scanner.detected());
            match best.map(|url| refuse_secrets(url, secrets)) {
                Some(Ok(url)) => Found { url: Some(url), is_declared: false, warning: None },
                Some(Err(why)) => Found { url: None, is_declared: false, warning: Some(why) },
                None => Found { url: None, is_declared: false, warning: None },
            }
        }
        Rule::Nothing => Found { url: None, is_declared: false, warning: None },
    }
}

/// Reads what the command wrote to its `DEPLOYMENT_URL_FILE`: the first line that is not blank.
/// None where the command declared nothing.
pub(crate) fn declared(text: &[u8], secrets: &Redactor) -> Option<Found> {
    let text = &text[..text.len().min(MAX_DECLARATION)];
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let url = WebUrl::parse(line).ok_or_else(|| {
        "the first line of the DEPLOYMENT_URL_FILE is no http or https URL: no URL is reported"
            .to_owned()
    });
    Some(declare(url, secrets))
}

/// Every candidate in order, its line, its points, the reasons, and what decided.
pub(crate) fn explain(rule: &Rule, scanner: &Scanner, found: &Found) -> String {
    let by = match rule {
        Rule::Pattern(pattern) => format!("by url-pattern `{pattern}`: its last match"),
        Rule::Key(key) => format!("by url-key `{key}`: its last value"),
        Rule::Detect => format!(
            "by detection: most points, at least {FLOOR}; among equals the last, then the shortest path of its host"
        ),
        Rule::Nothing => "not looked for: detect-url is false".to_owned(),
    };
    let candidates = match &scanner.0 {
        By::Detection(detector) => detector.told().map(Told::to_string).unwrap_or_default(),
        By::Pattern(_) | By::Key(_) | By::Nothing => String::new(),
    };
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

fn declare(url: Result<WebUrl, String>, secrets: &Redactor) -> Found {
    match url.and_then(|url| refuse_secrets(url, secrets)) {
        Ok(url) => Found { url: Some(url), is_declared: true, warning: None },
        Err(why) => Found { url: None, is_declared: true, warning: Some(why) },
    }
}

/// Reads what a pattern or a key found; a host without a scheme is one over https.
fn in_words(input: &str, text: &str) -> Result<WebUrl, String> {
    bare::as_url(text, &Vendors::new(&VENDORS))
        .ok_or_else(|| format!("what {input} finds is no http or https URL: no URL is reported"))
}

fn refuse_secrets(url: WebUrl, secrets: &Redactor) -> Result<WebUrl, String> {
    if secrets.matches(url.as_str()) {
        return Err("the URL that was found contains a secret: it is not reported".to_owned());
    }
    Ok(url)
}
