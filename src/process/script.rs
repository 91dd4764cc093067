//! Writes the script in input `run` into a file for its shell, as GitHub's runner does.
//! <https://github.com/actions/runner/blob/main/src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs>

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use tempfile::TempPath;

/// Input `shell`: a program and its arguments, of which `{0}` stands for the script's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shell {
    pub(crate) template: Vec<String>,
    /// What the script's file name must end in (`.sh`, `.ps1`, `.cmd`), or nothing.
    pub(crate) extension: &'static str,
}

const POWERSHELL: &str = ".ps1";
const CMD: &str = ".cmd";

/// Without it PowerShell goes on after an error.
const STOP_ON_ERROR: &str = "$ErrorActionPreference = 'stop'";

/// Without it PowerShell exits with 0 or 1, whatever the last program exited with.
const EXIT_CODE: &str =
    r"if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }";

/// A script's file, which is removed when this is dropped, and how it is run.
pub(crate) struct Script {
    pub(crate) argv: Vec<OsString>,
    _file: TempPath,
}

/// Writes the script below `directory`, readable for us alone, and puts its path into the template.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#custom-shell>
///
/// May be called long before the command runs.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(text: &str, shell: &Shell, directory: &Path) -> anyhow::Result<Script> {
    let cannot = || format!("cannot write the script to `{}`", directory.display());
    let mut file = tempfile::Builder::new()
        .prefix("deployment-status-")
        .suffix(shell.extension)
        .tempfile_in(directory)
        .with_context(cannot)?;
    file.write_all(contents(text, shell.extension).as_bytes())
        .and_then(|()| file.flush())
        .with_context(cannot)?;
    // Windows lets nobody read what we still have open for writing.
    let file = file.into_temp_path();
    let mut path = file.to_string_lossy().into_owned();
    if shell.extension == POWERSHELL {
        // It stands in PowerShell's single quotes.
        path = path.replace('\'', "''");
    }
    let argv = shell.template.iter().map(|part| part.replace("{0}", &path).into()).collect();
    Ok(Script { argv, _file: file })
}

/// The script with what its shell needs to fail when the script does.
fn contents(text: &str, extension: &str) -> String {
    let lines = match extension {
        POWERSHELL => format!("{STOP_ON_ERROR}\n{text}\n{EXIT_CODE}\n"),
        CMD => format!("@echo off\n{text}\n"),
        _ => format!("{text}\n"),
    };
    let has_dos_lines = extension == CMD || (extension == POWERSHELL && cfg!(windows));
    if has_dos_lines { lines.replace("\r\n", "\n").replace('\n', "\r\n") } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(template: &[&str], extension: &'static str) -> Shell {
        Shell { template: template.iter().map(|&part| part.to_owned()).collect(), extension }
    }

    #[test]
    fn the_path_stands_where_the_template_wants_it_until_the_script_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let shell = shell(&["sh", "-e", "{0}"], ".sh");
        let script = write("exit 3", &shell, directory.path()).unwrap();

        assert_eq!(script.argv[..2], ["sh", "-e"]);
        let path = script.argv[2].clone();
        assert_eq!(Path::new(&path).extension(), Some("sh".as_ref()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "exit 3\n");

        drop(script);
        assert!(!Path::new(&path).exists());
    }

    #[test]
    fn cmd_gets_its_line_ends_and_is_silent() {
        assert_eq!(contents("dir\r\nexit 3", CMD), "@echo off\r\ndir\r\nexit 3\r\n");
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_named() {
        let shell = shell(&["sh", "{0}"], ".sh");
        let error = write("true", &shell, Path::new("/no/such/place")).err().unwrap();
        assert!(error.to_string().contains("cannot write the script to `/no/such/place`"));
    }

    /// More than one argument or variable may hold (128 KiB on Linux).
    #[cfg(unix)]
    #[test]
    fn a_long_script_runs() {
        let directory = tempfile::tempdir().unwrap();
        let text = format!(": {}\nexit 3", "x".repeat(300_000));
        let script = write(&text, &shell(&["sh", "-e", "{0}"], ".sh"), directory.path()).unwrap();

        let status = std::process::Command::new("sh").args(&script.argv[1..]).status().unwrap();

        assert_eq!(status.code(), Some(3));
    }
}
