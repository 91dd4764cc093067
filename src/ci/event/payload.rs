//! What a payload says of the commit, the deployment and the pull request that an event is about.

use super::leaves::Leaves;
use super::{Event, EventDeployment, PullRequestHead, ReadOnly, Unread};
use crate::ci::git;
use crate::deployment::{DeploymentId, State};
use crate::env::Variables;

/// In characters, as GitHub limits refs.
const LONGEST_REF: usize = 255;

/// In hex digits: SHA-1 and SHA-256.
const COMMIT_LENGTHS: [usize; 2] = [40, 64];

/// Dependabot's runs get a read-only token by default, but for these events.
const WRITABLE_FOR_DEPENDABOT: [&str; 4] =
    ["pull_request_target", "workflow_run", "workflow_dispatch", "schedule"];

/// Which commit an event is about. An event that is not here is about `GITHUB_SHA`.
const COMMITS: &[(&[&str], Commit)] = &[
    (&["deployment", "deployment_status"], Commit::At("deployment/sha")),
    (
        &[
            "pull_request",
            "pull_request_target",
            "pull_request_review",
            "pull_request_review_comment",
        ],
        Commit::OfPullRequest,
    ),
    (&["workflow_run"], Commit::At("workflow_run/head_sha")),
    (&["check_run"], Commit::At("check_run/head_sha")),
    (&["check_suite"], Commit::At("check_suite/head_sha")),
    (&["issue_comment"], Commit::OfComment),
    (&["status"], Commit::At("sha")),
];

/// How the payload says it.
#[derive(Clone, Copy, Debug)]
enum Commit {
    At(&'static str),
    /// The head while it is open, the commit on the base branch once it is merged.
    OfPullRequest,
    /// The head of the pull request that was commented on, which the payload does not name; on an
    /// issue, `GITHUB_SHA`.
    OfComment,
}

/// Everything that is read of a payload.
pub(super) const WANTED: &[&str] = &[
    "check_run/head_sha",
    "check_suite/head_sha",
    "deployment/environment",
    "deployment/id",
    "deployment/sha",
    "deployment_status/id",
    "deployment_status/state",
    "issue/number",
    "issue/pull_request/url",
    "pull_request/base/repo/full_name",
    "pull_request/head/repo/full_name",
    "pull_request/head/sha",
    "pull_request/merge_commit_sha",
    "pull_request/merged",
    "pull_request/merged_at",
    "pull_request/number",
    "sender/login",
    "sha",
    "workflow_run/head_sha",
];

/// What a payload and the runner's variables say.
pub(super) struct Payload<'a> {
    pub(super) leaves: Leaves,
    /// What is wrong with the file.
    pub(super) wrong: Option<String>,
    pub(super) variables: &'a Variables,
}

