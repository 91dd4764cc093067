//! Random faults, one after the other, between a whole `run` and the sandbox: GitHub ends up with
//! one final status of ours on top, and the exit code is the command's.
//! A sequence is made of its number alone, so the one that a failure names can be run again.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use fastrand::Rng;

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

/// The numbers to run instead, `FROM..TO`.
const NUMBERS: &str = "FAULT_SEQUENCES";

const USUAL: Range<usize> = 0..100;

/// They mostly wait.
const AT_ONCE: usize = 50;

/// The longest `late` of a fault.
const LATEST: u64 = 4;

const POSTS: &[&str] = &[
    "500",
    "502",
    "503 retry-after 1",
    "504",
    "drop",
    "hang",
    "commit, 502",
    "commit, drop",
    "commit, hang",
    "commit, delay 2s, drop",
    "truncate",
    "empty",
    "html",
    "wrong-type",
    "trickle 2s",
    "delay 1s",
    "delay 4s",
    "429 retry-after 1",
    "429 retry-after 4",
    "403 retry-at 2",
    "403 reset 1",
    "307",
    "308",
];

const LATE_POSTS: &[&str] = &["drop", "502", "hang"];

const GETS: &[&str] = &["502", "drop", "429 retry-after 1", "html", "truncate", "delay 2s"];

/// One deploy, and what goes wrong on its way to GitHub.
struct Sequence {
    number: usize,
    faults: Vec<String>,
    /// How long the command takes, in milliseconds.
    command: u64,
    exit_code: i32,
    /// When SIGTERM is sent, in milliseconds from the first request.
    signal: Option<u64>,
}

/// What it left behind.
struct Left {
    ran: Ran,
    /// Oldest first.
    states: Vec<String>,
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, faults, command, exit_code, signal } = self;
        write!(f, "{NUMBERS}={number}..{}: ", number + 1)?;
        write!(f, "the command takes {command} ms and exits with {exit_code}, ")?;
        if let Some(signal) = signal {
            write!(f, "SIGTERM comes {signal} ms after the first request, ")?;
        }
        write!(f, "{faults:?}")
    }
}

impl Sequence {
    fn of(number: usize) -> Self {
        let mut rng = Rng::with_seed(number as u64);
        let posts: Vec<_> = (0..rng.usize(0..4)).map(|_| post_rule(&mut rng)).collect();
        let gets: Vec<_> = (0..rng.usize(0..3)).map(|_| get_rule(&mut rng)).collect();
        Self {
            number,
            faults: [posts, gets].concat(),
            command: if rng.bool() { 0 } else { rng.u64(100..4000) },
            exit_code: rng.i32(0..3),
            signal: (rng.u8(0..3) == 0).then(|| rng.u64(0..4000)),
        }
    }

    fn play(&self) -> Left {
        let faults = self.faults.iter().flat_map(|fault| ["--fault", fault.as_str()]);
        let github = FakeGithub::start(&faults.collect::<Vec<_>>());
        let id = github.deployment("staging");
        let Self { command, exit_code, .. } = self;
        let wait = format!("sleep {}.{:03};", command / 1000, command % 1000);
        let wait = if *command == 0 { "" } else { &wait };
        let running = Deploy::of(&github).to(id).sh(&format!("{wait} exit {exit_code}")).spawn();
        if let Some(after) = self.signal {
            // Before this it may not listen yet.
            github.wait_for_requests(1);
            thread::sleep(Duration::from_millis(after));
            running.signal_if_alive("TERM");
        }
        let ran = running.wait();
        if self.faults.iter().any(|fault| fault.contains("late")) {
            // Of a signalled run it may arrive after our exit.
            thread::sleep(Duration::from_secs(LATEST).saturating_sub(ran.took));
        }
        Left { ran, states: github.states(id) }
    }

    /// What is not as it has to be.
    fn fault_in(&self, left: &Left) -> Option<&'static str> {
        let Left { ran, states } = left;
        let final_state = match ran.exit_code {
            143 => "error",
            0 => "success",
            _ => "failure",
        };
        let initials = states.iter().filter(|state| *state == "pending").count();
        let finals = states.iter().filter(|state| *state == final_state).count();
        let is_on_top = states.last().is_some_and(|state| state == final_state);
        let is_signalled = self.signal.is_some();
        if ran.exit_code != self.exit_code && !(is_signalled && ran.exit_code == 143) {
            Some("the exit code is another")
        } else if initials > 1 {
            Some("the initial status is there twice")
        } else if initials + finals != states.len() {
            Some("a status is neither the initial nor the final one")
        } else if finals > 1 && !is_signalled {
            Some("the final status is there twice")
        } else if !is_on_top && (ran.left_open.is_empty() || !is_signalled) {
            Some("the final status is not on top, and `finish` does not know of it")
        } else if !is_signalled && !ran.left_open.is_empty() {
            Some("the state file is left")
        } else {
            None
        }
    }
}

fn post_rule(rng: &mut Rng) -> String {
    let fault = if rng.u8(0..5) < 3 {
        (*rng.choice(POSTS).expect("there are some")).to_owned()
    } else {
        let reaction = rng.choice(LATE_POSTS).expect("there are some");
        format!("late {}s, {reaction}", rng.u64(1..=LATEST))
    };
    format!("skip {} next {} posts: {fault}", rng.u8(0..3), rng.u8(1..3))
}

fn get_rule(rng: &mut Rng) -> String {
    if rng.bool() {
        format!("next 2 gets: {}", rng.choice(GETS).expect("there are some"))
    } else {
        format!("every get: lag {}s", rng.u8(1..4))
    }
}

fn numbers() -> Range<usize> {
    let Ok(text) = std::env::var(NUMBERS) else { return USUAL };
    let range = text.split_once("..").and_then(|(from, to)| {
        let [from, to] = [from, to].map(|number| number.parse().ok());
        Some(from?..to?)
    });
    range.unwrap_or_else(|| panic!("{NUMBERS} is `{text}`: write `0..1000`"))
}

#[test]
fn whatever_happens_one_final_status_is_on_top_and_the_exit_code_is_the_commands() {
    let Range { start, end } = numbers();
    let next = AtomicUsize::new(start);
    let play_some = || {
        let mut wrongs = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end {
                return wrongs;
            }
            let sequence = Sequence::of(number);
            let left = sequence.play();
            if let Some(wrong) = sequence.fault_in(&left) {
                let Left { ran, states } = left;
                wrongs.push(format!("{sequence}\n{wrong}: {states:?} {ran:#?}"));
            }
        }
    };
    let wrongs = thread::scope(|scope| {
        let playing: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(play_some)).collect();
        let panicked = |_| vec!["one panicked, as is shown above".to_owned()];
        let wrongs = playing.into_iter().map(|each| each.join().unwrap_or_else(panicked));
        wrongs.collect::<Vec<_>>().concat()
    });
    assert!(wrongs.is_empty(), "{} are wrong:\n{}", wrongs.len(), wrongs.join("\n"));
}
