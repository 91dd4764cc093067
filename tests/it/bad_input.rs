//! Every bad input is named at once; nothing was posted and nothing was run.

use expect_test::expect;

use crate::step::{Step, TOKEN};

#[test]
fn every_bad_input_is_named_at_once() {
    Step::running()
        .variables(&[
            ("GITHUB_REPOSITORY", "octo"),
            ("INPUT_API-URL", "http://github.example/api/v3"),
            ("INPUT_DEPLOYMENT_ID", "latest"),
            ("PLUGIN_ENVIRONMENT", "two\nlines"),
            ("INPUT_REF", "a branch"),
            ("INPUT_CREATE_DEPLOYMENT", "sometimes"),
            ("INPUT_TASK", "two\tcolumns"),
            ("INPUT_PAYLOAD", "{oops"),
            ("INPUT_TRANSIENT_ENVIRONMENT", "yes"),
            ("INPUT_PRODUCTION_ENVIRONMENT", "1"),
            ("INPUT_REQUIRED_CONTEXTS", "[build"),
            ("INPUT_AUTO_MERGE", "tRUE"),
            ("INPUT_INITIAL_STATE", "success"),
            ("INPUT_CANCEL_STATE", "pending"),
            ("INPUT_TARGET_URL", "ftp://x.example"),
            ("INPUT_ENVIRONMENT_URL", "x.example"),
            ("INPUT_LOG_URL", "automatic"),
            ("INPUT_URL_PATTERN", "(unclosed"),
            ("INPUT_DETECT_URL", "off"),
            ("INPUT_AUTO_INACTIVE", "on"),
            ("INPUT_TIMEOUT", "0"),
            ("INPUT_GRACE_PERIOD", "5 parsecs"),
            ("INPUT_API_TIMEOUT", "-1"),
            ("INPUT_WATCH_ANCESTORS", "maybe"),
            ("INPUT_STRICT", "very"),
            ("INPUT_SANDBOX", "please"),
            ("INPUT_SHELL", "fish"),
            ("INPUT_WORKING_DIRECTORY", "/nonexistent"),
            ("INPUT_OUTPUTS", "/"),
        ])
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_SANDBOX is `please`: expected `true` or `false`
            deployment-status:   INPUT_TIMEOUT is `0`: expected a duration above 0, such as `90s`, `15m`, `1h30m` or a number of seconds
            deployment-status:   INPUT_GRACE_PERIOD is `5 parsecs`: expected a duration such as `90s`, `15m`, `1h30m` or a number of seconds
            deployment-status:   INPUT_WATCH_ANCESTORS is `maybe`: expected `true` or `false`
            deployment-status:   INPUT_WORKING_DIRECTORY is `/nonexistent`: expected a directory that exists
            deployment-status:   INPUT_SHELL is `fish`: expected `bash`, `sh`, `pwsh`, `powershell`, `cmd`, or a program with `{0}` for the script's file
            deployment-status:   INPUT_API-URL is `http://github.example/api/v3`: expected an https URL (http on loopback only) without credentials, query and fragment
            deployment-status:   GITHUB_REPOSITORY is `octo`: expected `owner/name`
            deployment-status:   INPUT_DEPLOYMENT_ID is `latest`: expected a whole number above 0
            deployment-status:   PLUGIN_ENVIRONMENT is `two�lines`: expected one line of at most 255 characters
            deployment-status:   INPUT_REF is `a branch`: expected a branch, a tag or a commit
            deployment-status:   INPUT_TASK is `two�columns`: expected one line of at most 255 characters
            deployment-status:   INPUT_TRANSIENT_ENVIRONMENT is `yes`: expected `true` or `false`
            deployment-status:   INPUT_PRODUCTION_ENVIRONMENT is `1`: expected `true` or `false`
            deployment-status:   INPUT_AUTO_MERGE is `tRUE`: expected `true` or `false`
            deployment-status:   INPUT_CREATE_DEPLOYMENT is `sometimes`: expected `if-missing`, `always` or `never`
            deployment-status:   INPUT_PAYLOAD is `{oops`: expected a JSON object, or a text
            deployment-status:   INPUT_REQUIRED_CONTEXTS is `[build`: expected names as a JSON list or with commas between them, or `*`
            deployment-status:   INPUT_TARGET_URL is `ftp://x.example`: expected an http or https URL of at most 2048 characters
            deployment-status:   INPUT_ENVIRONMENT_URL is `x.example`: expected an http or https URL of at most 2048 characters
            deployment-status:   INPUT_LOG_URL is `automatic`: expected `auto`, or an http or https URL of at most 2048 characters
            deployment-status:   INPUT_AUTO_INACTIVE is `on`: expected `true` or `false`
            deployment-status:   INPUT_INITIAL_STATE is `success`: expected `pending`, `queued` or `in_progress`
            deployment-status:   INPUT_CANCEL_STATE is `pending`: expected `error`, `failure` or `inactive`
            deployment-status:   INPUT_DETECT_URL is `off`: expected `true` or `false`
            deployment-status:   INPUT_URL_PATTERN is `(unclosed`: expected a regular expression (unclosed group)
            deployment-status:   INPUT_API_TIMEOUT is `-1`: expected a duration above 0, such as `90s`, `15m`, `1h30m` or a number of seconds
            deployment-status:   INPUT_STRICT is `very`: expected `true` or `false`
            deployment-status:   INPUT_OUTPUTS is `/`: expected a file
        "#]]);
}

