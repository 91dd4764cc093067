//! Answers that are larger than any of GitHub's.

use expect_test::expect;
use tokio::time::Instant;

use super::{LIMIT, LOOPBACK, check, posted};
use crate::deployment::{Deployment, Status};
use crate::github::tests::scripted::{Reply, answer, deployment, github, serve};
use crate::github::{ApiError, Filter};

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let text = format!("\"{}\"", "x".repeat(2 << 20));
    let chunked = format!(
        "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n200000\r\n{}\r\n",
        "x".repeat(2 << 20)
    );
    for reply in [answer("201 Created", "", &text), chunked] {
        let (result, _) = posted(move |_, _| Reply::Say(reply.clone())).await;

        check(
            &result.expect_err("nobody needs that much"),
            &expect![[r#"
                cannot post a status to deployment `42`: GitHub answered 201 Created, but its answer is larger than 1 MiB
                help: check `api-url`: this does not look like GitHub's API
                Uncertain { after: None }
            "#]],
        );
    }
}

#[tokio::test]
async fn a_head_without_end_is_not_read_to_its_end() {
    for (length, is_read) in [(30_000, true), (200_000, false)] {
        let header = format!("x: {}\r\n", "a".repeat(length));
        let reply = answer("201 Created", &header, r#"{"id":1,"state":"pending"}"#);
        let (result, _) = posted(move |_, _| Reply::Say(reply.clone())).await;
        assert_eq!(result.is_ok(), is_read, "{length}");
    }
}

#[tokio::test]
async fn a_refusal_without_end_is_a_refusal() {
    let text = format!(r#"{{"message":"{}"}}"#, "x".repeat(2 << 20));

    let (result, _) = posted(move |_, _| Reply::Say(answer("404 Not Found", "", &text))).await;

    check(
        &result.expect_err("it is refused"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 404 Not Found
            help: check `api-url`: this does not look like GitHub's API
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_long_refusal_is_quoted_without_its_errors() {
    let errors = "[[],{}],".repeat(10_000);
    let text = format!(r#"{{"message":"No","errors":[{errors}1]}}"#);

    let (result, _) = posted(move |_, _| Reply::Say(answer("400 Bad Request", "", &text))).await;

    check(
        &result.expect_err("it is refused"),
        &expect![[r#"
            cannot post a status to deployment `42`: GitHub answered 400 Bad Request: No
            GiveUp
        "#]],
    );
}

/// The deployments of a list each page of which is this one and links to another.
async fn deployments(page: String) -> (Result<Vec<Deployment>, ApiError>, usize) {
    let (url, log) = serve(LOOPBACK, move |number, _| {
        let link = format!("link: </d?page={number}>; rel=\"next\"\r\n");
        Reply::Say(answer("200 OK", &link, &page))
    })
    .await;
    let found = github(url).all_deployments(&Filter::default(), Instant::now() + LIMIT / 4).await;
    (found.map(|found| found.entries), log.lines().len())
}

#[tokio::test]
async fn a_page_is_at_most_four_mebibytes() {
    let fits = format!(r#"[{{"id":1,"task":"{}"}}]"#, "x".repeat(3 << 20));
    let (url, _log) = serve(LOOPBACK, move |_, _| Reply::Say(answer("200 OK", "", &fits))).await;
    let found = github(url).deployments(&Filter::default(), LIMIT).await;
    assert_eq!(found.expect("it fits").len(), 1);

    let (url, _log) = serve(LOOPBACK, |_, _| {
        let longer = format!(r#"[{{"id":1,"task":"{}"}}]"#, "x".repeat(4 << 20));
        Reply::Say(answer("200 OK", "", &longer))
    })
    .await;
    let found = github(url).deployments(&Filter::default(), LIMIT).await;
    check(
        &found.expect_err("it does not"),
        &expect![[r#"
            cannot list deployments: GitHub answered 200 OK, but its answer is larger than 4 MiB
            help: check `api-url`: this does not look like GitHub's API
            Uncertain { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_list_is_kept_up_to_eight_mebibytes() {
    let entry = format!(r#"{{"id":1,"task":"{}"}}"#, "x".repeat(4000));
    let (result, requests) = deployments(format!("[{}]", vec![entry; 800].join(","))).await;

    check(
        &result.expect_err("nobody needs that much"),
        &expect![[r#"
            cannot list deployments: GitHub's list is larger than 8 MiB
            GiveUp
        "#]],
    );
    assert_eq!(requests, 3);
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_entries() {
    let page = |count| format!("[{}]", vec![r#"{"id":1,"state":"x"}"#; count].join(","));
    let (url, _log) =
        serve(LOOPBACK, move |number, _| Reply::Say(answer("200 OK", "", &page(1000 + number))))
            .await;
    let github = github(url);

    let full: Result<Vec<Status>, ApiError> = github.latest_statuses(deployment(), LIMIT).await;
    let more = github.latest_statuses(deployment(), LIMIT).await;

    assert_eq!(full.expect("it is long").len(), 1);
    assert!(more.is_err());
}

#[tokio::test]
async fn a_hostile_payload_is_passed_over() {
    let deep = "[".repeat(100_000);
    for payload in [r#"{"":{}}"#.to_owned(), format!("[{}1]", "[],{},".repeat(100_000)), deep] {
        let is_json = !payload.ends_with('[');
        let page = format!(r#"[{{"id":1,"payload":{payload}}}]"#);
        let (url, _) = serve(LOOPBACK, move |_, _| Reply::Say(answer("200 OK", "", &page))).await;

        let found = github(url).deployments(&Filter::default(), LIMIT).await;

        assert_eq!(found.map(|found| found.len()).ok(), is_json.then_some(1));
    }
}
