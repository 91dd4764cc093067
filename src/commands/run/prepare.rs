//! The wrapped command, ready to run: its script, its environment, and what is read of its output.

use std::ffi::OsString;
use std::path::Path;

use super::RunContext;
use super::observe::ObservedOutput;
use crate::inputs;
use crate::output::console;
use crate::process;
use crate::process::script::{self, Script};
use crate::resolve::ResolvedDeployment;

/// Tools that wrap at the terminal's width break URLs; none is this wide.
const COLUMNS: &str = "1000";

pub(super) struct PreparedCommand {
    pub(super) command: process::Command,
    pub(super) output: ObservedOutput,
    /// Lives as long as the command may read it.
    _script: Option<Script>,
}

impl PreparedCommand {
    /// Writes the script, if there is one, before anything is posted or created.
    ///
    /// # Errors
    /// When the script cannot be written.
    pub(super) fn new(context: RunContext<'_>) -> anyhow::Result<Self> {
        let options = context.command_options;
        let (argv, script) = match &options.command {
            inputs::Command::Arguments(argv) => (argv.clone(), None),
            inputs::Command::Script { text, shell } => {
                let script = script::write(text, shell, &context.host.temp)?;
                (script.argv.clone(), Some(script))
            }
        };
        let output = ObservedOutput::new(context);
        let command = process::Command {
            argv,
            directory: options.directory.clone(),
            variables: variables(&options.variables, output.url_file()),
            timeout: options.timeout,
            grace_period: options.grace_period,
            is_interactive: context.inputs.ci.kind.is_none(),
            line_state: process::LineState::new(console::erase_status_line),
        };
        Ok(Self { command, output, _script: script })
    }

    /// Lets the command know its deployment. A name that no variable can hold is left out.
    pub(super) fn set_deployment(&mut self, resolved: &ResolvedDeployment) {
        let variables = &mut self.command.variables;
        set(variables, "DEPLOYMENT_ID", resolved.id.to_string().into());
        let name = resolved.environment.as_deref().filter(|name| !name.contains('\0'));
        if let Some(name) = name {
            set(variables, "DEPLOYMENT_ENVIRONMENT", name.into());
        }
    }
}

/// Ours less what carries the token, and what the command may want to know.
fn variables(given: &[(OsString, OsString)], url_file: Option<&Path>) -> Vec<(OsString, OsString)> {
    let mut variables = given.to_vec();
    if let Some(file) = url_file {
        set(&mut variables, "DEPLOYMENT_URL_FILE", file.into());
    }
    if !given.iter().any(|(name, _)| name == "COLUMNS") {
        set(&mut variables, "COLUMNS", COLUMNS.into());
    }
    variables
}

fn set(variables: &mut Vec<(OsString, OsString)>, name: &str, value: OsString) {
    variables.retain(|(existing, _)| existing != name);
    variables.push((name.into(), value));
}
