//! A repository with one workflow, a runner for it, and a sandbox.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, io};

use expect_test::Expect;
use serde_json::Value;
use tempfile::TempDir;

use crate::github::FakeGithub;

const PROGRAM: &str = env!("CARGO_BIN_EXE_deployment-status");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// All that the action is, but for the program.
pub(crate) const FILES: [&str; 5] = [
    "action.yml",
    "Cargo.toml",
    ".github/action/SHA256SUMS",
    ".github/action/install.sh",
    ".github/action/not-started.sh",
];

/// In the shape of <https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment>.
const EVENT: &str = r#"{
    "action": "created",
    "deployment": {"id": 42, "environment": "preview", "task": "deploy", "payload": {}},
    "repository": {"full_name": "octo/site"}
}"#;

pub(super) struct Setup {
    act: PathBuf,
    directory: TempDir,
    github: FakeGithub,
}

/// How the job went.
pub(super) struct Job {
    pub(super) succeeded: bool,
    /// The requests: the states, each with its `environment_url`, and the method of all others.
    pub(super) posted: Vec<String>,
    outputs: Value,
    pub(super) log: String,
}

impl Setup {
    /// None, and loudly so, where there is no act.
    pub(super) fn new() -> Option<Self> {
        let Some(act) = find_act() else {
            skip("there is no act on PATH; `.ci/run` installs it");
            return None;
        };
        let directory = TempDir::new().expect("there is a temporary directory");
        let github = FakeGithub::start(&["--deployment", "42:preview"]);
        Some(Self { act, directory, github })
    }

    /// Runs a job that uses the action with these inputs, in YAML.
    pub(super) fn deploy(&self, with: &str) -> Job {
        let outputs = self.path("outputs.json");
        self.lay_repository(with, &outputs);
        let ran = Command::new(&self.act)
            .args(["deployment", "-P", "ubuntu-latest=-self-hosted", "-s", "GITHUB_TOKEN=ghs_x"])
            .arg("--eventpath")
            .arg(self.path("event.json"))
            .arg("--env")
            .arg(format!("GITHUB_API_URL={}", self.github.url()))
            .arg("--env")
            .arg(format!("DEPLOYMENT_STATUS_BIN={PROGRAM}"))
            .current_dir(self.path("site"))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", env::var_os("PATH").expect("there is a PATH"))
            .stdin(Stdio::null())
            .output()
            .expect("act can be started");
        let outputs = fs::read(outputs).expect("the last step ran");
        Job {
            succeeded: ran.status.success(),
            posted: posted(&self.github),
            outputs: serde_json::from_slice(&outputs).expect("the outputs are JSON"),
            log: String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned(),
        }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    fn lay_repository(&self, with: &str, outputs: &Path) {
        let workflow = format!(
            "on: deployment\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n\
             \x20     - uses: actions/checkout@v4\n\
             \x20     - uses: ./action\n        id: deploy\n        with:\n          {}\n\
             \x20     - if: always()\n        env:\n          OUTPUTS: ${{{{ toJSON(steps.deploy.outputs) }}}}\n\
             \x20       run: printf %s \"$OUTPUTS\" >'{}'\n",
            with.trim(),
            outputs.display()
        );
        let site = self.path("site");
        for folder in [".github/workflows", "action/.github/action"] {
            fs::create_dir_all(site.join(folder)).expect("the directory is ours");
        }
        fs::create_dir(self.path("home")).expect("the directory is ours");
        fs::write(self.path("event.json"), EVENT).expect("the directory is ours");
        fs::write(site.join(".github/workflows/deploy.yml"), workflow).expect("it is ours");
        for file in FILES {
            fs::copy(Path::new(ROOT).join(file), site.join("action").join(file))
                .unwrap_or_else(|err| panic!("cannot copy {file}: {err}"));
        }
        let git = "git init -q && git add -A && git -c user.name=o -c user.email=o@o.example commit -qm Lay";
        let laid = Command::new("sh").args(["-c", git]).current_dir(&site).status();
        assert!(laid.expect("there is a shell").success(), "there is no git");
    }
}

impl Job {
    pub(super) fn said(&self, text: &str) -> bool {
        self.log.contains(text)
    }

    #[track_caller]
    pub(super) fn check(&self, expected: &Expect) {
        let end = if self.succeeded { "succeeded" } else { "failed" };
        let mut seen = format!("job {end}\n--- posted\n");
        self.posted.iter().for_each(|request| seen.extend([request, "\n"]));
        seen += "--- outputs\n";
        let of_the_command: Value =
            serde_json::from_str(text(&self.outputs["outputs"])).expect("it is JSON in JSON");
        for name in ["deployment-id", "exit-code", "outputs.name", "state", "url"] {
            let value = match name.split_once('.') {
                Some((_, name)) => of_the_command[name].to_string().replace('"', ""),
                None => text(&self.outputs[name]).to_owned(),
            };
            writeln!(seen, "{name}: {value}").expect("a text takes all");
        }
        expected.assert_eq(&seen);
    }
}

/// The states, each with its `environment_url`, and the method of all other requests.
pub(super) fn posted(github: &FakeGithub) -> Vec<String> {
    let requests = github.requests().into_iter();
    requests
        .map(|request| match request.body["state"].as_str() {
            Some(state) => {
                let url = request.body["environment_url"].as_str().unwrap_or("-");
                format!("{state} ({url})")
            }
            None => request.method,
        })
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("outputs are texts")
}

/// Says loudly that a test is left out, and fails where none may be.
pub(crate) fn skip(why: &str) {
    // Not `eprintln!`, which the harness keeps to itself.
    let skipped = format!("!!! SKIPPED: {why}\n");
    io::stderr().write_all(skipped.as_bytes()).expect("stderr is open");
    assert!(env::var_os("REQUIRE_TOOLS").is_none_or(|value| value != "1"), "{why}");
}

fn find_act() -> Option<PathBuf> {
    let installed = Path::new(ROOT).join("target/tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([installed]);
    folders.map(|folder| folder.join("act")).find(|act| act.is_file())
}
