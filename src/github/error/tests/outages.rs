//! Answers that come from a GitHub in trouble, or not from GitHub.

use expect_test::expect;

use super::{refused, refused_by_another_server};

#[test]
fn an_outage_in_markup_is_not_quoted() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 502 Bad Gateway (request C0DE:1234)
        help: see https://www.githubstatus.com
        Uncertain { after: None }
    "#]]
    .assert_eq(&refused(502, &[("content-type", "text/html")], "<html><h1>Unicorn!</h1>"));
}

#[test]
fn an_outage_that_says_when_to_come_back() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 503 Service Unavailable: Server Error (request C0DE:1234)
        help: see https://www.githubstatus.com
        Uncertain { after: Some(5s) }
    "#]]
    .assert_eq(&refused(503, &[("retry-after", "5")], r#"{"message":"Server Error"}"#));
}

#[test]
fn a_page_where_an_answer_should_be() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 406 Not Acceptable (request C0DE:1234)
        help: check `api-url`: on GitHub Enterprise Server it ends in `/api/v3`
        GiveUp
    "#]]
    .assert_eq(&refused(406, &[("content-type", "text/html; charset=utf-8")], "<html>login"));
}

#[test]
fn only_an_outage_is_tried_again() {
    for status in 400..600 {
        let is_again = !refused(status, &[], "").ends_with("GiveUp\n");
        assert_eq!(is_again, matches!(status, 429 | 500 | 502 | 503 | 504), "{status}");
    }
}

#[test]
fn an_answer_that_is_not_github_s_says_so() {
    let text = refused_by_another_server(404, "{}");
    assert!(text.contains("help: check `api-url`: this does not look like GitHub's API"), "{text}");
}
