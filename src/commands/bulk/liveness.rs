//! Whether the workflow run that opened a deployment is over.

use std::collections::HashMap;

use tokio::time::Instant;

use super::REQUEST_LIMIT;
use crate::deployment::{Deployment, Slug, Status};
use crate::github::{ApiError, ErrorKind, Github, WorkflowRun};

/// The key in a payload under which this tool names the owner.
const OWNER: &str = "deployment_status";

/// What is known of the run that opened a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Liveness {
    Over,
    Going,
    /// This tool opened the deployment, or a run of this repository; but the run cannot be read.
    Unknown,
    /// Another tool opened it.
    Foreign,
}

/// Asks for each run once.
pub(in crate::commands) struct RunLookup<'a> {
    github: &'a Github,
    repository: Option<&'a Slug>,
    known: HashMap<u64, Option<WorkflowRun>>,
}

impl<'a> RunLookup<'a> {
    pub(in crate::commands) fn new(github: &'a Github, repository: Option<&'a Slug>) -> Self {
        Self { github, repository, known: HashMap::new() }
    }

    /// Finds out whether the run that the payload names, or else the latest status's page, is over.
    ///
    /// # Errors
    /// When GitHub cannot be reached. A run that may not be read, or is gone, is no error.
    pub(in crate::commands) async fn liveness(
        &mut self,
        deployment: &Deployment,
        latest: Option<&Status>,
    ) -> Result<Liveness, ApiError> {
        let owner = deployment.payload.get(OWNER);
        let text = |key: &str| Some(owner?.get(key)?.as_str()?.to_owned());
        // Outside a CI there is no run that could be named.
        let named = text("run").filter(|run| !run.is_empty());
        let run = match &named {
            Some(run) => run.parse().ok(),
            None => latest.and_then(|status| self.run_of_page(status)),
        };
        let Some(id) = run else {
            return Ok(if owner.is_some() { Liveness::Unknown } else { Liveness::Foreign });
        };
        let attempt = text("attempt").and_then(|attempt| attempt.parse::<u64>().ok());
        Ok(match self.run(id).await? {
            None => Liveness::Unknown,
            Some(run) if run.is_over() => Liveness::Over,
            Some(run) => match (attempt, run.run_attempt) {
                (Some(ours), Some(current)) if ours < current => Liveness::Over,
                _ => Liveness::Going,
            },
        })
    }

    async fn run(&mut self, id: u64) -> Result<Option<WorkflowRun>, ApiError> {
        if let Some(run) = self.known.get(&id) {
            return Ok(run.clone());
        }
        let github = self.github;
        let deadline = Instant::now() + REQUEST_LIMIT;
        let run = match github.reading(deadline, |limit| github.workflow_run(id, limit)).await {
            Ok(run) => Some(run),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::NotFound
                ) =>
            {
                None
            }
            Err(error) => return Err(error),
        };
        self.known.insert(id, run.clone());
        Ok(run)
    }

    /// `https://HOST/OWNER/REPOSITORY/actions/runs/ID…`, of this repository.
    fn run_of_page(&self, status: &Status) -> Option<u64> {
        let urls = [&status.log_url, &status.target_url].into_iter().flatten();
        let page = urls.map(String::as_str).find(|url| !url.is_empty())?;
        let (_, rest) = page.strip_prefix("https://")?.split_once('/')?;
        let repository = self.repository?.to_string();
        let (head, tail) = rest.split_at_checked(repository.len())?;
        let run = tail
            .strip_prefix("/actions/runs/")
            .filter(|_| head.eq_ignore_ascii_case(&repository))?;
        run.split(['/', '?', '#']).next()?.parse().ok()
    }
}
