//! What a run leaves behind for programs: step outputs, a dotenv report, one closing line.

use std::path::Path;

use anyhow::Context as _;

use super::command_outputs::WrittenOutputs;
use super::console;
use crate::deployment::{DeploymentId, State, StatusId, WebUrl};

/// How it went, as far as GitHub, the next step and a reader of the log care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RunResult {
    pub(crate) deployment: Option<DeploymentId>,
    pub(crate) environment: Option<String>,
    /// Of the latest status that was posted, as is `state`.
    pub(crate) status: Option<StatusId>,
    pub(crate) state: Option<State>,
    /// The environment's.
    pub(crate) url: Option<WebUrl>,
    /// The command's; `create` has none.
    pub(crate) exit_code: Option<i32>,
    /// What happened, in the words of the status's description.
    pub(crate) description: String,
    /// Where the run can be watched.
    pub(crate) page: Option<WebUrl>,
}

impl RunResult {
    /// Appends the step's outputs to the file that `GITHUB_OUTPUT` names. What the command wrote
    /// there is not overwritten by an empty value of ours, and is handed on as JSON in `outputs`.
    ///
    /// # Errors
    /// When the file cannot be written, or the command's own outputs are too large to be handed
    /// on; the others have been written then.
    pub(crate) fn to_step(&self, file: &Path, written: &WrittenOutputs) -> anyhow::Result<()> {
        let own = self
            .named()
            .into_iter()
            .filter(|(name, value)| !value.is_empty() || written.get(name).is_none());
        let mut lines: String = own.map(|(name, value)| step_output(name, &value)).collect();
        let json = written.to_json();
        if let Ok(Some(json)) = &json {
            lines.push_str(&step_output("outputs", json));
        }
        append(file, &lines)?;
        json.map(drop)
    }

    /// Appends `NAME=value` lines, unquoted, to a dotenv report; empty ones are left out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn to_dotenv(&self, file: &Path) -> anyhow::Result<()> {
        let known = self.named().into_iter().filter(|(_, value)| !value.is_empty());
        let lines: String =
            known.map(|(name, value)| format!("{}={value}\n", dotenv_name(name))).collect();
        append(file, &lines)
    }

    /// `deployment 42: success, https://…, Deployed in 2m14s`.
    pub(crate) fn to_line(&self) -> String {
        let subject = self.deployment.map_or_else(
            || "no deployment status was posted".to_owned(),
            |id| {
                let state = self.state.map_or("no status was posted", State::as_str);
                format!("deployment {id}: {state}")
            },
        );
        let url = text(self.url.as_ref());
        let parts = [subject, url, self.description.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    fn named(&self) -> [(&'static str, String); 5] {
        [
            ("deployment-id", text(self.deployment)),
            ("status-id", text(self.status)),
            ("state", text(self.state)),
            ("url", text(self.url.as_ref())),
            ("exit-code", text(self.exit_code)),
        ]
    }
}

fn append(file: &Path, lines: &str) -> anyhow::Result<()> {
    console::append(file, lines)
        .with_context(|| format!("cannot write the outputs to `{}`", file.display()))
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The delimiter keeps a value from ending its own entry.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings>
fn step_output(name: &str, value: &str) -> String {
    let delimiter = format!("ghadelimiter_{:032x}", fastrand::u128(..));
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

/// `exit-code` is `DEPLOYMENT_EXIT_CODE`, `deployment-id` is `DEPLOYMENT_ID`.
fn dotenv_name(name: &str) -> String {
    let name = name.strip_prefix("deployment-").unwrap_or(name);
    format!("DEPLOYMENT_{}", name.replace('-', "_").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_dotenv_report_has_what_is_known() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("deploy.env");
        let result = RunResult {
            deployment: DeploymentId::parse("42"),
            state: Some(State::Success),
            url: WebUrl::parse("https://hello.example.com/?a=b"),
            exit_code: Some(0),
            ..RunResult::default()
        };
        result.to_dotenv(&file).unwrap();
        expect![[r#"
            DEPLOYMENT_ID=42
            DEPLOYMENT_STATE=success
            DEPLOYMENT_URL=https://hello.example.com/?a=b
            DEPLOYMENT_EXIT_CODE=0
        "#]]
        .assert_eq(&std::fs::read_to_string(&file).unwrap());
    }

    #[test]
    fn the_status_has_a_name_of_its_own() {
        assert_eq!(dotenv_name("status-id"), "DEPLOYMENT_STATUS_ID");
    }

    #[test]
    fn the_closing_line_says_what_happened() {
        let mut result = RunResult {
            deployment: DeploymentId::parse("42"),
            state: Some(State::Success),
            url: WebUrl::parse("https://hello.example.com"),
            description: "Deployed in 3s".to_owned(),
            ..RunResult::default()
        };
        assert_eq!(
            result.to_line(),
            "deployment 42: success, https://hello.example.com, Deployed in 3s"
        );
        result = RunResult { url: None, state: None, ..result };
        assert_eq!(result.to_line(), "deployment 42: no status was posted, Deployed in 3s");
    }

    #[test]
    fn what_the_command_wrote_is_not_overwritten_by_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("outputs");
        let before = super::super::command_outputs::CommandOutputs::before_the_command(&file);
        std::fs::write(&file, "url=https://own.example\n").unwrap();
        RunResult::default().to_step(&file, &before.read()).unwrap();

        let after = before.read();
        assert_eq!(after.get("url"), Some("https://own.example"));
        assert_eq!(after.get("outputs"), Some(r#"{"url":"https://own.example"}"#));
        assert_eq!(after.get("state"), Some(""));
    }
}
