//! The states of a deployment that a client may post.
//! <https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status>

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a deployment stands, in the words that GitHub lets a client say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Something kept us from finding out: a signal, a timeout, a command that is not there.
    Error,
    /// The command ran and said no.
    Failure,
    /// No longer live.
    Inactive,
    InProgress,
    Queued,
    Pending,
    Success,
}

impl State {
    pub(crate) const ALL: [Self; 7] = [
        Self::Error,
        Self::Failure,
        Self::Inactive,
        Self::InProgress,
        Self::Pending,
        Self::Queued,
        Self::Success,
    ];

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failure => "failure",
            Self::Inactive => "inactive",
            Self::InProgress => "in_progress",
            Self::Queued => "queued",
            Self::Pending => "pending",
            Self::Success => "success",
        }
    }

    /// Nothing more is expected of a deployment in this state.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Error | Self::Failure | Self::Inactive | Self::Success)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
