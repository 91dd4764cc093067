//! The event that triggered the workflow, as far as it says which deployment is meant.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use crate::deployment::DeploymentId;

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
