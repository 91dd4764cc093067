//! `strict`: no deploy without credentials.

use serde_json::json;

use crate::deploy::Deploy;
use crate::github::FakeGithub;
use crate::step::Step;

/// A fork's pull request, whose missing token is no bad input.
fn of_a_fork(github: &FakeGithub) -> Deploy {
    let repo = |name: &str| json!({ "sha": "b".repeat(40), "repo": { "full_name": name } });
    let event = json!({ "pull_request": {
        "number": 7, "head": repo("fork/app"), "base": repo("octo/app"),
    } });
    Deploy::of(github)
        .on_actions()
        .variable("GITHUB_EVENT_NAME", "pull_request")
        .event(&event)
        .to(42)
        .without("GITHUB_TOKEN")
        .sh("echo ran")
}

#[test]
fn a_strict_deploy_without_a_token_is_not_run() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let ran = of_a_fork(&github).option("strict", "true").run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""), "{ran:#?}");
    assert!(ran.stderr.contains("no deployment status is posted"), "{ran:#?}");
    assert!(ran.stderr.contains("`strict` is set"), "{ran:#?}");
    assert!(github.requests().is_empty());
}

#[test]
fn any_other_deploy_without_a_token_is_run_with_a_notice() {
    let github = FakeGithub::start(&["--deployment", "42"]);

    let ran = of_a_fork(&github).run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "ran\n"), "{ran:#?}");
    assert!(ran.stderr.starts_with("::notice title=deployment-status::no deployment status"));
    assert!(github.requests().is_empty());
}

#[test]
fn a_strict_deploy_whose_deployment_cannot_be_found_out_is_not_run() {
    let github = FakeGithub::start(&["--fault", "every get: 403"]);

    let ran = Deploy::of(&github)
        .option("environment", "staging")
        .option("ref", "main")
        .option("strict", "true")
        .sh("echo ran")
        .run();

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""), "{ran:#?}");
}

#[test]
fn an_end_on_a_fork_whose_start_was_not_taken_is_a_notice() {
    let github = FakeGithub::start(&["--grant", &format!("{}:read", crate::step::TOKEN)]);
    let payload = tempfile::NamedTempFile::new().unwrap();
    let repository = |name: &str| json!({"sha": "b".repeat(40), "repo": {"full_name": name}});
    let text = json!({"pull_request": {
        "number": 7, "head": repository("fork/app"), "base": repository("octo/app"),
    }});
    std::fs::write(&payload, text.to_string()).unwrap();
    for (strict, expected) in [("false", 0), ("true", 125)] {
        let (code, _, stderr) = Step::of(&github)
            .arguments(&["create", "--environment", "staging", "--state", "success"])
            .variables(&[("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request")])
            .variable("GITHUB_EVENT_PATH", payload.path())
            .variable("INPUT_STRICT", strict)
            .outcome();

        assert_eq!(code, Some(expected), "{stderr}");
        assert_eq!(stderr.starts_with("::notice"), expected == 0, "{stderr}");
    }
}
