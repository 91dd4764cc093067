//! The exit code is the command's own, or says why there is none.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use crate::executable;
use crate::wrapped::{folder, script, wrapped};

#[test]
fn exit_codes_are_the_commands_own() {
    for code in [0, 1, 2, 3, 77, 124, 125, 126, 127, 128, 130, 255] {
        assert_eq!(script(&format!("exit {code}")).run().code(), code);
    }
}

#[test]
fn a_signal_that_ends_the_command_is_128_and_more() {
    for (name, number) in
        [("HUP", 1), ("INT", 2), ("QUIT", 3), ("ABRT", 6), ("KILL", 9), ("SEGV", 11), ("PIPE", 13)]
    {
        let ran = script(&format!("ulimit -c 0; kill -{name} $$")).run();
        assert_eq!(ran.code(), 128 + number, "SIG{name}");
    }
}

#[test]
fn a_command_that_is_not_there_is_127() {
    let ran = wrapped(&["no-such-command"]).run();
    assert_eq!(ran.code(), 127);
    assert!(ran.stderr.contains("no-such-command"), "{}", ran.stderr);
    assert_eq!(ran.stdout, b"");
}

#[test]
fn a_path_that_leads_nowhere_is_127() {
    assert_eq!(wrapped(&["/no/such/deploy"]).run().code(), 127);
    assert_eq!(wrapped(&["/etc/passwd/deploy"]).run().code(), 127);
}

#[test]
fn a_file_that_is_not_executable_is_126() {
    assert_eq!(wrapped(&["/etc/passwd"]).run().code(), 126);
}

#[test]
fn a_directory_is_126() {
    assert_eq!(wrapped(&["/"]).run().code(), 126);
}

#[test]
fn a_script_without_a_first_line_runs_as_under_a_shell() {
    let folder = folder();
    let deploy = folder.path().join("deploy");
    executable::write(&deploy, "echo \"$0 $1\"; exit 5\n");
    let ran = wrapped(&[deploy.to_str().unwrap(), "a b"]).run();
    assert_eq!(ran.code(), 5);
    assert_eq!(ran.text(), format!("{} a b\n", deploy.display()));

    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    assert_eq!(wrapped(&["deploy", "found"]).variable("PATH", &path).run().code(), 5);
}

#[test]
fn a_file_that_is_not_executable_hides_none_that_is() {
    let folder = folder();
    let (hides, holds) = (folder.path().join("hides"), folder.path().join("holds"));
    fs::create_dir(&hides).unwrap();
    fs::create_dir(&holds).unwrap();
    fs::write(hides.join("deploy"), "exit 1\n").unwrap();
    executable::write(&holds.join("deploy"), "exit 5\n");
    let path = format!("{}:{}:/usr/bin:/bin", hides.display(), holds.display());
    assert_eq!(wrapped(&["deploy"]).variable("PATH", &path).run().code(), 5);
}

#[test]
fn a_missing_interpreter_is_127_and_named() {
    let folder = folder();
    let deploy = folder.path().join("deploy");
    executable::write(&deploy, "#!/no/such/bash -e\n");
    let ran = wrapped(&[deploy.to_str().unwrap()]).run();
    assert_eq!(ran.code(), 127);
    assert!(ran.stderr.contains("`/no/such/bash`"), "{}", ran.stderr);
}

#[test]
fn a_script_with_dos_line_ends_says_what_is_wrong() {
    let folder = folder();
    let deploy = folder.path().join("deploy");
    executable::write(&deploy, "#!/bin/sh\r\nexit 0\r\n");
    let ran = wrapped(&[deploy.to_str().unwrap()]).run();
    assert_eq!(ran.code(), 127);
    assert!(ran.stderr.contains("`/bin/sh\\r`"), "{}", ran.stderr);
}

#[test]
fn a_working_directory_that_is_not_there_is_125() {
    let ran = wrapped(&["true"]).option("working-directory", "/no/such/place").run();
    assert_eq!(ran.code(), 125);
    assert!(ran.stderr.contains("/no/such/place"), "{}", ran.stderr);
}

#[test]
fn a_relative_program_is_looked_for_in_the_working_directory() {
    let folder = folder();
    executable::write(&folder.path().join("deploy"), "#!/bin/sh\npwd -P; exit 4\n");
    let there = folder.path().to_str().unwrap();
    let ran = wrapped(&["./deploy"]).option("working-directory", there).run();
    assert_eq!(ran.code(), 4);
    assert_eq!(ran.text().trim_end(), fs::canonicalize(there).unwrap().to_str().unwrap());
}

#[test]
fn arguments_arrive_as_they_are() {
    let mut command =
        wrapped(&["printf", "%s\\0", "", " a  b ", "'\"$HOME`*", "-x", "--", "\n"]).to_command();
    let latin = OsStr::from_bytes(b"caf\xe9");
    let ran = crate::wrapped::Started::from({
        command.arg(latin);
        command
    })
    .finish();
    assert_eq!(ran.stdout, b"\0 a  b \0'\"$HOME`*\0-x\0--\0\n\0caf\xe9\0");
}
