//! Every no in its words.

use expect_test::{Expect, expect};
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::secret::Secret;

fn scene<'a>(doing: Doing, speaker: Speaker, repository: &'a Slug) -> Scene<'a> {
    Scene {
        doing,
        speaker,
        repository,
        host: "api.github.com",
        proxy: None,
        secrets: Secrets::new(vec![Secret::new("ghp_hunter2")]),
    }
}

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let id = ("x-github-request-id", "C0DE:1234");
    lines
        .iter()
        .chain([&id])
        .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

fn refusal(
    doing: Doing,
    speaker: Speaker,
    status: u16,
    lines: &[(&'static str, &'static str)],
    body: &str,
) -> ApiError {
    let repository = Slug::parse("octo/shop").expect("this is a slug");
    let status = StatusCode::from_u16(status).expect("this is a status");
    let scene = scene(doing, speaker, &repository);
    ApiError::refused(&scene, status, &headers(lines), body.as_bytes())
}

/// What is told of a refused status, and what follows from it.
#[track_caller]
fn check(status: u16, lines: &[(&'static str, &'static str)], body: &str, told: &Expect) {
    check_as(Speaker::Token, status, lines, body, told);
}

#[track_caller]
fn check_as(
    speaker: Speaker,
    status: u16,
    lines: &[(&'static str, &'static str)],
    body: &str,
    told: &Expect,
) {
    let deployment = DeploymentId::parse("42").expect("this is an id");
    check_told(&refusal(Doing::CreateStatus(deployment), speaker, status, lines, body), told);
}

#[track_caller]
fn check_told(err: &ApiError, told: &Expect) {
    let help = err.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
    told.assert_eq(&format!("{err}\n{help}{:?}\n", err.verdict()));
}

#[test]
fn a_bad_token() {
    check(
        401,
        &[],
        r#"{"message":"Bad credentials","status":"401"}"#,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 401 Unauthorized: Bad credentials (request C0DE:1234)
        help: the token is wrong, revoked or expired: in a workflow set `token: ${{ github.token }}`
        GiveUp
    "#]],
    );
}

#[test]
fn a_job_without_the_permission() {
    let accepted = ("x-accepted-github-permissions", "deployments=write");
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    check(
        403,
        &[accepted],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: deployments: write`
        GiveUp
    "#]],
    );
}

#[test]
fn a_job_without_two_permissions() {
    let accepted = ("x-accepted-github-permissions", "deployments=write,pull_requests=read; a=b");
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    check(
        403,
        &[accepted],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: {deployments: write, pull-requests: read}`
        GiveUp
    "#]],
    );
}

#[test]
fn a_missing_permission_on_the_last_request_of_the_hour_is_no_rate_limit() {
    let used_up = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4102444800")];
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    check(
        403,
        &used_up,
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the job `permissions: deployments: write`
        GiveUp
    "#]],
    );
}

#[test]
fn a_personal_token_without_the_permission() {
    let body = r#"{"message":"Resource not accessible by personal access token"}"#;
    check(
        403,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by personal access token (request C0DE:1234)
        help: give the token the repository permission `Deployments: write` for `octo/shop`
        GiveUp
    "#]],
    );
}

#[test]
fn a_classic_token_without_the_scope() {
    let body = r#"{"message":"Must have admin rights to Repository."}"#;
    check(
        403,
        &[("x-oauth-scopes", "gist")],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Must have admin rights to Repository (request C0DE:1234)
        help: give the token the scope `repo_deployment` (`repo` where `octo/shop` is private)
        GiveUp
    "#]],
    );
}

#[test]
fn an_app_without_the_permission() {
    let body = r#"{"message":"Resource not accessible by integration"}"#;
    check_as(
        Speaker::App,
        403,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource not accessible by integration (request C0DE:1234)
        help: give the App the repository permission `Deployments: write`, and accept it where the App is installed
        GiveUp
    "#]],
    );
}

#[test]
fn a_token_without_single_sign_on() {
    let sso =
        ("x-github-sso", "required; url=https://github.com/orgs/octo/sso?authorization_request=A1");
    let body = r#"{"message":"Resource protected by organization SAML enforcement."}"#;
    check(
        403,
        &[sso],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource protected by organization SAML enforcement (request C0DE:1234)
        help: authorize the token for the organization's single sign-on: https://github.com/orgs/octo/sso?authorization_request=A1
        GiveUp
    "#]],
    );
}

