//! Posts a deployment's statuses: one at a time, in the order in which they are wanted, each
//! effectively once. One whose delivery is unknown is looked up before it is posted again.

mod last_status;
mod matching;
mod reconcile;
mod retry;
#[cfg(test)]
mod tests;
mod urgent;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::deployment::{DeploymentId, NewStatus, Status};
use crate::github::{ApiError, Github};

/// GitHub ends a request after 10 s, and its lists lag behind a little: what is not there by then
/// does not come any more.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const DECIDED_AFTER: Duration = Duration::from_secs(11);

/// What the status before leaves of a status's time, at least.
const FINAL_RESERVE: Duration = Duration::from_secs(5);

/// The statuses of one deployment. [`StatusPublisher::run`] has to be polled for them to be posted.
pub(crate) struct StatusPublisher<'a> {
    github: &'a Github,
    deployment: DeploymentId,
    /// How long each status is tried.
    time_limit: Duration,
    progress: RefCell<Progress>,
    changed: Notify,
}

#[derive(Default)]
struct Progress {
    /// The first is being posted.
    queue: VecDeque<Wanted>,
    /// Of all that left the queue, in order.
    results: Vec<Posted>,
    state: State,
    /// An attempt of an earlier status that may still arrive, and then lie on top.
    superseded: Option<Attempt>,
    latest: Option<Status>,
    /// Until when GitHub asked for no requests, and in which words.
    rate_limit: Option<(Instant, ApiError)>,
    stop: Option<Stop>,
    is_silent: bool,
    is_abandoned: bool,
}

/// The request under way.
#[derive(Clone, Default)]
enum State {
    #[default]
    Idle,
    Sending(Attempt),
    /// It failed for this reason, and GitHub may have taken it.
    Unconfirmed(Attempt, ApiError),
}

#[derive(Clone)]
struct Attempt {
    status: NewStatus,
    sent: Instant,
}

#[derive(Clone)]
struct Wanted {
    status: NewStatus,
    /// It is not tried any longer.
    deadline: Instant,
}

/// The place of a status among those that were wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(usize);

/// What became of a status that was wanted.
#[derive(Clone, Debug)]
pub(crate) enum Posted {
    Accepted(Status),
    Refused(ApiError),
    /// A later status, or the end, came before it was settled.
    Superseded,
}

/// The end that a signal sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// A request that is under way is not waited for any longer.
    pub(crate) cut_off: Instant,
    /// Nothing is tried any longer.
    pub(crate) deadline: Instant,
}

impl<'a> StatusPublisher<'a> {
    /// `time_limit` is how long each status is tried.
    pub(crate) fn new(github: &'a Github, deployment: DeploymentId, time_limit: Duration) -> Self {
        Self {
            github,
            deployment,
            time_limit,
            progress: RefCell::default(),
            changed: Notify::new(),
        }
    }

    /// Queues a status. One before it is not tried again, and its answer is waited for only as
    /// long as enough time is left for this one.
    pub(crate) fn want(&self, status: NewStatus) -> Ticket {
        let wanted = Wanted { status, deadline: Instant::now() + self.time_limit };
        let mut progress = self.progress.borrow_mut();
        progress.queue.push_back(wanted);
        let ticket = Ticket(progress.results.len() + progress.queue.len() - 1);
        drop(progress);
        self.changed.notify_waiters();
        ticket
    }

    /// From now on only a last status is posted, in short tries.
    pub(crate) fn stop_by(&self, stop: Stop) {
        self.progress.borrow_mut().stop.get_or_insert(stop);
        self.changed.notify_waiters();
    }

    /// Posts what is wanted, for ever.
    pub(crate) async fn run(&self) -> ! {
        loop {
            let wanted = self.until(|progress| progress.queue.front().cloned()).await;
            self.progress.borrow_mut().is_silent = false;
            let posted = self.deliver(&wanted).await;
            let mut progress = self.progress.borrow_mut();
            progress.queue.pop_front();
            progress.results.push(posted);
            drop(progress);
            self.changed.notify_waiters();
        }
    }

