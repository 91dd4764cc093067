//! A machine to try things on: a git checkout, stand-ins of deploy tools, and a GitHub.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

use tempfile::TempDir;

use crate::executable;
use crate::github::{FakeGithub, REPOSITORY};

/// What every deploy script here prints at its end.
pub(crate) const PUBLISHED: &str = "Published https://shop.example.com";

pub(crate) struct Machine {
    pub(crate) github: FakeGithub,
    directory: TempDir,
    variables: Vec<(String, String)>,
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    /// stdout and stderr, as they came.
    pub(crate) said: String,
}

impl Machine {
    /// With the program on `PATH`, a token, and a checkout in which `./deploy.sh` deploys.
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("there is a temporary directory");
        let github = FakeGithub::start(&[]);
        let mut machine = Self { github, directory, variables: Vec::new() };
        for folder in ["bin", "tmp", "checkout"] {
            fs::create_dir(machine.path(folder)).expect("the directory is empty");
        }
        symlink(env!("CARGO_BIN_EXE_deployment-status"), machine.path("bin/deployment-status"))
            .expect("the directory is empty");
        let path = env::var("PATH").expect("there is a PATH");
        machine.set("PATH", &format!("{}:{path}", machine.path("bin").display()));
        machine.set("TMPDIR", &machine.path("tmp").display().to_string());
        machine.set("HOME", &machine.path("tmp").display().to_string());
        let url = machine.github.url().to_owned();
        machine.set("GITHUB_API_URL", &url);
        machine.set("GITHUB_TOKEN", "t0ken");
        machine.set("GITHUB_REPOSITORY", REPOSITORY);
        machine.script("checkout/deploy.sh", &format!("echo '{PUBLISHED}'"));
        machine.script("checkout/build.sh", "true");
        let made = machine.sh("git init --quiet --initial-branch main &&
             git -c user.name=a -c user.email=a@example.com commit --quiet --allow-empty -m first");
        assert_eq!(made.code, Some(0), "{}", made.said);
        machine
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(existing, _)| existing != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// A program on `PATH` that prints this.
    pub(crate) fn tool(&self, name: &str, prints: &str) {
        self.script(&format!("bin/{name}"), &format!("cat <<'EOF'\n{prints}\nEOF"));
    }

    pub(crate) fn script(&self, path: &str, body: &str) {
        let path = self.path(path);
        executable::write(&path, &format!("#!/bin/sh\n{body}\n"));
    }

    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    /// Runs a script in the checkout.
    pub(crate) fn sh(&self, script: &str) -> Ran {
        let ran = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{script}")])
            .current_dir(self.path("checkout"))
            .env_clear()
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null())
            .output()
            .expect("there is a shell");
        Ran { code: ran.status.code(), said: String::from_utf8_lossy(&ran.stdout).into_owned() }
    }

    /// The state and the URL of the newest deployment's latest status.
    pub(crate) fn latest(&self) -> Option<(String, String)> {
        let newest = self.github.deployments().pop()?;
        let id = newest["id"].as_u64().expect("a deployment has an id");
        let latest = self.github.statuses(id).pop()?;
        Some((latest.state, latest.environment_url))
    }
}
