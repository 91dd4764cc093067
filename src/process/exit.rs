//! How a command ends, and which exit code says so.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, io};

use super::shutdown_request::ShutdownRequest;

/// How the command ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Exited {
        code: i32,
    },
    /// A signal that was not ours ended it.
    #[cfg_attr(windows, expect(dead_code, reason = "it has no such signals"))]
    Signaled {
        signal: i32,
    },
    /// An exception ended it, of which the code is the NTSTATUS, such as 0xC0000005.
    /// <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55>
    #[cfg_attr(not(windows), expect(dead_code, reason = "a signal says so elsewhere"))]
    Crashed {
        code: i32,
    },
    TimedOut,
    /// A request to stop came before its end; its own exit code does not count.
    Cancelled {
        by: ShutdownRequest,
    },
    NotStarted(NotStarted),
}

impl Outcome {
    /// The code that a shell and GNU `timeout` give; on Windows all 32 bits.
    /// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
    pub(crate) fn exit_code(&self) -> i32 {
        match self {
            Self::Exited { code } | Self::Crashed { code } => *code,
            Self::Signaled { signal } => 128 + signal,
            Self::TimedOut => 124,
            Self::Cancelled { by } => by.exit_code(),
            Self::NotStarted(why) => why.exit_code(),
        }
    }
}

/// What we exit with for a command's exit code.
///
/// On Windows that has 32 bits, of which Git's bash sees the last 8: 256 would be a success there.
#[cfg_attr(not(windows), expect(unused_variables, reason = "no other system has longer codes"))]
pub(crate) fn to_exit_code(code: i32, is_under_git_bash: bool) -> ExitCode {
    #[cfg(windows)]
    if u8::try_from(code).is_err() && !is_under_git_bash {
        #[expect(clippy::exit, reason = "std's `ExitCode` has 8 bits")]
        std::process::exit(code);
    }
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

/// Why the command did not start.
#[derive(Debug)]
pub(crate) enum NotStarted {
    NotFound {
        program: OsString,
    },
    /// The script exists, but not the interpreter that its first line names.
    #[cfg_attr(windows, expect(dead_code, reason = "it reads no first line"))]
    NoInterpreter {
        program: OsString,
        interpreter: String,
    },
    NotExecutable {
        program: OsString,
        why: io::Error,
    },
    NoDirectory {
        directory: PathBuf,
        why: io::Error,
    },
    /// Arguments and environment together are longer than the system takes.
    TooLong,
    Other(io::Error),
}

impl NotStarted {
    pub(crate) fn exit_code(&self) -> i32 {
        match self {
            Self::NotFound { .. } | Self::NoInterpreter { .. } => 127,
            Self::NotExecutable { .. } | Self::TooLong => 126,
            Self::NoDirectory { .. } | Self::Other(_) => 125,
        }
    }
}

impl fmt::Display for NotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { program } => {
                write!(f, "command not found: `{}`", program.display())
            }
            Self::NoInterpreter { program, interpreter } => {
                let program = program.display();
                write!(f, "cannot run `{program}`: its interpreter `{interpreter}` is not there")
            }
            Self::NotExecutable { program, why } => {
                write!(f, "cannot run `{}`: {why}", program.display())
            }
            Self::NoDirectory { directory, why } => {
                write!(f, "cannot run the command in `{}`: {why}", directory.display())
            }
            Self::TooLong => f.write_str(
                "cannot run the command: its arguments and environment are longer than the system takes; pass them in a file",
            ),
            Self::Other(why) => write!(f, "cannot run the command: {why}"),
        }
    }
}
