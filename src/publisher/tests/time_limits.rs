//! What a status may take of another's time, and what is said of waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::{Posted, StatusPublisher};
use super::sequences::{client, sandbox, states, status};
use crate::deployment::{DeploymentId, State};
use crate::github::Github;
use crate::sandbox::Sandbox;

const PLENTY: Duration = Duration::from_mins(10);

fn publisher(github: &Github, time_limit: Duration) -> StatusPublisher<'_> {
    StatusPublisher::new(github, DeploymentId::parse("42").expect("this is an id"), time_limit)
}

async fn while_posting<T>(publisher: &StatusPublisher<'_>, scenario: impl Future<Output = T>) -> T {
    tokio::select! {
        never = publisher.run() => never,
        output = scenario => output,
    }
}

/// What became of an initial status and of the final one that is wanted right after it.
async fn both(faults: &[&str], seconds: u64) -> (Posted, Posted, Duration) {
    posted_to(&sandbox(faults).await, seconds).await
}

/// What GitHub holds after that, oldest first.
async fn held_after(faults: &[&str], seconds: u64) -> Vec<String> {
    let sandbox = sandbox(faults).await;
    posted_to(&sandbox, seconds).await;
    states(sandbox.url()).await
}

async fn posted_to(sandbox: &Sandbox, seconds: u64) -> (Posted, Posted, Duration) {
    let github = client(sandbox, |_| ());
    let publisher = publisher(&github, Duration::from_secs(seconds));
    while_posting(&publisher, async {
        let initial = publisher.want(status(State::Pending));
        sleep(Duration::from_millis(1)).await;
        let wanted = Instant::now();
        let last = publisher.want(status(State::Success));
        let posted = (publisher.settled(initial).await, publisher.settled(last).await);
        (posted.0, posted.1, wanted.elapsed())
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_the_initial_status_is_waited_for_half_the_time_of_the_final_one() {
    let (initial, last, _) = both(&["next post: delay 1s"], 4).await;
    assert!(matches!((initial, last), (Posted::Accepted(_), Posted::Accepted(_))));

    let (initial, last, _) = both(&["next post: hang"], 8).await;
    assert!(matches!((initial, last), (Posted::Superseded, Posted::Accepted(_))));
}

#[tokio::test(start_paused = true)]
async fn an_initial_status_that_is_late_is_waited_for_half_the_time_of_the_final_one() {
    assert_eq!(held_after(&["next post: late 1s, drop"], 4).await, ["pending", "success"]);
}

#[tokio::test(start_paused = true)]
async fn a_last_look_that_is_not_answered_leaves_time_for_another() {
    let faults = ["next post: late 5s, hang", "next get: hang"];
    assert_eq!(held_after(&faults, 8).await, ["success", "pending", "success"]);
}

#[tokio::test(start_paused = true)]
async fn a_final_status_that_is_denied_is_not_tried_again_when_there_is_no_time() {
    let (initial, last, took) = both(&["skip 1 every post: 403"], 1).await;

    assert!(matches!((initial, last), (Posted::Accepted(_), Posted::Refused(_))));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_read_leaves_time_to_post_again() {
    let (_, last, took) = both(&["skip 1 next post: hang", "every get: 502"], 25).await;

    assert!(matches!(last, Posted::Accepted(_)), "{last:?}");
    assert!(took < Duration::from_secs(25), "{took:?}");
}

fn nothing_is_said(text: &str) {
    panic!("{text}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_nobody_waits_for_is_not_mentioned() {
    let sandbox = sandbox(&["next 3 posts: delay 1s, 503"]).await;
    let github = client(&sandbox, nothing_is_said);
    let publisher = publisher(&github, PLENTY);

    let posted = while_posting(&publisher, async {
        let initial = publisher.want(status(State::Pending));
        sleep(Duration::from_millis(1)).await;
        publisher.silence();
        publisher.settled(initial).await
    })
    .await;

    assert!(matches!(posted, Posted::Accepted(_)), "{posted:?}");
}

#[tokio::test(start_paused = true)]
async fn only_the_status_that_waits_mentions_its_wait() {
    static SAID: AtomicUsize = AtomicUsize::new(0);
    let count = |_: &str| {
        SAID.fetch_add(1, Ordering::SeqCst);
    };
    let sandbox = sandbox(&["next post: delay 1s, 429 retry-after 9"]).await;
    let github = client(&sandbox, count);
    let publisher = publisher(&github, PLENTY);

    let posted = while_posting(&publisher, async {
        let initial = publisher.want(status(State::Pending));
        sleep(Duration::from_millis(1)).await;
        let next = publisher.want(status(State::Queued));
        (publisher.settled(initial).await, publisher.settled(next).await)
    })
    .await;

    assert!(matches!(posted, (Posted::Refused(_), Posted::Accepted(_))), "{posted:?}");
    assert_eq!(SAID.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_search_of_the_list_is_mentioned_once() {
    static SAID: AtomicUsize = AtomicUsize::new(0);
    let count = |_: &str| {
        SAID.fetch_add(1, Ordering::SeqCst);
    };
    let sandbox = sandbox(&["next post: commit, drop", "every get: lag 4s"]).await;
    let github = client(&sandbox, count);

    let posted = publisher(&github, PLENTY).post(&status(State::Success)).await;

    assert!(posted.is_ok(), "{posted:?}");
    assert_eq!(SAID.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_abandoned_is_settled_and_never_posted() {
    let sandbox = sandbox(&[""; 0]).await;
    let github = client(&sandbox, |_| ());
    let publisher = publisher(&github, PLENTY);

    let ticket = publisher.want(status(State::Pending));
    publisher.abandon();

    assert!(matches!(publisher.settled(ticket).await, Posted::Superseded));
    assert!(publisher.latest().is_none());
}
