//! What a step that uses the action hands on.

use serde_json::json;

use super::job::Runner;

#[test]
fn what_the_script_wrote_to_the_outputs_comes_out_as_it_is() {
    let Some(runner) = Runner::new() else { return };
    let run = "echo version=7 >>\"$GITHUB_OUTPUT\"
        printf 'notes<<EOF\\none\\ntwo\\nEOF\\n' >>\"$GITHUB_OUTPUT\"
        echo state=mine >>\"$GITHUB_OUTPUT\"";

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": run}}]));

    let expected = json!({"version": "7", "notes": "one\ntwo", "state": "mine"});
    assert_eq!(job.outputs_of_script("d"), expected);
    assert_eq!(job.output("d", "state"), "success");
    assert_eq!(job.output("d", "exit-code"), "0");
}

#[test]
fn a_script_that_writes_nothing_has_no_outputs() {
    let Some(runner) = Runner::new() else { return };

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": "true"}}]));

    assert_eq!(job.outputs_of_script("d"), json!({}));
}

/// The commonest line of a deploy script.
#[test]
fn a_url_that_the_script_wrote_to_the_outputs_is_declared() {
    let Some(runner) = Runner::new() else { return };
    let run = "echo url=https://declared.example.com >>\"$GITHUB_OUTPUT\"";

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": run}}]));

    assert_eq!(job.output("d", "url"), "https://declared.example.com");
    assert_eq!(runner.posted(), ["pending", "success https://declared.example.com"]);
}

#[test]
fn after_sigkill_the_outputs_say_what_the_last_step_posted() {
    let Some(runner) = Runner::new() else { return };
    let run = "echo version=7 >>\"$GITHUB_OUTPUT\"; kill -KILL $PPID";

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": run}}]));

    assert_eq!(job.result, "failure");
    assert_eq!(runner.posted(), ["pending", "error"]);
    assert_eq!(job.output("d", "state"), "error");
    assert_eq!(job.output("d", "deployment-id"), "42");
    let latest = runner.github.statuses(42).pop().expect("it has statuses").id.to_string();
    assert_eq!(job.output("d", "status-id"), latest);
}

/// The program is a release here, whose checksum the action carries.
#[test]
fn a_program_that_the_deploy_replaced_is_not_run_again() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.released();
    let run = "program=$(readlink /proc/$PPID/exe)
        case $program in *deployment-status.*/deployment-status) ;; *) exit 9 ;; esac
        rm \"$program\" && printf '#!/bin/sh\\ntouch evil\\n' >\"$program\" && chmod +x \"$program\"";

    let job = runner.run(&json!([{"uses": "./action", "id": "d", "with": {"run": run}}]));

    assert_eq!(job.output("d", "state"), "success", "{}", job.log);
    assert!(!runner.checkout("evil").exists());
    assert_eq!(job.result, "failure");
    let said = job.annotations.join("\n");
    assert!(said.contains("the program was changed or deleted while the deploy ran"), "{said}");
}

#[test]
fn a_release_that_nobody_changed_closes_what_it_left_open() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.released();

    runner.run(&json!([{"uses": "./action", "with": {"run": "kill -KILL $PPID"}}]));

    assert_eq!(runner.posted(), ["pending", "error"]);
}
