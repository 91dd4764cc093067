//! The log as a person sees it.

use serde_json::json;

use super::job::{Runner, TOKEN};

const INSTALL: &str = "# Install deployment-status";
const DEPLOY: &str = "# Deploy and report the status";
const CLOSE: &str = "# Close the deployment, if it was left open";

#[test]
fn each_group_has_a_title_for_people() {
    let Some(runner) = Runner::new() else { return };

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "true"}}]));

    let titles = job.log.lines().filter_map(|line| line.strip_prefix("##[group]Run "));
    assert_eq!(titles.collect::<Vec<_>>(), ["./action", INSTALL, DEPLOY, CLOSE]);
}

#[test]
fn the_environment_of_a_step_holds_what_is_set_and_few_blanks() {
    let Some(runner) = Runner::new() else { return };
    let with = json!({"run": "true", "description": "a \"quoted\" one", "url-key": "/outputs/url"});

    let job = runner.run(&json!([{"uses": "./action", "with": with}]));

    for title in [DEPLOY, CLOSE] {
        let (_, group) = job.log.split_once(title).expect("there is such a group");
        let (group, _) = group.split_once("##[endgroup]").expect("it ends");
        let (_, environment) = group.split_once("env:\n").expect("it has an environment");
        let blanks = environment.lines().filter(|line| line.trim_end().ends_with(':'));
        assert!(blanks.count() <= 2, "{environment}");
        assert!(environment.lines().count() <= 10, "{environment}");
    }
    assert_eq!(runner.posted(), ["pending", "success"], "{}", job.log);
    let description = &runner.github.statuses(42)[1].description;
    assert_eq!(description, "a \"quoted\" one");
}

#[test]
fn no_secret_is_shown() {
    let Some(runner) = Runner::new() else { return };
    let key = "-----BEGIN KEY-----\nMIIEow\\IBAAKC\"AQEA\nq83vEjRWeJ\n-----END KEY-----\n";
    let runner = runner.secret(key).secret("s3cr3t-w0rd");
    let with = json!({
        "run": "echo deployed with s3cr3t-w0rd",
        "token": "s3cr3t-w0rd",
        "app-private-key": key,
    });

    let job = runner.run(&json!([{"uses": "./action", "with": with}]));

    for secret in [TOKEN, "s3cr3t-w0rd", "MIIEow", "q83vEjRWeJ"] {
        assert!(!job.log.contains(secret), "{}", job.log);
    }
}

#[test]
fn a_deploy_says_what_is_pending_and_how_it_ended() {
    let Some(runner) = Runner::new() else { return };
    let run = "echo Deployed to https://preview.example.com";

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": run}}]));

    // The runner reads our two streams each for itself.
    let said = job.said_under(DEPLOY);
    assert_eq!(said.lines().count(), 3, "{said}");
    for line in [
        "deployment-status: deployment 42 of preview is pending",
        "Deployed to https://preview.example.com",
        "deployment-status: deployment 42: success, https://preview.example.com",
    ] {
        assert!(said.lines().any(|said| said.starts_with(line)), "{said}");
    }
}

#[test]
fn where_nothing_is_open_the_last_step_says_nothing() {
    let Some(runner) = Runner::new() else { return };

    let job = runner.run(&json!([{"uses": "./action", "with": {"run": "true"}}]));

    assert_eq!(job.said_under(CLOSE), "");
    assert_eq!(runner.github.requests().len(), 2);
}
