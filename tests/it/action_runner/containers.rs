//! Jobs with `container:` whose image has no bash, such as `node:alpine` and `docker:cli`.

use serde_json::json;

use super::job::Runner;

#[test]
fn a_deploy_runs_by_sh_where_there_is_no_bash() {
    let Some(runner) = Runner::new().and_then(Runner::container) else { return };
    let run = "echo \"Deployed to https://alpine.example.com\"";

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": run}}]));

    assert_eq!(job.result, "success", "{}", job.log);
    assert_eq!(runner.posted(), ["pending", "success https://alpine.example.com"]);
    assert_eq!(job.output("d", "url"), "https://alpine.example.com");
}

#[test]
fn a_shell_that_is_asked_for_is_used() {
    let Some(runner) = Runner::new().and_then(Runner::container) else { return };

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "exit 3", "shell": "sh"}}]));

    assert_eq!(job.result, "failure");
    assert_eq!(runner.posted(), ["pending", "failure"], "{}", job.log);
}

#[test]
fn a_status_is_posted_and_what_was_left_open_is_closed() {
    let Some(runner) = Runner::new().and_then(Runner::container) else { return };
    let run = json!({"run": "kill -KILL $PPID", "shell": "sh"});

    let job = runner.run(&json!([
        {"uses": "./action", "with": run},
        {"uses": "./action", "if": "always()", "with": {"state": "inactive", "deployment-id": "42"}},
    ]));

    assert_eq!(runner.posted(), ["pending", "error", "inactive"], "{}", job.log);
}

/// With busybox alone: no curl to fetch it, no other tool to check it, and checked twice.
#[test]
fn a_release_is_installed_and_closes_what_it_left_open() {
    let Some(runner) = Runner::new().and_then(Runner::container) else { return };
    let runner = runner.released();
    let with = json!({"run": "kill -KILL $PPID", "shell": "sh"});

    let job = runner.run(&json!([{"uses": "./action", "with": with}]));

    assert!(job.log.contains("whose checksum is right"), "{}", job.log);
    assert_eq!(runner.posted(), ["pending", "error"], "{}", job.log);
}
