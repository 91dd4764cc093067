//! Tells GitHub once, in order: one status at a time, and one whose fate is unknown is looked up
//! before anything is posted again.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::deployment::{DeploymentId, NewStatus, Status, StatusId};
use crate::github::{ApiError, Github};
use crate::retry::{Retry, Verdict};

/// GitHub ends a request that runs longer.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
const SERVER_LIMIT: Duration = Duration::from_secs(10);

/// What a list may lag behind a post that has just been taken.
const LAG: Duration = Duration::from_secs(2);

/// One look at the list of statuses.
const LOOK: Duration = Duration::from_secs(5);

/// After a signal a try has to be short: the runner kills us soon.
const HURRIED_TRY: Duration = Duration::from_secs(2);
const HURRIED_PAUSE: Duration = Duration::from_millis(200);

/// Between two tries that surely changed nothing, unless GitHub asks for another wait.
const BETWEEN_TRIES: Retry =
    Retry { first_delay: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// The statuses of one deployment, as far as they are ours.
pub(crate) struct Report<'a> {
    github: &'a Github,
    deployment: DeploymentId,
    patience: Duration,
    /// The newest status that we know of.
    newest: Cell<Option<StatusId>>,
    /// The one that is on its way, or whose fate is unknown.
    open: RefCell<Option<Attempt>>,
    no_more_tries: Cell<bool>,
    cut_short: Notify,
}

#[derive(Clone)]
struct Attempt {
    status: NewStatus,
    sent: Instant,
}

impl<'a> Report<'a> {
    /// `patience` is how long each status is tried.
    pub(crate) fn new(github: &'a Github, deployment: DeploymentId, patience: Duration) -> Self {
        Self {
            github,
            deployment,
            patience,
            newest: Cell::default(),
            open: RefCell::default(),
            no_more_tries: Cell::default(),
            cut_short: Notify::new(),
        }
    }

    /// Posts a status, after the one before it has been settled.
    ///
    /// # Errors
    /// When GitHub refuses it, or could not be made to take it in time. Then it may still have
    /// been taken, which the next call finds out.
    pub(crate) async fn post(&self, status: &NewStatus) -> Result<Status, ApiError> {
        let deadline = Instant::now() + self.patience;
        self.settle(deadline).await;
        for failures in 1.. {
            let error = match self.attempt(status, deadline).await {
                Ok(posted) => return Ok(posted),
                Err(error) => error,
            };
            let asked = match error.verdict() {
                Verdict::GiveUp => return Err(error),
                Verdict::TryAgain { after } => after,
                Verdict::Unsure { after } => match self.settle(deadline).await {
                    Some(found) => return Ok(found),
                    None => Some(after.unwrap_or_default()),
                },
            };
            let pause = BETWEEN_TRIES.delay(failures, asked);
            if self.no_more_tries.get() || Instant::now() + pause >= deadline {
                return Err(error);
            }
            self.github.wait(&error, pause);
            let _ = timeout(pause, self.cut_short.notified()).await;
            if self.no_more_tries.get() {
                return Err(error);
            }
        }
        unreachable!("tries are counted for ever")
    }

    /// Lets the status that is being posted come to its end, but not to another try.
    pub(crate) fn give_up(&self) {
        self.no_more_tries.set(true);
        self.cut_short.notify_waiters();
    }

    /// Allows tries again, for the next status.
    pub(crate) fn resume(&self) {
        self.no_more_tries.set(false);
    }

    /// Posts a status by `deadline`, on new connections and with no time to look first: a double
    /// is the lesser evil.
    ///
    /// # Errors
    /// When GitHub refuses it, or took none of the tries.
    pub(crate) async fn post_in_a_hurry(
        &self,
        status: &NewStatus,
        deadline: Instant,
    ) -> Result<Status, ApiError> {
        let github = self.github.fresh();
        loop {
            let limit = HURRIED_TRY.min(deadline.saturating_duration_since(Instant::now()));
            let error = match github.create_status(self.deployment, status, limit).await {
                Ok(posted) => {
                    self.stay_on_top(&github, status, posted.id, deadline).await;
                    return Ok(posted);
                }
                Err(error) => error,
            };
            let pause = match error.verdict() {
                Verdict::GiveUp => return Err(error),
                Verdict::TryAgain { after } | Verdict::Unsure { after } => {
                    after.unwrap_or(HURRIED_PAUSE)
                }
            };
            if Instant::now() + pause >= deadline {
                return Err(error);
            }
            sleep(pause).await;
        }
    }

