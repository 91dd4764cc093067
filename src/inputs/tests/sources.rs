//! Where an input is found, and which place wins.

use super::{CONFIGURED, check, command_options, run_with};
use crate::inputs::{Backend, Command};

/// A variable that holds inputs as JSON.
fn json(text: &str) -> (&'static str, &str) {
    ("DEPLOYMENT_STATUS_INPUTS", text)
}

fn environment(arguments: &[&str], variables: &[(&str, &str)]) -> Option<String> {
    let arguments = [&["run"], arguments, &["--", "true"]].concat();
    let variables = [&CONFIGURED, variables].concat();
    check(&arguments, &variables).expect("these inputs are good").1.target.environment
}

#[test]
fn a_flag_wins_over_input_over_plugin_over_the_ci() {
    let ci = [("GITLAB_CI", "true"), ("CI_ENVIRONMENT_NAME", "ci")];
    let plugin = [ci.as_slice(), &[("PLUGIN_ENVIRONMENT", "plugin")]].concat();
    let input = [plugin.as_slice(), &[("INPUT_ENVIRONMENT", " input\n")]].concat();

    assert_eq!(environment(&[], &ci).as_deref(), Some("ci"));
    assert_eq!(environment(&[], &plugin).as_deref(), Some("plugin"));
    assert_eq!(environment(&[], &input).as_deref(), Some("input"));
    assert_eq!(environment(&["--environment", "flag"], &input).as_deref(), Some("flag"));
}

#[test]
fn blank_is_absent() {
    let blank = [("INPUT_ENVIRONMENT", " "), ("PLUGIN_ENVIRONMENT", "plugin")];

    assert_eq!(environment(&["--environment", ""], &blank).as_deref(), Some("plugin"));
}

#[test]
fn hyphen_and_underscore_are_the_same_and_so_is_the_case() {
    let id = |name| run_with(&[(name, "42")]).target.deployment_id.map(|id| id.to_string());

    for name in ["INPUT_DEPLOYMENT-ID", "INPUT_DEPLOYMENT_ID", "input_deployment-id"] {
        assert_eq!(id(name).as_deref(), Some("42"));
    }
    assert_eq!(id("INPUT_INPUT_DEPLOYMENT_ID"), None);
    let agreeing = [("INPUT_DEPLOYMENT-ID", "42 "), ("INPUT_DEPLOYMENT_ID", "42")];
    assert!(run_with(&agreeing).target.deployment_id.is_some());
}

#[test]
fn a_flag_before_the_command_counts_as_well() {
    let (_, inputs) = check(&["--environment", "x", "run", "--", "true"], &CONFIGURED).unwrap();

    assert_eq!(inputs.target.environment.as_deref(), Some("x"));
    assert!(inputs.target.environment_is_input);
}

#[test]
fn the_command_sees_our_environment_less_our_inputs() {
    let inputs = [("INPUT_TOKEN", "x"), ("PLUGIN_API-URL", ""), ("input_job_id", "7")];
    let others = [("INPUT_INPUT_TOKEN", "y"), ("INPUT_COLOR", "red"), ("PATH", "/bin")];

    let seen = command_options(&["--", "true"], &[inputs, others].concat()).variables;

    let names: Vec<_> = seen.iter().filter_map(|(name, _)| name.to_str()).collect();
    let kept = CONFIGURED.iter().chain(&others).map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(names, kept);
}

#[test]
fn the_json_stands_between_the_two_prefixes() {
    let both = [json(r#"{"environment": " json ", "ref": ""}"#), ("PLUGIN_ENVIRONMENT", "plugin")];
    let all = [&both[..], &[("INPUT_ENVIRONMENT", "input")]].concat();

    assert_eq!(environment(&[], &both).as_deref(), Some("json"));
    assert_eq!(environment(&[], &all).as_deref(), Some("input"));
    assert!(run_with(&both).target.environment_is_input);
    assert_eq!(run_with(&both).target.git_ref, None);
}

#[test]
fn what_the_json_has_beyond_our_inputs_is_ignored() {
    let inputs =
        run_with(&[json(r#"{"STRICT": true, "deployment_id": 42, "color": [1], "task": null}"#)]);

    assert!(inputs.strict && inputs.target.task.is_none());
    assert_eq!(inputs.target.deployment_id.map(|id| id.to_string()).as_deref(), Some("42"));
}

#[test]
fn json_that_is_none_is_a_bad_input_and_not_shown() {
    for text in ["{\"token\": \"hunter22", "[]", r#"{"token": ["hunter22"]}"#] {
        let variables = [&CONFIGURED[..], &[json(text)]].concat();
        let refusal = check(&["--", "true"], &variables).expect_err("this is bad").to_string();

        assert!(refusal.contains("DEPLOYMENT_STATUS_INPUTS "), "{refusal}");
        assert!(!refusal.contains("hunter22"), "{refusal}");
    }
}

#[test]
fn a_bad_value_of_the_json_is_named_by_its_input() {
    let variables = [&CONFIGURED[..], &[json(r#"{"deployment-id": "latest"}"#)]].concat();
    let refusal = check(&["--", "true"], &variables).expect_err("this is bad").to_string();

    assert!(refusal.contains("the input deployment-id is `latest`: expected"), "{refusal}");
}

#[test]
fn two_spellings_in_the_json_must_agree() {
    let text = r#"{"deployment-id": "1", "deployment_id": "2"}"#;
    let variables = [&CONFIGURED[..], &[json(text)]].concat();
    let refusal = check(&["--", "true"], &variables).expect_err("this is bad").to_string();

    assert!(refusal.contains("deployment-id two different values"), "{refusal}");
}

#[test]
fn the_command_sees_neither_the_json_nor_a_surrounding_runs_deployment() {
    let ours = [
        json("{}"),
        ("DEPLOYMENT_ID", "1"),
        ("DEPLOYMENT_ENVIRONMENT", "x"),
        ("DEPLOYMENT_URL_FILE", "/x"),
    ];
    let others = [("DEPLOYMENT_STATUS_BIN", "/b"), ("DEPLOYMENT_URL", "https://x.example")];

    let seen = command_options(&["--", "true"], &[&ours[..], &others].concat()).variables;

    let names: Vec<_> = seen.iter().filter_map(|(name, _)| name.to_str()).collect();
    let kept = CONFIGURED.iter().chain(&others).map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(names, kept);
}

#[test]
fn a_boolean_option_takes_the_next_word_only_if_that_is_a_boolean() {
    let (_, inputs) = check(&["run", "--sandbox", "true", "--", "echo"], &[]).expect("good");
    assert!(matches!(inputs.backend, Backend::Sandbox));

    let behind = command_options(&["--", "x", "--strict", "true"], &[]).command;
    assert_eq!(behind, Command::Arguments(["x", "--strict", "true"].map(Into::into).to_vec()));

    let refusal = check(&["run", "--strict", "yes", "--", "true"], &CONFIGURED).expect_err("bad");
    assert!(refusal.to_string().contains("--strict is `yes`: expected `true` or `false`"));
}
