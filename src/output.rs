//! What we write ourselves: lines on stderr, results on stdout, and the runner's files.

pub(crate) mod command_outputs;
pub(crate) mod console;
pub(crate) mod step_outputs;
pub(crate) mod summary;
