//! Which CI is this, and what does it call things?
//! It guesses nothing: what a CI does not say stays empty.

pub(crate) mod event;
pub(crate) mod git;
pub(crate) mod pages;
mod table;
#[cfg(test)]
mod tests;

use self::table::{Row, rows};
use crate::deployment::{DeploymentId, Slug, WebUrl};
use crate::env::Variables;

/// What the CI's own variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ci {
    /// None on a laptop.
    pub(crate) kind: Option<Kind>,
    /// Only where the forge is GitHub.
    pub(crate) repository: Option<Slug>,
    /// The address that the code was cloned from, where the CI gives it.
    pub(crate) remote: Option<String>,
    /// The pull request's head, else the commit that is built.
    pub(crate) commit: Option<String>,
    pub(crate) pull_request: Option<u64>,
    pub(crate) environment: Option<String>,
    /// The page of this very job, where the CI gives it.
    pub(crate) job_page: Option<WebUrl>,
    /// The page of the run (pipeline, build) that this job belongs to.
    pub(crate) run_page: Option<WebUrl>,
    /// The deployment that the CI hands us, since it started the build.
    pub(crate) deployment_id: Option<DeploymentId>,
    /// Which run, attempt and job of this CI we are; empty where it does not say.
    pub(crate) run: String,
    pub(crate) attempt: String,
    pub(crate) job: String,
    /// What the job is called where its own steps have no id for it, else as `job`.
    pub(crate) job_name: String,
    /// The job has a name of its own in its run: no parallel job or stage is called the same.
    pub(crate) has_job_id: bool,
    /// The machine, which runs one job at a time.
    pub(crate) runner: String,
    /// The branch or tag that is built.
    pub(crate) ref_name: String,
    /// The CI says that this job was cancelled.
    pub(crate) job_was_cancelled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    AppVeyor,
    AzurePipelines,
    BitbucketPipelines,
    Bitrise,
    Buddy,
    Buildkite,
    CircleCi,
    Cirrus,
    /// Google's; its variables are set only where the build's `env` maps them.
    CloudBuild,
    /// Workers Builds and Pages.
    Cloudflare,
    CodeBuild,
    Codefresh,
    Drone,
    /// Gitea's and Forgejo's, which call themselves GitHub's.
    Gitea,
    GithubActions,
    GitlabCi,
    Harness,
    Jenkins,
    Netlify,
    Semaphore,
    TeamCity,
    Travis,
    Vercel,
    Woodpecker,
}

impl Kind {
    /// It reads workflow commands, and has `GITHUB_OUTPUT` and its siblings.
    pub(crate) fn is_actions(self) -> bool {
        matches!(self, Self::GithubActions | Self::Gitea)
    }
}

impl Ci {
    /// Reads the variables by the first row that they fit. `job_id` is the input, since GitHub has
    /// no variable for it.
    pub(crate) fn detect(variables: &Variables, job_id: Option<&str>) -> Self {
        let Some(row) = rows().find(|row| holds(row.told_by, variables)) else {
            return Self::default();
        };
        let values = CellValues { variables, job_id };
        let page = |column| values.first(column).and_then(|page| WebUrl::parse(&page));
        let remote = values.first(row.remote);
        let job = values.first(row.job);
        Self {
            kind: Some(row.kind),
            repository: repository(row, &values, remote.as_deref()),
            commit: values.first(row.commit).filter(|commit| is_commit(commit)),
            pull_request: values.first(row.pull_request).and_then(|text| last_number(&text)),
            environment: values.first(row.environment),
            job_page: page(row.job_page),
            run_page: page(row.run_page),
            deployment_id: values.first(row.deployment).and_then(|text| deployment_of(&text)),
            run: values.first(row.run).unwrap_or_default(),
            attempt: values.first(row.attempt).unwrap_or_default(),
            job_name: values.first(row.job_name).or_else(|| job.clone()).unwrap_or_default(),
            has_job_id: job.is_some(),
            job: job.or_else(|| values.first(row.job_name)).unwrap_or_default(),
            runner: values.first(row.runner).unwrap_or_default(),
            ref_name: values.first(row.ref_name).unwrap_or_default(),
            job_was_cancelled: holds(row.cancelled, variables),
            remote,
        }
    }
}

/// What fills the cells of the table.
struct CellValues<'a> {
    variables: &'a Variables,
    job_id: Option<&'a str>,
}

impl CellValues<'_> {
    /// The first of a column's cells whose every variable is set.
    fn first(&self, column: &str) -> Option<String> {
        column.split_whitespace().find_map(|cell| self.fill(cell))
    }

    /// The cell with every `$NAME` replaced.
    fn fill(&self, cell: &str) -> Option<String> {
        let mut parts = cell.split('$');
        let mut text = parts.next()?.to_owned();
        for part in parts {
            let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            let end = part.find(|c| !is_name(c)).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            let value = match name {
                "JOB_ID" => self.job_id?,
                _ => self.variables.get(name)?,
            };
            text.push_str(value);
            text.push_str(rest);
        }
        Some(text)
    }
}

/// The row's slug, unless the CI says that its forge is not GitHub.
fn repository(row: &Row, values: &CellValues<'_>, remote: Option<&str>) -> Option<Slug> {
    let says = |(name, _)| values.variables.get(name).is_some();
    if conditions(row.forge).any(says) && !holds(row.forge, values.variables) {
        return None;
    }
    match remote {
        Some(remote) => git::slug_on_github(remote),
        None => values.first(row.repository).and_then(|slug| Slug::parse(&slug)),
    }
}

/// Any of `NAME` (set, and not `false`) and `NAME=value`.
fn holds(cell: &str, variables: &Variables) -> bool {
    conditions(cell).any(|(name, value)| match value {
        Some(value) => variables.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value)),
        None => variables.is_set(name),
    })
}

fn conditions(cell: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    cell.split_whitespace().map(|condition| match condition.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (condition, None),
    })
}

/// `HEAD` and `undefined` are not.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The number of a pull request, also at the end of its page or of `pr/7`; `false` is none.
fn last_number(text: &str) -> Option<u64> {
    text.rsplit('/').next()?.parse().ok()
}

/// An id, or the address of a deployment. Drone has 0 for none.
fn deployment_of(text: &str) -> Option<DeploymentId> {
    DeploymentId::parse(text.rsplit_once("/deployments/").map_or(text, |(_, id)| id))
}
