//! Every no in its words.

mod invalid;
mod outages;
mod policies;
mod rate_limits;

use expect_test::expect;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::deployment::{DeploymentId, Slug};
use crate::redact::{Redactor, Secret};

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let id = ("x-github-request-id", "C0DE:1234");
    lines
        .iter()
        .chain([&id])
        .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

fn refusal(
    operation: Operation<'_>,
    caller: Caller,
    status: u16,
    lines: &[(&'static str, &'static str)],
    body: &str,
) -> ApiError {
    with_headers(operation, caller, status, &headers(lines), body)
}

/// What is said of an answer without any header of GitHub's.
fn refused_by_another_server(status: u16, body: &str) -> String {
    let operation = Operation::ListDeployments;
    described(&with_headers(operation, Caller::Token, status, &HeaderMap::new(), body))
}

fn with_headers(
    operation: Operation<'_>,
    caller: Caller,
    status: u16,
    headers: &HeaderMap,
    body: &str,
) -> ApiError {
    let repository = Slug::parse("octo/shop").expect("this is a slug");
    let status = StatusCode::from_u16(status).expect("this is a status");
    let context = RequestContext {
        operation,
        caller,
        repository: &repository,
        host: "api.github.com",
        proxy: None,
        secrets: Redactor::new(vec![Secret::new("ghp_hunter2")]),
    };
    ApiError::refused(&context, status, headers, body.as_bytes())
}

/// What is said of a refused status, and what follows from it.
fn refused(status: u16, lines: &[(&'static str, &'static str)], body: &str) -> String {
    refused_as(Caller::Token, status, lines, body)
}

fn refused_as(
    caller: Caller,
    status: u16,
    lines: &[(&'static str, &'static str)],
    body: &str,
) -> String {
    let deployment = DeploymentId::parse("42").expect("this is an id");
    described(&refusal(Operation::CreateStatus(deployment), caller, status, lines, body))
}

fn described(err: &ApiError) -> String {
    let help = err.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
    format!("{err}\n{help}{:?}\n", err.retry_decision())
}

#[test]
fn a_bad_token() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 401 Unauthorized: Bad credentials (request C0DE:1234)
        help: the token is wrong, revoked or expired: in a workflow set `token: ${{ github.token }}`
        GiveUp
    "#]]
    .assert_eq(&refused(401, &[], r#"{"message":"Bad credentials","status":"401"}"#));
}

#[test]
fn a_job_without_the_permission() {
    let accepted = ("x-accepted-github-permissions", "deployments=write");
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: deployments: write`
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[accepted], body));
}

#[test]
fn a_job_without_two_permissions() {
    let accepted = ("x-accepted-github-permissions", "deployments=write,pull_requests=read; a=b");
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: {deployments: write, pull-requests: read}`
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[accepted], body));
}

#[test]
fn a_missing_permission_on_the_last_request_of_the_hour_is_no_rate_limit() {
    let used_up = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4102444800")];
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: deployments: write`
        GiveUp
    "#]]
    .assert_eq(&refused(403, &used_up, body));
}

#[test]
fn a_personal_token_without_the_permission() {
    let body = r#"{"message":"Resource not accessible by personal access token"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by personal access token (request C0DE:1234)
        help: give the token the repository permission `Deployments: write` for `octo/shop`
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[], body));
}

#[test]
fn a_classic_token_without_the_scope() {
    let body = r#"{"message":"Must have admin rights to Repository."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Must have admin rights to Repository (request C0DE:1234)
        help: give the token the scope `repo_deployment` (`repo` where `octo/shop` is private)
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[("x-oauth-scopes", "gist")], body));
}

#[test]
fn an_app_without_the_permission() {
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the App the repository permission `Deployments: write`, and accept it where the App is installed
        GiveUp
    "#]]
    .assert_eq(&refused_as(Caller::App, 403, &[], body));
}

#[test]
fn a_deployment_that_is_not_there() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 404 Not Found (request C0DE:1234)
        help: check `deployment-id` and `repository` (`octo/shop`), and that the token may see it: `permissions: deployments: write`
        GiveUp
    "#]]
    .assert_eq(&refused(404, &[], r#"{"message":"Not Found","documentation_url":"https://docs.github.com"}"#));
}

#[test]
fn an_app_that_is_not_installed() {
    let err =
        refusal(Operation::FindInstallation, Caller::App, 404, &[], r#"{"message":"Not Found"}"#);
    expect![[r#"
        cannot find the GitHub App's installation: GitHub answered 404 Not Found (request C0DE:1234)
        help: install the App on `octo/shop`, or set `app-installation-id`
        GiveUp
    "#]]
    .assert_eq(&described(&err));
}

#[test]
fn a_key_of_another_app() {
    let body = r#"{"message":"A JSON web token could not be decoded"}"#;
    expect![[r#"
        cannot mint a token for the GitHub App: GitHub answered 401 Unauthorized: A JSON web token could not be decoded (request C0DE:1234)
        help: check that `app-private-key` is a key of the App `app-id`, and this machine's clock
        GiveUp
    "#]]
    .assert_eq(&described(&refusal(Operation::MintToken, Caller::App, 401, &[], body)));
}

#[test]
fn words_of_others_are_one_short_line_without_secrets() {
    let long = "x".repeat(400);
    let body = format!("nothing\u{1b}[31m for\r\n::error::ghp_hunter2\u{202e} {long}");
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 418 I'm a teapot: nothing [31m for ::error::*** xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (request C0DE:1234)
        GiveUp
    "#]]
    .assert_eq(&refused(418, &[("content-type", "text/plain")], &body));
}

#[test]
fn a_secret_is_not_cut_in_half() {
    let body = format!(r#"{{"message":"{}ghp_hunter2"}}"#, "x".repeat(295));
    assert!(!refused(422, &[], &body).contains("ghp_"));
}
