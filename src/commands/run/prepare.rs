//! The wrapped command with what we add around it: its environment, and our eyes on its output.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use tempfile::TempPath;

use super::RunContext;
use crate::inputs;
use crate::output::console::Level;
use crate::output_url::{self, Found, Rule, Scanner};
use crate::process::script::{self, Script};
use crate::process::{self, Outcome, Stream};
use crate::resolve::ResolvedDeployment;
use crate::status_builder::OutputUrl;

/// Tools that wrap at the terminal's width break URLs; none is this wide.
const COLUMNS: &str = "1000";

/// More than this is no answer to a single question.
const MAX_LENGTH: u64 = 1024 * 1024;

/// The command, ready to run, and where its URL may come from.
pub(super) struct PreparedCommand {
    pub(super) command: process::Command,
    stdout: Arc<Mutex<Scanner>>,
    stderr: Arc<Mutex<Scanner>>,
    url_file: Option<TempPath>,
    wrangler_output: Option<AppendedFile>,
    /// Lives as long as the command may read it.
    _script: Option<Script>,
}

impl PreparedCommand {
    pub(super) fn new(
        context: RunContext<'_>,
        resolved: Option<&ResolvedDeployment>,
    ) -> anyhow::Result<Self> {
        let command_options = context.command_options;
        let temp = &context.host.temp;
        let (argv, script) = match &command_options.command {
            inputs::Command::Arguments(argv) => (argv.clone(), None),
            inputs::Command::Script { text, shell } => {
                let script = script::write(text, shell, temp)?;
                (script.argv.clone(), Some(script))
            }
        };
        let url_file = url_file(temp);
        if let Err(error) = &url_file {
            context.console.info(&format!("there is no DEPLOYMENT_URL_FILE: {error:#}"));
        }
        let url_file = url_file.ok();
        let command = process::Command {
            argv,
            directory: command_options.directory.clone(),
            variables: variables(context, resolved, url_file.as_deref()),
            timeout: command_options.timeout,
            grace_period: command_options.grace_period,
            line_state: process::LineState::default(),
        };
        let rule = &context.inputs.url_rule;
        Ok(Self {
            command,
            stdout: Arc::new(Mutex::new(Scanner::new(rule))),
            stderr: Arc::new(Mutex::new(Scanner::new(rule))),
            url_file,
            wrangler_output: context.host.wrangler_output.as_deref().map(AppendedFile::since),
            _script: script,
        })
    }

    /// Looks at what the command writes, from the threads that pass it on.
    pub(super) fn observe(&self) -> impl Fn(Stream, &[u8]) + Send + Sync + 'static {
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
    pub(super) fn output_url(&self, context: RunContext<'_>, outcome: &Outcome) -> OutputUrl {
        if let Some(url) = &context.inputs.status_options.environment_url {
            return OutputUrl { url: Some(url.clone()), is_declared: true };
        }
        if let Outcome::Cancelled { .. } | Outcome::NotStarted(_) = outcome {
            return OutputUrl::default();
        }
        let found = self.found(context);
        if let Some(warning) = &found.warning
            && outcome.exit_code() == 0
        {
            context.console.annotate(Level::Warning, warning);
        }
        OutputUrl { url: found.url, is_declared: found.is_declared }
    }

    /// The first of what the user and the command have set up decides.
    fn found(&self, context: RunContext<'_>) -> Found {
        let redactor = &context.inputs.redactor;
        let written = self.url_file.as_deref().and_then(|path| read(path, 0));
        if let Some(found) = written.and_then(|text| output_url::declared(&text, redactor)) {
            return found;
        }
        let rule = &context.inputs.url_rule;
        if let Rule::Detect = rule
            && let Some(told) = self.wrangler_output.as_ref().and_then(AppendedFile::read)
            && let Some(url) = output_url::from_wrangler(&told)
        {
            return Found { url: Some(url), is_declared: true, warning: None };
        }
        let [mut stdout, mut stderr] = [&self.stdout, &self.stderr]
            .map(|scanner| scanner.lock().expect("a scanner does not panic"));
        stdout.finish();
        stderr.finish();
        output_url::find(rule, &stdout, &stderr, redactor)
    }
}

/// Ours less what carries the token, and what the command may want to know.
fn variables(
    context: RunContext<'_>,
    resolved: Option<&ResolvedDeployment>,
    url_file: Option<&Path>,
) -> Vec<(OsString, OsString)> {
    let mut variables = context.command_options.variables.clone();
    let mut set = |name: &str, value: OsString| {
        variables.retain(|(existing, _)| existing != name);
        variables.push((name.into(), value));
    };
    if let Some(resolved) = resolved {
        set("DEPLOYMENT_ID", resolved.id.to_string().into());
        if let Some(environment) = &resolved.environment {
            set("DEPLOYMENT_ENVIRONMENT", environment.into());
        }
    }
    if let Some(file) = url_file {
        set("DEPLOYMENT_URL_FILE", file.into());
    }
    if !context.command_options.variables.iter().any(|(name, _)| name == "COLUMNS") {
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
struct AppendedFile {
    path: PathBuf,
    length: u64,
}

impl AppendedFile {
    fn since(path: &Path) -> Self {
        let length = path.metadata().map_or(0, |metadata| metadata.len());
        Self { path: path.to_owned(), length }
    }

    fn read(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&read(&self.path, self.length)?).into_owned())
    }
}
