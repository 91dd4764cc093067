//! A server that lies does not fill our memory, end us, or hold us for long.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use std::{fs, thread};

/// Whatever takes longer than this does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most that we may ever take, whatever GitHub says; in KiB.
const MAX_MEMORY: u64 = 32 << 10;

/// So many requests are answered before the memory is looked at.
const ANSWERED: usize = 3;

/// A page is at most this large; in bytes.
const PAGE: usize = 4 << 20;

/// Answers each request with the same bytes, but not the one after [`ANSWERED`], which it reports.
fn serve(answer: Vec<u8>) -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let (sender, reached) = channel();
    thread::spawn(move || {
        let mut left = ANSWERED;
        for stream in listener.incoming().flatten() {
            converse(&stream, &answer, &mut left, &sender);
        }
    });
    (url, reached)
}

fn converse(mut stream: &TcpStream, answer: &[u8], left: &mut usize, reached: &Sender<()>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while lines.by_ref().take_while(|line| !line.is_empty()).count() > 0 {
        if *left == 0 {
            // The test may have ended already.
            let _ = reached.send(());
            return;
        }
        *left -= 1;
        if stream.write_all(answer).is_err() {
            return;
        }
    }
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let link = "link: </next>; rel=\"next\"";
    format!("HTTP/1.1 {status}\r\n{link}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

fn start(url: &str, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(arguments)
        .env_clear()
        .env("GITHUB_API_URL", url)
        .env("GITHUB_REPOSITORY", "octo/app")
        .env("GITHUB_TOKEN", "ghs_token")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary under test can be run")
}

/// What a process took at most, in KiB.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.expect("the kernel says so").trim().trim_end_matches(" kB");
    peak.parse().expect("this is a number")
}

#[track_caller]
fn check(status: &str, body: &str, arguments: &[&str]) {
    let (url, reached) = serve(answer(status, body));
    let mut child = start(&url, arguments);

    let reached = reached.recv_timeout(PATIENCE);
    let peak = reached.is_ok().then(|| peak_memory(child.id()));
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().expect("a child can be waited for");

    let peak = peak.expect("it asks again");
    assert!(peak <= MAX_MEMORY, "{peak} KiB after {} bytes of {}", body.len(), &body[..40]);
}

const LIST: &[&str] = &["list", "--environment=qa", "--ref=main"];

/// As many entries as a page holds.
fn page_of(entry: &str) -> String {
    format!("[{}]", vec![entry; (PAGE - 2) / (entry.len() + 1)].join(","))
}

#[test]
fn a_list_of_tiny_entries_takes_little_memory() {
    check("200 OK", &page_of(r#"{"id":1,"state":""}"#), LIST);
}

#[test]
fn a_hostile_payload_takes_little_memory() {
    let payload = page_of(r#"{"":{}}"#);
    check("200 OK", &format!(r#"[{{"id":1,"payload":{}}}]"#, &payload[..PAGE / 2 - 1]), LIST);
    let payload = page_of(r#"{"":{}}"#).replace(r#"{"":{}}"#, r#"[[],{}]"#);
    check("200 OK", &format!(r#"[{{"id":1,"payload":{}0]}}]"#, &payload[..PAGE - 71]), LIST);
}

#[test]
fn a_page_that_is_too_large_takes_little_memory() {
    check("200 OK", &page_of(r#"{"id":1,"state":"x"}"#).repeat(3), LIST);
}

#[test]
fn a_refusal_of_many_errors_takes_little_memory() {
    let errors = page_of(r#"{"":{}}"#);
    let body = format!(r#"{{"message":"No","errors":{}]}}"#, &errors[..PAGE / 2]);
    check("503 Service Unavailable", &body, LIST);
}
