//! Detection: candidates from a stream, judged by the words around them and by where they lead.
//! It prefers no URL to a wrong one.

use std::fmt;

use aho_corasick::packed::Searcher;
use memchr::memmem;

use crate::deployment::WebUrl;

use super::around::{about, about_host, lines};
use super::bare;
use super::candidates::{self, Candidate};
use super::escapes::strip;
use super::flood::{self, Cues};
use super::hosts::look;
use super::names::is_signed;
use super::ranking::{Best, Ranking};
use super::stream::{Stream, Window};
use super::tables;
use super::vendors::Vendors;
use super::vocabulary::MOST;
use super::words::{self, Failure, Said};

/// What a candidate needs, at the least.
pub(super) const FLOOR: i32 = 2;

/// What a host without a scheme needs from the words before it: they must say that it is one.
/// Less will do where it is known to be a host of apps.
const BARE_FLOOR: i32 = 4;
const BARE_APP_FLOOR: i32 = 3;

/// How many candidates an explanation lists.
const MAX_TOLD: usize = 1000;

/// What makes a line worth a look: a URL, or a word that may announce a host without a scheme.
/// Few enough for a vectorized search.
const TRIGGERS: &str = "://|url|Url|URL|host|Host|HOST|omain|OMAIN|oute|CNAME|ndpoint|NDPOINT|\
    dns|DNS|fqdn|FQDN|NAL-IP|ing at |able at |live at |ed to |ed at |\
    rror:|rror!|ERROR|ailed|AILED|borted|ejected";

/// Reads one stream and remembers its best URLs.
#[derive(Debug)]
pub(super) struct Detector {
    stream: Stream,
    judge: Judge,
}

#[derive(Debug)]
struct Judge {
    vendors: Vendors,
    urls: Ranking,
    /// Hosts without a scheme; they count where no URL does.
    bare: Ranking,
    /// The command gave up at the end.
    has_failed: bool,
    /// How many lines with a URL there were, and what to look for when there are many.
    seen: u64,
    cues: Option<Cues>,
    /// Every candidate, where an explanation is wanted.
    told: Option<Told>,
}

/// The candidates of a stream in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) candidates: Vec<Judged>,
    pub(super) left_out: u64,
}

/// A candidate and its points. None of them: it was ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) line: u64,
    pub(super) url: String,
    pub(super) points: Option<i32>,
    pub(super) why: String,
}

impl Detector {
    pub(super) fn new(vendors: Vendors, explains: bool) -> Self {
        let trigger = Searcher::new(TRIGGERS.split('|')).expect("these literals can be searched");
        let told = explains.then(Told::default);
        let nothing = Ranking::default;
        let judge = Judge {
            vendors,
            urls: nothing(),
            bare: nothing(),
            has_failed: false,
            seen: 0,
            cues: None,
            told,
        };
        Self { stream: Stream::new(trigger, explains), judge }
    }

    pub(super) fn see(&mut self, bytes: &[u8]) {
        self.stream.see(bytes, &mut |window| self.judge.window(window));
    }

    pub(super) fn finish(&mut self) {
        self.stream.finish(&mut |window| self.judge.window(window));
    }

    pub(super) fn winner(&self) -> Option<&Best> {
        self.judge.urls.winner().or_else(|| self.judge.bare.winner())
    }

    pub(super) fn told(&self) -> Option<&Told> {
        self.judge.told.as_ref()
    }
}

impl Judge {
    fn window(&mut self, window: Window<'_>) {
        let line = strip(window.line);
        if let Some(failure) = words::failure(&line, window.is_near_end) {
            return self.give_up(failure, &window);
        }
        if memmem::find(line.as_bytes(), b"://").is_some() {
            if self.is_chatter(&line, &window) {
                return self.rule_out(&window, &line, "one of many, and nothing announces it");
            }
            let candidates = candidates::urls(&line);
            let count = candidates.len();
            for (i, candidate) in candidates.into_iter().enumerate() {
                self.url(&candidate, &window, i + 1 == count);
            }
        } else if self.urls.winner().is_none() || self.told.is_some() {
            for candidate in bare::hosts(&line) {
                self.bare_host(&candidate, &about_host(&candidate), &window);
            }
            self.table(&line, &window);
        }
    }

    /// In a flood of URLs, a line that announces nothing.
    fn is_chatter(&mut self, line: &str, window: &Window<'_>) -> bool {
        self.seen += 1;
        if self.seen <= flood::MANY || window.is_near_end {
            return false;
        }
        let vendors = &self.vendors;
        !self.cues.get_or_insert_with(|| Cues::new(vendors)).are_about(line, window.above)
    }