impl Payload<'_> {
    pub(super) fn into_event(self) -> Event {
        let read_only = self.read_only();
        let deployment = self.deployment();
        let commit = self.commit();
        let head_of = if commit.is_none() { self.head_of() } else { None };
        Event {
            is_status: deployment.is_some() && self.is_status(),
            pull_request: self.number("pull_request/number").or_else(|| self.number_of_ref()),
            token_is_read_only: read_only.is_some(),
            unread: self.unread(deployment.is_some(), commit.is_some() || head_of.is_some()),
            deployment,
            commit,
            head_of,
            read_only,
        }
    }

    /// Empty where the runner does not say it; then any payload counts.
    fn name(&self) -> &str {
        self.variables.get("GITHUB_EVENT_NAME").unwrap_or_default()
    }

    fn is_named(&self, names: &[&str]) -> bool {
        self.name().is_empty() || names.contains(&self.name())
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.leaves.get(path).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn number(&self, path: &str) -> Option<u64> {
        self.text(path)?.parse().ok().filter(|number| *number > 0)
    }

    fn deployment(&self) -> Option<EventDeployment> {
        if !self.is_named(&["deployment", "deployment_status"]) {
            return None;
        }
        let state = self.text("deployment_status/state").and_then(State::parse);
        Some(EventDeployment {
            id: DeploymentId::parse(self.text("deployment/id")?)?,
            environment: self.text("deployment/environment").unwrap_or_default().to_owned(),
            has_ended: state.is_some_and(State::is_final),
        })
    }

    fn is_status(&self) -> bool {
        self.name() == "deployment_status"
            || ["deployment_status/id", "deployment_status/state"]
                .iter()
                .any(|path| self.text(path).is_some())
    }

    fn rows(&self) -> impl Iterator<Item = Commit> {
        COMMITS.iter().filter(|(names, _)| self.is_named(names)).map(|(_, commit)| *commit)
    }

    fn commit(&self) -> Option<String> {
        let is_ref = |text: &&str| {
            // A number is no commit, whatever stands where one should, unless it is as long.
            text.chars().count() <= LONGEST_REF
                && (COMMIT_LENGTHS.contains(&text.len())
                    || !text.bytes().all(|byte| byte.is_ascii_digit()))
                && !text.chars().any(|c| c.is_control() || c.is_whitespace())
        };
        self.rows().find_map(|commit| {
            let path = match commit {
                Commit::At(path) => path,
                Commit::OfPullRequest if self.is_merged() => "pull_request/merge_commit_sha",
                Commit::OfPullRequest => "pull_request/head/sha",
                Commit::OfComment => return None,
            };
            self.text(path).filter(is_ref).map(str::to_owned)
        })
    }

    fn is_merged(&self) -> bool {
        self.text("pull_request/merged") == Some("true")
            || self.text("pull_request/merged_at").is_some()
    }

    /// The pull request whose head is meant, where the payload does not name the head.
    fn head_of(&self) -> Option<PullRequestHead> {
        let commented = self.rows().any(|commit| matches!(commit, Commit::OfComment))
            && self.text("issue/pull_request/url").is_some();
        let number = if commented { self.number("issue/number") } else { self.number_of_ref() };
        let built = self.variables.get("GITHUB_SHA");
        number.map(|number| PullRequestHead {
            number,
            checked_out: git::head(self.variables).filter(|head| Some(head.as_str()) != built),
        })
    }

    /// `GITHUB_REF` is `refs/pull/N/merge` for a pull request.
    fn number_of_ref(&self) -> Option<u64> {
        let rest = self.variables.get("GITHUB_REF")?.strip_prefix("refs/pull/")?;
        rest.split_once('/')?.0.parse().ok().filter(|number| *number > 0)
    }

    fn unread(&self, has_deployment: bool, has_commit: bool) -> Option<Unread> {
        let is_of_deployment = ["deployment", "deployment_status"].contains(&self.name());
        let is_deployments = is_of_deployment && !has_deployment;
        // Of a deployment and a push, `GITHUB_SHA` is the commit that the payload would name.
        let needs_commit = !is_of_deployment
            && self.name() != "push"
            && !has_commit
            && COMMITS.iter().any(|(names, commit)| {
                names.contains(&self.name()) && !matches!(commit, Commit::OfComment)
            });
        let why = match (&self.wrong, is_deployments, needs_commit) {
            (Some(why), ..) => why.clone(),
            (None, true, _) => "names no deployment".to_owned(),
            (None, false, true) => "names no commit".to_owned(),
            (None, false, false) => return None,
        };
        let unknown = match (is_deployments, needs_commit, self.name()) {
            (true, ..) => "which deployment triggered this is not known",
            (false, true, _) | (false, false, "issue_comment") => {
                "which commit it is about is not known, so `GITHUB_SHA` is taken"
            }
            (false, false, "") => "what triggered this is not known",
            (false, false, _) => "whether it comes from a fork is not known",
        };
        Some(Unread { why, unknown, hides_a_deployment: is_deployments })
    }

    fn read_only(&self) -> Option<ReadOnly> {
        let base = self.text("pull_request/base/repo/full_name");
        let is_fork = base.is_some() && self.text("pull_request/head/repo/full_name") != base;
        let actors = [self.variables.get("GITHUB_ACTOR"), self.text("sender/login")];
        let is_dependabot = actors.contains(&Some("dependabot[bot]"));
        if is_fork && self.name() != "pull_request_target" {
            Some(ReadOnly::Fork)
        } else if is_dependabot && !WRITABLE_FOR_DEPENDABOT.contains(&self.name()) {
            Some(ReadOnly::Dependabot)
        } else {
            None
        }
    }
}
