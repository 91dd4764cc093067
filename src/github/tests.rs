//! What goes over the wire, and what becomes of what comes back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use expect_test::{Expect, expect};
use tokio::time::Instant;
use url::Url;

use super::scripted::{
    Log, Reply, Seen, answer, api, client, created, deployment, github, serve, success,
};
use super::{ApiError, Filter};
use crate::deployment::NewDeployment;
use crate::inputs::{App, Credentials};
use crate::secret::Secret;

const LIMIT: Duration = Duration::from_secs(20);

const LOOPBACK: &str = "127.0.0.1:0";

/// An error as it would be told, and what follows from it.
#[track_caller]
fn check(err: &ApiError, told: &Expect) {
    let help = err.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
    told.assert_eq(&format!("{err}\n{help}{:?}\n", err.verdict()));
}

/// Posts a status to a server that follows the script.
async fn posted(
    script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
) -> (Result<String, ApiError>, Log) {
    let (url, log) = serve(LOOPBACK, script).await;
    let status = github(url).create_status(deployment(), &success(), LIMIT).await;
    (status.map(|status| status.state), log)
}

/// The address changes from run to run.
fn told(err: &ApiError, url: &Url) -> String {
    let address = url.as_str().trim_start_matches("http://").trim_end_matches('/');
    let help = err.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
    format!("{err}\n{help}{:?}\n", err.verdict()).replace(address, "ADDRESS")
}

