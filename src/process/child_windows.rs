//! A running command on Windows: a job object holds all that it starts.
//! It shares our console, so it has received the keys that stop us.

use std::ffi::OsStr;
use std::os::windows::io::AsRawHandle as _;
use std::os::windows::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{io, thread};

use process_wrap::std::{CommandWrap, CommandWrapper, JobObject};
use tokio::sync::watch;
use tokio::time::sleep;
use win32job::{ExtendedLimitInfo, Job};

use super::command::Command;
use super::exit::{NotStarted, Outcome};
use super::forward::ChildStdio;
use super::program;
use super::signals::{self, Inherited};

/// How often a job object is looked at whose first process has ended: its end is no event.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

const FILE_NOT_FOUND: i32 = 2;
const BAD_EXE_FORMAT: i32 = 193;
const FILENAME_TOO_LONG: i32 = 206;

/// What a program exits with that Ctrl-C or Ctrl-Break ended: `STATUS_CONTROL_C_EXIT`.
const CONTROL_C_EXIT: u32 = 0xC000_013A;

/// What a program exits with that an exception ended: NTSTATUS errors, then those of .NET and C++.
const EXCEPTIONS: std::ops::Range<u32> = 0xC000_0000..0xD000_0000;
const LANGUAGE_EXCEPTIONS: [u32; 2] = [0xE043_4352, 0xE06D_7363];

/// The command's process and its job object, which ends all that is in it when it is closed.
#[derive(Debug)]
pub(super) struct Child {
    status: watch::Receiver<Option<io::Result<ExitStatus>>>,
    job: SharedJob,
}

type SharedJob = Arc<Mutex<Option<Job>>>;

impl Child {
    /// Starts the command; it dies with us.
    pub(super) fn start(
        command: &Command,
        stdio: &ChildStdio,
        _: Inherited,
    ) -> Result<Self, NotStarted> {
        let Some(file) = program::find(command) else {
            return Err(NotStarted::NotFound { program: command.argv[0].clone() });
        };
        let job = job().map_err(NotStarted::Other)?;
        let job = Arc::new(Mutex::new(Some(job)));
        let is_cmd = file.file_stem().is_some_and(|name| name.eq_ignore_ascii_case("cmd"));
        let mut spawning = process::Command::new(file);
        spawning
            .env_clear()
            .envs(command.variables.iter().map(|(name, value)| (name, value)))
            .stdout(stdio.stdout().map_err(NotStarted::Other)?)
            .stderr(stdio.stderr().map_err(NotStarted::Other)?);
        for argument in &command.argv[1..] {
            if is_cmd && Path::new(argument).is_absolute() && Path::new(argument).is_file() {
                spawning.raw_arg(quoted(argument));
            } else {
                spawning.arg(argument);
            }
        }
        if let Some(directory) = &command.directory {
            spawning.current_dir(directory);
        }
        // It creates the process suspended, lets each wrapper see it, and resumes it last.
        let mut child = CommandWrap::from(spawning)
            .wrap(JoinJob(Arc::clone(&job)))
            .wrap(JobObject)
            .spawn()
            .map_err(|err| explain(err, command))?;
        let (sender, status) = watch::channel(None);
        thread::Builder::new()
            .name("wait".to_owned())
            .spawn(move || sender.send(Some(child.inner_mut().wait())))
            .map_err(NotStarted::Other)?;
        Ok(Self { status, job })
    }

