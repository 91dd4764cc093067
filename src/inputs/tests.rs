//! What is read from where.

mod any_bytes;
mod bulk;
mod defaults;
mod public;
mod sources;

use std::time::Duration;

use super::errors::InputErrors;
use super::*;
use crate::cli::Cli;
use crate::env::Variables;
use crate::github::Credentials;

/// Good inputs, with nothing of the repository that these tests lie in.
const CONFIGURED: [(&str, &str); 4] = [
    ("GITHUB_API_URL", "http://127.0.0.1:9/api/v3/"),
    ("GITHUB_REPOSITORY", "octo/app"),
    ("GITHUB_TOKEN", "ghs_github"),
    ("GIT_DIR", "/nonexistent"),
];

fn raw_inputs(arguments: &[&str], variables: &[(&str, &str)]) -> RawInputs {
    let argv = ["deployment-status"].iter().chain(arguments).map(OsString::from);
    let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
    RawInputs::new(Cli::parse(argv, false).expect("argv is good"), Variables::new(variables))
}

fn check(
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<(CommandInputs, Inputs), InputErrors> {
    let raw_inputs = raw_inputs(arguments, variables);
    let subcommand = raw_inputs.subcommand()?;
    Inputs::check(raw_inputs, &subcommand)
}

/// What `run` reads where these variables are set on top of good ones.
#[track_caller]
fn run_with(variables: &[(&str, &str)]) -> Inputs {
    let is_ours = |(name, _): &&(&str, &str)| !variables.iter().any(|(other, _)| other == name);
    let mut all: Vec<_> = CONFIGURED.iter().filter(is_ours).copied().collect();
    all.extend(variables);
    let (_, inputs) = check(&["--", "true"], &all).expect("these inputs are good");
    inputs
}

#[track_caller]
fn api_with(variables: &[(&str, &str)]) -> Api {
    match run_with(variables).backend {
        Backend::Github(api) => api,
        Backend::Sandbox => panic!("this is no sandbox"),
    }
}

#[track_caller]
fn token_with(variables: &[(&str, &str)]) -> String {
    match api_with(variables).credentials {
        Credentials::Token(token) => token.expose().to_owned(),
        other @ (Credentials::App(_) | Credentials::Missing) => panic!("{other:?} is no token"),
    }
}

#[track_caller]
fn command_options(arguments: &[&str], variables: &[(&str, &str)]) -> CommandOptions {
    match check(arguments, &[&CONFIGURED, variables].concat()).expect("these inputs are good").0 {
        CommandInputs::Run(command_options) => command_options,
        other => panic!("{other:?} runs nothing"),
    }
}

#[test]
fn a_boolean_flag_needs_no_value() {
    let strict = |arguments: &[&str]| check(arguments, &CONFIGURED).unwrap().1.strict;

    assert!(strict(&["--strict", "--", "true"]));
    assert!(strict(&["run", "--strict", "TRUE", "--", "true"]));
    assert!(!strict(&["run", "--strict=false", "--", "true"]));
}

#[test]
fn each_host_has_its_own_tokens() {
    let enterprise = ("GH_ENTERPRISE_TOKEN", "enterprise");
    let at = |url| [("INPUT_API_URL", url), enterprise];

    assert_eq!(token_with(&at("https://api.github.com")), "ghs_github");
    assert_eq!(token_with(&at("https://api.octo.ghe.com")), "ghs_github");
    assert_eq!(token_with(&at("https://github.example/api/v3")), "enterprise");
    assert_eq!(token_with(&at("https://api.github.com.example")), "enterprise");
    assert_eq!(token_with(&at("https://evil.example/api.github.com")), "enterprise");
    assert_eq!(token_with(&[enterprise]), "ghs_github");
    assert_eq!(token_with(&[("INPUT_TOKEN", "input"), enterprise]), "input");
    assert_eq!(token_with(&[("GITHUB_TOKEN", ""), ("GH_TOKEN", "gh")]), "gh");
}

#[test]
fn an_app_wins_over_a_token() {
    let key = include_str!("../github/fixtures/app-key.pem").replace('\n', "\\n");
    let app = [("INPUT_APP_ID", "1234"), ("INPUT_APP_PRIVATE_KEY", key.as_str())];

    let Credentials::App(app) = api_with(&app).credentials else { panic!("this is an App") };

    assert_eq!((app.id.as_str(), app.installation), ("1234", None));
}

#[test]
fn where_nobody_can_mend_it_no_token_is_missed() {
    let dependabot = [("GITHUB_ACTOR", "dependabot[bot]"), ("GITHUB_EVENT_NAME", "push")];
    let half = [("GITHUB_TOKEN", ""), ("INPUT_APP_ID", "1234")];

    let api = api_with(&[dependabot, half].concat());

    assert!(matches!(api.credentials, Credentials::Missing));
}

#[test]
fn the_api_keeps_its_path_and_loses_its_last_slash() {
    assert_eq!(api_with(&[]).url.as_str(), "http://127.0.0.1:9/api/v3");
    assert_eq!(api_with(&[("GITHUB_API_URL", "")]).url.as_str(), "https://api.github.com/");
}

#[test]
fn the_repository_is_the_ci_s_where_github_says_none() {
    let buildkite = |remote| {
        let repository = ("GITHUB_REPOSITORY", "");
        [repository, ("BUILDKITE", "true"), ("BUILDKITE_REPO", remote)]
    };
    let at_home = buildkite("git@github.com:octo/site.git");
    let elsewhere = [
        &buildkite("git@github.example:octo/site.git")[..],
        &[("GITHUB_API_URL", "https://github.example/api/v3")],
    ]
    .concat();

    assert_eq!(api_with(&at_home).repository.to_string(), "octo/site");
    assert_eq!(api_with(&elsewhere).repository.to_string(), "octo/site");
}

#[test]
fn a_sandbox_needs_nothing() {
    let (_, inputs) = check(&["run", "--sandbox", "--", "true"], &[]).unwrap();

    assert!(matches!(inputs.backend, Backend::Sandbox));
}

#[test]
fn the_commit_is_the_events_before_the_ci_s() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("event.json");
    std::fs::write(&path, r#"{"pull_request": {"head": {"sha": "head"}}}"#).unwrap();
    let ci = [("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", "6dcb09b5")];
    let event = [&ci[..], &[("GITHUB_EVENT_PATH", path.to_str().unwrap())]].concat();

    assert_eq!(run_with(&ci).target.commit.as_deref(), Some("6dcb09b5"));
    assert_eq!(run_with(&event).target.commit.as_deref(), Some("head"));
}

#[test]
fn a_payload_is_an_object_or_a_text() {
    let payload = |text| run_with(&[("INPUT_PAYLOAD", text)]).target.payload;

    assert_eq!(payload(r#"{"a": [1]}"#), serde_json::json!({"a": [1]}));
    assert_eq!(payload(r#""quoted""#), "quoted");
    assert_eq!(payload("plain text"), "plain text");
    assert_eq!(payload("42"), "42");
    assert_eq!(payload(""), serde_json::Value::Null);
}

#[test]
fn required_contexts_are_none_or_some_or_all() {
    let contexts = |text| run_with(&[("INPUT_REQUIRED_CONTEXTS", text)]).target.required_contexts;
    let these = |names: &[&str]| {
        RequiredContexts::These(names.iter().map(|name| (*name).to_owned()).collect())
    };

    assert_eq!(contexts(""), these(&[]));
    assert_eq!(contexts("a, b"), these(&["a", "b"]));
    assert_eq!(contexts("[]"), these(&[]));
    assert_eq!(contexts("*"), RequiredContexts::All);
}

#[test]
fn a_pattern_comes_before_a_key_before_detection() {
    let rule = |variables: &[(&str, &str)]| format!("{:?}", run_with(variables).url_rule);
    let (pattern, key) = (("INPUT_URL_PATTERN", "x"), ("INPUT_URL_KEY", "/url"));

    assert!(rule(&[pattern, key]).starts_with("Pattern"));
    assert!(rule(&[key, ("INPUT_DETECT_URL", "false")]).starts_with("Key"));
    assert_eq!(rule(&[("INPUT_DETECT_URL", "false")]), "Nothing");
    assert_eq!(rule(&[]), "Detect");
}

#[test]
fn the_words_of_a_job_are_states() {
    let requested_state = |word| match check(&["create", "--state", word], &CONFIGURED).unwrap().0 {
        CommandInputs::Create { state, .. } => state,
        other => panic!("{other:?} creates nothing"),
    };

    assert_eq!(requested_state(" success "), RequestedState::State(State::Success));
    assert_eq!(requested_state("skipped"), RequestedState::Skipped);
    assert_eq!(requested_state("cancelled"), RequestedState::Cancelled);
}

#[test]
fn ancestors_are_watched_where_the_runner_signals_us_alone() {
    let watches = |variables: &[_]| command_options(&["--", "true"], variables).watch_ancestors;

    assert!(!watches(&[]));
    assert!(watches(&[("GITHUB_ACTIONS", "true")]));
    assert!(watches(&[("TF_BUILD", "True")]));
    assert!(!watches(&[("TF_BUILD", "True"), ("INPUT_WATCH_ANCESTORS", "False")]));
}

#[test]
fn the_limits_have_defaults() {
    let command_options = command_options(&["--", "true"], &[]);

    assert_eq!(
        (command_options.timeout, command_options.grace_period),
        (None, Duration::from_secs(5))
    );
    assert_eq!(run_with(&[]).api_timeout, Duration::from_mins(2));
}

#[test]
fn finish_looks_at_what_is_named_as_an_input_alone() {
    let names = |variables: &[_]| raw_inputs(&["finish"], variables).names_a_deployment();

    assert!(!names(&[("GITLAB_CI", "true"), ("CI_ENVIRONMENT_NAME", "x")]));
    assert!(names(&[("PLUGIN_ENVIRONMENT", "x")]));
}

#[test]
fn inputs_for_other_commands_are_not_looked_at() {
    let variables = [&CONFIGURED[..], &[("INPUT_TIMEOUT", "soon"), ("INPUT_STATE", "odd")]];

    assert!(check(&["list"], &variables.concat()).is_ok());
}
