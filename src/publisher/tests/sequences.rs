//! Random faults, one after the other, on the way between the real client and the sandbox, under a
//! clock that jumps to the next timer whenever nothing is ready: long waits and short limits.
//! A whole `run` meets such faults in `tests/it/fault_sequences.rs`.

use std::fmt;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use url::Url;

use super::super::{Posted, StatusPublisher, Stop};
use crate::deployment::{DeploymentId, Description, NewStatus, Slug, State, Status};
use crate::github::{Api, Credentials, Github, Observer, Proxies};
use crate::redact::Secret;
use crate::sandbox::{Options, Rule, Sandbox, Seed};

/// What [`crate::commands::run`] grants the initial status before the command starts.
const HELD_BACK: Duration = Duration::from_secs(3);

/// From a signal to our end, and what the initial status has of it.
const AFTER_A_SIGNAL: Duration = Duration::from_millis(6800);
const LAST_TRY: Duration = Duration::from_secs(2);

/// Seconds for all the faults that a plan may have.
const PLENTY: u64 = 600;

/// A deploy and what goes wrong.
#[derive(Clone)]
struct Plan {
    faults: Vec<String>,
    api_timeout: u64,
    /// In milliseconds.
    command: u64,
    is_cancelled: bool,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { faults, api_timeout, command, is_cancelled } = self;
        write!(f, "api-timeout {api_timeout}s, command {command}ms, cancelled {is_cancelled}, ")?;
        write!(f, "--fault '{}'", faults.join("' --fault '"))
    }
}

impl Plan {
    /// There is little time, and some of it is spent on lists that cannot be read.
    fn has_unreadable_lists_in_little_time(&self) -> bool {
        let is_unreadable = |fault: &String| fault.starts_with("next 2 gets");
        self.api_timeout < PLENTY && self.faults.iter().any(is_unreadable)
    }
}

/// What was left behind.
#[derive(Debug)]
struct Left {
    /// Oldest first.
    states: Vec<String>,
    posted: Result<(), String>,
    is_clear: bool,
    /// From the command's end, or the signal, to ours.
    took: Duration,
}

const POSTS: &[&str] = &[
    "500",
    "502",
    "503",
    "503 retry-after 3",
    "504",
    "drop",
    "hang",
    "commit, 502",
    "commit, drop",
    "commit, hang",
    "commit, delay 4s, drop",
    "truncate",
    "empty",
    "html",
    "wrong-type",
    "trickle 3s",
    "delay 1s",
    "delay 4s",
    "delay 9s",
    "429 retry-after 1",
    "429 retry-after 9",
    "403 retry-at 5",
    "403 reset 7",
    "403 secondary",
    "307",
    "308",
];

const GETS: &[&str] = &["502", "drop", "hang", "429 retry-after 2", "html", "truncate", "delay 2s"];

fn post_fault() -> impl Strategy<Value = String> {
    let late = (1..8_u32, select(vec!["drop", "502", "hang"]))
        .prop_map(|(late, end)| format!("late {late}s, {end}"));
    prop_oneof![3 => select(POSTS).prop_map(str::to_owned), 2 => late]
}

