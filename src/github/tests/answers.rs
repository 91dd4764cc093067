//! Answers that are late, broken, or not what they should be.

use std::time::Duration;

use expect_test::expect;
use url::Url;

use super::{LIMIT, LOOPBACK, check, posted};
use crate::deployment::NewDeployment;
use crate::github::tests::scripted::{Reply, answer, deployment, github, serve, success};

#[tokio::test]
async fn a_request_that_hangs_ends_with_its_limit() {
    let (url, _log) = serve(LOOPBACK, |_, _| Reply::Nothing).await;
    let limit = Duration::from_millis(200);

    let result = github(url.clone()).create_status(deployment(), &success(), limit).await;

    check(
        &result.expect_err("nobody answers"),
        &expect![[r#"
            cannot post a status to deployment `42`: no answer from `LOOPBACK` within 200ms
            Uncertain { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_read_that_hangs_ends_with_its_limit_too() {
    let (url, _log) = serve(LOOPBACK, |_, _| Reply::Nothing).await;
    let limit = Duration::from_millis(200);

    let result = github(url).latest_statuses(deployment(), limit).await;

    check(
        &result.expect_err("nobody answers"),
        &expect![[r#"
            cannot list the statuses of deployment `42`: no answer from `LOOPBACK` within 200ms
            Uncertain { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_surely_nothing() {
    let listener = tokio::net::TcpListener::bind(LOOPBACK).await.expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let url = Url::parse(&format!("http://{address}")).expect("this is a URL");

    let result = github(url.clone()).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("nobody listens"),
        &expect![[r#"
            cannot post a status to deployment `42`: no connection to `LOOPBACK`: Connection refused
            help: check `api-url` and the firewall; behind a proxy, set HTTPS_PROXY
            Retry { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_us_unsure() {
    let (url, log) = serve(LOOPBACK, |_, _| Reply::SayAndClose(String::new())).await;

    let result = github(url.clone()).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("it broke"),
        &expect![[r#"
            cannot post a status to deployment `42`: the connection to `LOOPBACK` broke before the answer was complete: connection closed before message completed
            Uncertain { after: None }
        "#]],
    );
    assert_eq!(log.lines().len(), 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_us_unsure() {
    let (result, _) = posted(|_, _| {
        Reply::SayAndClose("HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{\"id\":".to_owned())
    })
    .await;

    check(
        &result.expect_err("half an answer is none"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 201 Created, but its answer broke off
            help: check `api-url`: this does not look like GitHub's API
            Uncertain { after: None }
        "#]],
    );
}

#[tokio::test]
async fn an_answer_that_is_something_else_leaves_us_unsure() {
    let (result, _) = posted(|_, _| Reply::Say(answer("201 Created", "", "{\"id\": 4"))).await;

    check(
        &result.expect_err("this is no status"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 201 Created, but its answer is not what was asked for
            help: check `api-url`: this does not look like GitHub's API
            Uncertain { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_deployment_that_was_merged_instead_forbids_the_deploy() {
    let (url, _log) = serve(LOOPBACK, |_, _| {
        let body = r#"{"message":"Auto-merged main into topic on deployment."}"#;
        Reply::Say(answer("202 Accepted", "", body))
    })
    .await;
    let wanted = NewDeployment {
        git_ref: "topic".to_owned(),
        environment: "staging".to_owned(),
        task: "deploy".to_owned(),
        auto_merge: true,
        required_contexts: None,
        payload: serde_json::Value::Null,
        description: None,
        transient_environment: None,
        production_environment: None,
    };

    let err = github(url).create_deployment(&wanted, LIMIT).await.expect_err("it was merged");

    assert!(err.forbids_the_deploy());
    check(
        &err,
        &expect![[r#"
            cannot create a deployment: GitHub merged the default branch into the ref instead: Auto-merged main into topic on deployment
            help: deploy the merge commit, or leave `auto-merge` out
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn no_header_of_a_refusal_brings_a_secret_back() {
    let headers = "x-github-request-id: ghp_hunter2\r\n\
        x-github-sso: required; url=https://github.com/orgs/octo/sso?t=ghp_hunter2\r\n";

    let (result, _) = posted(move |_, _| Reply::Say(answer("403 Forbidden", headers, "{}"))).await;

    check(
        &result.expect_err("it was refused"),
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden (request ***)
        help: authorize the token for the organization's single sign-on: https://github.com/orgs/octo/sso?t=***
        GiveUp
    "#]],
    );
}
