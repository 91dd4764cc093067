//! A job on a stand-in of GitHub's runner, which follows its source, with a sandbox to post to.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::action::act::{FILES, skip};
use crate::github::{FakeGithub, REPOSITORY};

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_deployment-status");
pub(super) const TOKEN: &str = "ghs_abcdefghij0123456789TOKENabcdefghij";
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const OURS: &str = "the temporary directory is ours";

/// A runner with a checkout that has the action in `./action`.
pub(super) struct Runner {
    pub(super) github: FakeGithub,
    directory: TempDir,
    tools: PathBuf,
    environment: Value,
    secrets: Vec<String>,
    path: String,
    cancel: Option<PathBuf>,
    is_container: bool,
}

/// How a job went.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Job {
    pub(super) result: String,
    /// As the runner shows it, secrets masked, without colors.
    pub(super) log: String,
    pub(super) annotations: Vec<String>,
    outputs: Value,
    /// The processes that the runner had to kill at the end.
    pub(super) left: Vec<String>,
}

impl Runner {
    /// None, and loudly so, where there is no stand-in.
    pub(super) fn new() -> Option<Self> {
        let tools = ["../shared/tools", "../../shared/tools"].map(|at| Path::new(ROOT).join(at));
        let tools = tools.into_iter().find(|tools| tools.join("gharunner.py").is_file());
        let Some(tools) = tools.filter(|_| has_python()) else {
            // On GitHub itself the workflow CI uses the real runner.
            if env::var_os("GITHUB_ACTIONS").is_none() {
                skip("there is no ../shared/tools/gharunner.py, or no python3 with yaml");
            }
            return None;
        };
        let directory = TempDir::new().expect(OURS);
        let runner = Self {
            github: FakeGithub::start(&["--deployment", "42:preview"]),
            tools,
            environment: json!({"DEPLOYMENT_STATUS_BIN": PROGRAM}),
            secrets: Vec::new(),
            path: env::var("PATH").expect("there is a PATH"),
            cancel: None,
            is_container: false,
            directory,
        };
        for file in FILES {
            let to = runner.action(file);
            fs::create_dir_all(to.parent().expect("it is in a directory")).expect(OURS);
            fs::copy(Path::new(ROOT).join(file), to).expect(OURS);
        }
        Some(runner)
    }

