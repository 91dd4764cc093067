//! How long a start takes, and how large the program is.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{BINARY, median, milliseconds};

const STARTS: usize = 100;

/// `--version`, and a whole `run -- true` against a sandbox, beside a bare `true`.
pub(crate) fn measure() -> io::Result<()> {
    let sandbox = Sandbox::start()?;
    let took = |command: &mut Command| -> io::Result<Duration> {
        let begun = Instant::now();
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        assert!(status.success(), "{command:?}");
        Ok(begun.elapsed())
    };
    let (mut bare, mut version, mut wrapped) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        bare.push(took(&mut Command::new("true"))?);
        version.push(took(Command::new(BINARY).arg("--version"))?);
        wrapped.push(took(sandbox.run().arg("true"))?);
    }
    let (bare, version, wrapped) = (median(bare), median(version), median(wrapped));
    println!("start-up, median of {STARTS}");
    println!("  true             {:>7.2} ms", milliseconds(bare));
    println!("  --version        {:>7.2} ms", milliseconds(version));
    println!(
        "  run -- true      {:>7.2} ms, {:.2} ms more than bare (goal: 10), two requests included",
        milliseconds(wrapped),
        milliseconds(wrapped.saturating_sub(bare))
    );
    println!("  the program      {:>7} kB (goal: 4500)", fs::metadata(BINARY)?.len() / 1000);
    Ok(())
}

/// A sandbox with one deployment; it goes when this is dropped.
struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(BINARY)
            .args(["sandbox", "--deployment", "42"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout is a pipe")).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }

    fn run(&self) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(["run", "--deployment-id", "42", "--"])
            .env("GITHUB_API_URL", &self.url)
            .env("GITHUB_REPOSITORY", "octo/app")
            .env("GITHUB_TOKEN", "token");
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
