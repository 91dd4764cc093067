//! What holds for any bytes: no panic, no matter how they are cut, in little time and memory.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use url::Url;

use super::super::ansi::strip;
use super::super::sources::json_key;
use super::super::{Rule, Scanner, find};
use crate::deployment::WebUrl;
use crate::redact::Redactor;

fn detect(log: &[u8], sizes: &[usize]) -> Option<String> {
    let mut scanner = Scanner::new(&Rule::Detect);
    let mut rest = log;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, later) = rest.split_at(rest.len().min(*size));
        scanner.observe(piece);
        rest = later;
    }
    scanner.finish();
    let found = find(&Rule::Detect, &scanner, &Scanner::new(&Rule::Nothing), &Redactor::default());
    found.url.as_ref().map(|url: &WebUrl| url.as_str().to_owned())
}

/// Pieces that logs are made of, the nasty ones too; some repeat a byte, `longest` times at most.
fn log(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"Live at ".to_vec()),
        Just(b"https://a.example".to_vec()),
        Just(b"http://u:p@b-1.fly.dev:80/x?y=1".to_vec()),
        Just(b"https://<app>.dev ".to_vec()),
        Just(b"\x1b[36m".to_vec()),
        Just(b"\x1b]8;;https://c.example\x1b\\".to_vec()),
        Just(b"\x1b]8;;\x07".to_vec()),
        Just(b"Host: d.surge.sh".to_vec()),
        Just("│ … 🚀 münchen".as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b" ".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
        (any::<u8>(), 1..longest).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_a_log_is_cut_does_not_matter(log in log(9_000), sizes in prop::collection::vec(1_usize..100_000, 1..5)) {
        let whole = detect(&log, &[usize::MAX]);
        prop_assert_eq!(&detect(&log, &sizes), &whole);
        prop_assert_eq!(&detect(&log, &[1]), &whole);
    }

    #[test]
    fn what_is_reported_is_a_plain_url_that_stood_there(log in log(40)) {
        if let Some(text) = detect(&log, &[usize::MAX]) {
            let url = Url::parse(&text).expect("it is a URL");
            prop_assert!(matches!(url.scheme(), "http" | "https"));
            prop_assert!(url.username().is_empty() && url.password().is_none());
            let host = text.split("://").nth(1).and_then(|body| body.split(['/', ':', '?', '#']).next());
            let lines = log.split(|byte| matches!(byte, b'\n' | b'\r'));
            let mut shown = lines.map(strip).chain([String::from_utf8_lossy(&log)]);
            let mut is_shown = |host: &str| shown.any(|line| line.to_lowercase().contains(host));
            prop_assert!(host.is_some_and(|host| host.contains("xn--") || is_shown(host)));
        }
    }

    #[test]
    fn a_key_is_looked_up_in_anything(text in ".{0,400}", key in "[a-z/]{1,3}") {
        json_key::value_of(&key, &text);
    }
}

#[test]
fn nasty_logs_take_linear_time() {
    let pieces = [
        "://",
        "http://",
        "https://a.b ",
        "url ",
        "host a.b c.d ",
        "\x1b]8;;",
        "[[{\"a\":",
        "(((",
        "https://a(((((((((((((((((((((((((((",
        "https://a))))))))))))))))))))))))))))))))",
        "\n",
        "x ",
    ];
    for piece in pieces {
        let log = piece.repeat(200_000 / piece.len());
        let start = Instant::now();
        detect(log.as_bytes(), &[65_536]);
        json_key::value_of("a", &log);
        println!("{piece:?}: {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_mins(1), "{piece:?} took {:?}", start.elapsed());
    }
}

#[test]
fn a_log_of_many_urls_is_read_in_little_memory() {
    let mut scanner = Scanner::new(&Rule::Detect);
    scanner.observe(b"Deployed to https://best.example\n");
    for i in 0..20_000 {
        scanner.observe(
            format!("Preview: https://h{i}.other.example/x\nGET https://r.example/{i}.js\n")
                .as_bytes(),
        );
    }
    scanner.observe(b"Website URL: https://best.example\n");
    scanner.finish();
    let found = find(&Rule::Detect, &scanner, &Scanner::new(&Rule::Nothing), &Redactor::default());
    assert_eq!(found.url.as_ref().map(WebUrl::as_str), Some("https://best.example"));
}

/// `cargo test --profile … speed -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed() {
    for (name, every) in [("a URL in every 50th line", 50), ("no URL", usize::MAX)] {
        let mut log = String::new();
        for i in 0..200_000 {
            let _ = match i % every {
                49 => writeln!(
                    log,
                    "[{i:>8}] GET https://registry.tool.example/packages/p-{i}.tgz 200 in 31ms (cache miss)"
                ),
                _ => writeln!(
                    log,
                    "[{i:>8}] INFO  compile::unit  built target `module_{i}` in 12ms, 3 of 4 steps were cached"
                ),
            };
        }
        let start = Instant::now();
        let mut bytes = 0_u64;
        let mut scanner = Scanner::new(&Rule::Detect);
        while start.elapsed() < Duration::from_secs(1) {
            log.as_bytes().chunks(65_536).for_each(|chunk| scanner.observe(black_box(chunk)));
            bytes += log.len() as u64;
        }
        let speed = bytes / start.elapsed().as_micros().try_into().unwrap_or(1);
        println!("{name}: {speed} MB/s");
    }
}
