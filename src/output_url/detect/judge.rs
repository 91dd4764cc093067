//! What comes of a line: its candidates are scored and enter the ranking.

mod bare;

use memchr::memmem::Finder;

use crate::deployment::WebUrl;

use super::super::ansi::strip;
use super::super::data::vendors::Vendors;
use super::super::explain::{Explanation, Verdict};
use super::super::extract::url::{self, Candidate};
use super::super::extract::{hostname, table, wrapped};
use super::super::failure::{self, Failure};
use super::super::flood::{HostBounds, Shape, Shapes};
use super::super::lines::{Effort, Window};
use super::super::rank::{Best, Ranking};
use super::super::rows::rows;
use super::super::score::context;
use super::super::score::host::traits;
use super::super::score::keywords::MOST;
use super::super::score::query::is_signed;
use super::super::score::tags::untagged;
use super::super::score::{Address, FLOOR, Features};
use super::super::sieve::{self, Sieved};
use super::outcome::Outcome;

#[derive(Debug)]
pub(super) struct Judge {
    vendors: Vendors,
    urls: Ranking,
    /// Hosts without a scheme; they count where no URL does.
    bare: Ranking,
    /// What a failed deploy took back: it counts again where the deploy succeeds after all.
    revoked: Option<(Ranking, Ranking)>,
    /// The command gave up at the end.
    has_failed: bool,
    bounds: HostBounds,
    shapes: Shapes,
    scheme: Finder<'static>,
    /// A host that is nobody's page.
    excluded: Option<String>,
    /// Every candidate, where an explanation is wanted.
    explanation: Option<Explanation>,
}

impl Judge {
    pub(super) fn new(vendors: Vendors, explains: bool) -> Self {
        Self {
            vendors,
            urls: Ranking::default(),
            bare: Ranking::default(),
            revoked: None,
            has_failed: false,
            bounds: HostBounds::new(),
            shapes: Shapes::new(),
            scheme: Finder::new("://"),
            excluded: None,
            explanation: explains.then(Explanation::default),
        }
    }

    /// Rules out a host and the names under it.
    pub(super) fn exclude(&mut self, host: &str) {
        self.excluded = Some(host.to_lowercase());
    }

    pub(super) fn winner(&self) -> Option<&Best> {
        self.urls.winner().or_else(|| self.bare.winner())
    }

    pub(super) fn explanation(&self) -> Option<&Explanation> {
        self.explanation.as_ref()
    }

    /// Judges a line, unless a look at its bytes shows that nothing can come of it.
    pub(super) fn line(&mut self, window: Window<'_>) -> Effort {
        let sieved = self.sieve(&window);
        if sieved == Sieved::Nothing {
            return Effort::Sieved;
        }
        if sieved == Sieved::Whole {
            self.judge(&window, sieved);
            return Effort::CloserLook;
        }
        let shape = Shape::of(window.line, window.above);
        if self.shapes.are_known(&shape) {
            return Effort::Sieved;
        }
        match self.judge(&window, sieved) {
            Outcome::Something => {}
            Outcome::Nothing => self.shapes.remember(&shape, true),
            Outcome::NothingHere => self.shapes.remember(&shape, false),
        }
        Effort::CloserLook
    }

