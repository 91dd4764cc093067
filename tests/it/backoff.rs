//! The waits between tries grow exponentially.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::github::FakeGithub;
use crate::step::Step;

/// Tries in 10 s whose waits double from 1 s, with full jitter and shorter ones before the end: 14
/// in one of 400,000 runs. Waits that do not grow make as few as that as rarely.
const TRIES_IN_10_S: usize = 14;

/// The same for reads, whose first wait is at most half a second: 14 in one of 20,000 runs, and at
/// least 22 where the waits do not grow.
const READS_IN_8_S: usize = 18;

/// A proxy that is out of order: nothing gets through, so every try surely did nothing.
fn broken_proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let head = BufReader::new(&stream).lines().map_while(Result::ok);
            let _ = head.take_while(|line| !line.is_empty()).count();
            let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
        }
    });
    (format!("http://127.0.0.1:{port}"), tries)
}

#[test]
fn the_waits_between_the_tries_of_a_status_grow() {
    let (proxy, tries) = broken_proxy();

    Step::configured()
        .arguments(&["create", "--deployment-id=42", "--state=success", "--api-timeout=10s"])
        .variable("GITHUB_API_URL", "https://api.github.invalid")
        .variable("HTTPS_PROXY", proxy)
        .outcome();

    let tries = tries.load(Ordering::SeqCst);
    assert!((2..TRIES_IN_10_S).contains(&tries), "{tries} tries");
}

#[test]
fn the_waits_between_the_reads_of_a_list_grow() {
    let github = FakeGithub::start(&["--deployment", "42", "--fault", "every get: 502"]);

    Step::of(&github).arguments(&["finish", "--deployment-id=42", "--api-timeout=8s"]).outcome();

    let reads = github.requests().len();
    assert!((2..READS_IN_8_S).contains(&reads), "{reads} reads");
}
