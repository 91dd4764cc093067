//! Whether the workflow runs that work on a deployment are over.

use std::collections::HashMap;

use tokio::time::Instant;

use super::REQUEST_LIMIT;
use crate::deployment::{Deployment, Slug, Status};
use crate::github::{ApiError, ErrorKind, Github};
use crate::inputs::{Backend, Inputs};
use crate::output::console::{Console, Level};
use crate::resolve::owner;

/// What is known of the runs that work on a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Liveness {
    Over,
    /// Also in a later attempt, which may have taken the deployment up.
    Going,
    /// This tool opened the deployment, or a run of this repository; but the run cannot be read.
    Unknown,
    /// Another tool opened it.
    Foreign,
}

/// Asks for each run once.
pub(in crate::commands) struct RunLookup<'a> {
    github: &'a Github,
    console: &'a Console,
    repository: Option<&'a Slug>,
    /// Whether the run is over; None where it may not be read, or is gone.
    known: HashMap<u64, Option<bool>>,
    /// No run may be read.
    is_denied: bool,
}

impl<'a> RunLookup<'a> {
    pub(in crate::commands) fn new(
        github: &'a Github,
        inputs: &'a Inputs,
        console: &'a Console,
    ) -> Self {
        let repository = match &inputs.backend {
            Backend::Github(api) => Some(&api.repository),
            Backend::Sandbox => None,
        };
        Self { github, console, repository, known: HashMap::new(), is_denied: false }
    }

    /// Looks at the run that the payload names, which made the deployment, and at the one whose
    /// page the latest status shows, which may have taken it up.
    ///
    /// # Errors
    /// When GitHub cannot be reached. A run that may not be read, or is gone, is no error.
    pub(in crate::commands) async fn liveness(
        &mut self,
        deployment: &Deployment,
        latest: Option<&Status>,
    ) -> Result<Liveness, ApiError> {
        let payload = &deployment.payload;
        let page = latest.and_then(owner::page_of).and_then(|page| self.run_of_page(page));
        let maker = owner::run_in(payload).map(|run| run.parse().ok());
        if maker.is_none() && page.is_none() {
            let is_ours = owner::is_named(payload);
            return Ok(if is_ours { Liveness::Unknown } else { Liveness::Foreign });
        }
        let mut liveness = Liveness::Over;
        for run in [maker, page.map(Some)].into_iter().flatten() {
            let is_over = match run {
                Some(id) => self.is_over(id).await?,
                // Another CI's.
                None => None,
            };
            match is_over {
                Some(true) => {}
                Some(false) => return Ok(Liveness::Going),
                None => liveness = Liveness::Unknown,
            }
        }
        Ok(liveness)
    }

    async fn is_over(&mut self, id: u64) -> Result<Option<bool>, ApiError> {
        if let Some(is_over) = self.known.get(&id) {
            return Ok(*is_over);
        }
        if self.is_denied {
            return Ok(None);
        }
        let github = self.github;
        let deadline = Instant::now() + REQUEST_LIMIT;
        let is_over = match github.reading(deadline, |limit| github.workflow_run(id, limit)).await {
            Ok(run) => Some(run.is_over()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                self.is_denied = true;
                self.console.annotate(
                    Level::Warning,
                    &format!(
                        "only deployments that are older than 5 days are taken for abandoned, \
                         since workflow runs may not be read: {}",
                        error.in_full()
                    ),
                );
                None
            }
            Err(error) => return Err(error),
        };
        self.known.insert(id, is_over);
        Ok(is_over)
    }

    /// `https://HOST/OWNER/REPOSITORY/actions/runs/ID…`, of this repository.
    fn run_of_page(&self, page: &str) -> Option<u64> {
        let (_, rest) = page.strip_prefix("https://")?.split_once('/')?;
        let repository = self.repository?.to_string();
        let (head, tail) = rest.split_at_checked(repository.len())?;
        let run = tail
            .strip_prefix("/actions/runs/")
            .filter(|_| head.eq_ignore_ascii_case(&repository))?;
        run.split(['/', '?', '#']).next()?.parse().ok()
    }
}
