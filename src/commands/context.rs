//! What the place that we run in gives us besides inputs: files to write, directories, a mark.

use std::path::PathBuf;

use crate::ci::{Ci, Kind};
use crate::env::Variables;
use crate::process::Tracking;
use crate::state_file::StateDir;

#[derive(Debug)]
pub(crate) struct HostContext {
    /// `GITHUB_OUTPUT`, where the runner reads it.
    pub(crate) step_outputs: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`, likewise.
    pub(crate) step_summary: Option<PathBuf>,
    /// For files that only live as long as a run.
    pub(crate) temp: PathBuf,
    /// None for a sandboxed run, of which `finish` is not to know.
    pub(crate) state_files: Option<StateDir>,
    /// How our ancestors are known, where their death means that we are to stop.
    pub(crate) tracking: Option<Tracking>,
    /// `WRANGLER_OUTPUT_FILE_PATH`: what the command writes for programs.
    pub(crate) wrangler_output: Option<PathBuf>,
    /// A shell of MSYS2 started us, as Git for Windows has one.
    pub(crate) is_under_git_bash: bool,
}

impl HostContext {
    /// `system_temp` is the system's own directory for temporary files.
    pub(crate) fn of(
        variables: &Variables,
        ci: &Ci,
        use_id: Option<&str>,
        system_temp: PathBuf,
    ) -> Self {
        let is_actions = ci.kind.is_some_and(Kind::is_actions);
        let path = |name| variables.raw(name).map(PathBuf::from);
        let of_runner = |name| path(name).filter(|_| is_actions);
        let runner_temp = path("RUNNER_TEMP").filter(|path| path.is_dir());
        Self {
            step_outputs: of_runner("GITHUB_OUTPUT"),
            step_summary: of_runner("GITHUB_STEP_SUMMARY"),
            state_files: Some(StateDir::of(runner_temp.as_deref(), &system_temp, ci, use_id)),
            temp: runner_temp.unwrap_or(system_temp),
            tracking: tracking(variables, ci),
            wrangler_output: path("WRANGLER_OUTPUT_FILE_PATH"),
            is_under_git_bash: variables.is_set("MSYSTEM"),
        }
    }

    /// A run that `finish` may close is, or was left, open.
    pub(crate) fn has_unfinished_runs(&self) -> bool {
        self.state_files.as_ref().is_some_and(StateDir::has_any)
    }
}

fn tracking(variables: &Variables, ci: &Ci) -> Option<Tracking> {
    match (variables.raw("RUNNER_TRACKING_ID"), ci.kind) {
        (Some(mark), _) => Some(Tracking::Marked(mark.to_owned())),
        (None, Some(Kind::AzurePipelines)) => Some(Tracking::BelowAgent),
        (None, _) => None,
    }
}
