//! What a run leaves behind for programs: step outputs, a dotenv report, one closing line.

use std::path::Path;

use anyhow::Context as _;

use crate::deployment::{DeploymentId, State, StatusId, WebUrl};
use crate::output::console;

/// How it went, as far as GitHub and the next step care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RunResult {
    pub(crate) deployment: Option<DeploymentId>,
    /// Of the latest status that was posted, as is `state`.
    pub(crate) status: Option<StatusId>,
    pub(crate) state: Option<State>,
    /// The environment's.
    pub(crate) url: Option<WebUrl>,
    /// The command's; `create` has none.
    pub(crate) exit_code: Option<i32>,
}

impl RunResult {
    /// Appends the step's outputs to the file that `GITHUB_OUTPUT` names.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn to_step(&self, file: &Path) -> anyhow::Result<()> {
        let lines: String =
            self.named().into_iter().map(|(name, value)| step_output(name, &value)).collect();
        append(file, &lines)
    }

    /// Appends `NAME=value` lines, unquoted, to a dotenv report; empty ones are left out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn to_dotenv(&self, file: &Path) -> anyhow::Result<()> {
        let lines: String =
            self.known().map(|(name, value)| format!("{}={value}\n", dotenv_name(name))).collect();
        append(file, &lines)
    }

    /// The same in one line.
    pub(crate) fn to_line(&self) -> String {
        let result: Vec<String> =
            self.known().map(|(name, value)| format!("{name} {value}")).collect();
        result.join(", ")
    }

    fn known(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.named().into_iter().filter(|(_, value)| !value.is_empty())
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
            status: None,
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
}
