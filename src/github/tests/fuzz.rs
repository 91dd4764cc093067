//! Answers of all kinds, damaged at random: none panics, and what is said of them is bounded.

use std::time::Duration;

use fastrand::Rng;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::scripted::{api, client, deployment};
use crate::backoff::RetryDecision;
use crate::deployment::{Deployment, Status};
use crate::github::endpoints::WorkflowRun;
use crate::github::operation::Operation;
use crate::github::pagination::{Entries, next_link};
use crate::github::rate_limit::Quota;
use crate::github::request::ApiResponse;
use crate::github::{ApiError, Github};

const ROUNDS: u64 = 3_000;

/// A quotation, its errors, the request's id and the help.
const MAX_WORDS: usize = 8 << 10;

const DAY: Duration = Duration::from_hours(24);

const BODIES: &[&str] = &[
    r#"{"id":7,"state":"success","description":"","environment":"qa","created_at":"2026-01-02T03:04:05Z","creator":null}"#,
    r#"[{"id":7,"state":"waiting"},{"id":8,"state":"inactive","target_url":"https://a.test/"}]"#,
    r#"[{"id":1,"sha":"c0ffee","ref":"main","payload":{"a":[1],"deployment_status":{"run":"1","job":"2"}}}]"#,
    r#"{"id":9,"status":"completed","conclusion":"success","run_attempt":1}"#,
    r#"{"message":"Validation Failed","errors":[{"field":"state","code":"missing_field"},"No",7]}"#,
    r#"{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs"}"#,
    "<html><h1>Unicorn!</h1></html>",
    "",
];

const PIECES: &[&[u8]] = &[
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b",",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\x1b[31m",
    b"\r\n::error::",
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"18446744073709551616",
    b"\"errors\":",
    b"\"payload\":",
    b"\"id\":-1",
    b"[[[[[[[[[[[[[[[[",
    b"{\"deployment_status\":{\"run\":[]}}",
];

const HEADERS: &[(&str, &[&str])] = &[
    (
        "retry-after",
        &["0", "1", "-1", "18446744073709551615", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT"],
    ),
    ("x-ratelimit-remaining", &["0", "17", "-1", "999999999999999999999"]),
    ("x-ratelimit-reset", &["0", "1795360500", "18446744073709551615", "x"]),
    ("date", &["Sun, 22 Nov 2026 15:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "now"]),
    (
        "link",
        &["<>; rel=next", "<http://[::1>; rel=\"next\"", "<<>>;;rel=next,,", "</a>; rel=\"next\""],
    ),
    ("x-github-sso", &["required; url=https://a.test/\u{7f}", "url=", "required"]),
    ("x-accepted-github-permissions", &["deployments=write", "=,=;", "a=b,c=d"]),
    ("content-type", &["text/html", "text/plain", "application/json"]),
    ("x-github-request-id", &["A:1", ""]),
];

/// One of the bodies, with a few of its bytes lost, doubled or replaced.
fn body(rng: &mut Rng) -> Vec<u8> {
    let mut body = rng.choice(BODIES).map_or_else(Vec::new, |body| body.as_bytes().to_vec());
    for _ in 0..rng.usize(..6) {
        let at = rng.usize(..=body.len());
        let end = (at + rng.usize(..12)).min(body.len());
        let piece = match rng.u8(..4) {
            0 => Vec::new(),
            1 => body[at..end].repeat(rng.usize(..50)),
            2 => (0..rng.usize(..8)).map(|_| rng.u8(..)).collect(),
            _ => rng.choice(PIECES).map_or_else(Vec::new, |piece| piece.to_vec()),
        };
        body.splice(at..end, piece);
    }
    body
}

fn headers(rng: &mut Rng) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, values) in HEADERS {
        let value = rng.choice(*values).filter(|_| rng.bool());
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// The error is one or two lines of bounded length, and asks for no more than a day.
fn check(err: &ApiError) {
    let words = err.in_full();
    assert!(words.len() <= MAX_WORDS && words.lines().count() <= 2, "{words}");
    assert!(!words.chars().any(|c| c.is_control() && c != '\n'), "{words:?}");
    assert!(!words.contains("ghp_hunter2"), "{words}");
    let (RetryDecision::Retry { after } | RetryDecision::Uncertain { after }) =
        err.retry_decision()
    else {
        return;
    };
    assert!(after.unwrap_or_default() <= DAY, "{after:?}");
}

fn read<T: DeserializeOwned>(github: &Github, answer: &ApiResponse) {
    if let Err(err) = github.read::<T>(Operation::CreateStatus(deployment()), answer) {
        check(&err);
    }
}

fn fuzz(rounds: u64) {
    let url = Url::parse("http://127.0.0.1:1").expect("this is a URL");
    let github = client(&api(url.clone()));
    for seed in 0..rounds {
        let rng = &mut Rng::with_seed(seed);
        let status = StatusCode::from_u16(rng.u16(200..=599)).expect("this is a status");
        let answer =
            ApiResponse { url: url.clone(), status, headers: headers(rng), body: body(rng) };
        read::<Status>(&github, &answer);
        read::<Deployment>(&github, &answer);
        read::<WorkflowRun>(&github, &answer);
        read::<Entries<Status>>(&github, &answer);
        read::<Entries<Deployment>>(&github, &answer);
        Quota::read(&answer.headers);
        next_link(&answer.headers).and_then(|link| answer.url.join(link).ok());
        if let Err(err) = github.accepted(Operation::CreateDeployment, answer) {
            check(&err);
        }
    }
}

#[tokio::test]
async fn no_damaged_answer_panics_or_is_shown_at_length() {
    fuzz(ROUNDS);
}

#[tokio::test]
#[ignore = "it takes a minute"]
async fn no_damaged_answer_panics_in_a_long_run() {
    fuzz(ROUNDS * 1_000);
}
