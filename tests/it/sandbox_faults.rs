//! Faults of the sandbox: each rule does what it says, and to no other request.

use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use serde_json::json;

use crate::github::{Answer, FakeGithub, repository_path, statuses_path};
use crate::step::system_variables;

/// A sandbox with one fault and one deployment.
fn with_fault(fault: &str) -> (FakeGithub, u64) {
    let github = FakeGithub::start(&["--fault", fault]);
    let id = github.deployment("staging");
    (github, id)
}

fn post(github: &FakeGithub, id: u64) -> io::Result<Answer> {
    let body = json!({"state": "pending"}).to_string();
    let authorization = [("Authorization", "Bearer t0ken")];
    github.send("POST", &statuses_path(id), &authorization, Some(&body))
}

/// The responses to two posts in a row, and how many statuses there are then.
#[track_caller]
fn check_posts(fault: &str, expected: &Expect) {
    let (github, id) = with_fault(fault);
    let answers = [post(&github, id), post(&github, id)]
        .map(|answer| answer.map_or("-".to_owned(), |answer| answer.status.to_string()));
    expected.assert_eq(&format!("{}, {} held", answers.join(" "), github.states(id).len()));
}

#[test]
fn a_refused_post_is_not_done() {
    check_posts("next post: 502", &expect!["502 201, 1 held"]);
    check_posts("next 2 posts: 503", &expect!["503 503, 0 held"]);
    check_posts("every post to statuses: 500", &expect!["500 500, 0 held"]);
}

#[test]
fn a_rule_applies_only_to_what_fits_it() {
    check_posts("next post to deployments: 502", &expect!["201 201, 2 held"]);
    check_posts("next get: 502", &expect!["201 201, 2 held"]);
    check_posts("skip 1 post: 502", &expect!["201 502, 1 held"]);
}

#[test]
fn a_post_may_be_done_and_answered_wrongly() {
    check_posts("next post: commit, 502", &expect!["502 201, 2 held"]);
    check_posts("next post: commit, drop", &expect!["- 201, 2 held"]);
    check_posts("next post: late 1h, 502", &expect!["502 201, 1 held"]);
    check_posts("next post: truncate", &expect!["- 201, 2 held"]);
    check_posts("next post: empty", &expect!["201 201, 2 held"]);
    check_posts("next post: wrong-type", &expect!["201 201, 2 held"]);
}

#[test]
fn a_dropped_post_is_not_done() {
    check_posts("next post: drop", &expect!["- 201, 1 held"]);
}

#[test]
fn two_rules_apply_one_after_the_other() {
    let faults = ["--fault", "next post: 502", "--fault", "skip 1 post: 503"];
    let github = FakeGithub::start(&faults);
    let id = github.deployment("staging");
    let answers = [(); 3].map(|()| post(&github, id).expect("it is answered").status);
    assert_eq!(answers, [502, 503, 201]);
}

#[test]
fn a_bad_gateway_is_a_page_for_people() {
    let (github, id) = with_fault("next post: 502");
    let answer = post(&github, id).expect("it is answered");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.body.contains("Unicorn!"));
}

#[test]
fn limits_say_how_long_to_wait() {
    let header = |fault: &str, name: &str| {
        let (github, id) = with_fault(fault);
        post(&github, id).expect("it is answered").header(name).map(str::to_owned)
    };
    assert_eq!(header("next post: 429 retry-after 1", "retry-after"), Some("1".to_owned()));
    let date = header("next post: 403 retry-at 60", "retry-after").expect("it is there");
    assert!(date.ends_with(" GMT"), "{date}");
    assert_eq!(header("next post: 403 reset 5", "x-ratelimit-remaining"), Some("0".to_owned()));
    assert_eq!(header("next post: 403 secondary", "retry-after"), None);
    let single_sign_on = header("next post: 403 sso", "x-github-sso").expect("it is there");
    assert!(single_sign_on.starts_with("required; url=https://"), "{single_sign_on}");
}

#[test]
fn a_redirect_leads_to_the_repositorys_id() {
    let (github, id) = with_fault("next post: 307");
    let answer = post(&github, id).expect("it is answered");
    let location = format!("{}/repositories/70001/deployments/{id}/statuses", github.url());
    assert_eq!((answer.status, answer.header("location")), (307, Some(location.as_str())));

    let followed =
        github.post(location.trim_start_matches(github.url()), &json!({"state": "error"}));
    assert_eq!(followed.status, 201);
    assert_eq!(github.states(id), ["error"]);
}

#[test]
fn a_redirect_may_lead_elsewhere_or_nowhere() {
    let (github, id) = with_fault("next post: 308 to http://127.0.0.1:9");
    let answer = post(&github, id).expect("it is answered");
    let elsewhere = format!("http://127.0.0.1:9{}", statuses_path(id));
    assert_eq!(answer.header("location"), Some(elsewhere.as_str()));

    let (github, id) = with_fault("every post: 301 loop");
    let answer = post(&github, id).expect("it is answered");
    let itself = format!("{}{}", github.url(), statuses_path(id));
    assert_eq!(answer.header("location"), Some(itself.as_str()));
}

