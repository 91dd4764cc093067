//! The nouns of GitHub's Deployments API, as types that cannot be wrong.
//! What we send is strict; what we read keeps words that nobody documented.

mod description;
mod payload;
mod state;
mod text;
mod web_url;

use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use self::description::Description;
pub(crate) use self::state::State;
pub(crate) use self::web_url::WebUrl;

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

    /// Stands for the number that GitHub would give.
    pub(crate) const UNKNOWN: Self = Self(0);
}

impl fmt::Display for DeploymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNKNOWN { f.write_str("ID") } else { self.0.fmt(f) }
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

impl NewStatus {
    /// A state and nothing else.
    pub(crate) fn of(state: State) -> Self {
        Self {
            state,
            target_url: None,
            log_url: None,
            description: None,
            environment: None,
            environment_url: None,
            auto_inactive: None,
        }
    }

    /// The same without URLs and description.
    pub(crate) fn state_alone(&self) -> Self {
        Self {
            target_url: None,
            log_url: None,
            description: None,
            environment_url: None,
            ..self.clone()
        }
    }
}

/// A status as GitHub holds it. Unset strings are empty there, and the state may be a word that
/// is in no document (`waiting`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) id: StatusId,
    #[serde(deserialize_with = "text::cut")]
    pub(crate) state: String,
    #[serde(default, deserialize_with = "text::cut_if_any")]
    pub(crate) description: Option<String>,
    #[serde(default, deserialize_with = "text::cut_if_any")]
    pub(crate) environment: Option<String>,
    #[serde(default, deserialize_with = "text::cut_if_any")]
    pub(crate) environment_url: Option<String>,
    #[serde(default, deserialize_with = "text::cut_if_any")]
    pub(crate) target_url: Option<String>,
    #[serde(default, deserialize_with = "text::cut_if_any")]
    pub(crate) log_url: Option<String>,
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) created_at: String,
}

impl Status {
    /// What GitHub would hold of a status that is not sent.
    pub(crate) fn unsent(status: &NewStatus) -> Self {
        let text = |url: &Option<WebUrl>| url.as_ref().map(ToString::to_string);
        Self {
            id: StatusId(0),
            state: status.state.as_str().to_owned(),
            description: status.description.as_ref().map(|text| text.as_str().to_owned()),
            environment: status.environment.clone(),
            environment_url: text(&status.environment_url),
            target_url: text(&status.target_url),
            log_url: text(&status.log_url),
            created_at: String::new(),
        }
    }

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
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) sha: String,
    #[serde(default, rename = "ref", deserialize_with = "text::cut")]
    pub(crate) git_ref: String,
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) task: String,
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) environment: String,
    /// A text that somebody put there, or of an object the owner alone.
    #[serde(default, deserialize_with = "payload::deserialize")]
    pub(crate) payload: serde_json::Value,
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) created_at: String,
    /// When its latest status was posted, if it has any.
    #[serde(default, deserialize_with = "text::cut")]
    pub(crate) updated_at: String,
}

impl Deployment {
    /// What GitHub would hold of a deployment that is not created.
    pub(crate) fn unsent(deployment: &NewDeployment) -> Self {
        Self {
            id: DeploymentId::UNKNOWN,
            sha: String::new(),
            git_ref: deployment.git_ref.clone(),
            task: deployment.task.clone(),
            environment: deployment.environment.clone(),
            payload: deployment.payload.clone(),
            created_at: String::new(),
            updated_at: String::new(),
        }
    }
}

/// How long something took, as people say it: `2m14s`.
pub(crate) fn format_duration(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, 0) => format!("{m}m"),
        (0, m, s) => format!("{m}m{s}s"),
        (h, 0, 0) => format!("{h}h"),
        (h, m, _) => format!("{h}h{m}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_text_without_end_the_beginning_is_kept_and_null_is_empty() {
        let long = "é".repeat(65_536);
        let json =
            format!(r#"{{"id":1,"state":"{long}","description":"{long}","created_at":null}}"#);
        let status: Status = serde_json::from_str(&json).unwrap();
        assert_eq!(status.state, "é".repeat(2048));
        assert_eq!(status.description.as_ref(), Some(&status.state));
        assert_eq!((status.created_at.as_str(), status.target_url), ("", None));
        let json = format!(r#"{{"id":1,"environment":"{long}","ref":null}}"#);
        let deployment: Deployment = serde_json::from_str(&json).unwrap();
        assert_eq!((deployment.environment, deployment.git_ref), (status.state, String::new()));
    }

    #[test]
    fn an_id_is_digits_alone() {
        assert_eq!(DeploymentId::parse("42").map(DeploymentId::number), Some(42));
        for text in ["", "0", "-1", "+1", "4x", " 4", "9223372036854775808", &"9".repeat(30)] {
            assert_eq!(DeploymentId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_slug_stays_within_its_two_segments() {
        assert!(Slug::parse("octo/my.site_2-x").is_some());
        for text in ["octo", "octo/", "/app", "octo/a/b", "octo/..", "./app", "octo/a b", "octo/a?"]
        {
            assert_eq!(Slug::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_said_as_people_say_it() {
        let said = |seconds| format_duration(std::time::Duration::from_secs(seconds));
        assert_eq!(
            [0, 59, 60, 134, 3600, 5400].map(said),
            ["0s", "59s", "1m", "2m14s", "1h", "1h30m"]
        );
    }
}
