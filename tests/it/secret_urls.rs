//! A URL that contains a secret is not reported, wherever it was found, and never shown.

use crate::deploy::{Deploy, JOB_PAGE};
use crate::github::FakeGithub;
use crate::url;

/// A secret that the command knows under the name of `GH_ENTERPRISE_TOKEN`.
const SECRET: &str = "ghe_aSecretOfTheDeploys";

#[track_caller]
fn check(script: &str, options: &[(&str, &str)]) {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).to(42).variable("GH_ENTERPRISE_TOKEN", SECRET).sh(script);

    let ran = options.iter().fold(deploy, |deploy, (name, value)| deploy.option(name, value)).run();

    assert_eq!(github.states(42), ["pending", "success"]);
    for status in github.statuses(42) {
        assert_eq!((status.environment_url.as_str(), status.target_url.as_str()), ("", ""));
    }
    assert!(!ran.stderr.contains(SECRET) && !ran.outputs.contains(SECRET), "{ran:#?}");
    assert!(ran.stderr.contains("warning: the URL that was found contains a secret"), "{ran:#?}");
}

#[test]
fn a_declared_url_with_a_secret_is_refused() {
    check("echo \"https://a.example/?t=$GH_ENTERPRISE_TOKEN\" > \"$DEPLOYMENT_URL_FILE\"", &[]);
}

#[test]
fn our_own_token_in_a_url_is_refused() {
    check("echo \"https://a.example/$GITHUB_TOKEN/\" > \"$DEPLOYMENT_URL_FILE\"", &[]);
}

#[test]
fn a_detected_url_with_a_secret_is_refused() {
    check("echo \"Live at https://a.example/$GH_ENTERPRISE_TOKEN/\"", &[]);
}

#[test]
fn a_step_output_with_a_secret_is_refused_and_nothing_is_guessed_instead() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let script = "echo Live at https://b.example; \
                  echo \"url=https://a.example/$GH_ENTERPRISE_TOKEN/\" >> \"$GITHUB_OUTPUT\"";
    let ran = Deploy::of(&github)
        .on_actions()
        .to(42)
        .variable("GH_ENTERPRISE_TOKEN", SECRET)
        .sh(script)
        .run();

    let last = github.statuses(42).pop().expect("there are statuses");
    assert_eq!((last.environment_url.as_str(), last.target_url.as_str()), ("", JOB_PAGE));
    assert!(ran.stderr.contains("contains a secret"), "{ran:#?}");
}

#[test]
fn a_program_whose_name_is_a_secret_is_not_named() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).to(42).variable("DEPLOY_TOKEN", "hunter22");
    deploy.command(&["hunter22"]).run();
    let last = github.statuses(42).pop().expect("there are statuses");
    assert!(!last.description.contains("hunter22"), "{last:?}");
    assert!(last.description.starts_with("Command not found"), "{last:?}");
}

#[test]
fn a_url_with_a_secret_that_a_pattern_finds_is_refused() {
    let script = "echo \"Site: https://a.example/?t=$GH_ENTERPRISE_TOKEN\"";
    check(script, &[("url-pattern", "Site: (.*)")]);
}

#[test]
fn a_url_with_a_secret_under_a_key_is_refused() {
    let script = r#"echo "{\"url\":\"https://a.example/?t=$GH_ENTERPRISE_TOKEN\"}""#;
    check(script, &[("url-key", "/url")]);
}

/// What `url` writes to stdout and stderr about a log.
fn read(arguments: &[&str], log: &str) -> String {
    let ran = url::run(arguments, &[("GITHUB_TOKEN", SECRET)], log);
    String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned()
}

#[test]
fn an_explanation_hides_secrets() {
    let log = format!("Live at https://a.example/{SECRET}/\nLive at https://b.example/\n");

    let output = read(&["--explain"], &log);

    assert!(output.contains("https://a.example/***/"), "{output}");
    assert!(!output.contains(SECRET), "{output}");
}

#[test]
fn a_log_whose_url_has_a_secret_has_none() {
    let output = read(&[], &format!("Live at https://a.example/{SECRET}/\n"));

    assert!(output.contains("contains a secret"), "{output}");
    assert!(!output.contains(SECRET), "{output}");
}
