//! Rate limits in their words.

use expect_test::expect;

use super::refused;

#[test]
fn an_hour_s_requests_that_are_used_up() {
    let used_up = [
        ("date", "Sun, 22 Nov 2026 15:00:00 GMT"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1795360500"),
    ];
    let body = r#"{"message":"API rate limit exceeded for installation ID 9."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: API rate limit exceeded for installation ID 9; it asks us to wait 15m1s (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        Retry { after: Some(901s) }
    "#]]
    .assert_eq(&refused(403, &used_up, body));
}

#[test]
fn a_secondary_limit_that_says_how_long() {
    let body = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: You have exceeded a secondary rate limit; it asks us to wait 30s (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        Retry { after: Some(30s) }
    "#]]
    .assert_eq(&refused(403, &[("retry-after", "30")], body));
}

#[test]
fn a_secondary_limit_that_says_until_when() {
    let dates = [
        ("date", "Sun, 22 Nov 2026 15:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 15:02:00 GMT"),
    ];
    let body = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 429 Too Many Requests: You have exceeded a secondary rate limit; it asks us to wait 2m (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        Retry { after: Some(120s) }
    "#]]
    .assert_eq(&refused(429, &dates, body));
}

#[test]
fn a_secondary_limit_that_says_nothing_more() {
    let body =
        r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: You have exceeded a secondary rate limit. Please wait a few minutes; it asks us to wait 1m (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        Retry { after: Some(60s) }
    "#]]
    .assert_eq(&refused(403, &[], body));
}

#[test]
fn too_many_requests_and_not_a_word_more() {
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 429 Too Many Requests (request C0DE:1234)
        help: authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit
        Retry { after: None }
    "#]]
    .assert_eq(&refused(429, &[], ""));
}

#[test]
fn a_wait_beyond_all_reason_is_a_day() {
    for wait in ["18446744073709551615", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"]
    {
        let shown = refused(429, &[("retry-after", wait)], "");
        assert!(shown.ends_with("Retry { after: Some(86400s) }\n"), "{shown}");
    }
    let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "18446744073709")];
    assert!(refused(403, &reset, "").ends_with("Retry { after: Some(86400s) }\n"));
    let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "18446744073709551615")];
    assert!(refused(429, &reset, "").ends_with("Retry { after: Some(86400s) }\n"));
}
