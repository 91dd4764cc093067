//! A step that is green has run what it was given.

use serde_json::json;

use super::job::Runner;

/// A shell that exits with 0 and reads nothing of the script with this title, as Git's sometimes
/// does on windows-11-arm.
fn shell_that_leaves_out(title: &str) -> String {
    format!(
        "#!/bin/bash\nif grep -qxF '# {title}' \"${{!#}}\"; then exit 0; fi\nexec /bin/sh \"$@\"\n"
    )
}

#[test]
fn a_deploy_that_its_shell_did_not_run_is_not_green() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.program("sh", &shell_that_leaves_out("Deploy and report the status"));

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "touch deployed"}}]));

    assert!(!runner.checkout("deployed").exists(), "the shell ran it: {}", job.log);
    assert_eq!(job.result, "failure");
    let [error, _] = &job.annotations[..] else { panic!("{:?}", job.annotations) };
    assert!(error.starts_with("error: nothing was run: the step that deploys exited with 0"));
}

#[test]
fn an_installation_that_its_shell_did_not_run_is_not_green() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.program("sh", &shell_that_leaves_out("Install deployment-status"));

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "touch deployed"}}]));

    assert!(!runner.checkout("deployed").exists(), "the shell ran it: {}", job.log);
    assert_eq!(job.result, "failure");
    let said = job.annotations.join("\n");
    assert!(said.contains("the step that installs the program exited with 0"), "{said}");
}

/// Linux takes 128 KiB in one variable.
#[test]
fn a_script_that_is_too_long_for_a_variable_is_refused_with_what_to_do() {
    let Some(runner) = Runner::new() else { return };
    let script = format!("touch deployed # {}", "x".repeat(200_000));

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": script}}]));

    assert_eq!(job.result, "failure");
    let said = job.annotations.join("\n");
    assert!(said.contains("Argument list too long"), "{said}");
    assert!(said.contains("put the script into a file and run that"), "{said}");
    assert!(!runner.checkout("deployed").exists());
}

#[test]
fn a_deploy_that_was_not_started_after_a_failed_installation_needs_no_second_error() {
    let Some(runner) = Runner::new() else { return };
    let runner = runner.variable("DEPLOYMENT_STATUS_BIN", "/no/such/program");

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "touch deployed"}}]));

    assert_eq!(job.result, "failure");
    let errors = job.annotations.iter().filter(|line| !line.contains("Process completed"));
    let errors: Vec<_> = errors.collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("there is no such file"), "{errors:?}");
}