    /// What stood above a failure was not deployed; above a mere error, it was if words said so.
    fn give_up(&mut self, failure: Failure, window: &Window<'_>) {
        self.has_failed |= window.is_near_end;
        for ranking in [&mut self.urls, &mut self.bare] {
            match failure {
                Failure::Deploy => ranking.clear(),
                Failure::Error => ranking.keep_sure(),
            }
        }
        self.push(|| Judged {
            line: window.number,
            url: "a failure".to_owned(),
            points: None,
            why: "only what was announced above still counts".to_owned(),
        });
    }

    fn url(&mut self, candidate: &Candidate<'_>, window: &Window<'_>, is_last: bool) {
        if let Some(flaw) = candidate.flaw {
            return self.rule_out(window, candidate.text, flaw);
        }
        if is_signed(candidate.text) {
            return self.rule_out(window, candidate.text, "signed: whoever has it has rights");
        }
        let whole = is_last.then(|| self.joined(candidate, window)).flatten();
        let url = whole.as_deref().unwrap_or(candidate.text);
        let host = candidates::host_of(url).to_lowercase();
        let look = look(url, &host, &self.vendors);
        let hopeless_below = self.urls.winner().map_or(FLOOR, |best| best.points);
        if self.told.is_none() && look.points + MOST < hopeless_below {
            return;
        }
        let Some(url) = WebUrl::parse(url) else {
            return self.rule_out(window, url, "no URL that could be visited");
        };
        let wanted = if self.told.is_some() { 0 } else { hopeless_below - look.points };
        let said = about(candidate, window, wanted);
        let is_doubted = self.has_failed && !said.is_announcement();
        let points = look.points + said.points - if is_doubted { MOST } else { 0 };
        if points >= FLOOR {
            self.urls.enter(&host, url.as_str(), points, said.is_announcement());
        }
        self.tell(window, url.as_str(), points, || [said.to_string(), look.to_string()].join("; "));
    }

    fn bare_host(&mut self, candidate: &Candidate<'_>, said: &Said, window: &Window<'_>) {
        if said.points < BARE_APP_FLOOR {
            return;
        }
        let whole = self.joined(candidate, window);
        let host = whole.as_deref().unwrap_or(candidate.text);
        let look = look(host, &host.to_lowercase(), &self.vendors);
        let points = look.points + said.points;
        let url = bare::with_scheme(host, &self.vendors);
        let floor = if look.is_app() { BARE_APP_FLOOR } else { BARE_FLOOR };
        if said.points >= floor && points >= FLOOR {
            self.bare.enter(&host.to_lowercase(), &url, points, said.is_announcement());
        }
        self.tell(window, &url, points, || {
            [
                "no scheme, so it counts where no URL does".to_owned(),
                said.to_string(),
                look.to_string(),
            ]
            .join("; ")
        });
    }

    fn table(&mut self, heading: &str, window: &Window<'_>) {
        let cell = tables::cell(heading, lines(window.below).map(strip)).unwrap_or_default();
        let said = Said { points: BARE_FLOOR, words: vec!["the heading of its column"] };
        for candidate in bare::hosts(&cell).take(1) {
            self.bare_host(&candidate, &said, window);
        }
    }

    fn joined(&self, candidate: &Candidate<'_>, window: &Window<'_>) -> Option<String> {
        if !candidates::is_rim(candidate.after) {
            return None;
        }
        let below = lines(window.below).find(|line| !line.trim_ascii().is_empty())?;
        let is_known = |url: &str| {
            look(url, &candidates::host_of(url).to_lowercase(), &self.vendors).points > FLOOR
        };
        candidates::joined(candidate, &strip(below), is_known)
    }

    fn rule_out(&mut self, window: &Window<'_>, url: &str, why: &str) {
        self.push(|| Judged {
            line: window.number,
            url: candidates::without_secrets(url),
            points: None,
            why: why.to_owned(),
        });
    }

    fn tell(&mut self, window: &Window<'_>, url: &str, points: i32, why: impl FnOnce() -> String) {
        self.push(|| Judged {
            line: window.number,
            url: url.to_owned(),
            points: Some(points),
            why: why(),
        });
    }

    fn push(&mut self, judged: impl FnOnce() -> Judged) {
        match &mut self.told {
            Some(told) if told.candidates.len() < MAX_TOLD => told.candidates.push(judged()),
            Some(told) => told.left_out += 1,
            None => {}
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  line  points  URL and why")?;
        for Judged { line, url, points, why } in &self.candidates {
            match points {
                Some(points) => writeln!(f, "{line:>6}  {points:>6}  {url}  {why}")?,
                None => writeln!(f, "{line:>6}       -  {url}  {why}")?,
            }
        }
        if self.left_out > 0 {
            writeln!(f, "and {} more", self.left_out)?;
        }
        Ok(())
    }
}
