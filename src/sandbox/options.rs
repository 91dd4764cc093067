//! The options of a sandbox, and how each is written.
//! It reads texts alone: where they come from is up to the caller.

use std::time::Duration;

use super::auth::Grant;
use super::faults::Rule;
use super::rate_limit::RateLimit;
use super::store::{PullRequest, Seed, WorkflowRun};
use super::time;

/// The options as texts, as the command line has them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawOptions<'a> {
    pub(crate) port: Option<u16>,
    pub(crate) grants: &'a [String],
    pub(crate) faults: &'a [String],
    pub(crate) deployments: &'a [String],
    pub(crate) runs: &'a [String],
    pub(crate) pull_requests: &'a [String],
    pub(crate) age: Option<&'a str>,
    pub(crate) rate_limit: Option<&'a str>,
}

/// What a sandbox starts with.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// 0 is any free port.
    pub(crate) port: u16,
    /// Without any, every token may do everything.
    pub(crate) grants: Vec<Grant>,
    /// In order: the first that applies to a request is taken.
    pub(crate) faults: Vec<Rule>,
    pub(crate) deployments: Vec<Seed>,
    pub(crate) runs: Vec<WorkflowRun>,
    pub(crate) pull_requests: Vec<PullRequest>,
    /// How far the time of creation of everything lies back.
    pub(crate) age: Duration,
    pub(crate) rate_limit: RateLimit,
}

impl Options {
    /// Reads the text of each option; the error names everything that is wrong.
    pub(crate) fn parse(raw: &RawOptions<'_>) -> anyhow::Result<Self> {
        let mut errors = OptionErrors::default();
        let options = Self {
            port: raw.port.unwrap_or_default(),
            grants: errors.all("--grant", raw.grants, Grant::parse),
            faults: errors.all("--fault", raw.faults, Rule::parse),
            deployments: errors.all("--deployment", raw.deployments, Seed::parse),
            runs: errors.all("--run", raw.runs, WorkflowRun::parse),
            pull_requests: errors.all("--pull", raw.pull_requests, PullRequest::parse),
            age: errors.one("--age", raw.age, time::parse_duration),
            rate_limit: errors.one("--rate-limit", raw.rate_limit, RateLimit::parse),
        };
        errors.unique("--deployment", options.deployments.iter().map(|seed| seed.id));
        errors.unique("--run", options.runs.iter().map(|run| run.id));
        errors.unique("--pull", options.pull_requests.iter().map(|pull| pull.number));
        anyhow::ensure!(errors.0.is_empty(), "cannot start: {}", errors.0.join("; "));
        Ok(options)
    }
}

#[derive(Default)]
struct OptionErrors(Vec<String>);

impl OptionErrors {
    fn all<T>(
        &mut self,
        name: &str,
        texts: &[String],
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        texts.iter().filter_map(|text| self.found(name, parse(text))).collect()
    }

    fn one<T: Default>(
        &mut self,
        name: &str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        text.and_then(|text| self.found(name, parse(text))).unwrap_or_default()
    }

    fn found<T>(&mut self, name: &str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|why| self.0.push(format!("{name}: {why}"))).ok()
    }

    fn unique(&mut self, name: &str, ids: impl Iterator<Item = u64>) {
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.0.push(format!("{name}: {id} is given twice"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let raw = RawOptions {
            grants: &texts(&["secret-token"]),
            deployments: &texts(&["7", "7:qa"]),
            age: Some("soon"),
            ..RawOptions::default()
        };
        let why = Options::parse(&raw).expect_err("it is refused").to_string();
        assert_eq!(
            why,
            "cannot start: --grant: expected `TOKEN:read`, `TOKEN:deployments`, `TOKEN:write` or \
             `TOKEN:admin`; --age: `soon` is no duration: write `3s`, `500ms` or `2m`; \
             --deployment: 7 is given twice"
        );
    }
}
