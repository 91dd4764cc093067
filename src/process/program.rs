//! Finds the file that a program's name means, for error messages and for Windows' `PATHEXT`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::command::Command;
use super::exit::NotStarted;

/// Checks the working directory: the system's error would be that the program does not exist.
pub(super) fn check_directory(directory: Option<&Path>) -> Result<(), NotStarted> {
    let Some(directory) = directory else { return Ok(()) };
    let is_there = fs::metadata(directory).and_then(|found| {
        if found.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
    });
    is_there.map_err(|why| NotStarted::NoDirectory { directory: directory.to_owned(), why })
}

/// The file that the command's program means: the first that is executable, else the first.
pub(super) fn find(command: &Command) -> Option<PathBuf> {
    let directory = command.directory.clone().unwrap_or_default();
    let files: Vec<PathBuf> = candidates(&command.argv[0], variable(command, "PATH"))
        .into_iter()
        .map(|candidate| directory.join(candidate))
        .flat_map(|candidate| spellings(candidate, command))
        .filter(|candidate| candidate.is_file())
        .collect();
    files.iter().find(|file| is_executable(file)).or(files.first()).cloned()
}

/// A name to be looked for in `PATH`, rather than a path.
pub(super) fn is_bare(program: &OsStr) -> bool {
    Path::new(program).file_name() == Some(program)
}

fn candidates(program: &OsStr, path: Option<&OsStr>) -> Vec<PathBuf> {
    if !is_bare(program) {
        return vec![program.into()];
    }
    path.into_iter().flat_map(std::env::split_paths).map(|folder| folder.join(program)).collect()
}

fn variable<'a>(command: &'a Command, name: &str) -> Option<&'a OsStr> {
    let is_it = |key: &OsString| {
        if cfg!(windows) { key.eq_ignore_ascii_case(name) } else { key == name }
    };
    command.variables.iter().rev().find(|(key, _)| is_it(key)).map(|(_, value)| value.as_os_str())
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// The extension decides there.
#[cfg(windows)]
fn is_executable(_: &Path) -> bool {
    true
}

#[cfg(unix)]
fn spellings(candidate: PathBuf, _: &Command) -> [PathBuf; 1] {
    [candidate]
}

/// The candidate with each extension of `PATHEXT`; as it is first, if it has an extension, and last,
/// if it is a path: then the error says what is wrong with the file.
#[cfg(windows)]
fn spellings(candidate: PathBuf, command: &Command) -> Vec<PathBuf> {
    let extensions = variable(command, "PATHEXT").unwrap_or(OsStr::new(".COM;.EXE;.BAT;.CMD"));
    let with = |extension: &str| {
        let mut name = candidate.clone().into_os_string();
        name.push(extension);
        PathBuf::from(name)
    };
    let mut spellings: Vec<PathBuf> =
        extensions.to_string_lossy().split(';').filter(|e| !e.is_empty()).map(with).collect();
    if candidate.extension().is_some() {
        spellings.insert(0, candidate);
    } else if !is_bare(&command.argv[0]) {
        spellings.push(candidate);
    }
    spellings
}
