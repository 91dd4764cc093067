//! The setup: a step of a workflow, with nothing of this machine in its environment.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
#[cfg(unix)]
use std::process::Stdio;
use std::process::{Command, Output};

use expect_test::Expect;
use tempfile::TempDir;

use crate::github::FakeGithub;

pub(crate) const TOKEN: &str = "ghp_0123456789abcdef";

/// What Windows wants: without `SystemRoot` no socket opens there, without `PATH` no program is found,
/// and Git's bash is below `ProgramFiles`.
pub(crate) fn system_variables() -> impl Iterator<Item = (&'static str, OsString)> {
    let names = ["SystemRoot", "ProgramFiles", "PATH", "TMP"].into_iter().filter(|_| cfg!(windows));
    names.filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// A step whose inputs are good until a test changes one.
pub(crate) struct Step {
    arguments: Vec<OsString>,
    pub(crate) variables: BTreeMap<OsString, OsString>,
    /// No repository of git's is here.
    directory: TempDir,
}

impl Step {
    pub(crate) fn configured() -> Self {
        let directory = tempfile::tempdir().expect("the disk has room");
        let temp = directory.path().to_owned();
        Self { arguments: Vec::new(), variables: BTreeMap::new(), directory }
            .variable("TMPDIR", &temp)
            .variable("TMP", temp)
            .variable("GITHUB_API_URL", "http://127.0.0.1:9")
            .variable("GITHUB_REPOSITORY", "octo/app")
            .variable("GITHUB_TOKEN", TOKEN)
    }

    /// The same, asked to run `true`.
    pub(crate) fn running() -> Self {
        Self::configured().arguments(&["run", "--", "true"])
    }

    /// The same, with this GitHub.
    pub(crate) fn of(github: &FakeGithub) -> Self {
        Self::configured().variable("GITHUB_API_URL", github.url())
    }

    pub(crate) fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    pub(crate) fn variables(self, pairs: &[(&str, &str)]) -> Self {
        pairs.iter().fold(self, |step, (name, value)| step.variable(name, value))
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(Into::into).collect();
        self
    }

    #[cfg(unix)]
    pub(crate) fn spawn(&self) -> std::process::Child {
        self.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    }

    pub(crate) fn start(&self) -> Output {
        self.command().output().expect("the binary starts")
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deployment-status"));
        command
            .args(&self.arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(system_variables())
            .envs(&self.variables);
        command
    }

    /// Its exit code, what it printed, and what it said.
    pub(crate) fn outcome(&self) -> (Option<i32>, String, String) {
        let Output { status, stdout, stderr } = self.start();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (stdout, stderr) = (text(stdout), text(stderr));
        assert!(!stdout.contains(TOKEN) && !stderr.contains(TOKEN), "the token is shown: {stderr}");
        (status.code(), stdout, stderr)
    }

    #[track_caller]
    pub(crate) fn check(self, expected: &Expect) {
        let output = self.start();

        assert_eq!(output.status.code(), Some(125));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        expected.assert_eq(&String::from_utf8_lossy(&output.stderr));
    }
}
