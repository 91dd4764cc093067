//! A URL that the command declares as a step output, and secrets that keep a URL from being posted.
#![cfg(unix)]

use crate::deploy::{Deploy, JOB_PAGE, Ran};
use crate::github::{FakeGithub, Status};

fn deployed(change: impl FnOnce(Deploy) -> Deploy) -> (Status, Ran) {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let ran = change(Deploy::of(&github).on_actions().to(42)).run();
    let last = github.statuses(42).pop().expect("there are statuses");
    (last, ran)
}

#[test]
fn a_url_among_the_step_outputs_is_declared() {
    let (last, ran) = deployed(|deploy| {
        deploy.sh("echo url=https://own.example.com/x >>$GITHUB_OUTPUT; echo Live at https://else.example.com; exit 3")
    });
    assert_eq!(last.target_url, "https://own.example.com/x", "{ran:#?}");
    assert_eq!(last.environment_url, "");
}

#[test]
fn a_step_output_that_is_no_url_declares_nothing_and_stays() {
    let (last, ran) = deployed(|deploy| deploy.sh("echo url=none >>$GITHUB_OUTPUT; exit 3"));
    assert_eq!(last.target_url, JOB_PAGE);
    assert!(ran.step_outputs.starts_with("url=none\n"), "{ran:#?}");
    assert!(!ran.step_outputs.contains("\nurl<<"), "{ran:#?}");
    assert!(ran.step_outputs.contains(r#"{"url":"none"}"#), "{ran:#?}");
}

#[test]
fn outputs_that_the_runner_would_refuse_are_left_out_with_a_warning() {
    let (last, ran) = deployed(|deploy| {
        deploy
            .sh("{ printf 'big='; head -c 1100000 /dev/zero | tr '\\0' x; echo; } >>$GITHUB_OUTPUT")
    });
    assert_eq!((ran.exit_code, last.state.as_str()), (0, "success"));
    assert!(
        ran.stderr.contains("::warning title=deployment-status::the outputs that"),
        "{}",
        ran.stderr
    );
    assert!(ran.step_outputs.contains("\nstate<<") && !ran.step_outputs.contains("\noutputs<<"));
}

#[test]
fn a_masked_value_is_not_posted() {
    for script in [
        "echo ::add-mask::hunter2; echo Deployed to https://x.example.com/hunter2",
        "echo 'a ##[add-mask]hunter2' >&2; echo https://x.example.com/%68unter2 >$DEPLOYMENT_URL_FILE",
        "echo ::add-mask::hunter2; echo url=https://x.example.com/?a=hunter2 >>$GITHUB_OUTPUT",
    ] {
        let (last, ran) = deployed(|deploy| deploy.sh(script));
        assert_eq!(
            (last.target_url.as_str(), last.environment_url.as_str()),
            (JOB_PAGE, ""),
            "{script}"
        );
        assert!(!ran.step_outputs.contains("url<<ghadelimiter\nhttps"), "{ran:#?}");
    }
}

#[test]
fn the_environment_url_that_was_given_says_nothing_of_a_failure() {
    let given = |script: &str| {
        deployed(|deploy| deploy.option("environment-url", "https://live.example.com").sh(script)).0
    };
    let (failed, succeeded) = (given("exit 3"), given("true"));
    assert_eq!((failed.target_url.as_str(), failed.environment_url.as_str()), (JOB_PAGE, ""));
    assert_eq!(succeeded.target_url, "https://live.example.com");
    assert_eq!(succeeded.environment_url, "https://live.example.com");
}