    fn sieve(&mut self, window: &Window<'_>) -> Sieved {
        let line = window.line;
        if self.explanation.is_some() || window.is_near_end || self.revoked.is_some() {
            return Sieved::Whole;
        }
        let is_flooded = window.is_flooded;
        if failure::is_marked(line) {
            let has_something = !self.urls.is_empty() || !self.bare.is_empty();
            return if is_flooded && !has_something { Sieved::Nothing } else { Sieved::Marked };
        }
        let Self { bounds, vendors, scheme, .. } = self;
        let wanted = match self.urls.winner() {
            Some(best) => best.points + i32::from(is_flooded),
            None => FLOOR,
        };
        let may_win = |host: &[u8]| {
            bounds.may_reach(host, wanted, || {
                let host = String::from_utf8_lossy(host);
                // With a path, since that is what makes an app of some hosts.
                let judge = |host: &str| traits(host, "/x", vendors).points();
                if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return judge(&host.to_ascii_lowercase());
                }
                judge(&host)
            })
        };
        match sieve::urls(line, scheme, is_flooded, may_win) {
            Some(sieved) => sieved,
            None if self.urls.winner().is_some() => Sieved::Nothing,
            None if is_flooded && self.bare.winner().is_some() => Sieved::Nothing,
            None if hostname::may_be_in(line) || table::may_begin_at(line) => Sieved::Hosts,
            None => Sieved::Nothing,
        }
    }

    fn judge(&mut self, window: &Window<'_>, sieved: Sieved) -> Outcome {
        let line = strip(window.line);
        if matches!(sieved, Sieved::Marked | Sieved::Whole) {
            if let Some(failure) = failure::failure(&line, window.is_near_end) {
                self.give_up(failure, window);
                return Outcome::Something;
            }
            if self.revoked.is_some() && failure::is_recovery(&line) {
                self.recover(window);
            }
        }
        if self.scheme.find(line.as_bytes()).is_some() {
            let candidates = url::urls(&line);
            let count = candidates.len();
            let mut outcome = Outcome::Nothing;
            for (i, candidate) in candidates.into_iter().enumerate() {
                outcome = outcome.or(self.url(&candidate, window, i + 1 == count));
            }
            return outcome;
        }
        if self.urls.winner().is_some() && self.explanation.is_none() {
            return Outcome::Something;
        }
        let mut outcome = Outcome::Nothing;
        for candidate in hostname::hosts(&line) {
            let keywords = context::about_host(&candidate, window);
            outcome = outcome.or(self.host(&candidate, keywords, window));
        }
        outcome.or(self.table(&line, window))
    }

    /// What stood above a failure was not deployed; above a mere error, it was if words said so.
    fn give_up(&mut self, failure: Failure, window: &Window<'_>) {
        match failure {
            Failure::Deploy => {
                let revoked = (self.urls.take(), self.bare.take());
                if !revoked.0.is_empty() || !revoked.1.is_empty() {
                    self.revoked = Some(revoked);
                }
            }
            Failure::Error => {
                self.urls.keep_announced();
                self.bare.keep_announced();
            }
        }
        self.has_failed |= window.is_near_end;
        self.note(window, "a failure", "only what was announced above still counts");
    }

    fn recover(&mut self, window: &Window<'_>) {
        if let Some((urls, bare)) = self.revoked.take() {
            self.urls.restore(urls);
            self.bare.restore(bare);
            self.note(window, "a success", "what the failure took back counts again");
        }
    }

    fn url(&mut self, candidate: &Candidate<'_>, window: &Window<'_>, is_last: bool) -> Outcome {
        if let Some(flaw) = candidate.flaw {
            self.note(window, candidate.text, flaw);
            return Outcome::Nothing;
        }
        let whole = is_last.then(|| self.joined(candidate, window)).flatten();
        let url = whole.as_deref().unwrap_or(candidate.text);
        let host = url::host_of(url).to_lowercase();
        if self.is_excluded(&host) {
            self.note(window, url, "the host of GitHub's own API");
            return Outcome::Nothing;
        }
        let address = Address::of(url, &host, &self.vendors);
        let is_explained = self.explanation.is_some();
        if address.is_hopeless() && !is_explained {
            return Outcome::Nothing;
        }
        let wanted = self.urls.winner().map_or(FLOOR, |best| best.points);
        if address.points() + MOST < wanted && !is_explained {
            return Outcome::Something;
        }
        if is_signed(url) {
            self.note(window, url, "signed: whoever has it has rights");
            return Outcome::Nothing;
        }
        let features = Features::new(address, context::about(candidate, window), self.has_failed);
        let score = features.score();
        if score.points < FLOOR && !is_explained {
            return Outcome::nothing(features.is_from_its_line() && whole.is_none());
        }
        let Some(url) = WebUrl::parse(url) else {
            self.note(window, url, "no URL that could be visited");
            return Outcome::Nothing;
        };
        if score.points >= FLOOR {
            self.urls.enter(&host, url.as_str(), score);
        }
        self.explain(window, url.as_str(), score.points, &features.to_string());
        Outcome::Something
    }

    fn is_excluded(&self, host: &str) -> bool {
        self.excluded.as_deref().is_some_and(|excluded| {
            host.strip_suffix(excluded).is_some_and(|rest| rest.is_empty() || rest == "api.")
        })
    }

    fn joined(&self, candidate: &Candidate<'_>, window: &Window<'_>) -> Option<String> {
        if !wrapped::is_rim(candidate.after) {
            return None;
        }
        let below = rows(window.below).find(|line| !line.trim_ascii().is_empty())?;
        let below = strip(below);
        let is_known = |url: &str| {
            Address::of(url, &url::host_of(url).to_lowercase(), &self.vendors).points() > FLOOR
        };
        wrapped::joined(candidate, &untagged(&below).text, is_known)
    }

    fn note(&mut self, window: &Window<'_>, url: &str, why: &str) {
        if let Some(explanation) = &mut self.explanation {
            let url = if url.contains("://") { url::without_secrets(url) } else { url.to_owned() };
            explanation.push(Verdict {
                line: window.number,
                url,
                points: None,
                why: why.to_owned(),
            });
        }
    }

    fn explain(&mut self, window: &Window<'_>, url: &str, points: i32, why: &str) {
        if let Some(explanation) = &mut self.explanation {
            let (url, why) = (url.to_owned(), why.to_owned());
            explanation.push(Verdict { line: window.number, url, points: Some(points), why });
        }
    }
}