fn get_fault() -> impl Strategy<Value = String> {
    prop_oneof![
        select(GETS).prop_map(|fault| format!("next 2 gets: {fault}")),
        (1..4_u32).prop_map(|lag| format!("every get: lag {lag}s")),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let posts = vec((0..3_u32, 1..3_u32, post_fault()), 0..4).prop_map(|rules| {
        let rules = rules.into_iter();
        rules.map(|(skip, next, fault)| format!("skip {skip} next {next} posts: {fault}"))
    });
    let gets = vec(get_fault(), 0..3);
    let faults = (posts, gets).prop_map(|(posts, gets)| posts.chain(gets).collect());
    let api_timeout = prop_oneof![1 => Just(3_u64), 1 => Just(25), 4 => Just(PLENTY)];
    (faults, api_timeout, 0..20_000_u64, any::<bool>()).prop_map(
        |(faults, api_timeout, command, is_cancelled)| Plan {
            faults,
            api_timeout,
            command,
            is_cancelled,
        },
    )
}

pub(super) fn status(state: State) -> NewStatus {
    let description = Some(Description::new(state.as_str()));
    NewStatus { description, ..NewStatus::of(state) }
}

/// A GitHub with a deployment 42.
pub(super) async fn sandbox(faults: &[impl AsRef<str>]) -> Sandbox {
    let faults = faults.iter().map(|fault| Rule::parse(fault.as_ref()).expect("it is a rule"));
    let seed = Seed { id: 42, environment: "staging".to_owned() };
    let options =
        Options { faults: faults.collect(), deployments: vec![seed], ..Options::default() };
    Sandbox::start(options, |_| ()).await.expect("loopback has a free port")
}

pub(super) fn client(sandbox: &Sandbox, waiting: fn(&str)) -> Github {
    let api = Api {
        url: sandbox.url().clone(),
        repository: Slug::parse("octo/app").expect("this is a slug"),
        credentials: Credentials::Token(Secret::new("t0ken")),
        proxies: Proxies::default(),
        certificate_file: None,
        certificate_directory: None,
    };
    Github::new(&api, Observer { trace: None, waiting, would_send: None })
        .expect("these inputs are good")
}

/// Posts an initial and a final status, with the command's time between them.
async fn play(plan: &Plan) -> Left {
    let sandbox = sandbox(&plan.faults).await;
    let github = client(&sandbox, |_| ());
    let deployment = DeploymentId::parse("42").expect("this is an id");
    let publisher =
        StatusPublisher::new(&github, deployment, Duration::from_secs(plan.api_timeout));

    let played = async {
        let initial = publisher.want(status(State::Pending));
        let begun = Instant::now();
        // Nothing is left to do when it is not settled by then.
        let _ = timeout(HELD_BACK, publisher.settled(initial)).await;
        sleep_until(begun + Duration::from_millis(plan.command)).await;
        let ended = Instant::now();
        if plan.is_cancelled {
            publisher.stop_by(Stop { cut_off: ended + LAST_TRY, deadline: ended + AFTER_A_SIGNAL });
        }
        let last = if plan.is_cancelled { State::Error } else { State::Success };
        let last = publisher.want(status(last));
        (ended, publisher.settled(last).await)
    };
    let (ended, posted) = tokio::select! {
        never = publisher.run() => never,
        played = played => played,
    };
    let took = ended.elapsed();
    sleep(Duration::from_mins(1)).await;
    Left {
        states: states(sandbox.url()).await,
        posted: match posted {
            Posted::Accepted(_) => Ok(()),
            Posted::Refused(error) => Err(error.to_string()),
            Posted::Superseded => Err("superseded".to_owned()),
        },
        is_clear: publisher.is_clear(),
        took,
    }
}

/// What is held in the end, oldest first, with no fault in the way.
pub(super) async fn states(url: &Url) -> Vec<String> {
    let address = format!("127.0.0.1:{}", url.port().expect("it has a port"));
    let mut stream = TcpStream::connect(address).await.expect("the sandbox listens");
    let request = "GET /repos/octo/app/deployments/42/statuses?per_page=100 HTTP/1.1\r\n\
        Host: x\r\nX-Sandbox: aside\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("the sandbox listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("the sandbox answers");
    let body = answer.split("\r\n\r\n").nth(1).expect("there is a body");
    let held: Vec<Status> = serde_json::from_str(body).expect("it is a list");
    held.into_iter().rev().map(|status| status.state).collect()
}

fn check(plan: &Plan, left: &Left) -> Result<(), TestCaseError> {
    let initials = left.states.iter().filter(|state| *state == "pending").count();
    let finals = left.states.len() - initials;
    let is_on_top = left.states.last().is_some_and(|state| state != "pending");
    let limit = if plan.is_cancelled { 7 } else { plan.api_timeout + 1 };
    // Who gives up sooner than GitHub may find a late initial status on top of the last.
    let has_room_for_doubles =
        plan.is_cancelled || plan.has_unreadable_lists_in_little_time() || plan.api_timeout < 10;
    let is_posted = match &left.posted {
        Ok(()) => {
            (is_on_top || !left.is_clear) && finals >= 1 && (finals == 1 || has_room_for_doubles)
        }
        Err(_) => finals <= 1 || has_room_for_doubles,
    };
    let has_plenty = !plan.is_cancelled && plan.api_timeout == PLENTY;
    let is_right = initials <= 1
        && is_posted
        && left.took <= Duration::from_secs(limit)
        && (!has_plenty || left.posted.is_ok() && left.is_clear);
    if is_right { Ok(()) } else { Err(TestCaseError::fail(format!("{left:#?}"))) }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn statuses_are_posted_once_and_in_order(plan in plan()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("there is room for a runtime");
        check(&plan, &runtime.block_on(play(&plan)))?;
    }
}
