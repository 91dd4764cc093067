//! What goes over the wire, and what becomes of what comes back.

mod answers;
mod apps;
mod bounds;
mod endpoints;
mod fuzz;
mod lists;
pub(crate) mod scripted;
mod tls;
mod trust;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use expect_test::{Expect, expect};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use regex::Regex;
use tokio::time::{Instant, sleep};
use url::Url;

use self::scripted::{
    Log, Reply, Seen, answer, api, client, created, deployment, github, serve, success,
};
use super::operation::Operation;
use super::{Api, ApiError, Credentials, Github, Observer};

const LIMIT: Duration = Duration::from_secs(20);

const LOOPBACK: &str = "127.0.0.1:0";

/// An error as it is shown, and what follows from it; ports change from run to run.
#[track_caller]
fn check(err: &ApiError, expected: &Expect) {
    let help = err.help().map(|help| format!("help: {help}\n")).unwrap_or_default();
    let text = format!("{err}\n{help}{:?}\n", err.retry_decision());
    let port = Regex::new(r"127\.0\.0\.1:\d+").expect("this is a pattern");
    expected.assert_eq(&port.replace_all(&text, "LOOPBACK"));
}

/// Posts a status to a server that follows the script.
async fn posted(
    script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
) -> (Result<String, ApiError>, Log) {
    let (url, log) = serve(LOOPBACK, script).await;
    let status = github(url).create_status(deployment(), &success(), LIMIT).await;
    (status.map(|status| status.state), log)
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
    let api = Api { credentials: Credentials::Missing, ..api(url) };

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
async fn a_name_may_have_addresses_that_nobody_listens_on() {
    let (mut url, log) = serve(LOOPBACK, |_, _| created()).await;
    url.set_host(Some("localhost")).expect("this is a host");

    github(url).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    assert!(log.requests()[0].header("host")[0].starts_with("localhost:"));
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

    check(
        &result.expect_err("it leads astray"),
        &expect![[r#"
        cannot post a status to deployment `42`: GitHub points to `http://LOOPBACK`, where the token must not go
        help: set `api-url` and `repository` to where GitHub is now
        GiveUp
    "#]],
    );
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
async fn a_connection_that_died_while_idle_costs_nothing() {
    let (url, log) = serve(LOOPBACK, |_, _| {
        let Reply::Say(text) = created() else { unreachable!("it says something") };
        Reply::SayAndClose(text)
    })
    .await;
    let github = github(url);

    for _ in 0..2 {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
        // There is no event for when the client has noticed.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
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

#[tokio::test(start_paused = true)]
async fn the_connection_of_the_first_status_serves_the_last_one_a_minute_later() {
    let (url, log) = serve(LOOPBACK, |_, _| created()).await;
    let github = github(url);

    for pause in [0, 60, 90] {
        sleep(Duration::from_secs(pause)).await;
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    }

    let connections: Vec<usize> = log.requests().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

thread_local! {
    static RECORDED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn record(line: &str) {
    RECORDED.with_borrow_mut(|lines| lines.push(line.to_owned()));
}

#[tokio::test]
async fn each_request_and_its_answer_can_be_told() {
    let (url, _log) = serve(LOOPBACK, |number, _| match number {
        0 => Reply::Say(answer("307 Moved", "location: /elsewhere?t=ghp_hunter2\r\n", "")),
        1 => Reply::Say(answer(
            "201 Created",
            "x-github-request-id: AB:1\r\n",
            r#"{"id":7,"state":"x"}"#,
        )),
        _ => Reply::SayAndClose(String::new()),
    })
    .await;
    let observer = Observer { trace: Some(record), waiting: |_| (), would_send: None };
    let github = Github::new(&api(url), observer).expect("these inputs are good");

    github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    github.create_status(deployment(), &success(), LIMIT).await.expect_err("it broke");

    let recorded = RECORDED.take().join("\n");
    let changing = Regex::new(r"127\.0\.0\.1:\d+|\[[^\]]*s\]").expect("this is a pattern");
    expect![[r#"
        POST http://…/repos/octo/shop/deployments/42/statuses: 307 Temporary Redirect (request unknown) …
        POST http://…/elsewhere?t=***: 201 Created (request AB:1) …
        POST http://…/repos/octo/shop/deployments/42/statuses: cannot post a status to deployment `42`: the connection to `…` broke before the answer was complete: connection closed before message completed …"#]].assert_eq(&changing.replace_all(&recorded, "…"));
}

#[tokio::test(start_paused = true)]
async fn a_long_wait_is_announced() {
    let observer = Observer { trace: None, waiting: record, would_send: None };
    let url = Url::parse("http://127.0.0.1:1").expect("this is a URL");
    let github = Github::new(&api(url), observer).expect("these inputs are good");
    let no = |seconds| {
        let headers = [(RETRY_AFTER, HeaderValue::from(seconds))].into_iter().collect();
        let context = github.context(Operation::ListDeployments);
        Err(ApiError::refused(&context, StatusCode::TOO_MANY_REQUESTS, &headers, b""))
    };
    let tries = Cell::new(0);

    let result = github
        .reading(Instant::now() + LIMIT, |_| {
            let answer = match tries.replace(tries.get() + 1) {
                0 => no(1),
                1 => no(6),
                _ => Ok(()),
            };
            async { answer }
        })
        .await;

    assert!(result.is_ok());
    expect!["waiting 6s for GitHub's rate limit: cannot list deployments: GitHub answered 429 Too Many Requests; it asks us to wait 6s"].assert_eq(&RECORDED.take().join("\n"));
}