#[test]
fn a_flag_is_named_as_a_flag() {
    Step::configured()
        .arguments(&["run", "--deployment-id", "4x", "--timeout=soon", "--", "true"])
        .variable("INPUT_DEPLOYMENT_ID", "42")
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   --timeout is `soon`: expected a duration above 0, such as `90s`, `15m`, `1h30m` or a number of seconds
            deployment-status:   --deployment-id is `4x`: expected a whole number above 0
        "#]]);
}

#[test]
fn what_is_missing_is_named_with_what_would_help() {
    let mut step = Step::running();
    step.variables.clear();

    step.check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   the repository is not known: set `--repository`, INPUT_REPOSITORY or GITHUB_REPOSITORY to `owner/name`
        deployment-status:   there is no token: set `--token` or one of INPUT_TOKEN, GITHUB_TOKEN, GH_TOKEN; or app-id and app-private-key
    "#]]);
}

#[test]
fn a_token_for_github_is_not_meant_for_another_host() {
    Step::running().variable("INPUT_API_URL", "https://github.example/api/v3").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   there is no token (GITHUB_TOKEN is not meant for github.example): set `--token` or one of INPUT_TOKEN, GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN; or app-id and app-private-key
    "#]]);
}

#[test]
fn a_token_with_a_blank_in_it_is_refused_and_not_shown() {
    Step::running().variable("INPUT_TOKEN", "ghp_one ghp_two").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_TOKEN holds a blank or a character that no token has: expected one token
    "#]]);
}

#[test]
fn a_token_in_the_wrong_place_is_not_shown() {
    Step::running().variable("INPUT_DEPLOYMENT_ID", TOKEN).check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   INPUT_DEPLOYMENT_ID is `***`: expected a whole number above 0
    "#]]);
}

#[test]
fn half_an_app_is_none() {
    Step::running().variable("INPUT_APP_ID", "1234").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   app-private-key is not set: a GitHub App needs app-id and app-private-key
    "#]]);
    Step::running().variable("INPUT_APP_INSTALLATION_ID", "9").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   app-id is not set: a GitHub App needs app-id and app-private-key
        deployment-status:   app-private-key is not set: a GitHub App needs app-id and app-private-key
    "#]]);
}

#[test]
fn an_app_with_a_bad_key_does_not_show_it() {
    Step::running()
        .variables(&[
            ("INPUT_APP_ID", "an app"),
            ("INPUT_APP_PRIVATE_KEY", "hunter2hunter2"),
            ("INPUT_APP_INSTALLATION_ID", "0"),
        ])
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_APP_ID is `an app`: expected the App's id or client id
            deployment-status:   INPUT_APP_INSTALLATION_ID is `0`: expected a whole number above 0
            deployment-status:   INPUT_APP_PRIVATE_KEY is no private key: expected PEM: `-----BEGIN RSA PRIVATE KEY-----` and what follows
        "#]]);
}

#[test]
fn two_spellings_must_agree() {
    Step::running()
        .variables(&[("INPUT_DEPLOYMENT-ID", "1"), ("INPUT_DEPLOYMENT_ID", "2")])
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_DEPLOYMENT-ID and INPUT_DEPLOYMENT_ID give deployment-id two different values: set one of them
        "#]]);
}

