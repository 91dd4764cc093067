//! What survives even SIGKILL: one small file for each `run` that is open, without a token and
//! without saying where to send.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ci::Ci;
use crate::deployment::{DeploymentId, NewStatus};
use crate::process::process_id::{ProcessId, session};

const PREFIX: &str = "deployment-status-";
const SUFFIX: &str = ".open";

/// A record and an outcome are far smaller; more than this is not ours.
const MAX_LENGTH: u64 = 64 * 1024;

/// Where the state files of one job lie, and how their names begin.
#[derive(Clone, Debug)]
pub(crate) struct StateDir {
    directory: PathBuf,
    prefix: String,
}

/// What to close, should we not live to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    pub(crate) deployment: DeploymentId,
    pub(crate) process: ProcessId,
}

/// The file of our own run. It stays behind unless it is closed.
pub(crate) struct StateFile {
    file: File,
    path: PathBuf,
}

/// A file that a run left behind, or still writes; nobody else handles it as long as we have it.
pub(crate) struct UnfinishedRun {
    pub(crate) record: RunRecord,
    /// The final status, where the run got so far as to know it.
    pub(crate) outcome: Option<NewStatus>,
    path: PathBuf,
    lock: File,
}

impl StateDir {
    /// `RUNNER_TEMP` belongs to one job; the system's directory is shared, so there the names say
    /// whose they are.
    pub(crate) fn of(runner_temp: Option<&Path>, system_temp: &Path, ci: &Ci) -> Self {
        match runner_temp {
            Some(directory) => Self { directory: directory.to_owned(), prefix: PREFIX.to_owned() },
            None => Self {
                directory: system_temp.to_owned(),
                prefix: format!("{PREFIX}{}-{}-", owner::name(), job(ci)),
            },
        }
    }

    /// Records that a run is open, in a file that only its owner can read.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub(crate) fn open(&self, record: &RunRecord) -> io::Result<StateFile> {
        let (mut file, path) = tempfile::Builder::new()
            .prefix(&self.prefix)
            .suffix(SUFFIX)
            .tempfile_in(&self.directory)?
            .keep()?;
        write_line(&mut file, record)?;
        Ok(StateFile { file, path })
    }

    /// Whether any run of this job is, or was left, open. Costs one look at a directory.
    pub(crate) fn has_any(&self) -> bool {
        !self.paths().is_empty()
    }

    /// Every open run of this job that nobody else is closing.
    pub(crate) fn all(&self) -> Vec<UnfinishedRun> {
        self.paths().into_iter().filter_map(|path| UnfinishedRun::read(path).ok()).collect()
    }

    fn paths(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.directory) else { return Vec::new() };
        entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                let drawn = name.strip_prefix(&self.prefix)?.strip_suffix(SUFFIX)?;
                // Or the job `deploy` would find what is `deploy-docs`'s.
                (!drawn.contains('-')).then(|| entry.path())
            })
            .collect()
    }
}

impl StateFile {
    /// Adds how the run ended, before GitHub is told. A line is appended, so that a crash in the
    /// middle costs the outcome and not the record.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn record_outcome(&mut self, status: &NewStatus) -> io::Result<()> {
        write_line(&mut self.file, status)
    }

    /// Forgets the run: nothing is left open.
    pub(crate) fn close(self) {
        drop(self.file);
        forget(&self.path);
    }
}

impl UnfinishedRun {
    fn read(path: PathBuf) -> io::Result<Self> {
        let file = owner::open(&path)?;
        file.lock()?;
        Self::parse(path, file)
    }

    /// What the run has written since, unless somebody closed it.
    pub(crate) fn read_again(self) -> io::Result<Self> {
        Self::parse(self.path, self.lock)
    }

    fn parse(path: PathBuf, mut file: File) -> io::Result<Self> {
        fs::symlink_metadata(&path)?;
        let mut text = String::new();
        file.rewind()?;
        (&mut file).take(MAX_LENGTH).read_to_string(&mut text)?;
        let mut lines = text.lines();
        let record = serde_json::from_str(lines.next().unwrap_or_default())?;
        let outcome = lines.next().and_then(|line| serde_json::from_str(line).ok());
        Ok(Self { record, outcome, path, lock: file })
    }

