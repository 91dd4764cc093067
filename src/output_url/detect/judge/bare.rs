//! Hosts without a scheme, in sentences and in tables. They count where no URL does.

use super::super::super::ansi::strip;
use super::super::super::extract::url::Candidate;
use super::super::super::extract::{hostname, table};
use super::super::super::lines::Window;
use super::super::super::rows::rows;
use super::super::super::score::context::Context;
use super::super::super::score::keywords::Keywords;
use super::super::super::score::{Address, FLOOR, Features};
use super::{Judge, Outcome};

/// What a host without a scheme needs from the words before it: they must say that it is one.
/// Less will do where it is known to be a host of apps.
const BARE_FLOOR: i32 = 4;
const BARE_APP_FLOOR: i32 = 3;

impl Judge {
    pub(super) fn host(
        &mut self,
        candidate: &Candidate<'_>,
        keywords: Keywords,
        window: &Window<'_>,
    ) -> Outcome {
        let is_excluded = self.is_excluded(&candidate.text.to_lowercase());
        if keywords.points < BARE_APP_FLOOR || candidate.flaw.is_some() || is_excluded {
            return Outcome::Nothing;
        }
        let whole = self.joined(candidate, window);
        let host = whole.as_deref().unwrap_or(candidate.text);
        let lower = host.to_lowercase();
        let address = Address::of(host, &lower, &self.vendors);
        let floor = if address.is_app() { BARE_APP_FLOOR } else { BARE_FLOOR };
        let is_named = keywords.points >= floor;
        let url = hostname::with_scheme(host, &self.vendors);
        let context = Context { keywords, ..Context::default() };
        let features = Features::new(address, context, false);
        let score = features.score();
        let is_good = is_named && score.points >= FLOOR;
        if is_good {
            self.bare.enter(&lower, &url, score);
        }
        let why = format!("no scheme, so it counts where no URL does; {features}");
        self.explain(window, &url, score.points, &why);
        if is_good { Outcome::Something } else { Outcome::nothing(whole.is_none()) }
    }

    pub(super) fn table(&mut self, heading: &str, window: &Window<'_>) -> Outcome {
        let Some(cell) = table::cell(heading, rows(window.below).skip(1).map(strip)) else {
            // What is below may differ the next time.
            return if table::begins_at(heading) { Outcome::Something } else { Outcome::Nothing };
        };
        for candidate in hostname::hosts(&cell).take(1) {
            let matched = vec!["the heading of its column"];
            self.host(&candidate, Keywords { points: BARE_FLOOR, matched }, window);
        }
        Outcome::Something
    }
}
