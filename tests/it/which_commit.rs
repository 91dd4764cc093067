//! Which commit a new deployment is of, and what a bad event file costs.

use serde_json::{Value, json};

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;
use crate::step::Step;

const HEAD: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const BUILT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn deploy(github: &FakeGithub, event_name: &str) -> Deploy {
    Deploy::of(github)
        .on_actions()
        .option("environment", "production")
        .variable("GITHUB_EVENT_NAME", event_name)
}

/// What the newest deployment is of.
fn deployed(github: &FakeGithub) -> String {
    let newest = github.deployments().pop().expect("one was made");
    newest["ref"].as_str().expect("a ref is a text").to_owned()
}

fn warnings(ran: &Ran) -> usize {
    ran.stderr.matches("::warning").count()
}

#[test]
fn a_comment_on_a_pull_request_deploys_the_head_that_github_names() {
    let payload = json!({
        "action": "created",
        "issue": { "number": 9, "pull_request": { "url": "https://api.github.com/x/pulls/9" } },
        "comment": { "body": "/deploy" },
    });
    let github = FakeGithub::start(&["--pull", &format!("9:{HEAD}")]);

    let ran = deploy(&github, "issue_comment").event(&payload).run();

    assert_eq!((ran.exit_code, warnings(&ran)), (0, 0), "{ran:?}");
    assert_eq!(deployed(&github), HEAD);
    assert!(github.requests().len() <= 6);
}

#[test]
fn a_head_that_may_not_be_read_is_a_warning() {
    let payload = json!({ "issue": { "number": 9, "pull_request": { "url": "x" } } });
    for (create, open) in [("if-missing", 0), ("if-missing", 1), ("always", 0)] {
        let github = FakeGithub::start(&["--fault", "every get to pulls: 403"]);
        for _ in 0..open {
            github.deployment_of(&json!({ "ref": BUILT, "environment": "production" }));
        }

        let ran = deploy(&github, "issue_comment")
            .event(&payload)
            .option("create-deployment", create)
            .variable("GIT_DIR", "/nonexistent")
            .run();

        assert_eq!((ran.exit_code, warnings(&ran)), (0, 1), "{ran:?}");
        assert!(ran.stderr.contains("pull request 9"), "{ran:?}");
        assert_eq!(deployed(&github), BUILT);
        assert_eq!(github.deployments().len(), 1);
    }
}

#[test]
fn a_command_that_needs_no_event_says_nothing_of_its_file() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("qa");
    github.post_status(id, &json!({ "state": "success" }));

    let (code, _, stderr) = Step::of(&github)
        .arguments(&["list", "--environment=qa"])
        .variables(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_EVENT_NAME", "workflow_run"),
            ("GITHUB_EVENT_PATH", "/nonexistent"),
        ])
        .outcome();

    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn without_a_file_a_pull_requests_head_is_asked_for_by_the_number_in_its_ref() {
    let github = FakeGithub::start(&["--pull", &format!("9:{HEAD}")]);
    let ran = deploy(&github, "pull_request").variable("GITHUB_REF", "refs/pull/9/merge").run();
    assert_eq!((ran.exit_code, warnings(&ran)), (0, 0), "{ran:?}");
    assert_eq!(deployed(&github), HEAD);
}

#[test]
fn a_pull_request_that_jenkins_builds_is_deployed_as_its_head() {
    let github = FakeGithub::start(&["--pull", &format!("9:{HEAD}")]);
    let ran = Deploy::of(&github)
        .variable("JENKINS_URL", "https://jenkins.example/")
        .variable("GIT_COMMIT", BUILT)
        .variable("CHANGE_ID", "9")
        .option("environment", "production")
        .run();
    assert_eq!(ran.exit_code, 0, "{ran:?}");
    assert_eq!(deployed(&github), HEAD);
}

#[test]
fn a_given_ref_wins() {
    let github = FakeGithub::start(&[]);
    let payload = json!({ "pull_request": { "number": 9, "head": { "sha": HEAD } } });
    deploy(&github, "pull_request").event(&payload).option("ref", "v1").run();
    assert_eq!(deployed(&github), "v1");
}

#[test]
fn a_commit_of_digits_alone_is_one() {
    let github = FakeGithub::start(&[]);
    let file = tempfile::NamedTempFile::new().unwrap();
    let commit = "1".repeat(40);
    std::fs::write(&file, format!(r#"{{"workflow_run": {{"head_sha": "{commit}"}}}}"#)).unwrap();

    let ran = deploy(&github, "workflow_run").variable("GITHUB_EVENT_PATH", file.path()).run();

    assert_eq!((ran.exit_code, warnings(&ran)), (0, 0), "{ran:?}");
    assert_eq!(github.deployments()[0]["ref"], commit.as_str());
}

#[test]
fn no_event_file_stops_a_deploy_that_knows_its_environment() {
    let github = FakeGithub::start(&[]);
    let with_file = |text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        let deploy = deploy(&github, "workflow_run").variable("GITHUB_EVENT_PATH", file.path());
        deploy.run()
    };
    for text in ["", "{", "[]", r#"{"workflow_run": {"head_sha": 7}}"#, r#"{"workflow_run": []}"#] {
        let ran = with_file(text);
        assert_eq!(ran.exit_code, 0, "{text}: {ran:?}");
        assert_eq!(warnings(&ran), 1, "{text}: {ran:?}");
    }
    let missing = deploy(&github, "workflow_run").variable("GITHUB_EVENT_PATH", "/nonexistent");
    let ran = missing.run();
    assert_eq!((ran.exit_code, warnings(&ran)), (0, 1), "{ran:?}");
}

#[test]
fn a_deployments_event_needs_its_file_only_where_no_input_says_more() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let strange: [Value; 2] = [json!({ "deployment": {} }), json!({ "deployment": { "id": "x" } })];
    for payload in strange {
        let bare = || {
            Deploy::of(&github)
                .on_actions()
                .variable("GITHUB_EVENT_NAME", "deployment")
                .event(&payload)
        };
        assert_eq!(bare().option("environment", "production").run().exit_code, 0);
        assert_eq!(bare().to(42).run().exit_code, 0);
        let ran = bare().sh("echo deployed").run();
        assert_eq!((ran.exit_code, ran.stdout.as_str()), (125, ""), "{ran:?}");
        assert!(ran.stderr.contains("the event's file"), "{ran:?}");
    }
}
