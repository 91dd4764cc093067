//! Our own lines: one before the command, one at the end, and none that a runner obeys.

use crate::deploy::Deploy;
use crate::github::FakeGithub;

#[test]
fn one_line_comes_before_the_command_and_one_at_the_end() {
    let github = FakeGithub::start(&[]);
    let ran = Deploy::of(&github)
        .on_actions()
        .option("environment", "production")
        .option("ref", "main")
        .sh("echo Deployed to https://hello.example.com; echo ran >&2")
        .run();
    assert_eq!(
        ran.stderr,
        "deployment-status: deployment 1001 of production is pending\nran\n\
         deployment-status: deployment 1001: success, https://hello.example.com, Deployed in 0s\n"
    );
}

#[test]
fn a_description_holds_no_argument_of_the_command() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = Deploy::of(&github).to(42).command(&["curl -H 'X: hunter2' https://x.example"]).run();
    assert_eq!(ran.exit_code, 127, "{ran:#?}");
    let last = github.statuses(42).pop().expect("there are statuses");
    assert_eq!((last.state.as_str(), last.description.as_str()), ("error", "Command not found"));
}

#[test]
fn no_text_of_others_is_a_command_of_the_older_kind() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = Deploy::of(&github)
        .on_actions()
        .to(42)
        .option("description", "x ##[set-output name=url]https://evil.example")
        .run();
    assert!(ran.stderr.contains("x ## [set-output"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("##["), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_script_that_cannot_be_written_leaves_no_deployment() {
    let github = FakeGithub::start(&[]);
    let ran = Deploy::of(&github)
        .script()
        .option("run", "true")
        .option("environment", "staging")
        .option("ref", "main")
        .variable("RUNNER_TEMP", "/nowhere")
        .variable("TMPDIR", "/dev/null")
        .run();
    assert_eq!(ran.exit_code, 125, "{ran:#?}");
    assert_eq!(github.requests(), []);
}
