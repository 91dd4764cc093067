//! How the deployments ended that were waited for.

use serde::Serialize;

use crate::deployment::{Deployment, State, Status, WebUrl};
use crate::output::step_outputs::RunResult;

pub(super) struct Ended {
    pub(super) deployment: Deployment,
    pub(super) latest: Status,
}

impl Ended {
    pub(super) fn result(&self) -> RunResult {
        RunResult {
            deployment: Some(self.deployment.id),
            environment: Some(self.deployment.environment.clone()),
            status: Some(self.latest.id),
            state: State::parse(&self.latest.state),
            url: self.url(),
            ..RunResult::default()
        }
    }

    fn url(&self) -> Option<WebUrl> {
        self.latest.environment_url.as_deref().and_then(WebUrl::parse)
    }

    fn log(&self) -> Option<WebUrl> {
        let urls = [&self.latest.log_url, &self.latest.target_url].into_iter().flatten();
        urls.map(String::as_str).find_map(WebUrl::parse)
    }

    /// What is said of one that did not succeed.
    pub(super) fn sentence(&self) -> String {
        let Deployment { id, environment, .. } = &self.deployment;
        let state = &self.latest.state;
        let description = self.latest.description.as_deref().unwrap_or_default();
        let why = if description.is_empty() { String::new() } else { format!(": {description}") };
        let log = self.log().map(|log| format!("\nhelp: its log is at {log}")).unwrap_or_default();
        format!("deployment {id} of {environment} ended in {state}{why}{log}")
    }
}

/// The URLs of those that succeeded, a line each.
pub(super) fn urls(ended: &[Ended]) -> String {
    let success = ended.iter().filter(|ended| ended.latest.state == State::Success.as_str());
    success.filter_map(Ended::url).map(|url| format!("{url}\n")).collect()
}

#[derive(Serialize)]
struct Row<'a> {
    deployment_id: u64,
    environment: &'a str,
    sha: &'a str,
    #[serde(rename = "ref")]
    git_ref: &'a str,
    task: &'a str,
    #[serde(flatten)]
    status: &'a Status,
}

/// One array of objects: the deployment and its latest status.
pub(super) fn json(ended: &[Ended]) -> String {
    let rows: Vec<Row<'_>> = ended
        .iter()
        .map(|Ended { deployment, latest }| Row {
            deployment_id: deployment.id.number(),
            environment: &deployment.environment,
            sha: &deployment.sha,
            git_ref: &deployment.git_ref,
            task: &deployment.task,
            status: latest,
        })
        .collect();
    let json = serde_json::to_string_pretty(&rows).expect("rows are plain data");
    format!("{json}\n")
}
