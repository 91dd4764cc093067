//! The main job, as a user sees it.

use expect_test::expect;
use serde_json::json;

use crate::deploy::{Deploy, JOB_PAGE};
use crate::github::FakeGithub;
use crate::openapi::Description;

#[test]
fn what_is_posted_says_where_to_watch_and_then_where_it_is() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("production");

    let ran = Deploy::of(&github)
        .on_actions()
        .to(id)
        .sh("echo Deployed to https://hello.example.com")
        .run();

    assert_eq!(ran.exit_code, 0, "{ran:?}");
    let bodies: Vec<_> = github.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(
        bodies,
        [
            json!({ "state": "pending", "target_url": JOB_PAGE, "description": "Deploying" }),
            json!({
                "state": "success",
                "target_url": "https://hello.example.com",
                "environment_url": "https://hello.example.com",
                "description": "Deployed in 0s",
            }),
        ]
    );
}

#[test]
fn a_step_has_its_outputs_and_its_summary() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let ran = Deploy::of(&github)
        .on_actions()
        .to(42)
        .option("environment", "production")
        .sh("printf name=value >> \"$GITHUB_OUTPUT\"; echo Live at https://hello.example.com")
        .run();

    let outputs: Vec<&str> =
        ran.step_outputs.lines().filter(|line| !line.starts_with("ghadelimiter_")).collect();
    let status = github.statuses(42)[1].id.to_string();
    let values: Vec<&str> =
        outputs.iter().map(|line| line.split_once("<<").map_or(*line, |(name, _)| name)).collect();
    assert_eq!(
        values,
        [
            "name=value",
            "deployment-id",
            "42",
            "status-id",
            &status,
            "state",
            "success",
            "url",
            "https://hello.example.com",
            "exit-code",
            "0",
            "outputs",
            r#"{"name":"value"}"#
        ]
    );
    expect![[r#"

        ### Deployment: success

        | Environment | State | URL | Took |
        | --- | --- | --- | --- |
        | production | success | <https://hello.example.com> | 0s |

        Deployed in 0s ([run](https://github.com/octo/app/actions/runs/77/job/88))
    "#]]
    .assert_eq(&ran.summary);
}

#[test]
fn a_dotenv_report_has_the_same_facts() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let ran = Deploy::of(&github).to(42).sh("exit 3").run();

    let status = github.statuses(42)[1].id;
    assert_eq!(
        ran.outputs,
        format!(
            "DEPLOYMENT_ID=42\nDEPLOYMENT_STATUS_ID={status}\nDEPLOYMENT_STATE=failure\n\
             DEPLOYMENT_EXIT_CODE=3\n"
        )
    );
}

#[test]
fn a_declared_url_is_told_of_a_failure_too_and_a_detected_one_is_not() {
    let github = FakeGithub::start(&[]);
    let [declared, detected] = [github.deployment("a"), github.deployment("b")];

    Deploy::of(&github)
        .to(declared)
        .sh("echo https://declared.example.com > \"$DEPLOYMENT_URL_FILE\"; exit 1")
        .run();
    Deploy::of(&github).to(detected).sh("echo Live at https://hello.example.com; exit 1").run();

    let last = |id| github.statuses(id)[1].clone();
    assert_eq!(last(declared).target_url, "https://declared.example.com");
    assert_eq!(last(declared).environment_url, "");
    assert_eq!(last(detected).target_url, "");
}

#[cfg(unix)]
#[test]
fn a_url_file_that_has_no_end_is_not_waited_for() {
    let github = FakeGithub::start(&[]);
    for exchange in ["mkfifo", "ln -s /dev/zero"] {
        let id = github.deployment(exchange);
        let script = format!("rm \"$DEPLOYMENT_URL_FILE\"; {exchange} \"$DEPLOYMENT_URL_FILE\"");
        assert_eq!(Deploy::of(&github).to(id).sh(&script).run().exit_code, 0);
        assert_eq!(github.statuses(id)[1].state, "success");
    }
}

#[test]
fn a_pattern_that_finds_nothing_is_a_warning_and_no_guess() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github)
        .to(id)
        .option("url-pattern", "Site: (.*)")
        .sh("echo Live at https://hello.example.com")
        .run();

    assert_eq!(ran.exit_code, 0);
    assert!(ran.stderr.contains("warning: url-pattern `Site: (.*)` matches no line"), "{ran:?}");
    assert_eq!(github.statuses(id)[1].environment_url, "");
}

