//! What we write ourselves: lines on stderr, results on stdout, and the runner's files.

mod annotations;
pub(crate) mod command_outputs;
pub(crate) mod console;
mod runner_files;
mod status_line;
mod stderr;
pub(crate) mod step_outputs;
pub(crate) mod summary;
