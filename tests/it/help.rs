//! What `--help` says, word for word: the README and `action.yml` repeat it.

use std::process::{Command, Output};

use expect_test::{ExpectFile, expect_file};

#[cfg(target_os = "linux")]
use crate::{github::FakeGithub, step::Step};

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary starts")
}

pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = program(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

#[track_caller]
fn check(arguments: &[&str], expected: &ExpectFile) {
    expected.assert_eq(&printed(arguments));
}

#[test]
fn the_front_door_names_the_commands() {
    check(&["--help"], &expect_file!["help/front-door.txt"]);
}

#[test]
fn run_names_its_inputs() {
    check(&["run", "--help"], &expect_file!["help/run.txt"]);
}

#[test]
fn create_names_its_inputs() {
    check(&["create", "--help"], &expect_file!["help/create.txt"]);
}

#[test]
fn list_names_its_inputs() {
    check(&["list", "--help"], &expect_file!["help/list.txt"]);
}

#[test]
fn finish_names_its_inputs() {
    check(&["finish", "--help"], &expect_file!["help/finish.txt"]);
}

#[test]
fn sweep_names_its_inputs() {
    check(&["sweep", "--help"], &expect_file!["help/sweep.txt"]);
}

#[test]
fn delete_names_its_inputs() {
    check(&["delete", "--help"], &expect_file!["help/delete.txt"]);
}

#[test]
fn wait_names_its_inputs() {
    check(&["wait", "--help"], &expect_file!["help/wait.txt"]);
}

#[test]
fn url_names_its_inputs() {
    check(&["url", "--help"], &expect_file!["help/url.txt"]);
}

#[test]
fn sandbox_names_its_options() {
    check(&["sandbox", "--help"], &expect_file!["help/sandbox.txt"]);
}

#[test]
fn completions_and_the_manual_name_their_options() {
    check(&["completions", "--help"], &expect_file!["help/completions.txt"]);
    check(&["man", "--help"], &expect_file!["help/man.txt"]);
}

#[test]
fn the_short_help_of_run_fits_one_screen() {
    check(&["run", "-h"], &expect_file!["help/run-short.txt"]);
    let commands = ["run", "create", "list", "finish", "sweep", "delete", "wait", "url", "sandbox"];
    for command in commands {
        let help = printed(&[command, "-h"]);
        let (lines, columns) = (help.lines().count(), help.lines().map(str::len).max());
        assert!(lines <= 40 && columns <= Some(80), "{command}: {lines} lines, {columns:?}");
    }
}

#[test]
fn help_is_a_command_too() {
    assert_eq!(printed(&["help", "run"]), printed(&["run", "--help"]));
    assert!(printed(&["help"]).starts_with("Runs a deploy command and tells GitHub how it went\n"));
}

#[test]
fn completions_and_manuals_are_generated() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(script.contains("grace-period"), "{shell} does not complete `--grace-period`");
    }
    assert!(printed(&["man"]).contains("deployment\\-status \\- Runs a deploy command"));
    assert!(printed(&["man", "run"]).contains("\\-\\-grace\\-period"));
}

#[test]
fn help_has_colors_where_they_are_asked_for() {
    let colored = |variables: &[(&str, &str)]| {
        let help = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
            .arg("--help")
            .env_clear()
            .envs(variables.iter().copied())
            .output()
            .expect("the binary starts");
        help.stdout.contains(&b'\x1b')
    };

    assert!(!colored(&[]));
    assert!(colored(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_reader_that_left_is_none() {
    use std::fs::OpenOptions;

    let into = |stdout: std::process::Stdio| {
        Command::new(env!("CARGO_BIN_EXE_deployment-status"))
            .arg("--help")
            .env_clear()
            .stdout(stdout)
            .output()
            .expect("the binary starts")
    };
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);

    let full = into(full.into());
    let closed = into(writer.into());

    assert_eq!(full.status.code(), Some(125));
    assert_eq!(
        String::from_utf8_lossy(&full.stderr),
        "deployment-status: error: cannot write to stdout: No space left on device (os error 28)\n"
    );
    assert_eq!((closed.status.code(), closed.stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_on_a_full_disk_is_an_error_unless_something_was_posted() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    for (arguments, code) in [
        (&["create", "--deployment-id", "42", "--state", "success"][..], 0),
        (&["list", "--deployment-id", "42"], 125),
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let step = Step::of(&github).arguments(arguments);
        let ran = step.command().stdout(full).output().expect("the binary starts");

        assert_eq!(ran.status.code(), Some(code));
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert!(stderr.contains("cannot write to stdout: No space left"), "{stderr}");
    }
    assert_eq!(github.states(42), ["success"]);
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("deployment-status ", env!("CARGO_PKG_VERSION"), "\n");

    for argument in ["--version", "-V", "version"] {
        assert_eq!(printed(&[argument]), version);
    }
}
