//! What is meant where no sub-command says it, and what contradicts itself.

use expect_test::expect;

use crate::github::FakeGithub;
use crate::step::Step;

#[test]
fn without_anything_to_do_both_ways_are_shown() {
    Step::configured().check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   there is nothing to do: give a command to run (`deployment-status -- ./deploy.sh`, or the input `run`), or a state to post (`deployment-status create --state success`, or the input `state`)
    "#]]);
}

#[test]
fn a_script_and_a_command_contradict_each_other() {
    Step::running().variable("INPUT_RUN", "./deploy.sh").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_RUN and the command after `--` cannot go together: give one of them
    "#]]);
}

#[test]
fn a_state_and_something_to_run_contradict_each_other() {
    Step::running().variable("INPUT_STATE", "success").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_STATE and the command after `--` cannot go together: give one of them
    "#]]);
    let both = [("INPUT_STATE", "success"), ("INPUT_RUN", "./deploy.sh")];
    Step::configured().variables(&both).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_STATE and INPUT_RUN cannot go together: give one of them
    "#]]);
    Step::configured().arguments(&["create"]).variables(&both).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_STATE and INPUT_RUN cannot go together: give one of them
    "#]]);
}

#[test]
fn an_unknown_command_is_refused() {
    Step::configured().variable("INPUT_COMMAND", "deploy").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_COMMAND is `deploy`: expected `run`, `create`, `list`, `finish`, `sweep`, `delete`, `wait`, `url` or `sandbox`
    "#]]);
    Step::configured().variable("INPUT_COMMAND", "list").arguments(&["--", "true"]).check(
        &expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_COMMAND is `list`, which takes no command after `--`
        "#]],
    );
}

#[test]
fn a_state_is_needed_to_create_one() {
    Step::configured().arguments(&["create"]).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   there is no state: set `--state` or INPUT_STATE
    "#]]);
    Step::configured().arguments(&["create", "--state", "canceled"]).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   --state is `canceled`: expected `error`, `failure`, `inactive`, `in_progress`, `pending`, `queued`, `success`, `cancelled` or `skipped`
    "#]]);
}

#[test]
fn an_unknown_flag_is_a_usage_error() {
    Step::configured().arguments(&["list", "--timeout", "5m"]).check(&expect![[r#"
        deployment-status: error: unexpected argument '--timeout' found
        deployment-status: 
        deployment-status: Usage: deployment-status list [OPTIONS]
        deployment-status: 
        deployment-status: For more information, try '--help'.
    "#]]);
    Step::configured().arguments(&["list", "a\n::error::b"]).check(&expect![[r#"
        deployment-status: error: unexpected argument 'a ::error::b' found
        deployment-status: 
        deployment-status: Usage: deployment-status list [OPTIONS]
        deployment-status: 
        deployment-status: For more information, try '--help'.
    "#]]);
}

#[test]
fn a_command_without_the_dashes_is_answered_with_the_line_as_it_should_be() {
    Step::configured().arguments(&["run", "./deploy.sh", "two words"]).check(&expect![[r#"
        deployment-status: error: `./deploy.sh` is no option: the command to run stands after `--`:
        deployment-status:   deployment-status run -- ./deploy.sh 'two words'
    "#]]);
    Step::configured().arguments(&["run", "--sandbox", "echo", "hi"]).check(&expect![[r#"
        deployment-status: error: `echo` is no option: the command to run stands after `--`:
        deployment-status:   deployment-status run --sandbox -- echo hi
    "#]]);
    Step::configured().arguments(&["./deploy.sh", "--fast"]).check(&expect![[r#"
        deployment-status: error: there is no command `./deploy.sh`: the commands are run, create, list, finish, sweep, delete, wait, url, sandbox, completions, man
        deployment-status: 
        deployment-status: To run a program, write it after `--`:
        deployment-status:   deployment-status -- ./deploy.sh --fast
    "#]]);
}

#[test]
fn a_typo_is_answered_with_the_nearest_command_or_option() {
    Step::configured().arguments(&["lst"]).check(&expect![[r#"
        deployment-status: error: there is no command `lst`: did you mean `list`?
    "#]]);
    Step::configured().arguments(&["deploy"]).check(&expect![[r#"
        deployment-status: error: there is no command `deploy`: the commands are run, create, list, finish, sweep, delete, wait, url, sandbox, completions, man
        deployment-status: 
        deployment-status: To run a program, write it after `--`:
        deployment-status:   deployment-status -- deploy
    "#]]);
    Step::configured().arguments(&["run", "--enviroment", "x", "--", "true"]).check(&expect![[
        r#"
        deployment-status: error: unexpected argument '--enviroment' found
        deployment-status: 
        deployment-status:   tip: a similar argument exists: '--environment'
        deployment-status: 
        deployment-status: Usage: deployment-status run [OPTIONS] -- COMMAND [ARG]...
        deployment-status:        deployment-status run [OPTIONS] --run SCRIPT
        deployment-status: 
        deployment-status: For more information, try '--help'.
    "#
    ]]);
    Step::configured().arguments(&["man", "lst"]).check(&expect![[r#"
        deployment-status: error: there is no command `lst`: did you mean `list`?
    "#]]);
}

#[test]
fn an_input_for_other_commands_is_not_checked() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["list", "--deployment-id=42"])
        .variable("INPUT_URL_PATTERN", "(")
        .outcome();

    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_empty_program_is_refused() {
    Step::configured().arguments(&["run", "--", ""]).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   the command after `--` is empty: expected a program
    "#]]);
}

#[test]
fn a_usage_error_quotes_what_is_no_secret() {
    let (_, _, stderr) =
        Step::configured().arguments(&["run", "REGION=frankfurt", "./deploy.sh"]).outcome();
    assert!(stderr.contains("REGION=frankfurt"), "{stderr}");
}
