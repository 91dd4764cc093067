//! Whatever goes wrong on the first post and on the last: at most one initial status and exactly
//! one final, the final on top, and the exit code is the command's.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

/// What befalls the first post and the last; each kind of fault meets each place at least once.
const PAIRS: &[[&str; 2]] = &[
    ["502", "commit, drop"],
    ["commit, 502", "commit, 502"],
    ["commit, drop", "truncate"],
    ["truncate", "empty"],
    ["late 4s, drop", "commit, 502"],
    ["late 8s, 502", "502"],
    ["hang", "late 2s, drop"],
    ["delay 5s", "307"],
    ["307", "delay 5s"],
    ["429 retry-after 1", "429 retry-after 1"],
    ["403 reset 1", "html"],
    ["403", "403 retry-at 2"],
    ["wrong-type", "trickle 3s"],
    ["commit, hang", "drop"],
];

struct Played {
    faults: Vec<String>,
    ran: Ran,
    states: Vec<String>,
}

fn play(faults: Vec<String>) -> Played {
    let arguments: Vec<&str> =
        faults.iter().flat_map(|fault| ["--fault", fault.as_str()]).collect();
    let github = FakeGithub::start(&arguments);
    let id = github.deployment("staging");
    let ran = Deploy::of(&github).to(id).sh("exit 3").run();
    // What is late has come by then.
    thread::sleep(Duration::from_secs(9).saturating_sub(ran.took));
    Played { faults, ran, states: github.states(id) }
}

fn wrong(played: &Played) -> Option<String> {
    let Played { faults, ran, states } = played;
    let states: Vec<&str> = states.iter().map(String::as_str).collect();
    let is_right = ran.exit_code == 3 && matches!(states[..], ["pending", "failure"] | ["failure"]);
    (!is_right).then(|| format!("{faults:?}: {states:?} {ran:#?}"))
}

#[test]
fn every_pair_of_faults_ends_right() {
    let play = |[first, last]: &[&str; 2]| {
        play([format!("next post: {first}"), format!("skip 1 post: {last}")].into())
    };
    check_all(PAIRS, play);
}

#[test]
fn lists_that_lag_or_cannot_be_read_make_no_double() {
    let play = |[list, last]: &[&str; 2]| {
        play([format!("skip 1 post: {last}"), format!("next 3 gets: {list}")].into())
    };
    check_all(
        &[
            ["lag 3s", "commit, drop"],
            ["502", "commit, 502"],
            ["429 retry-after 2", "truncate"],
            ["drop", "late 3s, drop"],
            ["hang", "commit, drop"],
            ["waiting", "commit, 502"],
        ],
        play,
    );
}

/// There is no time to wait until it can no longer arrive.
#[test]
fn a_late_initial_status_does_not_stay_on_top_where_time_is_short() {
    let github = FakeGithub::start(&["--fault", "next post: late 8s, drop"]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).option("api-timeout", "8s").sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    // It may arrive after our exit.
    github.wait_until(id, |states| states.iter().any(|state| state == "pending"));
    assert_eq!(github.states(id), ["failure", "pending", "failure"], "{ran:#?}");
}

/// All at once: they mostly wait.
#[track_caller]
fn check_all<T: Sync>(setups: &[T], play: impl Fn(&T) -> Played + Sync) {
    let wrongs: Vec<String> = thread::scope(|scope| {
        let playing: Vec<_> =
            setups.iter().map(|each| scope.spawn(|| wrong(&play(each)))).collect();
        playing.into_iter().filter_map(|each| each.join().expect("nobody panics")).collect()
    });
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// Answers the first request of each connection, and hangs up on the second.
fn hang_up_on_the_second(mut stream: TcpStream, posted: &AtomicUsize) {
    let mut request = [0; 8192];
    let length = stream.read(&mut request).unwrap_or_default();
    let (status, body) = if request[..length].starts_with(b"POST") {
        posted.fetch_add(1, Ordering::SeqCst);
        ("201 Created", r#"{"id":1,"state":"pending"}"#)
    } else {
        ("200 OK", "[]")
    };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.read(&mut request);
}

#[test]
fn a_connection_that_is_good_for_one_request_only_costs_no_status() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let posted = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&posted);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let posted = Arc::clone(&posted);
            thread::spawn(move || hang_up_on_the_second(stream, &posted));
        }
    });

    let ran = Deploy::at(&format!("http://{address}")).to(42).sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    assert_eq!(counted.load(Ordering::SeqCst), 2, "{ran:#?}");
    assert!(ran.took < Duration::from_secs(25), "{ran:#?}");
}
