//! Starts the command's process, and explains why it could not be started.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{self, Path};
use std::process;
use std::sync::Arc;

use nix::sys::signal::{self, SigHandler, Signal};
use rustix::io::Errno;
use rustix::process::{getpid, setpgid};

use crate::process::command::Command;
use crate::process::exit::NotStarted;
use crate::process::forward::ChildStdio;
use crate::process::program;
use crate::process::signals::Inherited;
use crate::process::terminal::Terminal;

/// The kernel reads no more of a script to find its interpreter.
const FIRST_LINE: u64 = 256;

/// What the command's process is made of, besides the program.
pub(super) struct Spawner<'a> {
    pub(super) command: &'a Command,
    pub(super) stdio: &'a ChildStdio,
    pub(super) inherited: Inherited,
    /// The terminal in whose foreground the command is to be.
    pub(super) foreground_of: Option<&'a Arc<Terminal>>,
}

impl Spawner<'_> {
    /// Starts the command in a process group of its own; it dies with the thread that calls this.
    pub(super) fn spawn(&self) -> Result<process::Child, NotStarted> {
        let argv = &self.command.argv;
        let spawned = match (self.exec(&argv[0], &argv[1..]), program::find(self.command)) {
            // A script without a first line runs as it does under a shell.
            (Err(err), Some(file)) if err.raw_os_error() == Some(Errno::NOEXEC.raw_os_error()) => {
                let mut arguments = argv.clone();
                arguments[0] = path::absolute(&file).unwrap_or(file).into();
                self.exec(OsStr::new("/bin/sh"), &arguments)
            }
            (spawned, _) => spawned,
        };
        spawned.map_err(|err| explain(err, self.command))
    }

    fn exec(&self, program: &OsStr, arguments: &[OsString]) -> io::Result<process::Child> {
        let mut spawning = process::Command::new(program);
        spawning
            .args(arguments)
            .env_clear()
            .envs(self.command.variables.iter().map(|(name, value)| (name, value)))
            .stdout(self.stdio.stdout()?)
            .stderr(self.stdio.stderr()?);
        if let Some(directory) = &self.command.directory {
            spawning.current_dir(directory);
        }
        let inherited = self.inherited;
        let terminal = self.foreground_of.map(Arc::clone);
        #[cfg(target_os = "linux")]
        let parent = getpid();
        #[expect(unsafe_code, reason = "std has no other way to run code between fork and exec")]
        // SAFETY: the closure makes system calls only; it neither allocates nor takes a lock.
        unsafe {
            spawning.pre_exec(move || {
                // A sandbox may refuse it. Then the command alone is signaled.
                let _ = setpgid(None, None);
                if let Some(terminal) = &terminal {
                    terminal.give_to(getpid());
                }
                #[cfg(target_os = "linux")]
                {
                    // A sandbox may refuse it. Then the command outlives a SIGKILL of us.
                    let _ = rustix::process::set_parent_process_death_signal(Some(
                        rustix::process::Signal::TERM,
                    ));
                    // We may have died before the line above, and then no signal comes.
                    if rustix::process::getppid() != Some(parent) {
                        return Err(Errno::SRCH.into());
                    }
                }
                // std resets the first, and our own handlers the others.
                for ignored in [Signal::SIGPIPE, Signal::SIGCHLD, Signal::SIGXFSZ] {
                    if inherited.ignored.contains(ignored as i32) {
                        signal::signal(ignored, SigHandler::SigIgn)?;
                    }
                }
                inherited.blocked.thread_set_mask()?;
                Ok(())
            });
        }
        spawning.spawn()
    }
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
        // A folder of `PATH` was closed to us, and the program is in none of the others.
        Some(Errno::ACCESS) if found.is_none() && program::is_bare(&program) => {
            NotStarted::NotFound { program }
        }
        Some(Errno::TOOBIG) => NotStarted::TooLong,
        Some(Errno::AGAIN | Errno::NOMEM | Errno::MFILE | Errno::NFILE) => NotStarted::Other(err),
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
