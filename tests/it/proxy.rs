//! Which variable names the proxy, and which host is exempt.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::step::Step;

/// Refuses every tunnel; returns its port and the first line of each request that it gets.
fn proxy() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<String> = head.take_while(|line| !line.is_empty()).collect();
            let asked = sender.send(head.into_iter().next().unwrap_or_default());
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
            if asked.is_err() || stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    });
    (port, requests)
}

/// What the proxy is asked for, and what we say then.
fn asked(variables: &[(&str, &str)]) -> (Vec<String>, String) {
    let (port, requests) = proxy();
    let address = format!("http://me:hunter22@127.0.0.1:{port}");
    let step = Step::configured()
        .arguments(&["create", "--deployment-id=42", "--state=success", "--api-timeout=1s"])
        .variable("GITHUB_API_URL", "https://api.github.invalid");
    let step = variables.iter().fold(step, |step, (name, value)| {
        step.variable(name, if value.is_empty() { address.as_str() } else { value })
    });
    let (_, _, stderr) = step.outcome();
    assert!(!stderr.contains("hunter22"), "{stderr}");
    (requests.try_iter().collect(), stderr)
}

const TUNNEL: &str = "CONNECT api.github.invalid:443 HTTP/1.1";

#[test]
fn a_proxy_is_named_in_either_case_and_for_all() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let (requests, stderr) = asked(&[(name, "")]);
        assert_eq!(requests, [TUNNEL], "{name}: {stderr}");
    }
}

#[test]
fn a_proxy_of_plain_http_is_not_for_https() {
    for name in ["HTTP_PROXY", "http_proxy"] {
        let (requests, stderr) = asked(&[(name, "")]);
        assert!(requests.is_empty(), "{name}: {requests:?} {stderr}");
    }
}

#[test]
fn an_exempt_host_is_named_in_either_case() {
    for name in ["NO_PROXY", "no_proxy"] {
        let (requests, stderr) = asked(&[("HTTPS_PROXY", ""), (name, ".github.invalid")]);
        assert!(requests.is_empty(), "{name}: {requests:?} {stderr}");
        let (requests, _) = asked(&[("HTTPS_PROXY", ""), (name, "other.invalid")]);
        assert_eq!(requests, [TUNNEL], "{name}");
    }
}
