//! The wrapped command with what we add around it: its environment, and our eyes on its output.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use tempfile::TempPath;

use super::Scene;
use crate::actions::Level;
use crate::inputs;
use crate::output_url::{self, Found, Scanner};
use crate::process::{self, Outcome, Stream};
use crate::resolve::Chosen;
use crate::script::{self, Script};
use crate::wording::OutputUrl;

/// Tools that wrap at the terminal's width break URLs; none is this wide.
const COLUMNS: &str = "1000";

/// The command, ready to run, and where its URL may come from.
pub(super) struct Prepared {
    pub(super) command: process::Command,
    stdout: Arc<Mutex<Scanner>>,
    stderr: Arc<Mutex<Scanner>>,
    url_file: Option<TempPath>,
    wrangler_output: Option<Appended>,
    /// Lives as long as the command may read it.
    _script: Option<Script>,
}

impl Prepared {
    pub(super) fn new(scene: Scene<'_>, chosen: Option<&Chosen>) -> anyhow::Result<Self> {
        let wrapped = scene.wrapped;
        let temp = &scene.surroundings.temp;
        let (argv, script) = match &wrapped.command {
            inputs::Command::Arguments(argv) => (argv.clone(), None),
            inputs::Command::Script { text, shell } => {
                let script = script::write(text, shell, temp)?;
                (script.argv.clone(), Some(script))
            }
        };
        let url_file = url_file(temp);
        if let Err(error) = &url_file {
            scene.voice.say(&format!("there is no DEPLOYMENT_URL_FILE: {error:#}"));
        }
        let url_file = url_file.ok();
        let command = process::Command {
            argv,
            directory: wrapped.directory.clone(),
            variables: variables(scene, chosen, url_file.as_deref()),
            timeout: wrapped.timeout,
            grace_period: wrapped.grace_period,
        };
        let rule = &scene.inputs.url_rule;
        Ok(Self {
            command,
            stdout: Arc::new(Mutex::new(Scanner::new(rule))),
            stderr: Arc::new(Mutex::new(Scanner::new(rule))),
            url_file,
            wrangler_output: scene.surroundings.wrangler_output.as_deref().map(Appended::since),
            _script: script,
        })
    }

    /// Looks at what the command writes, from the threads that pass it on.
    pub(super) fn see(&self) -> impl Fn(Stream, &[u8]) + Send + Sync + 'static {
        let (stdout, stderr) = (Arc::clone(&self.stdout), Arc::clone(&self.stderr));
        move |stream, bytes| {
            let scanner = match stream {
                Stream::Stdout => &stdout,
                Stream::Stderr => &stderr,
            };
            scanner.lock().expect("a scanner does not panic").see(bytes);
        }
    }

    /// The output URL: the user's own, what the command declared, or what it printed.
    pub(super) fn output_url(&self, scene: Scene<'_>, outcome: &Outcome) -> OutputUrl {
        if let Some(url) = &scene.inputs.wording.environment_url {
            return OutputUrl { url: Some(url.clone()), is_declared: true };
        }
        if let Outcome::Cancelled { .. } | Outcome::NotStarted(_) = outcome {
            return OutputUrl::default();
        }
        let (found, is_declared) = self.found(scene);
        if let Some(warning) = &found.warning
            && outcome.exit_code() == 0
        {
            scene.voice.annotate(Level::Warning, warning);
        }
        let Some(url) = found.url else { return OutputUrl::default() };
        if scene.inputs.secrets.are_in(url.as_str()) {
            scene.voice.annotate(
                Level::Warning,
                "the command's URL contains a secret, so it is not reported",
            );
            return OutputUrl::default();
        }
        OutputUrl { url: Some(url), is_declared }
    }
}
