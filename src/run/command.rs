//! The wrapped command with what we add around it: its environment, and our eyes on its output.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use tempfile::TempPath;

use super::Scene;
use crate::actions::Level;
use crate::inputs;
use crate::output_url::{self, Found, Rule, Scan};
use crate::process::{self, Outcome, Stream};
use crate::resolve::Chosen;
use crate::script::{self, Script};
use crate::wording::OutputUrl;

/// Tools that wrap at the terminal's width break URLs; none is this wide.
const COLUMNS: &str = "1000";

/// More than this is no answer to a single question.
const MAX_LENGTH: u64 = 1024 * 1024;

/// The command, ready to run, and where its URL may come from.
pub(super) struct Prepared {
    pub(super) command: process::Command,
    scan: Arc<Scan>,
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
        let api_host = match &scene.inputs.destination {
            inputs::Destination::Github(api) => api.url.host_str(),
            inputs::Destination::Sandbox => None,
        };
        Ok(Self {
            command,
            scan: Arc::new(Scan::start(&scene.inputs.url_rule, api_host)),
            url_file,
            wrangler_output: scene.surroundings.wrangler_output.as_deref().map(Appended::since),
            _script: script,
        })
    }

    /// Hands what the command writes to the scan, from the threads that pass it on.
    pub(super) fn see(&self) -> impl Fn(Stream, &[u8]) + Send + Sync + 'static {
        let scan = Arc::clone(&self.scan);
        move |stream, bytes| {
            let stream = match stream {
                Stream::Stdout => output_url::Stream::Stdout,
                Stream::Stderr => output_url::Stream::Stderr,
            };
            scan.observe(stream, bytes);
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
        let found = self.found(scene);
        if let Some(warning) = &found.warning
            && outcome.exit_code() == 0
        {
            scene.voice.annotate(Level::Warning, warning);
        }
        OutputUrl { url: found.url, is_declared: found.is_declared }
    }

    /// The first of what the user and the command have set up decides.
    fn found(&self, scene: Scene<'_>) -> Found {
        let secrets = &scene.inputs.secrets;
        let written = self.url_file.as_deref().and_then(|path| read(path, 0));
        if let Some(found) = written.and_then(|text| output_url::declared(&text, secrets)) {
            return found;
        }
        if let Rule::Detect = &scene.inputs.url_rule
            && let Some(written) = self.wrangler_output.as_ref().and_then(Appended::read)
            && let Some(found) = output_url::from_wrangler(&written, secrets)
        {
            return found;
        }
        self.scan.finish(secrets)
    }
}

/// Ours less what carries the token, and what the command may want to know.
fn variables(
    scene: Scene<'_>,
    chosen: Option<&Chosen>,
    url_file: Option<&Path>,
) -> Vec<(OsString, OsString)> {
    let mut variables = scene.wrapped.variables.clone();
    let mut set = |name: &str, value: OsString| {
        variables.retain(|(existing, _)| existing != name);
        variables.push((name.into(), value));
    };
    if let Some(chosen) = chosen {
        set("DEPLOYMENT_ID", chosen.id.to_string().into());
        if let Some(environment) = &chosen.environment {
            set("DEPLOYMENT_ENVIRONMENT", environment.into());
        }
    }
    if let Some(file) = url_file {
        set("DEPLOYMENT_URL_FILE", file.into());
    }
    if !scene.wrapped.variables.iter().any(|(name, _)| name == "COLUMNS") {
        set("COLUMNS", COLUMNS.into());
    }
    variables
}

/// An empty file of this run alone.
fn url_file(directory: &Path) -> anyhow::Result<TempPath> {
    let file = tempfile::Builder::new()
        .prefix("deployment-url-")
        .tempfile_in(directory)
        .with_context(|| format!("cannot make a file in `{}`", directory.display()))?;
    Ok(file.into_temp_path())
}

/// What a file has from there on, at most [`MAX_LENGTH`]; nothing where the command put a pipe or
/// a device in its place, which may have no end.
fn read(path: &Path, from: u64) -> Option<Vec<u8>> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut file = fs::File::open(path).ok()?;
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut text = Vec::new();
    file.take(MAX_LENGTH).read_to_end(&mut text).ok()?;
    Some(text)
}

/// A file that others write to, of which only what comes from now on counts.
struct Appended {
    path: PathBuf,
    length: u64,
}

impl Appended {
    fn since(path: &Path) -> Self {
        let length = path.metadata().map_or(0, |metadata| metadata.len());
        Self { path: path.to_owned(), length }
    }

    fn read(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&read(&self.path, self.length)?).into_owned())
    }
}
