//! What `sweep`, `delete` and `wait` read, and the inputs that they share with the others.

use std::time::Duration;

use super::{CONFIGURED, check, command_options, run_with};
use crate::inputs::{CommandInputs, DeleteOptions, SweepOptions, WaitOptions};

const HOUR: Duration = Duration::from_hours(1);

fn sweep(arguments: &[&str]) -> SweepOptions {
    let arguments = [&["sweep"], arguments].concat();
    match check(&arguments, &CONFIGURED).expect("these inputs are good").0 {
        CommandInputs::Sweep(options) => options,
        other => panic!("{other:?} sweeps nothing"),
    }
}

fn delete(arguments: &[&str]) -> DeleteOptions {
    let arguments = [&["delete", "--environment", "preview-*"], arguments].concat();
    match check(&arguments, &CONFIGURED).expect("these inputs are good").0 {
        CommandInputs::Delete(options) => options,
        other => panic!("{other:?} deletes nothing"),
    }
}

fn wait(arguments: &[&str], variables: &[(&str, &str)]) -> WaitOptions {
    let arguments = [&["wait"], arguments].concat();
    let variables = [&CONFIGURED, variables].concat();
    match check(&arguments, &variables).expect("these inputs are good").0 {
        CommandInputs::Wait(options) => options,
        other => panic!("{other:?} waits for nothing"),
    }
}

fn refusal(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let variables = [&CONFIGURED, variables].concat();
    check(arguments, &variables).expect_err("these inputs are bad").to_string()
}

#[test]
fn sweep_looks_at_every_environment_and_at_six_hours() {
    let ours = sweep(&[]);
    assert!(ours.environment.is_none() && !ours.any_owner);
    assert_eq!(ours.older_than, 6 * HOUR);

    let all = sweep(&["--environment", "Preview-*", "--older-than", "1h", "--any-owner"]);
    assert!(all.environment.is_some_and(|glob| glob.matches("preview-7")) && all.any_owner);
    assert_eq!(all.older_than, HOUR);
}

#[test]
fn delete_keeps_none_and_asks_no_age() {
    let plain = delete(&[]);
    assert!(plain.environment.matches("preview-7"));
    assert_eq!((plain.keep, plain.older_than), (0, None));
    assert!(!plain.deactivate && !plain.delete_environment && !plain.any_owner);

    let full = ["--state", "inactive", "--keep=2", "--delete-environment", "--older-than", "0"];
    let full = delete(&full);
    assert_eq!((full.keep, full.older_than), (2, Some(Duration::ZERO)));
    assert!(full.deactivate && full.delete_environment);
}

#[test]
fn delete_needs_an_environment_of_its_own_and_no_other_state() {
    let ci = [("GITLAB_CI", "true"), ("CI_ENVIRONMENT_NAME", "production")];

    assert!(refusal(&["delete"], &ci).contains("there is no environment to delete from"));
    let refused = refusal(&["delete", "--environment=x", "--state=success", "--keep=-1"], &[]);
    assert!(refused.contains("--state is `success`: expected `inactive`, or nothing"));
    assert!(refused.contains("--keep is `-1`: expected a whole number"));
}

#[test]
fn wait_has_a_limit_and_something_to_wait_for() {
    let ci = [("GITLAB_CI", "true"), ("CI_ENVIRONMENT_NAME", "ci")];

    let waits = wait(&[], &ci);
    assert_eq!(waits.environment.unwrap().name(), Some("ci"));
    assert_eq!((waits.timeout, waits.json), (Duration::from_mins(10), false));
    let waits = wait(&["--deployment-id", "42", "--timeout", "1h", "--json"], &[]);
    assert!(waits.environment.is_none() && waits.json);
    assert_eq!(waits.timeout, HOUR);
    assert!(refusal(&["wait"], &[]).contains("there is nothing to wait for"));
}

#[test]
fn what_is_not_given_is_off() {
    let inputs = run_with(&[]);

    assert!(!inputs.dry_run && !inputs.status_options.supersede && inputs.use_id.is_none());
    assert_eq!(command_options(&["--", "true"], &[]).heartbeat, None);
}

#[test]
fn what_is_given_is_on() {
    let inputs = run_with(&[
        ("INPUT_DRY_RUN", "true"),
        ("INPUT_SUPERSEDE", "true"),
        ("INPUT_USE", "a1b2-c3"),
    ]);

    assert!(inputs.dry_run && inputs.status_options.supersede);
    assert_eq!(inputs.use_id.as_deref(), Some("a1b2-c3"));
    let beats = command_options(&["run", "--heartbeat", "1h", "--", "true"], &[]).heartbeat;
    assert_eq!(beats, Some(HOUR));
}

#[test]
fn a_use_is_a_word_that_a_file_name_can_hold() {
    let refused = refusal(&["--", "true"], &[("INPUT_USE", "../etc")]);

    assert!(refused.contains("INPUT_USE is `../etc`: expected at most 64 letters"));
}

#[test]
fn create_prints_json_where_it_is_asked_to() {
    let json = |arguments: &[&str]| {
        let arguments = [&["create", "--state", "success"], arguments].concat();
        match check(&arguments, &CONFIGURED).expect("these inputs are good").0 {
            CommandInputs::Create { json, .. } => json,
            other => panic!("{other:?} creates nothing"),
        }
    };

    assert!(json(&["--json"]) && !json(&[]));
}
