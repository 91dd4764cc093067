//! What each request is for: its words in a message, and the permission that it needs.

use std::fmt;

use super::quote::quote;
use crate::deployment::DeploymentId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation<'a> {
    CreateStatus(DeploymentId),
    ListStatuses(DeploymentId),
    GetDeployment(DeploymentId),
    ListDeployments,
    CreateDeployment,
    DeleteDeployment(DeploymentId),
    DeleteEnvironment(&'a str),
    GetWorkflowRun(u64),
    GetPullRequest(u64),
    GetCheckRun(u64),
    FindInstallation,
    MintToken,
}

/// A repository permission, as `permissions:` of a workflow names it.
/// <https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Permission {
    pub(super) name: &'static str,
    pub(super) level: &'static str,
}

impl Operation<'_> {
    pub(super) fn permission(self) -> Permission {
        let (name, level) = match self {
            Self::CreateStatus(_) | Self::CreateDeployment | Self::DeleteDeployment(_) => {
                ("deployments", "write")
            }
            Self::ListStatuses(_) | Self::GetDeployment(_) | Self::ListDeployments => {
                ("deployments", "read")
            }
            Self::DeleteEnvironment(_) => ("administration", "write"),
            Self::GetWorkflowRun(_) => ("actions", "read"),
            Self::GetPullRequest(_) => ("pull-requests", "read"),
            Self::GetCheckRun(_) => ("checks", "read"),
            // An App asks for these as itself, which needs no permission.
            Self::FindInstallation | Self::MintToken => ("metadata", "read"),
        };
        Permission { name, level }
    }
}

impl fmt::Display for Operation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateStatus(id) => write!(f, "post a status to deployment `{id}`"),
            Self::ListStatuses(id) => write!(f, "list the statuses of deployment `{id}`"),
            Self::GetDeployment(id) => write!(f, "read deployment `{id}`"),
            Self::ListDeployments => f.write_str("list deployments"),
            Self::CreateDeployment => f.write_str("create a deployment"),
            Self::DeleteDeployment(id) => write!(f, "delete deployment `{id}`"),
            Self::DeleteEnvironment(name) => write!(f, "delete environment `{}`", quote(name)),
            Self::GetWorkflowRun(id) => write!(f, "read workflow run `{id}`"),
            Self::GetPullRequest(number) => write!(f, "read pull request `{number}`"),
            Self::GetCheckRun(id) => write!(f, "read the check run of job `{id}`"),
            Self::FindInstallation => f.write_str("find the GitHub App's installation"),
            Self::MintToken => f.write_str("mint a token for the GitHub App"),
        }
    }
}