    /// Waits until a status is settled.
    pub(crate) async fn settled(&self, ticket: Ticket) -> Posted {
        self.until(|progress| {
            let posted = progress.results.get(ticket.0).cloned();
            posted.or(progress.is_abandoned.then_some(Posted::Superseded))
        })
        .await
    }

    /// Posts one status.
    ///
    /// # Errors
    /// When GitHub refuses it, or could not be made to take it in time.
    pub(crate) async fn post(&self, status: &NewStatus) -> Result<Status, ApiError> {
        let ticket = self.want(status.clone());
        let posted = tokio::select! {
            never = self.run() => never,
            posted = self.settled(ticket) => posted,
        };
        match posted {
            Posted::Accepted(status) => Ok(status),
            Posted::Refused(error) => Err(error),
            Posted::Superseded => unreachable!("nothing else was wanted"),
        }
    }

    /// What became of a status, once it is settled.
    pub(crate) fn result(&self, ticket: Ticket) -> Option<Posted> {
        self.progress.borrow().results.get(ticket.0).cloned()
    }

    /// The latest of our statuses that GitHub is known to hold.
    pub(crate) fn latest(&self) -> Option<Status> {
        self.progress.borrow().latest.clone()
    }

    /// No status is under way whose delivery is unknown.
    pub(crate) fn is_clear(&self) -> bool {
        let progress = self.progress.borrow();
        matches!(progress.state, State::Idle) && progress.superseded.is_none()
    }

    /// Says nothing of waits until the next status is wanted: nobody waits for this one.
    pub(crate) fn silence(&self) {
        self.progress.borrow_mut().is_silent = true;
    }

    /// Settles everything that is and will be wanted: nothing is posted any more.
    pub(crate) fn abandon(&self) {
        self.progress.borrow_mut().is_abandoned = true;
        self.changed.notify_waiters();
    }

    async fn deliver(&self, wanted: &Wanted) -> Posted {
        if !self.is_stopping() {
            tokio::select! {
                biased;
                posted = self.post_in_time(wanted) => return match posted {
                    Ok(posted) => Posted::Accepted(posted),
                    Err(error) => Posted::Refused(error),
                },
                () = self.cut_off() => {}
            }
        }
        let stop = self.progress.borrow().stop;
        match stop.filter(|_| wanted.status.state.is_final()) {
            Some(stop) => self.post_urgently(wanted, stop).await,
            None => Posted::Superseded,
        }
    }

    fn is_stopping(&self) -> bool {
        self.progress.borrow().stop.is_some()
    }

    /// Waits until the request under way is not to be waited for any longer.
    async fn cut_off(&self) {
        loop {
            let changed = self.changed.notified();
            let at = self.progress.borrow().cut_off(self.time_limit);
            tokio::select! {
                () = changed => {}
                () = sleep_until(at.unwrap_or_else(Instant::now)), if at.is_some() => return,
            }
        }
    }

    /// Waits until the progress has what is looked for.
    async fn until<T>(&self, find: impl Fn(&Progress) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            if let Some(found) = find(&self.progress.borrow()) {
                return found;
            }
            changed.await;
        }
    }
}

impl Progress {
    fn cut_off(&self, time_limit: Duration) -> Option<Instant> {
        let reserve = FINAL_RESERVE.min(time_limit / 2);
        let by_next = self.queue.get(1).map(|next| next.deadline - reserve);
        let by_stop = self.stop.map(|stop| stop.cut_off);
        [by_next, by_stop].into_iter().flatten().min()
    }

    /// Whether the status that is being posted is worth another try.
    fn may_retry(&self) -> bool {
        let is_last = self.queue.front().is_some_and(|wanted| wanted.status.state.is_final());
        self.queue.len() < 2 && (self.stop.is_none() || is_last)
    }

    fn open_attempt(&self) -> Option<&Attempt> {
        match &self.state {
            State::Idle => None,
            State::Sending(attempt) | State::Unconfirmed(attempt, _) => Some(attempt),
        }
    }

    /// GitHub has answered: it holds the status, or did not take it.
    fn settle(&mut self, accepted: Option<&Status>) {
        self.state = State::Idle;
        if accepted.is_some() {
            self.latest = accepted.cloned();
        }
    }
}
