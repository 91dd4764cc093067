//! The nouns of GitHub's Deployments API, as types that cannot be wrong.
//! What we send is strict; what we read keeps words that nobody documented.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// GitHub refuses a longer description with a 422.
/// <https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status>
const MAX_DESCRIPTION: usize = 140;

/// Longer URLs are cut by browsers and proxies, so none is reported.
const MAX_URL: usize = 2048;

/// The number that GitHub gave a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct DeploymentId(u64);

impl DeploymentId {
    /// Reads a whole number above 0, written in digits alone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // GitHub's ids are signed 64-bit numbers.
        let number: u64 = text.parse().ok()?;
        (1..=i64::MAX.unsigned_abs()).contains(&number).then_some(Self(number))
    }

    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for DeploymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number that GitHub gave a deployment status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct StatusId(u64);

impl fmt::Display for StatusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A repository's `owner/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slug {
    owner: String,
    name: String,
}

impl Slug {
    /// Reads `owner/name`; dots are allowed, but neither part may climb out of its path segment.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let is_part = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        (is_part(owner) && is_part(name))
            .then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

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

/// An http(s) URL with a host, of at most [`MAX_URL`] characters and without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct WebUrl(String);

impl TryFrom<String> for WebUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected an http or https URL")
    }
}

impl WebUrl {
    /// Reads a URL; user name and password are removed, the rest is kept as it was written.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut url = Url::parse(text).ok()?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return None;
        }
        let written = if url.username().is_empty() && url.password().is_none() {
            text.to_owned()
        } else {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            url.to_string()
        };
        let is_plain = !written.chars().any(|c| c.is_whitespace() || c.is_control());
        (is_plain && written.chars().count() <= MAX_URL).then_some(Self(written))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The one line that GitHub shows beside a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Description(String);

impl From<String> for Description {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl Description {
    /// Makes any text fit: blanks collapse, characters outside the Basic Multilingual Plane are
    /// replaced, and what passes [`MAX_DESCRIPTION`] characters is cut with `…`.
    pub(crate) fn new(text: &str) -> Self {
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let mut kept: String = line
            .chars()
            .map(|c| if c > '\u{FFFF}' { char::REPLACEMENT_CHARACTER } else { c })
            .collect();
        if kept.chars().count() > MAX_DESCRIPTION {
            let cut: String = kept.chars().take(MAX_DESCRIPTION - 1).collect();
            kept = format!("{}…", cut.trim_end());
        }
        Self(kept)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A status that we want GitHub to hold. Fields without a value are not sent.
/// <https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NewStatus {
    pub(crate) state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target_url: Option<WebUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_url: Option<WebUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) environment_url: Option<WebUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auto_inactive: Option<bool>,
}

/// A status as GitHub holds it. Unset strings are empty there, and the state may be a word that
/// is in no document (`waiting`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) id: StatusId,
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) environment: Option<String>,
    #[serde(default)]
    pub(crate) environment_url: Option<String>,
    #[serde(default)]
    pub(crate) target_url: Option<String>,
    #[serde(default)]
    pub(crate) log_url: Option<String>,
    #[serde(default)]
    pub(crate) created_at: String,
}

impl Status {
    /// Nothing more is expected of a deployment whose latest status is this one.
    pub(crate) fn is_final(&self) -> bool {
        State::parse(&self.state).is_some_and(State::is_final)
    }
}

/// A deployment that we want GitHub to make.
/// <https://docs.github.com/en/rest/deployments/deployments#create-a-deployment>
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct NewDeployment {
    #[serde(rename = "ref")]
    pub(crate) git_ref: String,
    pub(crate) environment: String,
    pub(crate) task: String,
    pub(crate) auto_merge: bool,
    /// None leaves the choice to GitHub, which then wants every context to be green.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) required_contexts: Option<Vec<String>>,
    pub(crate) payload: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transient_environment: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) production_environment: Option<bool>,
}

/// A deployment as GitHub holds it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Deployment {
    pub(crate) id: DeploymentId,
    #[serde(default)]
    pub(crate) sha: String,
    #[serde(default, rename = "ref")]
    pub(crate) git_ref: String,
    #[serde(default)]
    pub(crate) task: String,
    #[serde(default)]
    pub(crate) environment: String,
    /// An object, or a string that somebody put there.
    #[serde(default)]
    pub(crate) payload: serde_json::Value,
    #[serde(default)]
    pub(crate) created_at: String,
}

/// How long something took, as people say it: `2m14s`.
pub(crate) fn in_words(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, 0) => format!("{m}m"),
        (0, m, s) => format!("{m}m{s}s"),
        (h, 0, 0) => format!("{h}h"),
        (h, m, _) => format!("{h}h{m}m"),
    }
}
