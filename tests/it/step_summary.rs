//! The job summary: what was deployed where, how it ended, where it is, and how long it took.

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use tempfile::TempDir;

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

/// GitHub's runner drops a step's whole summary when it is larger.
const MAX_SUMMARY: usize = 1024 * 1024;

const BEFORE: &str = "# Written before\n";

/// A step whose summary has a text already.
struct Summary {
    _directory: TempDir,
    file: PathBuf,
    github: FakeGithub,
}

impl Summary {
    fn after(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("there is room for a directory");
        let file = directory.path().join("summary.md");
        fs::write(&file, text).expect("there is room for a file");
        Self { _directory: directory, file, github: FakeGithub::start(&["--deployment", "42"]) }
    }

    fn deploy(&self, environment: &str, script: &str) -> Deploy {
        Deploy::of(&self.github)
            .on_actions()
            .variable("GITHUB_STEP_SUMMARY", &self.file)
            .to(42)
            .option("environment", environment)
            .sh(script)
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.file).expect("the summary is there")
    }
}

/// What was appended by a deploy with this script.
#[track_caller]
fn appended(environment: &str, script: &str) -> (String, Ran) {
    let summary = Summary::after(BEFORE);
    let ran = summary.deploy(environment, script).run();
    let text = summary.text();
    let appended = text.strip_prefix(BEFORE).unwrap_or_else(|| panic!("it was replaced: {text}"));
    (appended.to_owned(), ran)
}

#[track_caller]
fn check_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
}

#[track_caller]
fn check_has_duration(text: &str) {
    let duration = Regex::new(r"\b\d+s\b").expect("it is good");
    assert!(duration.is_match(text), "{text}");
}

#[test]
fn a_success_has_its_environment_state_url_and_duration() {
    let (text, _) = appended("production", "echo Live at https://app.example/");
    check_has(&text, &["production", "success", "https://app.example/"]);
    check_has_duration(&text);
}

#[test]
fn a_failure_says_so_and_has_no_environment_url() {
    let (text, ran) = appended("production", "echo Live at https://app.example/; exit 3");
    assert_eq!(ran.exit_code, 3);
    check_has(&text, &["production", "failure"]);
    check_has_duration(&text);
    assert!(!text.contains("app.example"), "{text}");
}

#[test]
fn the_name_of_an_environment_is_no_markup() {
    let (text, _) = appended("a|b<img>[x](y)`c`", "true");
    check_has(&text, &[r"a\|b", r"\[x\]"]);
    assert!(!text.contains("<img") && !text.contains("`c`"), "{text}");
}

#[test]
fn a_summary_that_is_full_is_left_as_it_is() {
    let full = "x".repeat(MAX_SUMMARY - 10);
    let summary = Summary::after(&full);

    let ran = summary.deploy("production", "true").run();

    assert_eq!(ran.exit_code, 0);
    assert!(summary.text() == full, "{} bytes", summary.text().len());
}

#[test]
fn outside_of_actions_nothing_is_written() {
    let summary = Summary::after(BEFORE);

    summary.deploy("production", "true").without("GITHUB_ACTIONS").run();

    assert_eq!(summary.text(), BEFORE);
}
