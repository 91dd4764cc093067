//! The endpoints that bulk commands and `wait` use.

use expect_test::expect;
use tokio::time::{Duration, Instant};

use super::{LIMIT, LOOPBACK, check};
use crate::github::tests::scripted::{Log, Reply, answer, deployment, github, serve};
use crate::github::{ApiError, ErrorKind, Filter, Github};

async fn answering(text: String) -> (Github, Log) {
    let (url, log) = serve(LOOPBACK, move |_, _| Reply::Say(text.clone())).await;
    (github(url), log)
}

/// A client that is refused with this status and these headers.
async fn refusing(status: &'static str, headers: &'static str, message: &'static str) -> Github {
    answering(answer(status, headers, &format!(r#"{{"message":"{message}"}}"#))).await.0
}

#[tokio::test]
async fn a_deployment_is_read_by_its_id() {
    let (github, log) = answering(answer("200 OK", "", r#"{"id":42,"environment":"qa"}"#)).await;

    let found = github.deployment(deployment(), LIMIT).await.expect("it is there");

    assert_eq!((found.id, found.environment.as_str()), (deployment(), "qa"));
    assert_eq!(log.lines(), ["GET /repos/octo/shop/deployments/42"]);
}

#[tokio::test]
async fn a_deployment_is_deleted_by_its_id() {
    let (github, log) = answering("HTTP/1.1 204 No Content\r\n\r\n".to_owned()).await;

    github.delete_deployment(deployment(), LIMIT).await.expect("it may be deleted");

    assert_eq!(log.lines(), ["DELETE /repos/octo/shop/deployments/42"]);
}

#[tokio::test]
async fn an_active_deployment_is_not_deleted() {
    let message = "We cannot delete an active deployment unless it is the only deployment in a given environment.";
    let github = refusing("422 Unprocessable Entity", "", message).await;

    let err = github.delete_deployment(deployment(), LIMIT).await.expect_err("it is active");

    assert_eq!(err.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn the_name_of_an_environment_stays_one_segment_of_the_path() {
    let (github, log) = answering("HTTP/1.1 204 No Content\r\n\r\n".to_owned()).await;

    for name in ["review/a b", "50%", "../..", "a/../../..", "å?#"] {
        github.delete_environment(name, LIMIT).await.expect("it may be deleted");
    }
    for name in ["", ".", ".."] {
        github.delete_environment(name, LIMIT).await.expect_err("no URL has such a segment");
    }

    assert_eq!(
        log.lines(),
        [
            "DELETE /repos/octo/shop/environments/review%2Fa%20b",
            "DELETE /repos/octo/shop/environments/50%25",
            "DELETE /repos/octo/shop/environments/..%2F..",
            "DELETE /repos/octo/shop/environments/a%2F..%2F..%2F..",
            "DELETE /repos/octo/shop/environments/%C3%A5%3F%23",
        ]
    );
}

#[tokio::test]
async fn an_environment_is_deleted_by_an_administrator_alone() {
    let github = refusing("403 Forbidden", "", "Resource not accessible by integration").await;

    let err = github.delete_environment("pr-1", LIMIT).await.expect_err("it may not");

    check(
        &err,
        &expect![[r#"
            cannot delete environment `pr-1`: GitHub answered 403 Forbidden: Resource not accessible by integration
            help: use a token that may administer `octo/shop`: a GitHub App or a personal access token with the repository permission `Administration: write`
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_workflow_run_says_whether_it_is_over() {
    let body =
        r#"{"id":7,"status":"completed","conclusion":"cancelled","run_attempt":2,"jobs":[]}"#;
    let (github, log) = answering(answer("200 OK", "", body)).await;

    let run = github.workflow_run(7, LIMIT).await.expect("it is there");

    assert!(run.is_over());
    assert_eq!((run.conclusion.as_deref(), run.run_attempt), (Some("cancelled"), Some(2)));
    assert_eq!(log.lines(), ["GET /repos/octo/shop/actions/runs/7"]);
}

#[tokio::test]
async fn a_workflow_run_that_may_not_be_read_names_its_permission() {
    let github = refusing("403 Forbidden", "", "Resource not accessible by integration").await;

    let err = github.workflow_run(7, LIMIT).await.expect_err("it may not");

    check(
        &err,
        &expect![[r#"
            cannot read workflow run `7`: GitHub answered 403 Forbidden: Resource not accessible by integration
            help: give the job `permissions: actions: read`
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let (url, log) = serve(LOOPBACK, |_, seen| match seen.header("if-none-match").as_slice() {
        ["W/\"1\""] => Reply::Say("HTTP/1.1 304 Not Modified\r\netag: W/\"1\"\r\n\r\n".to_owned()),
        _ => Reply::Say(answer("200 OK", "etag: W/\"1\"\r\n", r#"[{"id":3,"state":"x"}]"#)),
    })
    .await;
    let github = github(url);

    let first = github.latest_statuses_unless(deployment(), None, LIMIT).await.expect("a list");
    let again = github.latest_statuses_unless(deployment(), first.etag.as_ref(), LIMIT).await;
    let list = github.deployments_unless(&Filter::default(), first.etag.as_ref(), LIMIT).await;

    assert_eq!(first.value.map(|list| list.len()), Some(1));
    assert_eq!(again.expect("nothing new").value, None);
    assert_eq!(list.expect("nothing new").value, None);
    assert_eq!(log.lines().len(), 3);
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_no_answer() {
    let (github, _log) = answering("HTTP/1.1 304 Not Modified\r\n\r\n".to_owned()).await;

    let result = github.latest_statuses_unless(deployment(), None, LIMIT).await;

    assert_eq!(result.map(|list| list.etag).map_err(|err| err.kind()), Err(ErrorKind::Other));
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_the_rate_limit_can_be_read_after_an_answer() {
    let date = "date: Sun, 22 Nov 2026 15:00:00 GMT\r\n";
    let left = format!("{date}x-ratelimit-remaining: 17\r\nx-ratelimit-reset: 1795360500\r\n");
    let (github, _log) = answering(answer("200 OK", &left, "[]")).await;
    assert_eq!(github.quota(), None);
    let now = Instant::now();

    github.latest_statuses(deployment(), LIMIT).await.expect("a list");

    let quota = github.fresh().quota().expect("an answer had it");
    assert_eq!(quota.remaining, 17);
    assert_eq!(quota.resets - now, Duration::from_secs(901));
}

/// The pages that are read of a list whose n-th page links to `next(n)`, and whether it was cut.
async fn pages_read(next: fn(usize) -> usize) -> (usize, Result<bool, ApiError>) {
    let (url, log) = serve(LOOPBACK, move |_, seen| {
        let page = seen.line.rsplit_once("page=").and_then(|(_, page)| page.parse().ok());
        let next = next(page.filter(|page| *page < 100).unwrap_or(0));
        let link = format!("link: </d?page={next}>; rel=\"next\"\r\n");
        Reply::Say(answer("200 OK", &link, "[]"))
    })
    .await;
    let github = github(url);
    let all = github.all_deployments(&Filter::default(), Instant::now() + LIMIT).await;
    (log.lines().len(), all.map(|all| all.is_cut))
}

#[tokio::test]
async fn a_list_that_comes_back_to_itself_ends() {
    assert!(matches!(pages_read(|_| 1).await, (2, Ok(true))));
    assert!(matches!(pages_read(|page| (page + 1) % 3).await, (4, Ok(true))));
}

#[tokio::test]
async fn a_list_without_end_is_read_for_fifty_pages() {
    assert!(matches!(pages_read(|page| page + 1).await, (50, Ok(true))));
}

#[tokio::test]
async fn a_list_that_is_read_to_its_end_is_not_cut() {
    let (github, _log) = answering(answer("200 OK", "", "[]")).await;
    let all = github.all_deployments(&Filter::default(), Instant::now() + LIMIT).await;
    assert!(matches!(all, Ok(all) if !all.is_cut));
}

#[tokio::test]
async fn a_list_can_be_left_after_a_page() {
    let link = "link: </d?page=2>; rel=\"next\"\r\n";
    let (github, log) = answering(answer("200 OK", link, r#"[{"id":9}]"#)).await;
    let mut pages = github.deployment_pages(&Filter::default());

    let page = pages.next(Instant::now() + LIMIT).await.expect("a page");

    assert_eq!(page.map(|page| page.len()), Some(1));
    assert_eq!(log.lines().len(), 1);
}
