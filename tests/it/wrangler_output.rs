//! The file in which wrangler writes for programs what it deployed.

use std::fs;

use crate::deploy::Deploy;
use crate::github::FakeGithub;

const BEFORE: &str = r#"{"type":"deploy","targets":["https://before.workers.dev"]}"#;

/// The environment URL after a command that may append to the file, which has a line already.
fn reported(script: &str, options: &[(&str, &str)]) -> String {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let file = directory.path().join("wrangler.ndjson");
    fs::write(&file, format!("{BEFORE}\n")).expect("there is room for a file");
    let deploy = Deploy::of(&github).to(42).variable("WRANGLER_OUTPUT_FILE_PATH", &file).sh(script);
    options.iter().fold(deploy, |deploy, (name, value)| deploy.option(name, value)).run();
    github.statuses(42).pop().expect("a status was posted").environment_url
}

const DEPLOY: &str = r#"
echo 'Live at https://printed.example/'
echo '{"type":"deploy","targets":["a.example/*","https://now.workers.dev"]}' \
    >> "$WRANGLER_OUTPUT_FILE_PATH"
"#;

#[test]
fn what_wrangler_reports_comes_before_what_was_printed() {
    assert_eq!(reported(DEPLOY, &[]), "https://now.workers.dev");
}

#[test]
fn what_stood_there_before_the_command_does_not_count() {
    assert_eq!(reported("true", &[]), "");
    assert_eq!(reported("echo Live at https://printed.example/", &[]), "https://printed.example/");
}

#[test]
fn a_pattern_of_the_users_comes_before_it() {
    assert_eq!(reported(DEPLOY, &[("url-pattern", "Live at (.*)")]), "https://printed.example/");
}

#[test]
fn a_url_that_is_not_to_be_detected_is_not_read_there() {
    assert_eq!(reported(DEPLOY, &[("detect-url", "false")]), "");
}
