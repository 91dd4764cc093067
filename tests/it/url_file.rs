//! The file in which the command declares its URL.

use crate::deploy::{Deploy, Ran};
use crate::github::{FakeGithub, Status};

/// Runs a command that writes to the file; returns the final status too.
fn declared(script: &str) -> (Ran, Status) {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = Deploy::of(&github).on_actions().to(42).sh(script).run();
    let last = github.statuses(42).pop().expect("a status was posted");
    (ran, last)
}

/// A command that writes so many blank lines and then a URL, and prints nothing.
fn after_blank_lines(count: usize) -> String {
    format!(
        "{{ head -c {count} /dev/zero | tr '\\0' '\\n'; echo https://d.example/; }} \
         > \"$DEPLOYMENT_URL_FILE\""
    )
}

#[test]
fn the_first_line_that_is_not_blank_is_the_url() {
    let (_, last) = declared(&after_blank_lines(4000));
    assert_eq!(last.environment_url, "https://d.example/");

    let (_, last) = declared(
        "printf '\\n  \\n https://first.example/ \\nhttps://second.example/\\n' \
         > \"$DEPLOYMENT_URL_FILE\"",
    );
    assert_eq!(last.environment_url, "https://first.example/");
}

#[test]
fn nothing_is_read_beyond_4_kib() {
    let (ran, last) = declared(&after_blank_lines(4096));

    assert_eq!((ran.exit_code, last.state.as_str()), (0, "success"));
    assert_eq!(last.environment_url, "");
}

#[test]
fn a_declared_url_comes_before_one_that_was_printed() {
    let (_, last) = declared(
        "echo Live at https://printed.example/; \
         echo https://declared.example/ > \"$DEPLOYMENT_URL_FILE\"",
    );
    assert_eq!(last.environment_url, "https://declared.example/");
}

#[test]
fn what_is_no_url_is_a_warning_and_no_guess() {
    let (ran, last) =
        declared("echo Live at https://printed.example/; echo done > \"$DEPLOYMENT_URL_FILE\"");
    assert_eq!(last.environment_url, "");
    assert!(ran.stderr.contains("::warning title=deployment-status::"), "{ran:#?}");
}

/// GitHub has no environment URL of a failure, so the step has none either.
#[test]
fn a_failure_has_no_url_among_its_outputs() {
    let (ran, last) = declared("echo https://d.example/ > \"$DEPLOYMENT_URL_FILE\"; exit 1");

    assert_eq!((last.state.as_str(), last.target_url.as_str()), ("failure", "https://d.example/"));
    assert!(!ran.outputs.contains("DEPLOYMENT_URL"), "{ran:#?}");
    assert!(!ran.step_outputs.contains("d.example"), "{ran:#?}");
    assert!(ran.step_outputs.contains("failure"), "{ran:#?}");
}

#[test]
fn a_success_has_its_url_among_its_outputs() {
    let (ran, _) = declared("echo https://d.example/ > \"$DEPLOYMENT_URL_FILE\"");

    assert!(ran.outputs.contains("\nDEPLOYMENT_URL=https://d.example/\n"), "{ran:#?}");
    assert!(ran.step_outputs.contains("\nhttps://d.example/\n"), "{ran:#?}");
}