#[test]
fn the_command_sees_the_deployment_and_not_the_inputs() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let ran = Deploy::of(&github)
        .to(42)
        .variable("INPUT_TOKEN", crate::deploy::TOKEN)
        .without("GITHUB_TOKEN")
        .variable("INPUT_MINE", "kept")
        .option("environment", "staging")
        .sh("env | grep -E '^(DEPLOYMENT|INPUT|COLUMNS)' | sed 's/FILE=.*/FILE=…/' | sort")
        .run();

    expect![[r#"
        COLUMNS=1000
        DEPLOYMENT_ENVIRONMENT=staging
        DEPLOYMENT_ID=42
        DEPLOYMENT_URL_FILE=…
        INPUT_MINE=kept
    "#]]
    .assert_eq(&ran.stdout);
}

#[test]
fn a_script_is_run_as_the_runner_runs_it() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let deploy = Deploy::of(&github).to(42).option("run", "false | true\necho not reached");

    let ran = deploy.script().run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (1, ""));
    assert_eq!(github.states(42), ["pending", "failure"]);
}

#[test]
fn a_rehearsal_needs_nothing_and_shows_both_statuses() {
    let ran = Deploy::at("http://127.0.0.1:9")
        .without("GITHUB_TOKEN")
        .without("GITHUB_REPOSITORY")
        .option("sandbox", "true")
        .sh("echo Deployed to https://hello.example.com")
        .run();

    assert_eq!(ran.exit_code, 0);
    assert_eq!(ran.stdout, "Deployed to https://hello.example.com\n");
    assert!(ran.stderr.contains("success  https://hello.example.com  Deployed in"), "{ran:?}");
    assert!(ran.stderr.contains("pending  -                          Deploying"), "{ran:?}");
}

#[test]
fn how_it_ended_is_said_in_words() {
    let github = FakeGithub::start(&[]);
    let posted = |script: &str, options: &[(&str, &str)]| {
        let id = github.deployment("staging");
        let deploy = Deploy::of(&github).to(id).sh(script);
        let ran =
            options.iter().fold(deploy, |deploy, (name, value)| deploy.option(name, value)).run();
        let last = github.statuses(id).pop().unwrap();
        format!("{} {}: {}", ran.exit_code, last.state, last.description)
    };

    assert_eq!(posted("exit 3", &[]), "3 failure: Exited with 3 after 0s");
    assert_eq!(posted("kill -KILL $$", &[]), "137 error: Killed by SIGKILL after 0s");
    assert_eq!(posted("exec sleep 9", &[("timeout", "1s")]), "124 error: Timed out after 1s");
    assert_eq!(
        posted("exit 7", &[("description", "{state} of {environment}, {exit_code} {nothing}")]),
        "7 failure: failure of , 7 {nothing}"
    );
}

#[test]
fn what_is_sent_is_what_github_describes() {
    let Some(description) = Description::load() else { return };
    let github = FakeGithub::start(&[]);
    let deploy = || {
        Deploy::of(&github)
            .on_actions()
            .option("environment", "staging")
            .option("payload", r#"{"a": 1}"#)
            .option("required-contexts", "build, test")
            .option("transient-environment", "true")
            .option("auto-inactive", "false")
            .option("description", "🚀".repeat(200))
    };

    deploy().option("create-deployment", "always").sh("echo Live at https://a.example.com").run();
    deploy().option("log-url", "auto").sh("exit 3").run();

    let requests = github.requests();
    let writes = requests.iter().filter(|request| request.method == "POST").count();
    assert!(writes >= 4, "{requests:?}");
    description.check_requests(&requests);
}

#[test]
fn six_legs_that_share_an_environment_do_not_share_a_deployment() {
    let github = FakeGithub::start(&[]);

    let legs: Vec<_> = (0..6)
        .map(|leg| {
            Deploy::of(&github)
                .on_actions()
                .variable("INPUT_JOB_ID", format!("{leg}1"))
                .option("environment", "production")
                .sh(&format!("exit {leg}"))
                .spawn()
        })
        .collect();
    let codes: Vec<i32> = legs.into_iter().map(|leg| leg.wait().exit_code).collect();

    assert_eq!(codes, [0, 1, 2, 3, 4, 5]);
    let mut states: Vec<Vec<String>> = github
        .deployments()
        .iter()
        .map(|deployment| github.states(deployment["id"].as_u64().expect("an id is a number")))
        .collect();
    states.sort();
    let failed = vec!["pending".to_owned(), "failure".to_owned()];
    assert_eq!(states.len(), 6);
    assert_eq!(states.iter().filter(|states| **states == failed).count(), 5);
}