#[test]
fn a_runner_that_is_not_on_the_allow_list() {
    let body = r#"{"message":"Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource."}"#;
    check(
        403,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource (request C0DE:1234)
        help: add this machine's address to the organization's IP allow list, or use a runner that is on it
        GiveUp
    "#]],
    );
}

#[test]
fn a_deployment_that_is_not_there() {
    check(
        404,
        &[],
        r#"{"message":"Not Found","documentation_url":"https://docs.github.com"}"#,
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 404 Not Found (request C0DE:1234)
            help: check `deployment-id` and `repository` (`octo/shop`), and that the token may see it: `permissions: deployments: write`
            GiveUp
        "#]],
    );
}

#[test]
fn errors_that_are_objects() {
    let body = r#"{"message":"Validation Failed","errors":[
        {"resource":"DeploymentStatus","code":"custom","field":"environment_url","message":"environment_url must use http(s) scheme"},
        {"resource":"DeploymentStatus","code":"missing_field","field":"state"},
        {"resource":"DeploymentStatus","code":"invalid","field":"log_url"},
        {"reason":7}]}"#;
    check(
        422,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: environment_url must use http(s) scheme; `state` is missing; `log_url` is invalid; {"reason":7} (request C0DE:1234)
        help: `environment-url`, `target-url` and `log-url` are http or https URLs
        GiveUp
    "#]],
    );
}

#[test]
fn errors_that_are_a_sentence() {
    let body = r#"{"message":"Validation Failed","errors":"Validation failed: Description is too long (maximum is 140 characters)","status":"422"}"#;
    check(
        422,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: Validation failed: Description is too long (maximum is 140 characters) (request C0DE:1234)
        help: shorten the input `description`
        GiveUp
    "#]],
    );
}

#[test]
fn errors_that_are_sentences() {
    let body = r#"{"message":"Validation Failed","errors":["One","Two"]}"#;
    check(
        422,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: One; Two (request C0DE:1234)
        GiveUp
    "#]],
    );
}

