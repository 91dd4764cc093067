//! The event that triggered the workflow, as far as it helps: which deployment, which commit,
//! which pull request. No file stops a deploy: what it does not say stays unknown.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

mod leaves;
mod payload;

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use self::leaves::Leaves;
use self::payload::{Payload, WANTED};
use crate::deployment::DeploymentId;
use crate::env::Variables;

/// A payload that is larger is not read: GitHub's own end at 25 MiB.
const MAX_BYTES: u64 = 32 << 20;

/// In bytes.
const BUFFER: usize = 1 << 16;

/// What we use of a webhook payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Of a `deployment` or `deployment_status` event.
    pub(crate) deployment: Option<EventDeployment>,
    /// The event is a `deployment_status`: the deployment is another workflow's work.
    pub(crate) is_status: bool,
    /// The commit that the event is about, where it is not `GITHUB_SHA`.
    pub(crate) commit: Option<String>,
    pub(crate) pull_request: Option<u64>,
    /// The commit is this pull request's head, which GitHub alone knows.
    pub(crate) head_of: Option<PullRequestHead>,
    /// The pull request comes from a fork, or Dependabot acts.
    pub(crate) read_only: Option<ReadOnly>,
    pub(crate) token_is_read_only: bool,
    /// What is wrong with the file, as the end of a sentence, and what is unknown for it.
    pub(crate) unread: Option<Unread>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: String,
    /// The status of the event is a final one.
    pub(crate) has_ended: bool,
}

/// A pull request whose head has to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PullRequestHead {
    pub(crate) number: u64,
    /// What is checked out, where that is not `GITHUB_SHA`: the next best answer.
    pub(crate) checked_out: Option<String>,
}

/// Why the token may not be able to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    /// Nothing in the workflow can change it.
    Fork,
    /// `permissions:` raises it.
    /// <https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-on-actions>
    Dependabot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) why: String,
    pub(crate) unknown: &'static str,
    /// The event is a deployment's, whose id the file alone says.
    pub(crate) hides_a_deployment: bool,
}

impl ReadOnly {
    /// What to do about it, as a sentence.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Fork => {
                "a fork's pull request has a token that cannot write, whatever its permissions"
            }
            Self::Dependabot => {
                "Dependabot's token only reads by default: `permissions: deployments: write` in \
                 the workflow raises it"
            }
        }
    }
}

impl Event {
    /// Reads the file that `GITHUB_EVENT_PATH` names, and what the variables say.
    pub(crate) fn read(variables: &Variables) -> Self {
        let (leaves, wrong) = match variables.raw("GITHUB_EVENT_PATH") {
            Some(path) => match open(Path::new(path)) {
                Ok(file) => {
                    let (leaves, wrong) = leaves::read(file, WANTED);
                    (leaves, wrong.map(|why| format!("is no event's payload: {why}")))
                }
                Err(why) => (Leaves::new(), Some(why)),
            },
            None => (Leaves::new(), None),
        };
        Payload { leaves, wrong, variables }.into_event()
    }
}

fn open(path: &Path) -> Result<BufReader<File>, String> {
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
    match start.first() {
        None => Err("is empty".to_owned()),
        Some(b'{') => Ok(file),
        Some(_) => Err("is not a JSON object".to_owned()),
    }
}

#[cfg(test)]
mod tests;
