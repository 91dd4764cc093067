//! A list that is not read to its end is said to be cut, and nothing is concluded from what is not
//! in it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

/// The request lines, in order.
type Requests = Arc<Mutex<Vec<String>>>;

/// Lists of deployments never end, and each of their pages is empty; all else is not found.
fn serve() -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let requests = Requests::default();
    let log = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            converse(&stream, &log);
        }
    });
    (url, requests)
}

fn converse(mut stream: &TcpStream, requests: &Requests) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(line) = lines.next() {
        lines.by_ref().take_while(|line| !line.is_empty()).count();
        let is_list = line.starts_with("GET") && line.contains("/deployments?");
        let mut requests = requests.lock().expect("nobody panics while it logs");
        requests.push(line);
        let answer = if is_list {
            let link = format!("link: </deployments?page={}>; rel=\"next\"", requests.len());
            format!("HTTP/1.1 200 OK\r\n{link}\r\ncontent-length: 2\r\n\r\n[]")
        } else {
            "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}".to_owned()
        };
        drop(requests);
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The exit code, stderr, and the requests that would change something.
fn ran(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, Vec<String>) {
    let (url, requests) = serve();
    let ran = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(arguments)
        .env_clear()
        .env("GITHUB_API_URL", url)
        .env("GITHUB_REPOSITORY", "octo/app")
        .env("GITHUB_TOKEN", "ghs_token")
        .envs(variables.iter().copied())
        .output()
        .expect("the binary under test can be run");
    let mut writes = requests.lock().expect("nobody panics while it logs").clone();
    writes.retain(|line| !line.starts_with("GET"));
    (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned(), writes)
}

const CUT: &str = "GitHub's list has no end after 50 pages (list deployments)";

#[test]
fn an_environment_whose_list_is_cut_is_not_deleted() {
    let options = ["delete", "--environment=qa", "--delete-environment=true"];
    let (code, stderr, writes) = ran(&options, &[]);
    assert_eq!((code, writes.len()), (Some(0), 0), "{stderr}");
    assert!(stderr.contains(CUT) && !stderr.contains("was found"), "{stderr}");
}

#[test]
fn a_sweep_says_that_it_did_not_see_all() {
    let (code, stderr, _) = ran(&["sweep"], &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains(CUT), "{stderr}");
}

#[test]
fn nothing_is_called_inactive_that_was_not_read() {
    let (code, stderr, writes) = ran(&["create", "--environment=qa", "--state=inactive"], &[]);
    assert_eq!((code, writes.len()), (Some(0), 0), "{stderr}");
    assert!(stderr.contains(CUT) && !stderr.contains("nothing to do"), "{stderr}");
}

#[test]
fn what_is_to_end_is_not_called_absent_where_the_list_is_cut() {
    let variables = [("GITHUB_SHA", "c0ffee254729296a45a3885639ac7e10f9d54979")];
    let (code, stderr, writes) =
        ran(&["create", "--environment=qa", "--state=success"], &variables);
    assert_eq!((code, writes.len()), (Some(125), 0), "{stderr}");
    assert!(stderr.contains(CUT) && !stderr.contains("was found"), "{stderr}");
    assert!(stderr.contains("the commit has more deployments than are looked at"), "{stderr}");
}

#[test]
fn a_jobs_own_deployment_that_no_page_has_does_not_stop_the_deploy() {
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_RUN_ID", "7"),
        ("GITHUB_SHA", "c0ffee254729296a45a3885639ac7e10f9d54979"),
        ("INPUT_JOB_ID", "42"),
    ];
    let path = std::env::var("PATH").expect("there is a PATH");
    let variables = [&variables[..], &[("PATH", &path)]].concat();
    let (code, stderr, _) = ran(&["run", "--", "true"], &variables);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("more deployments than are looked at"), "{stderr}");
}