#[test]
fn a_ref_that_is_not_there() {
    let body = r#"{"message":"No ref found for: topic"}"#;
    let err = refusal(Doing::CreateDeployment, Speaker::Token, 422, &[], body);
    assert!(!err.forbids_the_deploy());
    check_told(
        &err,
        &expect![[r#"
        cannot create a deployment: GitHub answered 422 Unprocessable Entity: No ref found for: topic (request C0DE:1234)
        help: push it first: `ref` is a branch, a tag or a commit that GitHub knows
        GiveUp
    "#]],
    );
}

#[test]
fn a_merge_conflict() {
    let body = r#"{"message":"Conflict merging main into topic."}"#;
    let err = refusal(Doing::CreateDeployment, Speaker::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    check_told(
        &err,
        &expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict merging main into topic (request C0DE:1234)
        help: merge the default branch into the ref, or leave `auto-merge` out
        GiveUp
    "#]],
    );
}

#[test]
fn contexts_that_are_not_green() {
    let body = r#"{"message":"Conflict: Commit status checks failed for topic.","errors":[{"contexts":[{"context":"ci/build","state":"failure"}],"resource":"Deployment","field":"required_contexts","code":"invalid"}]}"#;
    let err = refusal(Doing::CreateDeployment, Speaker::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    check_told(
        &err,
        &expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict: Commit status checks failed for topic: `required_contexts` is invalid (request C0DE:1234)
        help: deploy when the checks are green, or name in `required-contexts` only those that must be
        GiveUp
    "#]],
    );
}

#[test]
fn an_app_that_is_not_installed() {
    let err =
        refusal(Doing::FindInstallation, Speaker::App, 404, &[], r#"{"message":"Not Found"}"#);
    check_told(
        &err,
        &expect![[r#"
            cannot find the GitHub App's installation: GitHub answered 404 Not Found (request C0DE:1234)
            help: install the App on `octo/shop`, or set `app-installation-id`
            GiveUp
        "#]],
    );
}

#[test]
fn a_key_of_another_app() {
    let body = r#"{"message":"A JSON web token could not be decoded"}"#;
    check_told(
        &refusal(Doing::MintToken, Speaker::App, 401, &[], body),
        &expect![[r#"
        cannot mint a token for the GitHub App: GitHub answered 401 Unauthorized: A JSON web token could not be decoded (request C0DE:1234)
        help: check that `app-private-key` is a key of the App `app-id`, and this machine's clock
        GiveUp
    "#]],
    );
}

#[test]
fn an_hour_s_requests_that_are_used_up() {
    let used_up = [
        ("date", "Sun, 22 Nov 2026 15:00:00 GMT"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1795360500"),
    ];
    let body = r#"{"message":"API rate limit exceeded for installation ID 9."}"#;
    check(
        403,
        &used_up,
        body,
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 403 Forbidden: API rate limit exceeded for installation ID 9; it asks us to wait 15m1s (request C0DE:1234)
            help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
            TryAgain { after: Some(901s) }
        "#]],
    );
}

#[test]
fn a_secondary_limit_that_says_how_long() {
    let body = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    check(
        403,
        &[("retry-after", "30")],
        body,
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 403 Forbidden: You have exceeded a secondary rate limit; it asks us to wait 30s (request C0DE:1234)
            help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
            TryAgain { after: Some(30s) }
        "#]],
    );
}

#[test]
fn a_secondary_limit_that_says_until_when() {
    let dates = [
        ("date", "Sun, 22 Nov 2026 15:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 15:02:00 GMT"),
    ];
    let body = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    check(
        429,
        &dates,
        body,
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 429 Too Many Requests: You have exceeded a secondary rate limit; it asks us to wait 2m (request C0DE:1234)
            help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
            TryAgain { after: Some(120s) }
        "#]],
    );
}

#[test]
fn a_secondary_limit_that_says_nothing_more() {
    let body =
        r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}"#;
    check(
        403,
        &[],
        body,
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 403 Forbidden: You have exceeded a secondary rate limit. Please wait a few minutes; it asks us to wait 1m (request C0DE:1234)
            help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
            TryAgain { after: Some(60s) }
        "#]],
    );
}

#[test]
fn too_many_requests_and_not_a_word_more() {
    check(
        429,
        &[],
        "",
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 429 Too Many Requests (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        TryAgain { after: None }
    "#]],
    );
}

#[test]
fn an_outage_in_markup_is_not_quoted() {
    check(
        502,
        &[("content-type", "text/html")],
        "<html><h1>Unicorn!</h1>",
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 502 Bad Gateway (request C0DE:1234)
        help: see https://www.githubstatus.com
        Unsure { after: None }
    "#]],
    );
}

#[test]
fn an_outage_that_says_when_to_come_back() {
    check(
        503,
        &[("retry-after", "5")],
        r#"{"message":"Server Error"}"#,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 503 Service Unavailable: Server Error (request C0DE:1234)
        help: see https://www.githubstatus.com
        Unsure { after: Some(5s) }
    "#]],
    );
}

#[test]
fn an_archived_repository() {
    let body = r#"{"message":"Repository was archived so is read-only."}"#;
    check(
        403,
        &[],
        body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Repository was archived so is read-only (request C0DE:1234)
        help: unarchive `octo/shop`: nothing can be posted to it as it is
        GiveUp
    "#]],
    );
}

#[test]
fn a_page_where_an_answer_should_be() {
    check(
        406,
        &[("content-type", "text/html; charset=utf-8")],
        "<html>login",
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 406 Not Acceptable (request C0DE:1234)
        help: check `api-url`: on GitHub Enterprise Server it ends in `/api/v3`
        GiveUp
    "#]],
    );
}

#[test]
fn words_of_others_are_one_short_line_without_secrets() {
    let long = "x".repeat(400);
    let body = format!("nothing\u{1b}[31m for\r\n::error::ghp_hunter2\u{202e} {long}");
    check(
        418,
        &[("content-type", "text/plain")],
        &body,
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 418 I'm a teapot: nothing [31m for ::error::*** xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (request C0DE:1234)
        GiveUp
    "#]],
    );
}
