//! `deployment-status run` around a command, against a setup's GitHub.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::github::{FakeGithub, REPOSITORY};
use crate::step::system_variables;

/// What nothing that we leave behind may show.
pub(crate) const TOKEN: &str = "ghs_theTokenOfThisDeploy";

/// The page of the job that [`Deploy::on_actions`] plays in.
pub(crate) const JOB_PAGE: &str = "https://github.com/octo/app/actions/runs/77/job/88";

/// A deploy that is good as it is: of `true`, outside any CI, with a token that may write.
pub(crate) struct Deploy {
    variables: Vec<(OsString, OsString)>,
    options: Vec<OsString>,
    command: Vec<OsString>,
    folder: TempDir,
}

/// A deploy that has begun.
pub(crate) struct Running {
    child: Child,
    since: Instant,
    folder: TempDir,
}

/// What a deploy left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// 128+n if a signal ended us.
    pub(crate) exit_code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The file that `--outputs` names.
    pub(crate) outputs: String,
    /// The file that `GITHUB_OUTPUT` names.
    pub(crate) step_outputs: String,
    /// The file that `GITHUB_STEP_SUMMARY` names.
    pub(crate) summary: String,
    /// What is still there of `RUNNER_TEMP`: state files of what was not closed.
    pub(crate) left_open: Vec<String>,
    pub(crate) took: Duration,
}

impl Deploy {
    pub(crate) fn of(github: &FakeGithub) -> Self {
        Self::at(github.url())
    }

    /// Posts to whatever answers at this address.
    pub(crate) fn at(api: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let temp = folder.path().join("temp");
        fs::create_dir(&temp).expect("there is room for a folder");
        let outputs = folder.path().join("outputs");
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self { variables: Vec::new(), options: Vec::new(), command: vec!["true".into()], folder }
            .variable("PATH", path)
            .variable("RUNNER_TEMP", temp)
            .variable("GITHUB_API_URL", api)
            .variable("GITHUB_REPOSITORY", REPOSITORY)
            .variable("GITHUB_TOKEN", TOKEN)
            .option("outputs", outputs)
    }

    /// Plays in the job of a GitHub workflow whose page is [`JOB_PAGE`].
    pub(crate) fn on_actions(self) -> Self {
        let [step_outputs, summary] =
            ["step-outputs", "summary"].map(|name| self.folder.path().join(name));
        self.variable("GITHUB_ACTIONS", "true")
            .variable("GITHUB_SERVER_URL", "https://github.com")
            .variable("GITHUB_RUN_ID", "77")
            .variable("GITHUB_RUN_ATTEMPT", "1")
            .variable("GITHUB_JOB", "deploy")
            .variable("GITHUB_SHA", "a".repeat(40))
            .variable("GITHUB_OUTPUT", step_outputs)
            .variable("GITHUB_STEP_SUMMARY", summary)
            .variable("INPUT_JOB_ID", "88")
    }

    /// The workflow was triggered by this.
    pub(crate) fn event(self, payload: &serde_json::Value) -> Self {
        let path = self.folder.path().join("event.json");
        fs::write(&path, payload.to_string()).expect("there is room for a file");
        self.variable("GITHUB_EVENT_PATH", path)
    }

    /// Sets a variable, or replaces it.
    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self = self.without(name);
        self.variables.push((name.into(), value.as_ref().to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(existing, _)| existing != name);
        self
    }

    /// Gives an input: `--NAME=VALUE`.
    pub(crate) fn option(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut option = OsString::from(format!("--{name}="));
        option.push(value);
        self.options.push(option);
        self
    }

    /// Deploys to a deployment that is there.
    pub(crate) fn to(self, deployment: u64) -> Self {
        self.option("deployment-id", deployment.to_string())
    }

    /// The deploy command, as the shell has it.
    pub(crate) fn sh(mut self, script: &str) -> Self {
        self.command = ["sh", "-c", script].map(OsString::from).into();
        self
    }

    /// The deploy command, as its program and arguments.
    pub(crate) fn command(mut self, argv: &[&str]) -> Self {
        self.command = argv.iter().map(OsString::from).collect();
        self
    }

    /// No command after `--`: the input `run` says what is run.
    pub(crate) fn script(mut self) -> Self {
        self.command.clear();
        self
    }

    pub(crate) fn run(self) -> Ran {
        self.spawn().wait()
    }

    pub(crate) fn spawn(self) -> Running {
        #[cfg(unix)]
        crate::signal_dispositions::reset_ignored_signals();
        let child = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
            .arg("run")
            .args(&self.options)
            .args((!self.command.is_empty()).then_some("--"))
            .args(&self.command)
            .env_clear()
            .envs(system_variables())
            .envs(self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary under test can be run");
        Running { child, since: Instant::now(), folder: self.folder }
    }
}

impl Running {
    /// Sends it a signal: `TERM`, `INT`, `KILL`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(kill.is_ok_and(|status| status.success()), "it has ended already");
    }

    /// The same, where it may have ended by now.
    #[cfg(unix)]
    pub(crate) fn signal_if_alive(&self, name: &str) {
        let pid = self.child.id().to_string();
        // A child that was not waited for keeps its number.
        let _ = Command::new("kill").args(["-s", name, &pid]).stderr(Stdio::null()).status();
    }

    /// Ends it as Windows' task manager does.
    #[cfg(windows)]
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it has not been waited for");
        self.child.wait().expect("a child can be waited for");
    }

    /// Waits for its end. A token in what it left behind fails the test.
    pub(crate) fn wait(self) -> Ran {
        let Output { status, stdout, stderr } =
            self.child.wait_with_output().expect("a child can be waited for");
        let took = self.since.elapsed();
        let file = |name: &str| fs::read_to_string(self.folder.path().join(name));
        let ran = Ran {
            exit_code: exit_code(status),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            outputs: file("outputs").unwrap_or_default(),
            step_outputs: file("step-outputs").unwrap_or_default(),
            summary: file("summary").unwrap_or_default(),
            left_open: names(&self.folder.path().join("temp")),
            took,
        };
        assert!(!format!("{ran:?}").contains(TOKEN), "the token is shown: {ran:#?}");
        ran
    }
}

#[cfg(unix)]
fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

#[cfg(not(unix))]
fn exit_code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_default()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
