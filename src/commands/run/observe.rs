//! What is read of the command's output: the URL that it declared or printed, the values that it
//! masked, and the step outputs that it wrote.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tempfile::TempPath;

use super::RunContext;
use crate::inputs::Backend;
use crate::output::command_outputs::{CommandOutputs, WrittenOutputs};
use crate::output::console::Level;
use crate::output_url::{self, Found, Rule, Scan};
use crate::process::{Outcome, Stream};
use crate::redact::{MaskScanner, Redactor, Secret};
use crate::state_file::URL_FILE_PREFIX;
use crate::status_builder::OutputUrl;

/// More of a file is not read, in bytes: it is no answer to a single question.
const MAX_LENGTH: u64 = 1024 * 1024;

pub(super) struct ObservedOutput {
    scan: Arc<Scan>,
    stdout_masks: Arc<Mutex<MaskScanner>>,
    stderr_masks: Arc<Mutex<MaskScanner>>,
    url_file: Option<TempPath>,
    wrangler_output: Option<AppendedFile>,
    step_outputs: Option<CommandOutputs>,
}

impl ObservedOutput {
    pub(super) fn new(context: RunContext<'_>) -> Self {
        let url_file = url_file(&context.host.temp);
        if let Err(error) = &url_file {
            context.console.info(&format!(
                "there is no DEPLOYMENT_URL_FILE, and `finish` will not know of this run: {error:#}"
            ));
        }
        let host = context.host;
        let api_host = match &context.inputs.backend {
            Backend::Github(api) => api.url.host_str(),
            Backend::Sandbox => None,
        };
        Self {
            scan: Arc::new(Scan::start(&context.inputs.url_rule, api_host)),
            stdout_masks: Arc::default(),
            stderr_masks: Arc::default(),
            url_file: url_file.ok(),
            wrangler_output: host.wrangler_output.as_deref().map(AppendedFile::since),
            step_outputs: host.step_outputs.as_deref().map(CommandOutputs::before_the_command),
        }
    }

    pub(super) fn url_file(&self) -> Option<&Path> {
        self.url_file.as_deref()
    }

    /// Looks at what the command writes, from the threads that forward it.
    pub(super) fn observe(&self) -> impl Fn(Stream, &[u8]) + Send + Sync + 'static {
        let scan = Arc::clone(&self.scan);
        let (stdout, stderr) = (Arc::clone(&self.stdout_masks), Arc::clone(&self.stderr_masks));
        move |stream, bytes| {
            let (stream, masks) = match stream {
                Stream::Stdout => (output_url::Stream::Stdout, &stdout),
                Stream::Stderr => (output_url::Stream::Stderr, &stderr),
            };
            masks.lock().unwrap_or_else(PoisonError::into_inner).observe(bytes);
            scan.observe(stream, bytes);
        }
    }

    /// What the command wrote to the runner's file for step outputs.
    pub(super) fn written(&self) -> WrittenOutputs {
        self.step_outputs.as_ref().map(CommandOutputs::read).unwrap_or_default()
    }

    /// The output URL: on a success the user's own; else what the command declared or printed.
    pub(super) fn output_url(&self, context: RunContext<'_>, outcome: &Outcome) -> OutputUrl {
        let is_success = matches!(outcome, Outcome::Exited { code: 0 });
        if let Some(url) = &context.inputs.status_options.environment_url
            && is_success
        {
            return OutputUrl { url: Some(url.clone()), is_declared: false };
        }
        if let Outcome::Cancelled { .. } | Outcome::NotStarted(_) = outcome {
            return OutputUrl::default();
        }
        let found = self.found(&context.inputs.redactor, &context.inputs.url_rule);
        if let Some(warning) = &found.warning
            && is_success
        {
            context.console.annotate(Level::Warning, warning);
        }
        OutputUrl { url: found.url, is_declared: found.is_declared }
    }

    /// The first of what the user and the command have set up decides.
    fn found(&self, redactor: &Redactor, rule: &Rule) -> Found {
        let redactor = &redactor.with(self.masks());
        let written = self.url_file().and_then(|path| read(path, 0));
        if let Some(found) = written.and_then(|text| output_url::declared(&text, redactor)) {
            return found;
        }
        let step_output = self.written().get("url").map(str::to_owned);
        // Any script has a `url`, so one that is none is no mistake, but a secret in it is.
        if let Some(url) = step_output
            && let Some(found) = output_url::declared(url.as_bytes(), redactor)
            && (found.url.is_some() || redactor.matches(&url))
        {
            return found;
        }
        if let Rule::Detect = rule
            && let Some(text) = self.wrangler_output.as_ref().and_then(AppendedFile::read)
            && let Some(found) = output_url::from_wrangler(&text, redactor)
        {
            return found;
        }
        self.scan.finish(redactor)
    }

    fn masks(&self) -> Vec<Secret> {
        let masks = |scanner: &Mutex<MaskScanner>| {
            scanner.lock().unwrap_or_else(PoisonError::into_inner).masks()
        };
        [masks(&self.stdout_masks), masks(&self.stderr_masks)].concat()
    }
}

/// An empty file of this run alone.
fn url_file(directory: &Path) -> anyhow::Result<TempPath> {
    let file = tempfile::Builder::new()
        .prefix(URL_FILE_PREFIX)
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
