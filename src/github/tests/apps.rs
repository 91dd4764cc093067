//! A GitHub App and the tokens that it mints.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use expect_test::expect;

use super::{LIMIT, LOOPBACK, check};
use crate::github::tests::scripted::{
    Reply, Seen, answer, api, client, created, deployment, serve, success,
};
use crate::github::{Api, App, Credentials, Key};

fn app(installation: Option<u64>) -> Credentials {
    let pem = include_str!("../fixtures/app-key.pem");
    let private_key = Arc::new(Key::parse(pem).expect("the fixture is a key"));
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
    let github = client(&Api { credentials: app(None), ..api(url) });

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
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });

    for _ in 0..3 {
        github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
    }

    let post = "POST /repos/octo/shop/deployments/42/statuses";
    let mint = "POST /app/installations/9/access_tokens";
    assert_eq!(log.lines(), [mint, post, mint, post, post, mint, post]);
}

#[tokio::test]
async fn a_new_token_that_is_refused_is_minted_once_more() {
    let (url, log) = serve(LOOPBACK, move |number, _| match number {
        0 | 2 => minted("2999-01-01T00:00:00Z"),
        1 => Reply::Say(answer("401 Unauthorized", "", r#"{"message":"Bad credentials"}"#)),
        _ => created(),
    })
    .await;
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });

    github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    let post = "POST /repos/octo/shop/deployments/42/statuses";
    let mint = "POST /app/installations/9/access_tokens";
    assert_eq!(log.lines(), [mint, post, mint, post]);
}

#[tokio::test]
async fn a_token_that_could_not_be_minted_leaves_nothing_unsure() {
    let (url, _log) = serve(LOOPBACK, |_, _| {
        Reply::Say(answer("502 Bad Gateway", "x-github-request-id: AB:1\r\n", "<html>"))
    })
    .await;
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });

    let result = github.create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("there is no token"),
        &expect![[r#"
            cannot mint a token for the GitHub App: GitHub answered 502 Bad Gateway (request AB:1)
            Retry { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_set_by_github_s() {
    let (url, log) = serve(LOOPBACK, |number, seen| match (number, seen.line.as_str()) {
        (0, _) => {
            let date = "date: Sun, 22 Nov 2020 15:00:00 GMT\r\n";
            Reply::Say(answer("401 Unauthorized", date, r#"{"message":"'iat' is in the future"}"#))
        }
        (1, _) => minted("2999-01-01T00:00:00Z"),
        _ => created(),
    })
    .await;
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });

    github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    let requests = log.requests();
    let [_, claims, _] = requests[1].header("authorization")[0].split('.').collect::<Vec<_>>()[..]
    else {
        panic!("this is no JSON Web Token")
    };
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).expect("this is base64");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("this is JSON");
    assert_eq!(claims["iat"], 1_606_057_140);
}

#[tokio::test]
async fn no_token_of_an_app_is_shown_when_github_quotes_it() {
    let quoting = |seen: &Seen, status: &str| {
        let bearer = seen.header("authorization")[0].trim_start_matches("Bearer ");
        Reply::Say(answer(status, "", &format!(r#"{{"message":"bad token {bearer}"}}"#)))
    };
    let (url, _log) = serve(LOOPBACK, move |number, seen| match number {
        0 => quoting(seen, "403 Forbidden"),
        1 => minted("2999-01-01T00:00:00Z"),
        _ => quoting(seen, "403 Forbidden"),
    })
    .await;
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });

    for _ in 0..2 {
        let result = github.create_status(deployment(), &success(), LIMIT).await;
        let shown = result.expect_err("it is refused").in_full();
        assert!(shown.contains("bad token ***"), "{shown}");
    }
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_shown_afterwards() {
    let (url, _log) = serve(LOOPBACK, move |number, _| match number {
        0 => minted("2999-01-01T00:00:00Z"),
        1 => created(),
        2 => Reply::Say(answer("401 Unauthorized", "", r#"{"message":"Bad credentials"}"#)),
        3 => Reply::Say(answer("201 Created", "", r#"{"token":"ghs_another"}"#)),
        _ => Reply::Say(answer("403 Forbidden", "", r#"{"message":"no more of ghs_minted"}"#)),
    })
    .await;
    let github = client(&Api { credentials: app(Some(9)), ..api(url) });
    github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    let result = github.create_status(deployment(), &success(), LIMIT).await;

    let shown = result.expect_err("it is refused").in_full();
    assert!(shown.contains("no more of ***"), "{shown}");
}