#[test]
fn a_late_post_is_done_although_the_client_has_disconnected() {
    let (github, id) = with_fault("next post: late 200ms");
    let mut stream = std::net::TcpStream::connect(github.url().trim_start_matches("http://"))
        .expect("the sandbox listens");
    let head =
        format!("POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: token t\r\n", statuses_path(id));
    let request = format!("{head}Content-Length: 19\r\n\r\n{{\"state\":\"pending\"}}");
    io::Write::write_all(&mut stream, request.as_bytes()).expect("the sandbox listens");
    github.wait_for_requests(1);
    drop(stream);

    github.wait_for_states(id, &["pending"]);
}

#[test]
fn a_delay_comes_before_the_answer() {
    let (github, id) = with_fault("next post: delay 300ms");
    let start = Instant::now();
    assert_eq!(post(&github, id).expect("it is answered").status, 201);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_body_trickles() {
    let (github, id) = with_fault("next post: trickle 300ms");
    let start = Instant::now();
    assert_eq!(post(&github, id).expect("it is answered").json()["state"], "pending");
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_hung_request_is_logged_at_once_and_does_not_stop_others() {
    let (github, id) = with_fault("next post: hang");
    let address = github.url().trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).expect("the sandbox listens");
    let request = format!("POST {} HTTP/1.1\r\nHost: x\r\n\r\n", statuses_path(id));
    io::Write::write_all(&mut stream, request.as_bytes()).expect("the sandbox listens");

    assert_eq!(github.wait_for_requests(1)[0].answered, "later");
    assert_eq!(post(&github, id).expect("it is answered").status, 201);
}

#[test]
fn lists_may_lag_behind() {
    let (github, id) = with_fault("next get: lag 1h");
    post(&github, id).expect("it is answered");
    assert_eq!(github.get(&statuses_path(id)).json(), json!([]));
    assert_eq!(github.states(id), ["pending"]);
}

#[test]
fn lists_may_link_to_another_origin_and_hold_an_unknown_state() {
    let (github, id) = with_fault("next get: waiting, link http://127.0.0.1:9");
    let answer = github.get(&statuses_path(id));
    assert_eq!(answer.json()[0]["state"], "waiting");
    let link = answer.header("link").expect("there is a link");
    assert!(link.starts_with("<http://127.0.0.1:9/repositories/"), "{link}");
}

#[test]
fn asked_for_merges_and_contexts_may_be_refused() {
    let answer = |fault: &str, order: serde_json::Value| {
        let (github, _) = with_fault(fault);
        let answer = github.post(&repository_path("/deployments"), &order);
        format!("{} {}", answer.status, answer.json()["message"])
    };
    let bare = json!({"ref": "topic", "required_contexts": []});
    assert_eq!(
        answer("next post: 202", bare.clone()),
        r#"202 "Auto-merged main into topic-branch on deployment.""#
    );
    assert_eq!(answer("next post: 409", bare), r#"409 "Conflict merging main into topic.""#);
    assert_eq!(
        answer("next post: 409", json!({"ref": "topic"})),
        r#"409 "Conflict: Commit status checks failed for topic.""#
    );
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_token() {
    let (github, id) = with_fault("next post: commit, drop");
    post(&github, id).unwrap_err();
    post(&github, id).expect("it is answered");
    github.get(&statuses_path(id));

    github.requests();
    let lines: Vec<String> = github
        .log()
        .lines()
        .filter(|line| !line.contains("(aside)"))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r#"
        POST /repos/octo/app/deployments/1001/statuses (authorization: ***) -> dropped [next post: commit, drop] {"state":"pending"}
        POST /repos/octo/app/deployments/1001/statuses (authorization: ***) -> 201 {"state":"pending"}
        GET /repos/octo/app/deployments/1001/statuses (authorization: ***) -> 200
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn ports_and_options_that_cannot_be_are_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it has one").port().to_string();
    for arguments in [
        ["--port", port.as_str()],
        ["--fault", "next put: 502"],
        ["--run", "7:done"],
        ["--pull", "7:main"],
        ["--age", "soon"],
        ["--rate-limit", "many"],
        ["--grant", "token:owner"],
        ["--deployment", "9223372036854775808"],
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_deployment-status"))
            .arg("sandbox")
            .args(arguments)
            .env_clear()
            .envs(system_variables())
            .output()
            .expect("the binary under test can be run");
        assert!(!output.status.success(), "{arguments:?}");
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn the_examples_of_the_help_are_rules() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(["sandbox", "--help"])
        .env_clear()
        .output()
        .expect("the binary under test can be run");
    let help = String::from_utf8(output.stdout).expect("help is UTF-8");
    let (_, examples) = help.split_once("Examples:").expect("the help has examples");
    let rules: Vec<&str> =
        examples.split("--fault '").skip(1).filter_map(|text| text.split('\'').next()).collect();
    assert!(rules.len() > 3, "{rules:?}");
    for rule in rules {
        FakeGithub::start(&["--fault", rule]);
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_well() {
    for signal in ["-INT", "-TERM"] {
        let mut github = FakeGithub::start(&[]);
        let process = github.process().id().to_string();
        let kill = std::process::Command::new("kill").args([signal, &process]).status();
        assert!(kill.expect("kill can be run").success());
        assert!(github.process().wait().is_ok_and(|end| end.success()), "{signal}");
    }
}