    /// No status is on its way whose fate we do not know.
    pub(crate) fn is_clear(&self) -> bool {
        self.open.borrow().is_none()
    }

    async fn attempt(&self, status: &NewStatus, deadline: Instant) -> Result<Status, ApiError> {
        let sent = Instant::now();
        let limit = (SERVER_LIMIT + LAG).min(deadline.saturating_duration_since(sent));
        self.open.replace(Some(Attempt { status: status.clone(), sent }));
        let answer = self.github.create_status(self.deployment, status, limit).await;
        match &answer {
            Ok(posted) => self.is_settled(Some(posted.id)),
            Err(error) => match error.verdict() {
                Verdict::GiveUp | Verdict::TryAgain { .. } => self.is_settled(None),
                Verdict::Unsure { .. } => {}
            },
        }
        answer
    }

    /// Reads the list until the status of unknown fate is there, or GitHub has surely dropped it.
    async fn settle(&self, deadline: Instant) -> Option<Status> {
        let attempt = self.open.borrow().clone()?;
        let until = (attempt.sent + SERVER_LIMIT).max(Instant::now() + LAG).min(deadline);
        let mut pause = Duration::from_millis(500);
        loop {
            if let Some(found) = self.look(&attempt.status, deadline).await {
                self.is_settled(Some(found.id));
                return Some(found);
            }
            if Instant::now() >= until {
                self.is_settled(None);
                return None;
            }
            sleep_until((Instant::now() + pause).min(until)).await;
            pause = (pause * 2).min(LAG);
        }
    }

    async fn look(&self, status: &NewStatus, deadline: Instant) -> Option<Status> {
        let limit = LOOK.min(deadline.saturating_duration_since(Instant::now()));
        let held = self.github.latest_statuses(self.deployment, limit).await.ok()?;
        find(&held, status, self.newest.get()).cloned()
    }

    fn is_settled(&self, newest: Option<StatusId>) {
        self.open.replace(None);
        if newest.is_some() {
            self.newest.set(newest);
        }
    }

    /// An earlier status whose fate is unknown may still arrive on top of this one: looks once it
    /// must have, or there is no more time, and posts again where it did.
    async fn stay_on_top(
        &self,
        github: &Github,
        status: &NewStatus,
        posted: StatusId,
        deadline: Instant,
    ) {
        self.newest.set(Some(posted));
        let Some(earlier) = self.open.borrow().clone() else { return };
        if earlier.status.state.is_final() {
            self.open.replace(None);
            return;
        }
        sleep_until((earlier.sent + SERVER_LIMIT).min(deadline - HURRIED_TRY)).await;
        let limit = HURRIED_TRY / 2;
        let Ok(held) = github.latest_statuses(self.deployment, limit).await else { return };
        self.open.replace(None);
        if held.first().is_some_and(|top| top.id > posted && says(top, &earlier.status)) {
            let _ = github.create_status(self.deployment, status, limit).await;
        }
    }
}

/// The status that says what we sent, among those that came after the newest that we knew.
fn find<'a>(held: &'a [Status], sent: &NewStatus, newest: Option<StatusId>) -> Option<&'a Status> {
    held.iter()
        .take_while(|status| match newest {
            Some(newest) => status.id > newest,
            // What lies below a final status is from an earlier deploy.
            None => !status.is_final() || says(status, sent),
        })
        .find(|status| says(status, sent))
}

fn says(held: &Status, sent: &NewStatus) -> bool {
    fn same(held: Option<&String>, sent: Option<&str>) -> bool {
        sent.is_none_or(|sent| held.is_some_and(|held| held == sent))
    }
    held.state == sent.state.as_str()
        && same(
            held.description.as_ref(),
            sent.description.as_ref().map(super::deployment::Description::as_str),
        )
        && same(held.environment.as_ref(), sent.environment.as_deref())
        && same(
            held.environment_url.as_ref(),
            sent.environment_url.as_ref().map(super::deployment::WebUrl::as_str),
        )
        && same(
            held.target_url.as_ref(),
            sent.target_url.as_ref().map(super::deployment::WebUrl::as_str),
        )
        && same(held.log_url.as_ref(), sent.log_url.as_ref().map(super::deployment::WebUrl::as_str))
}
