//! `deployment-status url`, as a user sees it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};

/// Has `url` read a log.
pub(crate) fn run(args: &[&str], variables: &[(&str, &str)], log: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .arg("url")
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    stdin.write_all(log.as_bytes()).expect("the log is read");
    drop(stdin);
    child.wait_with_output().expect("the binary ends")
}

/// What `url` wrote, and how it ended.
#[track_caller]
fn check(args: &[&str], log: &str, expected: &Expect) {
    let ran = run(args, &[], log);
    let said = String::from_utf8_lossy(&ran.stdout);
    let warned = String::from_utf8_lossy(&ran.stderr);
    expected.assert_eq(&format!(
        "exit code: {}\n{said}--- stderr\n{warned}",
        ran.status.code().unwrap_or(-1)
    ));
}

const LOG: &str = "Project Console: https://console.vendor.example/p
Uploading to https://<bucket>.example/
Live URL: \x1b[36mhttps://p.vendor.example/\x1b[39m
";

#[test]
fn the_url_alone_is_printed() {
    check(
        &[],
        LOG,
        &expect![[r#"
        exit code: 0
        https://p.vendor.example/
        --- stderr
    "#]],
    );
}

#[test]
fn a_log_without_a_url_prints_nothing_and_is_1() {
    check(
        &[],
        "all went well\n",
        &expect![[r#"
        exit code: 1
        --- stderr
    "#]],
    );
}

#[test]
fn an_explanation_shows_every_candidate() {
    check(
        &["--explain"],
        LOG,
        &expect![[r#"
            exit code: 0
              line  points  URL and why
                 1     -16  https://console.vendor.example/p  words: project console (-6); a host called `console` (-6), a page that no plain words announce (-4)
                 2       -  https://  a template
                 3       5  https://p.vendor.example/  words: live, url, : (+5); a host like any other
            reported: https://p.vendor.example/
            decided by detection: most points, at least 2; among equals the last, under one heading the first; then the shortest path of its host
            --- stderr
        "#]],
    );
}

#[test]
fn a_pattern_decides() {
    check(
        &["--url-pattern", "Console: (.*)"],
        LOG,
        &expect![[r#"
        exit code: 0
        https://console.vendor.example/p
        --- stderr
    "#]],
    );
}

#[test]
fn a_pattern_that_matches_nothing_is_a_warning_and_no_guess() {
    check(
        &["--url-pattern", "Website: (.*)"],
        LOG,
        &expect![[r#"
        exit code: 1
        --- stderr
        deployment-status: warning: url-pattern `Website: (.*)` matches no line: no URL is reported
    "#]],
    );
}

#[test]
fn a_pattern_that_finds_no_url_is_a_warning() {
    check(
        &["--url-pattern", "^(Live)"],
        LOG,
        &expect![[r#"
        exit code: 1
        --- stderr
        deployment-status: warning: what url-pattern finds is no http or https URL: no URL is reported
    "#]],
    );
}

#[test]
fn a_key_decides() {
    let log = r#"{"outputs": {"api": "https://api.example", "url": "https://a.example"}}"#;
    check(
        &["--url-key", "/outputs/url"],
        log,
        &expect![[r#"
        exit code: 0
        https://a.example
        --- stderr
    "#]],
    );
    check(
        &["--url-key", "api"],
        log,
        &expect![[r#"
        exit code: 0
        https://api.example
        --- stderr
    "#]],
    );
}

#[test]
fn a_key_that_is_not_there_is_a_warning_and_no_guess() {
    check(
        &["--url-key", "Website"],
        LOG,
        &expect![[r#"
        exit code: 1
        --- stderr
        deployment-status: warning: url-key `Website` is not in what the command wrote to stdout: no URL is reported
    "#]],
    );
}

#[test]
fn files_are_read_in_their_order() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("there is room for a file");
        path.to_str().expect("the path is text").to_owned()
    };
    let (a, b) =
        (file("a", "Deployed to https://a.example"), file("b", "Deployed to https://b.example"));
    check(
        &[&a, &b],
        "",
        &expect![[r#"
        exit code: 0
        https://b.example
        --- stderr
    "#]],
    );
}

#[test]
fn a_flood_of_urls_hides_no_announcement() {
    let chatter = |from: usize| -> String {
        (from..from + 5000)
            .map(|number| format!("GET https://registry.example.com/package-{number}\n"))
            .collect()
    };
    let log =
        format!("{}Your site is live at https://hello.example.com\n{}", chatter(0), chatter(5000));
    check(
        &[],
        &log,
        &expect![[r#"
        exit code: 0
        https://hello.example.com
        --- stderr
    "#]],
    );
}
