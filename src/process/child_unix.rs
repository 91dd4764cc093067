//! A running command on Unix: its group, its exit, its orphans.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{self, Path};
use std::process::{self, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::sys::signal::SigSet;
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, kill_process_group, test_kill_process_group,
    wait, waitpid,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use super::forward::ChildStdio;
use super::{Command, NotStarted, Outcome, ShutdownListener, program};

/// The kernel reads no more of a script to find its interpreter.
const FIRST_LINE: u64 = 256;

/// How often a group is looked at whose leader is gone: the end of such a group is no event.
const LOOK: Duration = Duration::from_millis(20);

/// The command's process, and its group where it has one of its own.
#[derive(Debug)]
pub(super) struct Child {
    pid: Pid,
    has_group: bool,
    /// Orphans come to us: we are PID 1, or have asked for them.
    adopts: AtomicBool,
}

impl Child {
    /// Starts the command; it dies with the thread that calls this.
    pub(super) fn start(
        command: &Command,
        stdio_ends: &ChildStdio,
        shutdown: &ShutdownListener,
    ) -> Result<Self, NotStarted> {
        // A terminal hears its keyboard for us, and would stop a group that is not in front.
        let has_group = !io::stdin().is_terminal();
        let blocked = shutdown.inherited.blocked;
        let program = &command.argv[0];
        let spawned = spawn(program, &command.argv[1..], command, stdio_ends, has_group, blocked);
        let spawned = match (spawned, program::find(command)) {
            // As a shell does it with a script that has no first line to say so.
            (Err(err), Some(file)) if err.raw_os_error() == Some(Errno::NOEXEC.raw_os_error()) => {
                let mut arguments = command.argv.clone();
                arguments[0] = path::absolute(&file).unwrap_or(file).into();
                spawn(OsStr::new("/bin/sh"), &arguments, command, stdio_ends, has_group, blocked)
            }
            (spawned, _) => spawned,
        };
        let child = spawned.map_err(|err| explain(err, command))?;
        let adopts = AtomicBool::new(getpid() == Pid::INIT);
        Ok(Self { pid: Pid::from_child(&child), has_group, adopts })
    }

    /// Waits for the command's own process and forgets it: to be awaited once.
    pub(super) async fn exited(&self) -> Outcome {
        let mut children = match signal(SignalKind::child()) {
            Ok(children) => children,
            Err(err) => return Outcome::NotStarted(NotStarted::Other(err)),
        };
        loop {
            match self.reap() {
                Ok(Some(status)) => return outcome(status),
                Ok(None) => children.recv().await,
                Err(err) => return Outcome::NotStarted(NotStarted::Other(err)),
            };
        }
    }

    /// Waits until nobody is left of the command's group.
    pub(super) async fn emptied(&self) {
        while self.has_group && test_kill_process_group(self.pid).is_ok() {
            sleep(LOOK).await;
            // An orphan that nobody reaps would count as alive.
            let _ = self.reap();
        }
    }

    /// Prepares for the group's end: from now on its orphans are ours to reap, which an init that
    /// is no init (`tail -f /dev/null` in a job's container) leaves as they are.
    pub(super) fn stopping(&self) {
        #[cfg(target_os = "linux")]
        if rustix::process::set_child_subreaper(Some(getpid())).is_ok() {
            self.adopts.store(true, Ordering::Relaxed);
        }
    }

    /// Sends a signal, so that even who is stopped can hear it.
    pub(super) fn signal(&self, signal: i32) {
        let Some(signal) = Signal::from_named_raw(signal) else { return };
        let is_from_the_keyboard = matches!(signal, Signal::INT | Signal::QUIT | Signal::HUP);
        if self.has_group || !is_from_the_keyboard {
            self.send(signal);
            self.send(Signal::CONT);
        }
    }

    pub(super) fn kill(&self) {
        self.send(Signal::KILL);
    }

    fn send(&self, signal: Signal) {
        // Who is gone need not be told.
        let _ = if self.has_group {
            kill_process_group(self.pid, signal)
        } else {
            kill_process(self.pid, signal)
        };
    }

    fn reap(&self) -> io::Result<Option<ExitStatus>> {
        let next = || {
            if self.adopts.load(Ordering::Relaxed) {
                wait(WaitOptions::NOHANG)
            } else {
                waitpid(Some(self.pid), WaitOptions::NOHANG)
            }
        };
        while let Some((pid, status)) = next()? {
            if pid == self.pid {
                return Ok(Some(ExitStatus::from_raw(status.as_raw())));
            }
        }
        Ok(None)
    }
}

fn spawn(
    program: &OsStr,
    arguments: &[OsString],
    command: &Command,
    stdio_ends: &ChildStdio,
    has_group: bool,
    blocked: SigSet,
) -> io::Result<process::Child> {
    let mut spawning = process::Command::new(program);
    spawning
        .args(arguments)
        .env_clear()
        .envs(command.variables.iter().map(|(name, value)| (name, value)))
        .stdout(stdio_ends.stdout.try_clone()?)
        .stderr(stdio_ends.stderr.try_clone()?);
    if let Some(directory) = &command.directory {
        spawning.current_dir(directory);
    }
    if has_group {
        spawning.process_group(0);
    }
    #[cfg(target_os = "linux")]
    let parent = getpid();
    #[expect(unsafe_code, reason = "what runs between fork and exec can be said in no other way")]
    // SAFETY: the closure makes system calls only; it neither allocates nor takes a lock.
    unsafe {
        spawning.pre_exec(move || {
            blocked.thread_set_mask()?;
            #[cfg(target_os = "linux")]
            {
                rustix::process::set_parent_process_death_signal(Some(Signal::TERM))?;
                // We may have died before the line above: nobody would be told then.
                if rustix::process::getppid() != Some(parent) {
                    return Err(Errno::SRCH.into());
                }
            }
            Ok(())
        });
    }
    spawning.spawn()
}

fn explain(err: io::Error, command: &Command) -> NotStarted {
    let program = command.argv[0].clone();
    let found = program::find(command);
    match err.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NOENT | Errno::NOTDIR) => match found {
            Some(file) => NotStarted::NoInterpreter {
                program,
                interpreter: interpreter(&file).unwrap_or_else(|| "ld.so".to_owned()),
            },
            None => NotStarted::NotFound { program },
        },
        // A folder on the way was closed to us, and the program is in none of the others.
        Some(Errno::ACCESS) if found.is_none() && program::is_bare(&program) => {
            NotStarted::NotFound { program }
        }
        Some(Errno::TOOBIG) => NotStarted::TooLong,
        Some(Errno::AGAIN | Errno::NOMEM) => NotStarted::Other(err),
        Some(_) | None => NotStarted::NotExecutable { program, why: err },
    }
}

/// What a script's first line names, if the file is a script.
fn interpreter(script: &Path) -> Option<String> {
    let mut start = Vec::new();
    File::open(script).ok()?.take(FIRST_LINE).read_to_end(&mut start).ok()?;
    let line = start.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    // A carriage return belongs to the name: it is why the interpreter is not found.
    let name = line.split(|byte| b" \t".contains(byte)).find(|word| !word.is_empty())?;
    Some(name.escape_ascii().to_string())
}

fn outcome(status: ExitStatus) -> Outcome {
    match (status.code(), status.signal()) {
        (Some(code), _) => Outcome::Exited { code },
        (None, Some(signal)) => Outcome::Signaled { signal },
        (None, None) => unreachable!("a process that is over has exited or was killed"),
    }
}
