//! Conditional requests, the rate limit, long lists and hostile clients of the sandbox.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::github::{Answer, FakeGithub, repository_path, statuses_path};

/// Whatever takes longer than this does not come.
const PATIENCE: Duration = Duration::from_secs(10);

fn get(github: &FakeGithub, path: &str, known: Option<&str>) -> Answer {
    let mut headers = vec![("Authorization", "Bearer t0ken")];
    headers.extend(known.map(|tag| ("If-None-Match", tag)));
    github.send("GET", path, &headers, None).expect("the sandbox answers")
}

#[test]
fn an_unchanged_answer_is_a_304_that_costs_nothing() {
    let pull = "7:a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";
    let github = FakeGithub::start(&["--deployment", "42:qa", "--run", "7:queued", "--pull", pull]);
    github.post_status(42, &json!({"state": "pending"}));
    let used = |answer: &Answer| answer.header("x-ratelimit-used").map(str::to_owned);

    for path in [
        "",
        "/deployments?per_page=1",
        "/deployments/42",
        "/deployments/42/statuses",
        "/deployments/42/statuses/500001",
        "/environments",
        "/environments/qa",
        "/actions/runs/7",
        "/pulls/7",
    ] {
        let path = repository_path(path);
        let first = get(&github, &path, None);
        let tag = first.header("etag").expect("a GET has an ETag");
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        let again = get(&github, &path, Some(tag));
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), Some(tag), "{path}");
        assert_eq!(used(&again), used(&first), "{path}");
    }
}

#[test]
fn a_changed_list_has_another_tag() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let path = statuses_path(42);
    let first = get(&github, &path, None);
    let tag = first.header("etag").expect("a GET has an ETag");
    assert_eq!(get(&github, &path, Some(tag)).status, 304);

    github.post_status(42, &json!({"state": "success"}));

    let changed = get(&github, &path, Some(tag));
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()[0]["state"], "success");
    assert_ne!(changed.header("etag"), Some(tag));
}

#[test]
fn what_is_no_successful_get_has_no_tag() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    assert_eq!(get(&github, &repository_path("/deployments/7"), None).header("etag"), None);
    let made = github.post(&statuses_path(42), &json!({"state": "success"}));
    assert_eq!(made.header("etag"), None);
}

#[test]
fn the_rate_limit_ends_with_its_window() {
    let github = FakeGithub::start(&["--deployment", "42", "--rate-limit", "3/1s"]);
    let remaining = |answer: &Answer| {
        let header = answer.header("x-ratelimit-remaining").expect("each answer has it");
        (answer.status, header.to_owned())
    };

    let path = repository_path("/deployments/42");
    let seen: Vec<_> = (0..4).map(|_| remaining(&get(&github, &path, None))).collect();
    let expected = [(200, "2"), (200, "1"), (200, "0"), (403, "0")];
    assert_eq!(seen, expected.map(|(status, header)| (status, header.to_owned())));
    let refused = get(&github, &path, None);
    assert_eq!(refused.header("x-ratelimit-limit"), Some("3"));
    assert_eq!(refused.header("x-ratelimit-resource"), Some("core"));
    assert!(refused.body.contains("API rate limit exceeded"), "{}", refused.body);
    let reset = refused.header("x-ratelimit-reset").and_then(|reset| reset.parse().ok());
    let reset = std::time::UNIX_EPOCH + Duration::from_secs(reset.expect("it is a number"));
    assert_eq!(github.aside("GET", &path, None).status, 200);

    // The window ends by the clock, so there is no event to wait for.
    std::thread::sleep(reset.duration_since(std::time::SystemTime::now()).unwrap_or_default());
    assert_eq!(remaining(&get(&github, &path, None)), (200, "2".to_owned()));
}

#[test]
fn twelve_hundred_deployments_are_read_quickly_in_pages() {
    let github = FakeGithub::start(&["--rate-limit", "9999"]);
    let path = repository_path("/deployments");
    for number in 0..1200 {
        github.deployment(&format!("preview-{}", number % 60));
    }

    let start = Instant::now();
    let mut next = Some(format!("{path}?per_page=100"));
    let mut ids = Vec::new();
    let mut pages = 0;
    while let Some(path) = next {
        let page = get(&github, &path, None);
        pages += 1;
        let listed = page.json();
        ids.extend(listed.as_array().into_iter().flatten().filter_map(|it| it["id"].as_u64()));
        next = page.header("link").and_then(|links| {
            let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
            let url = link.split(['<', '>']).nth(1)?;
            Some(url.trim_start_matches(github.url()).to_owned())
        });
    }

    assert_eq!((pages, ids.len()), (12, 1200));
    assert!(ids.is_sorted_by(|one, other| one > other), "newest first");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let one = get(&github, &format!("{path}?environment=PREVIEW-7&per_page=100"), None).json();
    assert_eq!(one.as_array().map(Vec::len), Some(20));
}