    /// Forgets the run: nothing is left open.
    pub(crate) fn close(self) {
        forget(&self.path);
    }
}

/// Somebody else may have been faster.
fn forget(path: &Path) {
    let _ = fs::remove_file(path);
}

fn write_line(file: &mut File, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.flush()
}

/// The job's name among file names. Outside a CI it is the session, which a shell script shares
/// with its `trap`.
fn job(ci: &Ci) -> String {
    if ci.kind.is_none() {
        return format!("session-{}", session().unwrap_or_default());
    }
    let text = format!("{}-{}-{}", ci.run, ci.attempt, ci.job);
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(150).collect()
}

#[cfg(unix)]
mod owner {
    use std::fs::OpenOptions;
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};

    use super::{File, Path, io};

    pub(super) fn name() -> String {
        rustix::process::getuid().as_raw().to_string()
    }

    /// Opens a file that is ours alone; a link or another user's file is refused.
    pub(super) fn open(path: &Path) -> io::Result<File> {
        let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let flags = i32::try_from(no_follow.bits()).expect("open flags fit an int");
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let metadata = file.metadata()?;
        let is_ours = metadata.is_file()
            && metadata.uid() == rustix::process::getuid().as_raw()
            && metadata.mode().trailing_zeros() >= 6;
        if is_ours { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

#[cfg(not(unix))]
mod owner {
    use super::{File, Path, io};

    /// The temp directory is the user's own.
    pub(super) fn name() -> String {
        "user".to_owned()
    }

    pub(super) fn open(path: &Path) -> io::Result<File> {
        File::open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::Kind;

    fn state_dir(directory: &Path) -> StateDir {
        StateDir::of(Some(directory), Path::new("/nowhere"), &Ci::default())
    }

    fn record() -> RunRecord {
        RunRecord { deployment: DeploymentId::parse("42").unwrap(), process: ProcessId::ours() }
    }

    #[test]
    fn a_run_that_is_not_closed_is_found_with_its_record() {
        let directory = tempfile::tempdir().unwrap();
        let state_dir = state_dir(directory.path());
        assert!(!state_dir.has_any());

        let file = state_dir.open(&record()).unwrap();

        let open = state_dir.all();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].record, record());
        assert_eq!(open[0].outcome, None);
        drop(open);
        file.close();
        assert!(!state_dir.has_any());
    }

    #[test]
    fn a_job_does_not_find_what_belongs_to_one_whose_name_begins_alike() {
        let temp = tempfile::tempdir().unwrap();
        let state_dir = |job: &str| {
            let ci = Ci { kind: Some(Kind::AppVeyor), job: job.to_owned(), ..Ci::default() };
            StateDir::of(None, temp.path(), &ci)
        };
        let docs = state_dir("deploy-docs").open(&record()).unwrap();

        assert!(!state_dir("deploy").has_any());
        assert!(state_dir("deploy-docs").has_any());
        docs.close();
    }

    #[test]
    fn a_torn_outcome_does_not_cost_the_record() {
        let directory = tempfile::tempdir().unwrap();
        let state_dir = state_dir(directory.path());
        let mut file = state_dir.open(&record()).unwrap();
        file.file.write_all(br#"{"state":"succ"#).unwrap();

        assert_eq!(state_dir.all()[0].record, record());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_file_that_others_can_write_are_not_ours() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let directory = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let target = elsewhere.path().join("target");
        fs::write(&target, serde_json::to_string(&record()).unwrap()).unwrap();
        symlink(&target, directory.path().join("deployment-status-1.open")).unwrap();
        let open_to_all = directory.path().join("deployment-status-2.open");
        fs::write(&open_to_all, serde_json::to_string(&record()).unwrap()).unwrap();
        fs::set_permissions(&open_to_all, fs::Permissions::from_mode(0o666)).unwrap();

        assert!(state_dir(directory.path()).all().is_empty());
    }
}