#[tokio::test]
async fn a_status_is_one_post_with_each_header_once() {
    let (status, log) = posted(|_, _| created()).await;

    assert_eq!(status.expect("it was taken"), "success");
    let [seen] = log.requests().try_into().expect("one request");
    assert_eq!(seen.line, "POST /repos/octo/shop/deployments/42/statuses");
    assert_eq!(seen.body, r#"{"state":"success"}"#);
    assert_eq!(seen.header("authorization"), ["Bearer ghp_hunter2"]);
    assert_eq!(seen.header("accept"), ["application/vnd.github+json"]);
    assert_eq!(seen.header("x-github-api-version"), ["2022-11-28"]);
    assert_eq!(seen.header("content-type"), ["application/json"]);
    let us = concat!("deployment-status/", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen.header("user-agent"), [us]);
}

#[tokio::test]
async fn without_credentials_no_authorization_is_sent() {
    let (url, log) = serve(LOOPBACK, |_, _| created()).await;
    let api = crate::inputs::Api { credentials: Credentials::Missing, ..api(url) };

    client(&api).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    assert_eq!(log.requests()[0].header("authorization"), [""; 0]);
}

#[tokio::test]
async fn a_base_path_stays_in_front() {
    let (mut url, log) = serve(LOOPBACK, |_, _| created()).await;
    url.set_path("/api/v3");

    github(url).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    assert_eq!(log.lines(), ["POST /api/v3/repos/octo/shop/deployments/42/statuses"]);
}

#[tokio::test]
async fn ipv6_is_an_address_like_any_other() {
    let (url, log) = serve("[::1]:0", |_, _| created()).await;

    github(url).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    assert!(log.requests()[0].header("host")[0].starts_with("[::1]:"));
}

#[tokio::test]
async fn a_redirect_of_a_renamed_repository_keeps_method_and_body() {
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let (result, log) = posted(move |number, _| match number {
            0 => Reply::Say(answer(
                status,
                "location: /repositories/1/deployments/42/statuses\r\n",
                "",
            )),
            _ => created(),
        })
        .await;

        assert_eq!(result.expect("it was taken"), "success");
        let [first, second] = log.requests().try_into().expect("two requests");
        assert_eq!(second.line, "POST /repositories/1/deployments/42/statuses");
        assert_eq!(second.body, first.body);
        assert_eq!(second.header("authorization"), ["Bearer ghp_hunter2"]);
    }
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_refused_and_nothing_is_sent_there() {
    let (other, elsewhere) = serve(LOOPBACK, |_, _| created()).await;
    let target = other.clone();
    let (result, log) = posted(move |_, _| {
        Reply::Say(answer("307 Temporary Redirect", &format!("location: {target}x\r\n"), ""))
    })
    .await;

    expect![[r#"
        cannot post a status to deployment `42`: GitHub points to `http://ADDRESS`, where the token must not go
        help: set `api-url` and `repository` to where GitHub is now
        GiveUp
    "#]]
    .assert_eq(&told(&result.expect_err("it leads astray"), &other));
    assert_eq!(log.lines().len(), 1);
    assert_eq!(elsewhere.lines(), [""; 0]);
}

#[tokio::test]
async fn redirects_end_after_five() {
    let (result, log) =
        posted(|_, _| Reply::Say(answer("307 Temporary Redirect", "location: /again\r\n", "")))
            .await;

    check(
        &result.expect_err("there is no end"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered with more than 5 redirects
            help: set `api-url` and `repository` to where GitHub is now
            GiveUp
        "#]],
    );
    assert_eq!(log.lines().len(), 6);
}

#[tokio::test]
async fn a_request_that_hangs_ends_with_its_limit() {
    let (url, _log) = serve(LOOPBACK, |_, _| Reply::Nothing).await;
    let limit = Duration::from_millis(200);

    let result = github(url.clone()).create_status(deployment(), &success(), limit).await;

    expect![[r#"
        cannot post a status to deployment `42`: no answer from `ADDRESS` within 200ms
        Unsure { after: None }
    "#]]
    .assert_eq(&told(&result.expect_err("nobody answers"), &url));
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_surely_nothing() {
    let listener = tokio::net::TcpListener::bind(LOOPBACK).await.expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let url = Url::parse(&format!("http://{address}")).expect("this is a URL");

    let result = github(url.clone()).create_status(deployment(), &success(), LIMIT).await;

    expect![[r#"
        cannot post a status to deployment `42`: no connection to `ADDRESS`: Connection refused
        help: check `api-url` and the firewall; behind a proxy, set HTTPS_PROXY
        TryAgain { after: None }
    "#]]
    .assert_eq(&told(&result.expect_err("nobody listens"), &url));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_us_unsure() {
    let (url, log) = serve(LOOPBACK, |_, _| Reply::SayAndClose(String::new())).await;

    let result = github(url.clone()).create_status(deployment(), &success(), LIMIT).await;

    expect![[r#"
        cannot post a status to deployment `42`: the connection to `ADDRESS` broke before the answer was complete: connection closed before message completed
        Unsure { after: None }
    "#]]
    .assert_eq(&told(&result.expect_err("it broke"), &url));
    assert_eq!(log.lines().len(), 1);
}

#[tokio::test]
async fn a_connection_that_died_while_idle_costs_nothing() {
    let (url, log) = serve(LOOPBACK, |_, _| {
        let Reply::Say(text) = created() else { unreachable!("it says something") };
        Reply::SayAndClose(text)
    })
    .await;
    let github = github(url);

    for _ in 0..2 {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
        tokio::task::yield_now().await;
    }

    let connections: Vec<usize> = log.requests().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn a_live_connection_is_used_again_but_not_by_a_fresh_client() {
    let (url, log) = serve(LOOPBACK, |_, _| created()).await;
    let old = github(url);
    let fresh = old.fresh();

    for github in [&old, &old, &fresh] {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    }

    let connections: Vec<usize> = log.requests().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
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
            Unsure { after: None }
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
            Unsure { after: None }
        "#]],
    );
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let (result, _) = posted(|_, _| {
        Reply::Say(answer("201 Created", "", &format!("\"{}\"", "x".repeat(10 << 20))))
    })
    .await;

    check(
        &result.expect_err("nobody needs that much"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 201 Created, but its answer is larger than 8 MiB
            Unsure { after: None }
        "#]],
    );
}

#[tokio::test]
async fn pages_are_followed_and_come_newest_first() {
    let (url, log) = serve(LOOPBACK, |number, seen| {
        let host = seen.header("host")[0];
        let link = format!(
            "link: <http://{host}/repositories/1/s?page=1>; rel=\"prev\", <http://{host}/repositories/1/s?page=2>; rel=\"next\"\r\n"
        );
        match number {
            0 => Reply::Say(answer("200 OK", &link, r#"[{"id":2,"state":"waiting"}, {"id":3,"state":"pending"}]"#)),
            _ => Reply::Say(answer("200 OK", "", r#"[{"id":2,"state":"waiting"}, {"id":1,"state":"queued"}]"#)),
        }
    })
    .await;

    let statuses = github(url).statuses(deployment(), Instant::now() + LIMIT).await;

    let states: Vec<String> =
        statuses.expect("all is well").into_iter().map(|status| status.state).collect();
    assert_eq!(states, ["pending", "waiting", "queued"]);
    assert_eq!(
        log.lines(),
        [
            "GET /repos/octo/shop/deployments/42/statuses?per_page=100",
            "GET /repositories/1/s?page=2"
        ]
    );
}

#[tokio::test]
async fn a_next_page_elsewhere_is_refused() {
    let (url, log) = serve(LOOPBACK, |_, _| {
        Reply::Say(answer("200 OK", "link: <https://evil.test/x>; rel=\"next\"\r\n", "[]"))
    })
    .await;

    let result = github(url).statuses(deployment(), Instant::now() + LIMIT).await;

    check(
        &result.expect_err("the list is not complete"),
        &expect![[r#"
            cannot list the statuses of deployment `42`: GitHub points to `https://evil.test`, where the token must not go
            help: set `api-url` and `repository` to where GitHub is now
            GiveUp
        "#]],
    );
    assert_eq!(log.lines().len(), 1);
}

#[tokio::test]
async fn a_read_is_tried_again_when_the_server_says_so() {
    let (url, log) = serve(LOOPBACK, |number, _| match number {
        0 => Reply::Say(answer("503 Service Unavailable", "retry-after: 0\r\n", "<html>")),
        1 => Reply::Say(answer("429 Too Many Requests", "retry-after: 0\r\n", "")),
        2 => Reply::SayAndClose(String::new()),
        _ => Reply::Say(answer("200 OK", "", "[]")),
    })
    .await;
    let filter = Filter {
        sha: Some("c0ffee".to_owned()),
        environment: Some("review/a&b c".to_owned()),
        ..Filter::default()
    };

    let found = github(url).all_deployments(&filter, Instant::now() + LIMIT).await;

    assert_eq!(found.expect("the fourth try works"), []);
    let line =
        "GET /repos/octo/shop/deployments?sha=c0ffee&environment=review%2Fa%26b+c&per_page=100";
    assert_eq!(log.lines(), [line; 4]);
}

fn app(installation: Option<u64>) -> Credentials {
    let private_key = Secret::new(include_str!("fixtures/app-key.pem"));
    Credentials::App(App { id: "123".to_owned(), private_key, installation })
}

fn minted(expires_at: &str) -> Reply {
    let body = format!(r#"{{"token":"ghs_minted","expires_at":"{expires_at}"}}"#);
    Reply::Say(answer("201 Created", "", &body))
}

#[tokio::test]
async fn an_app_finds_its_installation_and_mints_one_token() {
    let (url, log) = serve(LOOPBACK, |_, seen| match seen.line.as_str() {
        "GET /repos/octo/shop/installation" => Reply::Say(answer("200 OK", "", r#"{"id":9}"#)),
        "POST /app/installations/9/access_tokens" => minted("2999-01-01T00:00:00Z"),
        _ => created(),
    })
    .await;
    let github = client(&crate::inputs::Api { credentials: app(None), ..api(url) });

    for github in [&github, &github.fresh()] {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    }

    let requests = log.requests();
    let post = "POST /repos/octo/shop/deployments/42/statuses";
    let mint = "POST /app/installations/9/access_tokens";
    assert_eq!(log.lines(), ["GET /repos/octo/shop/installation", mint, post, post]);
    assert!(requests[1].header("authorization")[0].starts_with("Bearer eyJ"));
    assert_eq!(requests[2].header("authorization"), ["Bearer ghs_minted"]);
}

#[tokio::test]
async fn an_app_mints_again_when_its_token_ends_or_is_refused() {
    let refusals = AtomicUsize::new(0);
    let (url, log) = serve(LOOPBACK, move |number, seen| match seen.line.as_str() {
        "POST /app/installations/9/access_tokens" if number == 0 => minted("2020-01-01T00:00:00Z"),
        "POST /app/installations/9/access_tokens" => minted("2999-01-01T00:00:00Z"),
        _ if number == 4 && refusals.fetch_add(1, Ordering::Relaxed) == 0 => {
            Reply::Say(answer("401 Unauthorized", "", r#"{"message":"Bad credentials"}"#))
        }
        _ => created(),
    })
    .await;
    let github = client(&crate::inputs::Api { credentials: app(Some(9)), ..api(url) });

    for _ in 0..3 {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    }

    let post = "POST /repos/octo/shop/deployments/42/statuses";
    let mint = "POST /app/installations/9/access_tokens";
    assert_eq!(log.lines(), [mint, post, mint, post, post, mint, post]);
}

#[tokio::test]
async fn a_token_that_could_not_be_minted_leaves_nothing_unsure() {
    let (url, _log) = serve(LOOPBACK, |_, _| {
        Reply::Say(answer("502 Bad Gateway", "x-github-request-id: AB:1\r\n", "<html>"))
    })
    .await;
    let github = client(&crate::inputs::Api { credentials: app(Some(9)), ..api(url) });

    let result = github.create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("there is no token"),
        &expect![[r#"
            cannot mint a token for the GitHub App: GitHub answered 502 Bad Gateway (request AB:1)
            TryAgain { after: None }
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