#[test]
fn every_group_can_be_hit_by_a_fault() {
    let pull = "7:a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";
    for (group, method, path) in [
        ("deployments", "DELETE", "/deployments/42"),
        ("statuses", "GET", "/deployments/42/statuses"),
        ("environments", "GET", "/environments"),
        ("environments", "DELETE", "/environments/qa"),
        ("runs", "GET", "/actions/runs/7"),
        ("pulls", "GET", "/pulls/7"),
    ] {
        let rule = format!("next {} to {group}: 503", method.to_ascii_lowercase());
        let seeds = ["--deployment", "42:qa", "--run", "7:queued", "--pull", pull];
        let github = FakeGithub::start(&[seeds.as_slice(), &["--fault", &rule]].concat());
        let path = repository_path(path);
        let send = || {
            let authorization = [("Authorization", "Bearer t0ken")];
            github.send(method, &path, &authorization, None).expect("the sandbox answers").status
        };
        assert_eq!(github.get(&repository_path("")).status, 200, "{rule}");
        assert_eq!(send(), 503, "{rule}");
        assert!(matches!(send(), 200 | 204), "{rule}");
    }
}

#[test]
fn a_delete_may_be_done_although_its_answer_is_lost() {
    let fault = ["--fault", "next delete: commit, drop"];
    let github = FakeGithub::start(&[["--deployment", "42:qa"], fault].concat());
    let path = repository_path("/deployments/42");
    let authorization = [("Authorization", "Bearer t0ken")];
    github.send("DELETE", &path, &authorization, None).unwrap_err();
    assert_eq!(github.deployments(), [Value::Null; 0]);
}

/// Sends these bytes, without an end, and reads the beginning of the answer.
fn first_line(github: &FakeGithub, bytes: &[u8]) -> String {
    let address = github.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is no zero");
    // The sandbox may close the connection before all is written.
    let _ = stream.write_all(bytes);
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("the sandbox answers");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_body_without_an_end_is_refused() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let head = format!("POST {} HTTP/1.1\r\nHost: x\r\n", statuses_path(42));

    let announced = format!("{head}Content-Length: 1099511627776\r\n\r\n");
    assert_eq!(first_line(&github, announced.as_bytes()), "HTTP/1.1 413");
    let chunk = format!("100001\r\n{}\r\n", " ".repeat(0x10_0001));
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}");
    assert_eq!(first_line(&github, chunked.as_bytes()), "HTTP/1.1 413");

    assert_eq!(github.states(42), [""; 0]);
}

/// Sends these bytes and reads until the sandbox closes the connection.
fn send_raw(github: &FakeGithub, bytes: &[u8]) {
    let address = github.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is no zero");
    // The sandbox may close the connection before all is written.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
}

#[test]
fn nothing_that_a_client_sends_ends_the_sandbox() {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let statuses = statuses_path(42);
    let huge = "9".repeat(40);
    let deep = "[".repeat(100_000);
    let targets = [
        format!("GET {statuses}?per_page={huge}&page={huge} HTTP/1.1"),
        format!("GET {statuses}?per_page=18446744073709551615&page=18446744073709551615 HTTP/1.1"),
        format!("GET {statuses}?page=18446744073709551614 HTTP/1.1"),
        format!("GET {} HTTP/1.1", repository_path(&format!("/deployments/{huge}"))),
        format!("GET {} HTTP/1.1", repository_path("/environments/%FF%00%zz%")),
        format!("GET /api/v3{} HTTP/1.1", repository_path("/environments/%F0%9F%9A%80")),
        "GET * HTTP/1.1".to_owned(),
        "OPTIONS * HTTP/1.1".to_owned(),
        "GET http://elsewhere.example/repos HTTP/1.1".to_owned(),
        "CONNECT octo:443 HTTP/1.1".to_owned(),
        "GET /repositories/99999/deployments HTTP/1.1".to_owned(),
        "GET /repos/../..?%00=%00&a HTTP/1.1".to_owned(),
        format!("HEAD {statuses} HTTP/1.1"),
    ];
    for target in &targets {
        send_raw(&github, format!("{target}\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes());
        let odd = "Host: \u{fc}\"<>{}\r\nAuthorization: Basic ====\r\nIf-None-Match: ,,W/\r\n";
        send_raw(
            &github,
            format!("{target}\r\n{odd}X-Sandbox: age 99999999999d\r\n\r\n").as_bytes(),
        );
    }
    let bodies: [&[u8]; 7] = [
        deep.as_bytes(),
        b"\xff\xfe",
        b"{\"state\":\"success\",\"description\":\"\\ud800\"}",
        b"{\"state\":\"success\",\"log_url\":\"http://[::1\"}",
        b"{\"state\":1e999}",
        b"null",
        b"{\"ref\":\"\xc2\x85::error::\",\"payload\":\"\"}",
    ];
    for body in bodies {
        for path in
            [&statuses, &repository_path("/deployments"), &repository_path("/actions/runs/1")]
        {
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                let length = body.len();
                let head = format!(
                    "{method} {path} HTTP/1.1\r\nHost: x\r\nX-Sandbox: aside\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
                );
                send_raw(&github, &[head.as_bytes(), body].concat());
            }
        }
    }
    send_raw(&github, &[b"GET / HTTP/1.1\r\nx: ".as_slice(), &vec![b'a'; 1 << 20]].concat());
    send_raw(&github, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");

    assert_eq!(github.get(&statuses).status, 200);
    assert!(!github.log().contains("panicked"), "{}", github.log());
}
