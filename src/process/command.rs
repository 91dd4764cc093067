//! What to run, and its limits.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::forward::LineState;

#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The program and its arguments; never empty.
    pub(crate) argv: Vec<OsString>,
    /// None is our own.
    pub(crate) directory: Option<PathBuf>,
    /// The whole environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) timeout: Option<Duration>,
    /// From the first signal to SIGKILL.
    pub(crate) grace_period: Duration,
    /// Whoever presses Ctrl-C means what we run in, too; on a CI that is the job's own shell.
    #[cfg_attr(windows, expect(dead_code, reason = "Ctrl-C comes to all of a console there"))]
    pub(crate) is_interactive: bool,
    /// Kept up to date while the command runs; hold a clone of it to read it.
    pub(crate) line_state: LineState,
}
