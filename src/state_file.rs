//! What survives even SIGKILL: one small file for each `run` that is open, without a token and
//! without saying where to send.

mod access;
mod unfinished;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use self::unfinished::read;
pub(crate) use self::unfinished::{LockedRun, UnfinishedRun};
use crate::ci::Ci;
use crate::deployment::{DeploymentId, NewStatus};
use crate::process::process_id::{ProcessId, session};

const PREFIX: &str = "deployment-status-";
const SUFFIX: &str = ".open";

/// The line that says that what was to be posted was answered: nothing is on its way.
const SETTLED: &str = r#""settled""#;

/// How the names of the command's URL files begin, which lie beside the state files.
pub(crate) const URL_FILE_PREFIX: &str = "deployment-url-";

/// A record and an outcome are far smaller; more than this is not ours.
const MAX_LENGTH: u64 = 64 * 1024;

/// How often a lock that another `finish` holds is tried.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);

/// Where the state files of one job lie, and how their names begin.
#[derive(Clone, Debug)]
pub(crate) struct StateDir {
    directory: PathBuf,
    prefix: String,
    owner: Owner,
    use_id: Option<String>,
}

/// Whose run it is. Whatever names another owner does not exist for `finish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    ci: String,
    run: String,
    attempt: String,
    job: String,
}

/// What to close, should we not live to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunRecord {
    pub(crate) deployment: DeploymentId,
    pub(crate) process: ProcessId,
    /// The file that the command may write its URL to.
    pub(crate) url_file: Option<PathBuf>,
}

/// The first line of a state file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FirstLine {
    deployment: DeploymentId,
    process: ProcessId,
    owner: Owner,
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    use_id: Option<String>,
    /// The name alone: it lies beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url_file: Option<String>,
}

/// The file of our own run. It stays behind unless it is closed.
pub(crate) struct StateFile {
    file: File,
    path: PathBuf,
}

impl StateDir {
    /// `RUNNER_TEMP` belongs to one job; the system's directory is shared, so there the names say
    /// whose they are.
    pub(crate) fn of(
        runner_temp: Option<&Path>,
        system_temp: &Path,
        ci: &Ci,
        use_id: Option<&str>,
    ) -> Self {
        let owner = Owner::of(ci);
        let (directory, prefix) = match runner_temp {
            Some(directory) => (directory, PREFIX.to_owned()),
            None => (system_temp, format!("{PREFIX}{}-{}-", access::user(), owner.in_a_name())),
        };
        let use_id = use_id.map(str::to_owned);
        Self { directory: directory.to_owned(), prefix, owner, use_id }
    }

    /// `finish` handles the runs of one use of the action alone.
    pub(crate) fn has_use(&self) -> bool {
        self.use_id.is_some()
    }

    /// Records that a run is open, in a new file that only its owner can read.
    ///
    /// # Errors
    /// When the directory cannot be written; no file is left then.
    pub(crate) fn open(&self, record: &RunRecord) -> io::Result<StateFile> {
        let mut file = tempfile::Builder::new()
            .prefix(&self.prefix)
            .suffix(SUFFIX)
            .tempfile_in(&self.directory)?;
        let name = record.url_file.as_deref().filter(|path| path.parent() == Some(&self.directory));
        let first_line = FirstLine {
            deployment: record.deployment,
            process: record.process.clone(),
            owner: self.owner.clone(),
            use_id: self.use_id.clone(),
            url_file: name.and_then(|path| Some(path.file_name()?.to_str()?.to_owned())),
        };
        write_line(file.as_file_mut(), &first_line)?;
        let (file, path) = file.keep()?;
        Ok(StateFile { file, path })
    }

    /// Whether any run that we may close is, or was left, open.
    pub(crate) fn has_any(&self) -> bool {
        !self.all().is_empty()
    }

    /// Every open run that we may close: of our use where that is known, else of our job.
    pub(crate) fn all(&self) -> Vec<UnfinishedRun> {
        let mut paths = self.paths();
        paths.sort();
        let read = |path: PathBuf| {
            let mut file = access::open(&path).ok()?;
            read(&path, &mut file, &self.owner, self.use_id.as_deref())
        };
        paths.into_iter().filter_map(read).collect()
    }

    /// The deployments of every run on this machine that still runs and that we can read.
    pub(crate) fn alive(&self) -> Vec<DeploymentId> {
        let records = self.entries(PREFIX).into_iter().filter_map(|path| {
            let mut text = String::new();
            access::open(&path).ok()?.take(MAX_LENGTH).read_to_string(&mut text).ok()?;
            serde_json::from_str::<FirstLine>(text.lines().next()?).ok()
        });
        records.filter(|one| one.process.is_alive()).map(|one| one.deployment).collect()
    }

    /// Takes a run, so that nobody else closes it meanwhile; None where it was closed, or where
    /// somebody else holds it until then.
    pub(crate) async fn lock(&self, run: &UnfinishedRun, until: Instant) -> Option<LockedRun> {
        let file = access::open(&run.path).ok()?;
        // A file system without locks cannot hold us back.
        while let Err(TryLockError::WouldBlock) = file.try_lock() {
            if Instant::now() >= until {
                return None;
            }
            sleep(LOCK_INTERVAL).await;
        }
        LockedRun::read(&run.path, file, &self.owner, self.use_id.as_deref())
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.entries(&self.prefix)
    }

    fn entries(&self, prefix: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.directory) else { return Vec::new() };
        entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                name.strip_prefix(prefix)?.strip_suffix(SUFFIX)?;
                Some(entry.path())
            })
            .collect()
    }
}

impl Owner {
    fn of(ci: &Ci) -> Self {
        Self {
            ci: ci.kind.map(|kind| format!("{kind:?}")).unwrap_or_default(),
            run: ci.run.clone(),
            attempt: ci.attempt.clone(),
            job: ci.job_name.clone(),
        }
    }

    /// Outside a CI it is the session, which a shell script shares with its `trap`.
    fn in_a_name(&self) -> String {
        if self.ci.is_empty() {
            return format!("session-{}", session().unwrap_or_default());
        }
        let text = format!("{}-{}-{}", self.run, self.attempt, self.job);
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(150).collect()
    }
}

impl StateFile {
    /// Adds how the run ended, before it is posted. A line is appended, so that a crash in the
    /// middle costs the outcome and not the record.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn record_outcome(&mut self, status: &NewStatus) -> io::Result<()> {
        write_line(&mut self.file, status)
    }

    /// Adds that GitHub has answered: whoever takes over has nothing to wait for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn record_answer(&mut self) -> io::Result<()> {
        writeln!(self.file, "{SETTLED}")
    }

    /// Deletes the file: nothing is left open.
    pub(crate) fn close(self) {
        drop(self.file);
        remove(&self.path);
    }
}

/// Somebody else may have been faster.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn write_line(file: &mut File, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.flush()
}

#[cfg(test)]
mod tests;
