//! A script in input `run` reaches its shell as GitHub's runner hands it over.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::executable;
use crate::wrapped::folder;

/// A stand-in of a shell that shows the file it was given, and exits with 4.
const SHOWS_ITS_FILE: &str = r#"#!/bin/sh
for last; do :; done
case $last in ". '"*) last=${last#". '"}; last=$(printf %s "${last%"'"}" | sed "s/''/'/g") ;; esac
case $last in '"'*) last=${last#'"'}; last=${last%'"'} ;; esac
cat "$last"
exit 4
"#;

/// A place for scripts whose path needs quoting.
fn temp(directory: &TempDir) -> std::path::PathBuf {
    let temp = directory.path().join("it's a temp");
    fs::create_dir(&temp).expect("the folder is ours");
    temp
}

fn run(shell: &str, script: &str, directory: &Path, temp: &Path) -> Output {
    let path = format!("{}:/usr/bin:/bin", directory.display());
    Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(["run", "--sandbox"])
        .env_clear()
        .envs([("INPUT_RUN", script), ("INPUT_SHELL", shell), ("PATH", &path)])
        .env("RUNNER_TEMP", temp)
        .output()
        .expect("the binary starts")
}

#[track_caller]
fn check(shell: &str, expected: &str) {
    let directory = folder();
    executable::write(&directory.path().join(shell), SHOWS_ITS_FILE);
    let temp = temp(&directory);

    let output = run(shell, "deploy one\ndeploy two", directory.path(), &temp);

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{stderr}");
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert_eq!(fs::read_dir(temp).expect("it is there").count(), 0, "no script is left behind");
}

#[test]
fn pwsh_and_powershell_stop_on_errors_and_exit_as_the_last_program_did() {
    let expected = "$ErrorActionPreference = 'stop'\ndeploy one\ndeploy two\n\
         if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }\n";
    check("pwsh", expected);
    check("powershell", expected);
}

#[test]
fn cmd_is_silent_and_has_its_own_line_ends() {
    check("cmd", "@echo off\r\ndeploy one\r\ndeploy two\r\n");
}

#[test]
fn a_bash_script_is_as_it_is() {
    let directory = folder();
    let temp = temp(&directory);
    let output = run("bash", "printf one; false; echo two", directory.path(), &temp);
    assert_eq!((output.stdout.as_slice(), output.status.code()), (b"one".as_slice(), Some(1)));
}
