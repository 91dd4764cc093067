//! An environment, which comes into being with its first deployment.

use std::time::SystemTime;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Environment {
    pub(in crate::sandbox) id: u64,
    /// As it was first written.
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) created: SystemTime,
}

/// Whether two names are of one environment: GitHub ignores letter case.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments>
pub(in crate::sandbox) fn is_same_environment(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}
