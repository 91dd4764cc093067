//! Lists, page after page.

use expect_test::expect;
use tokio::time::Instant;

use super::{LIMIT, LOOPBACK, check};
use crate::github::Filter;
use crate::github::tests::scripted::{Reply, answer, deployment, github, serve};

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

    let github = github(url);
    let one_page = github.latest_statuses(deployment(), LIMIT).await;
    let result = github.statuses(deployment(), Instant::now() + LIMIT).await;

    assert!(one_page.is_ok());
    check(
        &result.expect_err("the list is not complete"),
        &expect![[r#"
            cannot list the statuses of deployment `42`: GitHub points to `https://evil.test`, where the token must not go
            help: set `api-url` and `repository` to where GitHub is now
            GiveUp
        "#]],
    );
    assert_eq!(log.lines().len(), 2);
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

    assert_eq!(found.map(|found| found.entries).expect("the fourth try works"), []);
    let line =
        "GET /repos/octo/shop/deployments?sha=c0ffee&environment=review%2Fa%26b+c&per_page=100";
    assert_eq!(log.lines(), [line; 4]);
}
