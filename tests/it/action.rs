//! The action under act, on this host, on a `deployment` event, against the sandbox.
//! act exports every input to the steps, which the real runner does not: what `action.yml` hands
//! on is the matter of `contract.rs`.

pub(crate) mod act;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use expect_test::expect;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::github::FakeGithub;
use crate::signal_dispositions::reset_ignored_signals;
use act::{Setup, posted};

#[test]
fn a_deploy_that_succeeds_is_posted_with_its_url_and_its_outputs() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy(
        r#"
          run: |
            echo "name=preview-7" >>"$GITHUB_OUTPUT"
            echo "Deployed to https://preview-7.example.com"
        "#,
    );

    job.check(&expect![[r#"
        job succeeded
        --- posted
        pending (-)
        success (https://preview-7.example.com)
        --- outputs
        deployment-id: 42
        exit-code: 0
        outputs.name: preview-7
        state: success
        url: https://preview-7.example.com
    "#]]);
}

#[test]
fn a_deploy_that_fails_fails_the_job_with_its_exit_code() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy("run: exit 3");

    job.check(&expect![[r#"
        job failed
        --- posted
        pending (-)
        failure (-)
        --- outputs
        deployment-id: 42
        exit-code: 3
        outputs.name: null
        state: failure
        url: 
    "#]]);
    assert!(job.said("exit status 3"));
}

#[test]
fn a_bad_input_fails_the_job_before_anything_is_posted() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy("{ run: echo deployed, timeout: soon, initial-state: begun }");

    job.check(&expect![[r#"
        job failed
        --- posted
        --- outputs
        deployment-id: 
        exit-code: 
        outputs.name: null
        state: 
        url: 
    "#]]);
    assert!(job.said("exit status 125"));
    assert!(job.said("`soon`") && job.said("`begun`"), "both are named");
}

#[test]
fn blank_inputs_are_absent() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy(
        "{ run: 'true', deployment-id: '', environment: ' ', initial-state: '', timeout: '' }",
    );

    job.check(&expect![[r#"
        job succeeded
        --- posted
        pending (-)
        success (-)
        --- outputs
        deployment-id: 42
        exit-code: 0
        outputs.name: null
        state: success
        url: 
    "#]]);
}

#[test]
fn what_a_killed_run_left_open_is_closed() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy("run: kill -KILL $PPID");

    assert_eq!(job.posted, ["pending (-)", "GET", "error (-)"]);
    assert!(!job.succeeded);
}

#[test]
fn the_command_sees_no_input_and_nothing_of_the_action() {
    let Some(setup) = Setup::new() else { return };

    let job = setup.deploy("run: env | sed -n 's/^\\(INPUT_[A-Z]*\\|.*_\\(PROGRAM\\|STARTED\\|INPUTS\\)\\)=.*/seen \\1/p'");

    assert!(job.succeeded);
    assert!(!job.said("seen "), "{}", job.log);
}

/// The runner signals one process, and there is no shell left that could keep it from us.
#[test]
fn a_signal_to_the_step_reaches_the_program() {
    let directory = TempDir::new().unwrap();
    let github = FakeGithub::start(&["--deployment", "42:preview"]);
    let script = directory.path().join("step.sh");
    fs::write(&script, script_of_the_deploy_step()).unwrap();
    reset_ignored_signals();
    let mut step = Command::new("sh")
        .arg("-e")
        .arg(&script)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("RUNNER_TEMP", directory.path())
        .env("DEPLOYMENT_STATUS_PROGRAM", env!("CARGO_BIN_EXE_deployment-status"))
        .env("DEPLOYMENT_STATUS_STARTED", directory.path().join("started"))
        .env("INPUT_API_URL", github.url())
        .env("INPUT_TOKEN", "ghs_x")
        .env("INPUT_REPOSITORY", "octo/site")
        .env("INPUT_DEPLOYMENT_ID", "42")
        .env("INPUT_RUN", "echo started; sleep 60")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell");
    let mut line = String::new();
    BufReader::new(step.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");

    kill_process(Pid::from_child(&step), Signal::INT).unwrap();

    assert_eq!(step.wait().unwrap().code(), Some(130));
    assert_eq!(posted(&github), ["pending (-)", "error (-)"]);
}

fn script_of_the_deploy_step() -> String {
    let action = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/action.yml"));
    let action = action.expect("the action is there");
    let (_, step) = action.split_once("id: run\n").expect("there is a step `run`");
    let (_, script) = step.split_once("      run: |\n").expect("it has a script");
    let lines: Vec<_> = script.lines().take_while(|line| !line.is_empty()).collect();
    lines.join("\n").replace("        ", "")
}
