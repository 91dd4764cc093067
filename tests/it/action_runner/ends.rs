//! Jobs that are cancelled, and steps that take too long.

use serde_json::json;

use super::job::Runner;

const SLOW: &str = "touch started; sleep 60";

#[test]
fn a_cancelled_job_ends_its_deployment() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.cancelled_at("started");

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": SLOW}}]));

    assert_eq!(job.result, "cancelled");
    assert_eq!(runner.posted(), ["pending", "error"], "{}", job.log);
    assert_eq!(job.output("d", "state"), "error");
    assert!(job.left.is_empty(), "{:?}", job.left);
}

#[test]
fn the_input_timeout_ends_a_deploy_in_words() {
    let Some(runner) = Runner::new() else { return };
    let with = json!({"run": SLOW, "timeout": "1s", "grace-period": "1s"});

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": with}]));

    assert_eq!(job.output("d", "exit-code"), "124");
    let last = runner.github.statuses(42).pop().expect("it has statuses");
    assert_eq!((&*last.state, &*last.description), ("error", "Timed out after 1s"));
}

/// The runner cancels a composite with all its steps, the last one too; a step after it is a step
/// of the job, with a time of its own.
#[test]
fn a_step_that_takes_longer_than_its_timeout_is_closed_by_a_last_step() {
    let Some(runner) = Runner::new() else { return };
    // The program is killed before it can post anything.
    let run = "touch started; kill -STOP $PPID; sleep 60";

    let job = runner.run(&json!([
        {"uses": "./action", "timeout-minutes": 0.1, "with": {"run": run}},
        {"uses": "./action", "if": "always()", "with": {"command": "finish"}},
    ]));

    assert_eq!(job.result, "failure");
    assert_eq!(runner.posted(), ["pending", "error"], "{}", job.log);
}

/// What it finds is closed already.
#[test]
fn a_last_step_that_has_nothing_to_close_asks_nothing() {
    let Some(runner) = Runner::new() else { return };

    let job = runner.run(&json!([
        {"uses": "./action", "with": {"run": "true"}},
        {"uses": "./action", "if": "always()", "with": {"command": "finish"}},
    ]));

    assert_eq!(job.result, "success", "{}", job.log);
    assert_eq!(runner.github.requests().len(), 2);
}
