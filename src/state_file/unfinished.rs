//! A state file as `finish` reads it.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{FirstLine, MAX_LENGTH, Owner, SETTLED, URL_FILE_PREFIX, remove, write_line};
use crate::deployment::{DeploymentId, NewStatus};
use crate::process::process_id::ProcessId;

/// A file that a run left behind, or still writes.
#[derive(Clone, Debug)]
pub(crate) struct UnfinishedRun {
    pub(crate) deployment: DeploymentId,
    pub(crate) process: ProcessId,
    /// The final status, where the run got so far as to know it.
    pub(crate) outcome: Option<NewStatus>,
    /// A status may still be on its way to GitHub.
    pub(crate) is_in_flight: bool,
    /// When the run wrote to the file for the last time, on the file system's clock.
    pub(crate) written: SystemTime,
    url_file: Option<String>,
    pub(super) path: PathBuf,
}

/// A run that nobody else closes as long as we have it.
pub(crate) struct LockedRun {
    pub(crate) run: UnfinishedRun,
    lock: File,
    owner: Owner,
    use_id: Option<String>,
}

impl LockedRun {
    pub(super) fn read(
        path: &Path,
        mut lock: File,
        owner: &Owner,
        use_id: Option<&str>,
    ) -> Option<Self> {
        let run = read(path, &mut lock, owner, use_id)?;
        Some(Self { run, lock, owner: owner.clone(), use_id: use_id.map(str::to_owned) })
    }

    /// What the run has written since; None where it closed itself.
    pub(crate) fn read_again(self) -> Option<Self> {
        Self::read(&self.run.path, self.lock, &self.owner, self.use_id.as_deref())
    }

    /// Adds what is about to be posted, for whoever has to take over from us.
    pub(crate) fn record_outcome(&mut self, status: &NewStatus) {
        // Without it a `finish` after us is less sure, no more.
        let _ = write_line(&mut self.lock, status);
    }

    /// Adds that GitHub has answered, and that it did not take it.
    pub(crate) fn record_answer(&mut self) {
        let _ = writeln!(self.lock, "{SETTLED}");
    }

    /// Deletes the file, and the URL file beside it: nothing is left open.
    pub(crate) fn close(self) {
        if let Some(url_file) = self.run.url_file() {
            remove(&url_file);
        }
        remove(&self.run.path);
    }
}

impl UnfinishedRun {
    /// A plain file beside, of a name that we give.
    fn url_file(&self) -> Option<PathBuf> {
        let name = self.url_file.as_deref()?;
        let drawn = name.strip_prefix(URL_FILE_PREFIX)?;
        let path = self.path.with_file_name(name);
        let is_plain = drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        is_plain.then_some(path)
    }
}

/// Reads a run that is still open; None where it was closed, is torn, or is another's.
pub(super) fn read(
    path: &Path,
    file: &mut File,
    owner: &Owner,
    use_id: Option<&str>,
) -> Option<UnfinishedRun> {
    fs::symlink_metadata(path).ok()?;
    let mut bytes = Vec::new();
    file.rewind().ok()?;
    file.take(MAX_LENGTH).read_to_end(&mut bytes).ok()?;
    // A full disk may tear an outcome within a character.
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let first: FirstLine = serde_json::from_str(lines.next()?).ok()?;
    if first.owner != *owner || use_id.is_some() && first.use_id.as_deref() != use_id {
        return None;
    }
    // What was written last counts: a run that is being stopped may still change it.
    let (mut outcome, mut is_in_flight) = (None, true);
    for line in lines {
        is_in_flight = line != SETTLED;
        outcome = serde_json::from_str(line).ok().or(outcome);
    }
    Some(UnfinishedRun {
        deployment: first.deployment,
        process: first.process,
        outcome,
        is_in_flight,
        written: file
            .metadata()
            .and_then(|metadata| metadata.modified())
            .unwrap_or_else(|_| SystemTime::now()),
        url_file: first.url_file,
        path: path.to_owned(),
    })
}
