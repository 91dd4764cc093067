//! The event that triggered the workflow, as far as it says which deployment is meant.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>
//! It keeps nothing else of the payload, however large that is.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::deployment::DeploymentId;
use crate::env::Variables;

/// A payload that is larger is none: GitHub's own end at 25 MiB.
const MAX_BYTES: u64 = 256 << 20;

/// In bytes.
const BUFFER: usize = 1 << 16;

/// Dependabot's runs get a read-only token, but for these events.
const WRITABLE_FOR_DEPENDABOT: [&str; 4] =
    ["pull_request_target", "workflow_run", "workflow_dispatch", "schedule"];

/// What we use of a webhook payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Of a `deployment` event.
    pub(crate) deployment: Option<EventDeployment>,
    /// The payload also has a `deployment_status`: the deployment is another workflow's work.
    pub(crate) is_status: bool,
    /// The commit that people mean: a pull request's head, a deployment's sha.
    pub(crate) commit: Option<String>,
    pub(crate) pull_request: Option<u64>,
    /// The pull request comes from a fork, or Dependabot acts: the token cannot write.
    pub(crate) token_is_read_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: String,
}

impl Event {
    /// Reads the file that `GITHUB_EVENT_PATH` names; without one, what the variables say.
    /// Fails with what is wrong with the file, as the end of a sentence.
    pub(crate) fn read(variables: &Variables) -> Result<Self, String> {
        let payload = match variables.raw("GITHUB_EVENT_PATH") {
            Some(path) => Payload::read(Path::new(path))?,
            None => Payload::default(),
        };
        Ok(payload.into_event(variables))
    }

    /// What is known where the file could not be read.
    pub(crate) fn unread(variables: &Variables) -> Self {
        Payload::default().into_event(variables)
    }
}

#[derive(Default, Deserialize)]
struct Payload {
    deployment: Option<Deployment>,
    deployment_status: Option<IgnoredAny>,
    pull_request: Option<PullRequest>,
    workflow_run: Option<WorkflowRun>,
    sender: Option<Sender>,
}

#[derive(Deserialize)]
struct Deployment {
    id: u64,
    #[serde(default)]
    environment: String,
    sha: Option<String>,
}

#[derive(Deserialize)]
struct PullRequest {
    number: Option<u64>,
    head: Option<Side>,
    base: Option<Side>,
}

#[derive(Deserialize)]
struct Side {
    sha: Option<String>,
    /// Null where the fork was deleted.
    repo: Option<Repo>,
}

#[derive(PartialEq, Deserialize)]
struct Repo {
    full_name: Option<String>,
}

#[derive(Deserialize)]
struct WorkflowRun {
    head_sha: Option<String>,
}

#[derive(Deserialize)]
struct Sender {
    login: Option<String>,
}

impl Payload {
    fn read(path: &Path) -> Result<Self, String> {
        let cannot = |err: io::Error| format!("cannot be read: {err}");
        let metadata = path.metadata().map_err(cannot)?;
        if !metadata.is_file() {
            return Err("is not a file".to_owned());
        }
        if metadata.len() > MAX_BYTES {
            return Err(format!("is larger than {} MiB", MAX_BYTES >> 20));
        }
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(cannot)?);
        let start = file.fill_buf().map_err(cannot)?.trim_ascii_start();
        if start.is_empty() {
            return Err("is empty".to_owned());
        }
        if start[0] != b'{' {
            return Err("is not a JSON object".to_owned());
        }
        serde_json::from_reader(file).map_err(|err| format!("is no event's payload: {err}"))
    }

    fn into_event(self, variables: &Variables) -> Event {
        let event_name = variables.get("GITHUB_EVENT_NAME").unwrap_or_default();
        let token_is_read_only = self.is_fork() && event_name != "pull_request_target"
            || self.is_dependabot(variables) && !WRITABLE_FOR_DEPENDABOT.contains(&event_name);
        let head = self.pull_request.as_ref().and_then(|pull| pull.head.as_ref()?.sha.clone());
        let deployed = self.deployment.as_ref().and_then(|deployment| deployment.sha.clone());
        let ran = self.workflow_run.and_then(|run| run.head_sha);
        Event {
            deployment: self.deployment.and_then(|deployment| {
                let id = DeploymentId::parse(&deployment.id.to_string())?;
                Some(EventDeployment { id, environment: deployment.environment })
            }),
            is_status: self.deployment_status.is_some(),
            commit: head.or(deployed).or(ran),
            pull_request: self.pull_request.and_then(|pull| pull.number),
            token_is_read_only,
        }
    }

    fn is_fork(&self) -> bool {
        self.pull_request.as_ref().is_some_and(|pull| {
            let repo = |side: &Option<Side>| side.as_ref()?.repo.as_ref()?.full_name.clone();
            let (head, base) = (repo(&pull.head), repo(&pull.base));
            base.is_some() && head != base
        })
    }

    fn is_dependabot(&self, variables: &Variables) -> bool {
        let sender = self.sender.as_ref().and_then(|sender| sender.login.as_deref());
        [variables.get("GITHUB_ACTOR"), sender].contains(&Some("dependabot[bot]"))
    }
}

#[cfg(test)]
mod tests;
