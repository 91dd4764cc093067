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

#[cfg(unix)]
#[test]
fn a_silent_command_shows_life_where_it_is_asked_for() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = || Deploy::of(&github).to(42).sh("echo begun; sleep 2.5; echo ended");

    let ran = deploy().option("heartbeat", "1s").run();

    let lines = ran.stderr.matches("the command has been running for").count();
    assert!((1..=2).contains(&lines), "{ran:#?}");
    assert_eq!(ran.stdout, "begun\nended\n");
    assert!(!deploy().run().stderr.contains("has been running"));
}

#[cfg(unix)]
#[test]
fn a_command_that_writes_needs_no_heartbeat() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = Deploy::of(&github)
        .to(42)
        .option("heartbeat", "2s")
        .sh("for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done")
        .run();
    assert!(!ran.stderr.contains("has been running"), "{ran:#?}");
}

#[cfg(unix)]
#[test]
fn a_line_of_ours_does_not_cut_an_open_line_of_the_commands() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = Deploy::of(&github)
        .to(42)
        .option("heartbeat", "1s")
        .sh("printf 'Uploading' >&2; sleep 1.7; echo ' done' >&2")
        .run();
    assert!(
        ran.stderr
            .contains("Uploading\ndeployment-status: the command has been running for 1s\n done\n"),
        "{ran:#?}"
    );
}

#[cfg(unix)]
#[test]
fn a_line_that_the_command_left_open_is_ended_once() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).to(42).variable("RUNNER_DEBUG", "1");
    let ran = deploy.sh("printf Uploaded >&2").run();
    assert!(ran.stderr.contains("\nUploaded\ndeployment-status: POST "), "{ran:#?}");
    assert!(!ran.stderr.contains("\n\n"), "{ran:#?}");
}

#[test]
fn a_level_has_a_color_only_where_it_is_wanted() {
    let github = FakeGithub::start(&["--fault", "every post: 403"]);
    let id = github.deployment("staging");
    let plain = Deploy::of(&github).to(id).run();
    let colored = Deploy::of(&github).to(id).variable("CLICOLOR_FORCE", "1").run();
    let on_actions = Deploy::of(&github).to(id).on_actions().variable("CLICOLOR_FORCE", "1").run();
    assert!(plain.stderr.contains("deployment-status: warning: "), "{plain:#?}");
    assert!(!plain.stderr.contains('\u{1b}'), "{plain:#?}");
    assert!(colored.stderr.contains("\u{1b}[33mwarning\u{1b}[0m: "), "{colored:#?}");
    assert!(!on_actions.stderr.contains('\u{1b}'), "{on_actions:#?}");
}
