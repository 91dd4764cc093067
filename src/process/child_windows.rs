//! A running command on Windows: a job object holds all that it starts.
//! It shares our console, so the keys that stop us have told it already.

use std::os::windows::io::AsRawHandle as _;
use std::process::{self, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{io, thread};

use tokio::sync::watch;
use tokio::time::sleep;
use win32job::{ExtendedLimitInfo, Job};

use super::forward::ChildStdio;
use super::{Command, NotStarted, Outcome, ShutdownListener, lookup};

/// How often a job object is looked at whose first process is gone: its end is no event.
const LOOK: Duration = Duration::from_millis(20);

const FILE_NOT_FOUND: i32 = 2;
const FILENAME_TOO_LONG: i32 = 206;

/// The command's process and its job object, which takes all with it when it is closed.
#[derive(Debug)]
pub(super) struct Child {
    status: watch::Receiver<Option<io::Result<ExitStatus>>>,
    job: Mutex<Option<Job>>,
}

impl Child {
    /// Starts the command; it dies with us.
    pub(super) fn start(
        command: &Command,
        stdio_ends: &ChildStdio,
        _: &ShutdownListener,
    ) -> Result<Self, NotStarted> {
        let Some(file) = program::find(command) else {
            return Err(NotStarted::NotFound { program: command.argv[0].clone() });
        };
        let job = job().map_err(NotStarted::Other)?;
        let mut spawning = process::Command::new(file);
        spawning
            .args(&command.argv[1..])
            .env_clear()
            .envs(command.variables.iter().map(|(name, value)| (name, value)))
            .stdout(stdio_ends.stdout.try_clone().map_err(NotStarted::Other)?)
            .stderr(stdio_ends.stderr.try_clone().map_err(NotStarted::Other)?);
        if let Some(directory) = &command.directory {
            spawning.current_dir(directory);
        }
        let mut child = spawning.spawn().map_err(|err| explain(err, command))?;
        if let Err(err) = job.assign_process(child.as_raw_handle() as isize) {
            // Whatever it is by now, it must not go on without us.
            let _ = child.kill();
            return Err(NotStarted::Other(io::Error::other(err)));
        }
        let (tell, status) = watch::channel(None);
        thread::spawn(move || tell.send(Some(child.wait())));
        Ok(Self { status, job: Mutex::new(Some(job)) })
    }

    pub(super) async fn exited(&self) -> Outcome {
        let mut status = self.status.clone();
        match status.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(status))) => Outcome::Exited { code: status.code().unwrap_or(1) },
            Ok(Some(Err(err))) => {
                Outcome::NotStarted(NotStarted::Other(io::Error::new(err.kind(), err.to_string())))
            }
            Ok(None) | Err(_) => Outcome::NotStarted(NotStarted::Other(io::Error::other(
                "nobody waited for the command",
            ))),
        }
    }

    /// Waits until nobody is left in the job object.
    pub(super) async fn emptied(&self) {
        while self.has_processes() {
            sleep(LOOK).await;
        }
    }

    pub(super) fn stopping(&self) {}

    /// The console has told the command what it told us, and there are no other words.
    pub(super) fn signal(&self, _: i32) {}

    pub(super) fn kill(&self) {
        drop(self.job().take());
    }

    /// Lets go of what the command left running.
    pub(super) fn release(self) {
        if let Some(job) = self.job().take() {
            // A job object that cannot be changed ends them, which is the lesser evil.
            let _ = job.set_extended_limit_info(ExtendedLimitInfo::new().clear_limits());
        }
    }

    fn has_processes(&self) -> bool {
        let processes = self.job().as_ref().map(Job::query_process_id_list);
        matches!(processes, Some(Ok(processes)) if !processes.is_empty())
    }

    fn job(&self) -> MutexGuard<'_, Option<Job>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn job() -> io::Result<Job> {
    let mut limits = ExtendedLimitInfo::new();
    limits.limit_kill_on_job_close();
    Job::create_with_limit_info(&limits).map_err(io::Error::other)
}

fn explain(err: io::Error, command: &Command) -> NotStarted {
    let program = command.argv[0].clone();
    match err.raw_os_error() {
        Some(FILE_NOT_FOUND) => NotStarted::NotFound { program },
        Some(FILENAME_TOO_LONG) => NotStarted::TooLong,
        Some(_) | None => NotStarted::NotExecutable { program, why: err },
    }
}