#[test]
fn an_event_that_cannot_be_read_is_named_and_stops_nothing_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let mut said = String::new();
    for payload in ["", "{\"deployment\": {", "[]"] {
        let path = directory.path().join("event.json");
        std::fs::write(&path, payload).unwrap();
        let output = Step::running().variable("GITHUB_EVENT_PATH", &path).start();
        assert_eq!(output.status.code(), Some(125));
        let stderr = String::from_utf8_lossy(&output.stderr);
        said += &stderr.replace(path.to_str().unwrap(), "event.json");
    }

    expect![[r#"
        deployment-status: warning: GITHUB_EVENT_PATH is `event.json`, which is empty: what triggered this is not known
        deployment-status: error: cannot tell which deployment is meant: no `deployment-id` was given, no `deployment` event triggered this, no `environment` was given
        deployment-status: help: set `environment`, or `deployment-id` to name one
        deployment-status: warning: GITHUB_EVENT_PATH is `event.json`, which is no event's payload: EOF while parsing an object at line 1 column 16: what triggered this is not known
        deployment-status: error: cannot tell which deployment is meant: no `deployment-id` was given, no `deployment` event triggered this, no `environment` was given
        deployment-status: help: set `environment`, or `deployment-id` to name one
        deployment-status: warning: GITHUB_EVENT_PATH is `event.json`, which is not a JSON object: what triggered this is not known
        deployment-status: error: cannot tell which deployment is meant: no `deployment-id` was given, no `deployment` event triggered this, no `environment` was given
        deployment-status: help: set `environment`, or `deployment-id` to name one
    "#]].assert_eq(&said);
}

#[test]
fn gitea_is_not_github() {
    Step::running()
        .variables(&[("GITHUB_ACTIONS", "true"), ("GITEA_ACTIONS", "true")])
        .check(&expect![[r#"
            ::error title=deployment-status::cannot start:%0A  this is Gitea or Forgejo, which has no GitHub deployments: set `--api-url` or INPUT_API_URL to the API of the GitHub that is meant%0A  the repository is not known: set `--repository`, INPUT_REPOSITORY or GITHUB_REPOSITORY to `owner/name`%0A  there is no token (GITHUB_TOKEN is not meant for GitHub): set `--token` or one of INPUT_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN; or app-id and app-private-key
        "#]]);
}

#[cfg(unix)]
#[test]
fn what_is_not_utf_8_is_named_where_it_is_ours_and_ignored_elsewhere() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let bytes = OsStr::from_bytes(b"\xff\xfe");

    Step::running()
        .variable("INPUT_ENVIRONMENT", bytes)
        .variable("GITHUB_API_URL", bytes)
        .variable("HOME", bytes)
        .variable(bytes, bytes)
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_ENVIRONMENT is not UTF-8
            deployment-status:   GITHUB_API_URL is not UTF-8
        "#]]);
}

#[test]
fn a_long_value_is_cut_and_its_control_characters_are_replaced() {
    Step::running()
        .variable("INPUT_DEPLOYMENT_ID", format!("\n::error::{}", "x".repeat(9000)))
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   INPUT_DEPLOYMENT_ID is `::error::xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`: expected a whole number above 0
        "#]]);
}

#[test]
fn a_token_in_the_wrong_place_of_the_command_line_is_not_shown() {
    for secret in ["ghs_0123456789abcdef", "0123456789abcdef"] {
        for line in [
            &["--token=", secret][..],
            &["run", "--token", secret, "./deploy.sh"],
            &["run", &format!("NPM_TOKEN={secret}")],
            &["lst", "-H", &format!("Authorization: Bearer {secret}")],
            &["run", &format!("--tokn={secret}"), "--", "true"],
        ] {
            let output = Step::configured().arguments(line).start();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(125), "{stderr}");
            assert!(!stderr.contains(secret), "{stderr}");
        }
    }
    let known = Step::configured().arguments(&["run", TOKEN]).start();
    assert!(!String::from_utf8_lossy(&known.stderr).contains(TOKEN));
}

#[test]
fn a_bad_input_of_the_json_is_named_by_its_name() {
    Step::running()
        .variable("DEPLOYMENT_STATUS_INPUTS", r#"{"timeout": "soon", "strict": "", "job-id": ""}"#)
        .check(&expect![[r#"
            deployment-status: error: cannot start:
            deployment-status:   the input timeout is `soon`: expected a duration above 0, such as `90s`, `15m`, `1h30m` or a number of seconds
        "#]]);
    Step::running().variable("DEPLOYMENT_STATUS_INPUTS", "{oops").check(&expect![[r#"
        deployment-status: error: cannot start:
        deployment-status:   DEPLOYMENT_STATUS_INPUTS is no JSON object of inputs and their texts
    "#]]);
}

#[test]
fn a_secret_in_what_is_posted_is_a_warning_that_does_not_show_it() {
    let output = Step::configured()
        .arguments(&["run", "--sandbox", "--", "true"])
        .variables(&[("DB_PASSWORD", "hunter22"), ("INPUT_LOG_URL", "https://x.example/hunter22")])
        .start();

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr.contains("warning: INPUT_LOG_URL holds a secret"), "{stderr}");
    assert!(!stderr.contains("hunter22"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn without_bash_a_script_runs_by_sh_and_a_note_says_so() {
    let bin = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/bin/sh", bin.path().join("sh")).unwrap();
    let step = || {
        let step = Step::configured().variable("PATH", bin.path());
        step.variables(&[("INPUT_SANDBOX", "true"), ("INPUT_RUN", "echo by $0")])
    };

    let (code, stdout, stderr) = step().outcome();
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.starts_with("by /"), "{stdout}");
    assert!(stderr.contains("deployment-status: there is no bash on the PATH"), "{stderr}");

    let (_, _, stderr) = step().variable("INPUT_SHELL", "sh").outcome();
    assert!(!stderr.contains("no bash"), "{stderr}");
}

#[test]
fn an_error_about_an_input_does_not_quote_the_token() {
    let (_, _, stderr) = Step::running()
        .variables(&[("GITHUB_TOKEN", "mellon!"), ("INPUT_DEPLOYMENT_ID", "mellon!")])
        .outcome();
    assert!(stderr.contains("INPUT_DEPLOYMENT_ID is `***`"), "{stderr}");
}
