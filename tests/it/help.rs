//! What `--help` says, word for word: the README and `action.yml` repeat it.

use std::process::Command;

use expect_test::{ExpectFile, expect_file};

#[track_caller]
fn check(arguments: &[&str], expected: &ExpectFile) {
    let output = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary starts");

    assert_eq!(output.status.code(), Some(0));
    expected.assert_eq(&String::from_utf8(output.stdout).expect("help is UTF-8"));
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
fn the_version_is_the_packages() {
    let version = concat!("deployment-status ", env!("CARGO_PKG_VERSION"), "\n");
    let output = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .arg("--version")
        .env_clear()
        .output()
        .expect("the binary starts");

    assert_eq!(String::from_utf8_lossy(&output.stdout), version);
}
