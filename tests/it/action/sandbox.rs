//! The program's own stand-in of GitHub, and what it was asked.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_deployment-status");

/// It has deployment 42 of `preview`.
pub(super) struct Sandbox {
    process: Child,
    pub(super) url: String,
    log: PathBuf,
}

impl Sandbox {
    pub(super) fn start(log: &Path) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["sandbox", "--deployment", "42:preview"])
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(File::create(log).expect("the directory is ours"))
            .spawn()
            .expect("the sandbox can be started");
        let stdout = process.stdout.take().expect("it is piped");
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).expect("it prints its URL first");
        Self { process, url: url.trim_end().to_owned(), log: log.to_owned() }
    }

    /// The states, each with its `environment_url`, and the method of all other requests.
    pub(super) fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.log).expect("the sandbox logs");
        log.lines().filter_map(|line| line.strip_prefix("deployment-status: ")).map(short).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It has done its work, however this goes.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn short(request: &str) -> String {
    let status =
        request.find(" {").and_then(|at| serde_json::from_str::<Value>(&request[at..]).ok());
    match status {
        Some(status) => {
            let url = status["environment_url"].as_str().unwrap_or("-");
            format!("{} ({url})", status["state"].as_str().unwrap_or("?"))
        }
        None => request.split(' ').next().unwrap_or_default().to_owned(),
    }
}