    /// Waits for the end of the command's own process.
    pub(super) async fn exited(&self) -> Outcome {
        let mut status = self.status.clone();
        match status.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(status))) => outcome(status.code().unwrap_or(1)),
            Ok(Some(Err(err))) => {
                Outcome::NotStarted(NotStarted::Other(io::Error::new(err.kind(), err.to_string())))
            }
            Ok(None) | Err(_) => Outcome::NotStarted(NotStarted::Other(io::Error::other(
                "nobody waited for the command",
            ))),
        }
    }

    /// Waits until no process is left in the job object.
    pub(super) async fn emptied(&self) {
        while self.has_processes() {
            sleep(POLL_INTERVAL).await;
        }
    }

    pub(super) fn adopt_orphans(&self) {}

    /// The key that ended the command, of which our own task may not have heard yet.
    #[expect(clippy::unused_self, reason = "elsewhere it depends on the terminal")]
    pub(super) fn terminal_signal(&self, outcome: &Outcome) -> Option<i32> {
        let is_key = matches!(
            outcome,
            Outcome::Crashed { code } if code.cast_unsigned() == CONTROL_C_EXIT
        );
        is_key.then_some(signals::INT)
    }

    /// True for the keys, which the console has sent to the command as well. Nothing else can ask
    /// a program to end.
    pub(super) fn signal(&self, signal: i32) -> bool {
        signal != signals::TERM
    }

    pub(super) fn kill(&self) {
        drop(lock(&self.job).take());
    }

    /// A stop of the command is no event there.
    pub(super) fn suspended(&self) -> Duration {
        Duration::ZERO
    }

    /// Lets what the command left behind go on.
    pub(super) fn release(self, _: &Outcome) {
        if let Some(job) = lock(&self.job).take() {
            // A job object that cannot be changed ends them, which is the lesser evil.
            let _ = job.set_extended_limit_info(ExtendedLimitInfo::new().clear_limits());
        }
    }

    fn has_processes(&self) -> bool {
        let processes = lock(&self.job).as_ref().map(Job::query_process_id_list);
        matches!(processes, Some(Ok(processes)) if !processes.is_empty())
    }
}

/// Puts the suspended process into our job object.
#[derive(Debug)]
struct JoinJob(SharedJob);

impl CommandWrapper for JoinJob {
    fn post_spawn(
        &mut self,
        _: &mut process::Command,
        child: &mut process::Child,
        _: &CommandWrap,
    ) -> io::Result<()> {
        let joined = match &*lock(&self.0) {
            Some(job) => job.assign_process(child.as_raw_handle() as isize),
            None => Ok(()),
        };
        joined.map_err(|err| {
            // It has not run yet, and must not without us.
            let _ = child.kill();
            io::Error::other(err)
        })
    }
}

fn lock(job: &SharedJob) -> MutexGuard<'_, Option<Job>> {
    job.lock().unwrap_or_else(PoisonError::into_inner)
}

fn job() -> io::Result<Job> {
    let mut limits = ExtendedLimitInfo::new();
    limits.limit_kill_on_job_close();
    Job::create_with_limit_info(&limits).map_err(io::Error::other)
}

/// `cmd` reads `&`, `(` and `^` in a path, unless it is quoted; std quotes blanks alone.
fn quoted(path: &OsStr) -> std::ffi::OsString {
    [OsStr::new("\""), path, OsStr::new("\"")].into_iter().collect()
}

fn outcome(code: i32) -> Outcome {
    let status = code.cast_unsigned();
    if EXCEPTIONS.contains(&status) || LANGUAGE_EXCEPTIONS.contains(&status) {
        Outcome::Crashed { code }
    } else {
        Outcome::Exited { code }
    }
}

fn explain(err: io::Error, command: &Command) -> NotStarted {
    let program = command.argv[0].clone();
    match err.raw_os_error() {
        Some(FILE_NOT_FOUND) => NotStarted::NotFound { program },
        Some(FILENAME_TOO_LONG) => NotStarted::TooLong,
        Some(BAD_EXE_FORMAT) if is_script(&PathBuf::from(&program)) => {
            let help = format!("Windows runs no scripts: write `bash {}`", program.display());
            NotStarted::NotExecutable { program, why: io::Error::other(help) }
        }
        Some(_) | None => NotStarted::NotExecutable { program, why: err },
    }
}

fn is_script(program: &Path) -> bool {
    program.extension().is_none_or(|extension| extension.eq_ignore_ascii_case("sh"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_a_crash_and_minus_one_is_an_exit_code() {
        assert!(matches!(outcome(0xC000_0005_u32.cast_signed()), Outcome::Crashed { .. }));
        assert!(matches!(outcome(-1), Outcome::Exited { code: -1 }));
        assert!(matches!(outcome(70_000), Outcome::Exited { code: 70_000 }));
    }
}
