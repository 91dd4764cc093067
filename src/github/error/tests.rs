//! Every no in its words.

mod outages;
mod rate_limits;

use expect_test::expect;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::deployment::DeploymentId;
use crate::redact::Secret;

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let id = ("x-github-request-id", "C0DE:1234");
    lines
        .iter()
        .chain([&id])
        .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

fn refusal(
    operation: Operation,
    caller: Caller,
    status: u16,
    lines: &[(&'static str, &'static str)],
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
    ApiError::refused(&context, status, &headers(lines), body.as_bytes())
}

/// What is told of a refused status, and what follows from it.
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
    told(&refusal(Operation::CreateStatus(deployment), caller, status, lines, body))
}

fn told(err: &ApiError) -> String {
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
fn a_token_without_single_sign_on() {
    let sso =
        ("x-github-sso", "required; url=https://github.com/orgs/octo/sso?authorization_request=A1");
    let body = r#"{"message":"Resource protected by organization SAML enforcement."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource protected by organization SAML enforcement (request C0DE:1234)
        help: authorize the token for the organization's single sign-on: https://github.com/orgs/octo/sso?authorization_request=A1
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[sso], body));
}

#[test]
fn a_runner_that_is_not_on_the_allow_list() {
    let body = r#"{"message":"Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource (request C0DE:1234)
        help: add this machine's address to the organization's IP allow list, or use a runner that is on it
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[], body));
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
fn errors_that_are_objects() {
    let body = r#"{"message":"Validation Failed","errors":[
        {"resource":"DeploymentStatus","code":"custom","field":"environment_url","message":"environment_url must use http(s) scheme"},
        {"resource":"DeploymentStatus","code":"missing_field","field":"state"},
        {"resource":"DeploymentStatus","code":"invalid","field":"log_url"},
        {"reason":7}]}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: environment_url must use http(s) scheme; `state` is missing; `log_url` is invalid; {"reason":7} (request C0DE:1234)
        help: `environment-url`, `target-url` and `log-url` are http or https URLs
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn errors_that_are_a_sentence() {
    let body = r#"{"message":"Validation Failed","errors":"Validation failed: Description is too long (maximum is 140 characters)","status":"422"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: Validation failed: Description is too long (maximum is 140 characters) (request C0DE:1234)
        help: shorten the input `description`
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn errors_that_are_sentences() {
    let body = r#"{"message":"Validation Failed","errors":["One","Two"]}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: One; Two (request C0DE:1234)
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn a_ref_that_is_not_there() {
    let body = r#"{"message":"No ref found for: topic"}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 422, &[], body);
    assert!(!err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 422 Unprocessable Entity: No ref found for: topic (request C0DE:1234)
        help: push it first: `ref` is a branch, a tag or a commit that GitHub knows
        GiveUp
    "#]]
    .assert_eq(&told(&err));
}

#[test]
fn a_merge_conflict() {
    let body = r#"{"message":"Conflict merging main into topic."}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict merging main into topic (request C0DE:1234)
        help: merge the default branch into the ref, or leave `auto-merge` out
        GiveUp
    "#]]
    .assert_eq(&told(&err));
}

#[test]
fn contexts_that_are_not_green() {
    let body = r#"{"message":"Conflict: Commit status checks failed for topic.","errors":[{"contexts":[{"context":"ci/build","state":"failure"}],"resource":"Deployment","field":"required_contexts","code":"invalid"}]}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict: Commit status checks failed for topic: `required_contexts` is invalid (request C0DE:1234)
        help: deploy when the checks are green, or name in `required-contexts` only those that must be
        GiveUp
    "#]]
    .assert_eq(&told(&err));
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
    .assert_eq(&told(&err));
}

#[test]
fn a_key_of_another_app() {
    let body = r#"{"message":"A JSON web token could not be decoded"}"#;
    expect![[r#"
        cannot mint a token for the GitHub App: GitHub answered 401 Unauthorized: A JSON web token could not be decoded (request C0DE:1234)
        help: check that `app-private-key` is a key of the App `app-id`, and this machine's clock
        GiveUp
    "#]]
    .assert_eq(&told(&refusal(Operation::MintToken, Caller::App, 401, &[], body)));
}

#[test]
fn an_archived_repository() {
    let body = r#"{"message":"Repository was archived so is read-only."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Repository was archived so is read-only (request C0DE:1234)
        help: unarchive `octo/shop`: nothing can be posted to it as it is
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[], body));
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
