//! The script in input `run`, made into a file for its shell as GitHub's runner does.

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

/// A script's file, which goes when this goes, and how it is run.
pub(crate) struct Script {
    pub(crate) argv: Vec<OsString>,
    _file: TempPath,
}

/// Writes the script below `directory` for nobody but us, and puts its path into the template.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#custom-shell>
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
    file.write_all(text.as_bytes()).with_context(cannot)?;
    file.write_all(b"\n").and_then(|()| file.flush()).with_context(cannot)?;
    // Windows lets nobody read what we still have open for writing.
    let file = file.into_temp_path();
    let path = file.to_string_lossy();
    let argv = shell.template.iter().map(|part| part.replace("{0}", &path).into()).collect();
    Ok(Script { argv, _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_stands_where_the_template_wants_it() {
        let directory = tempfile::tempdir().unwrap();
        let template = ["pwsh", "-command", ". '{0}'"].map(str::to_owned).to_vec();
        let script =
            write("exit 3", &Shell { template, extension: ".ps1" }, directory.path()).unwrap();

        let path =
            script.argv[2].to_str().unwrap().trim_start_matches(". '").trim_end_matches('\'');
        assert_eq!(Path::new(path).extension(), Some("ps1".as_ref()));
        assert_eq!(std::fs::read_to_string(path).unwrap(), "exit 3\n");

        let path = path.to_owned();
        drop(script);
        assert!(!Path::new(&path).exists());
    }
}