    /// The job has `container:`, in which there is busybox and nothing else; none, and loudly so,
    /// where there can be none.
    pub(super) fn container(mut self) -> Option<Self> {
        let can_contain = Command::new("sh")
            .args(["-c", "docker --version && busybox true && command -v nsenter && unshare --mount --pid --fork true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !can_contain.is_ok_and(|status| status.success()) {
            skip("a container needs root, docker's client, nsenter, unshare and busybox");
            return None;
        }
        let name = Path::new(PROGRAM).file_name().expect("it is a file").to_string_lossy();
        self.environment = json!({"DEPLOYMENT_STATUS_BIN": format!("/opt/program/{name}")});
        self.is_container = true;
        Some(self)
    }

    /// The program is a release here, for what the stand-in says that it runs on, whose checksum the action carries.
    pub(super) fn released(self) -> Self {
        let script = "set -eu
            version=$(sed -n 's/^version = \"\\(.*\\)\"$/\\1/p' Cargo.toml | head -n 1)
            asset=deployment-status-$version-x86_64-unknown-linux-musl
            mkdir -p \"releases/v$version\"
            cp \"$1\" \"releases/v$version/$asset\"
            (cd \"releases/v$version\" && sha256sum \"$asset\") >.github/action/SHA256SUMS";
        let made = Command::new("sh")
            .args(["-c", script, "release", PROGRAM])
            .current_dir(self.action(""))
            .status();
        assert!(made.expect("there is a shell").success());
        let checkout =
            if self.is_container { PathBuf::from("/__w/app/app") } else { self.checkout("") };
        let mirror = format!("file://{}", checkout.join("action/releases").display());
        self.variable("DEPLOYMENT_STATUS_BIN", "").variable("DEPLOYMENT_STATUS_RELEASES", &mirror)
    }

    /// A variable of the job's `env:`.
    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment[name] = value.into();
        self
    }

    pub(super) fn secret(mut self, value: &str) -> Self {
        self.secrets.push(value.to_owned());
        self
    }

    /// Somebody cancels the job as soon as this file is in the checkout.
    pub(super) fn cancelled_at(mut self, file: &str) -> Self {
        self.cancel = Some(self.checkout(file));
        self
    }

    /// A program that is found before all others.
    pub(super) fn program(mut self, name: &str, body: &str) -> Self {
        let folder = self.directory.path().join("first");
        fs::create_dir_all(&folder).expect(OURS);
        let file = folder.join(name);
        crate::executable::write(&file, body);
        self.path = format!("{}:{}", folder.display(), self.path);
        self
    }

    /// A file of the action.
    pub(super) fn action(&self, file: &str) -> PathBuf {
        self.checkout("action").join(file)
    }

    pub(super) fn checkout(&self, file: &str) -> PathBuf {
        self.directory.path().join("work/app/app").join(file)
    }

    /// Runs a job of these steps, on the event of deployment 42.
    pub(super) fn run(&self, steps: &Value) -> Job {
        let description = json!({
            "root": self.directory.path(),
            "env": self.environment,
            "github": {"api_url": self.github.url(), "repository": REPOSITORY, "token": TOKEN,
                "event_name": "deployment"},
            "event": {"deployment": {"id": 42, "environment": "preview", "task": "deploy",
                "sha": "a".repeat(40), "ref": "main",
                "payload": {}}, "repository": {"full_name": REPOSITORY}},
            "secrets": self.secrets,
            "path": self.path,
            "program": PROGRAM,
            "container": self.is_container,
            "cancel": self.cancel,
            "steps": steps,
        });
        let mut python = Command::new("python3")
            .arg(Path::new(ROOT).join("tests/it/action_runner/job.py"))
            .arg(&self.tools)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("GHR_TMP", self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a python3");
        let mut stdin = python.stdin.take().expect("it is a pipe");
        stdin.write_all(description.to_string().as_bytes()).expect("it reads");
        drop(stdin);
        let ended = python.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&ended.stdout);
        serde_json::from_str(&text).unwrap_or_else(|err| panic!("{err} in {text}"))
    }

    /// The states of deployment 42, each with its URL, oldest first.
    pub(super) fn posted(&self) -> Vec<String> {
        posted_to(&self.github, 42)
    }
}

pub(super) fn posted_to(github: &FakeGithub, deployment: u64) -> Vec<String> {
    let statuses = github.statuses(deployment).into_iter();
    statuses
        .map(|status| format!("{} {}", status.state, status.environment_url).trim_end().to_owned())
        .collect()
}

impl Job {
    pub(super) fn output(&self, step: &str, name: &str) -> &str {
        self.outputs[step][name].as_str().unwrap_or_default()
    }

    /// What the script of this step wrote to `GITHUB_OUTPUT`, by the action's own word.
    pub(super) fn outputs_of_script(&self, step: &str) -> Value {
        serde_json::from_str(self.output(step, "outputs")).expect("it is JSON")
    }

    /// The lines between `##[group]Run TITLE` and the next group, without the group itself.
    pub(super) fn said_under(&self, title: &str) -> String {
        let start = format!("##[group]Run {title}\n");
        let (_, rest) = self.log.split_once(&start).unwrap_or_else(|| panic!("{}", self.log));
        let (_, said) = rest.split_once("##[endgroup]\n").unwrap_or_default();
        said.split("##[group]").next().unwrap_or_default().to_owned()
    }
}

fn has_python() -> bool {
    let found = Command::new("python3").args(["-c", "import yaml"]).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}
