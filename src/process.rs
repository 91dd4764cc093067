//! The wrapped command: started, followed, told to stop, its bytes passed through.
//! Knows nothing of GitHub, URLs or inputs.

mod exit;
mod forward;
pub(crate) mod process_id;
mod program;
pub(crate) mod script;
mod shutdown;
mod signals;

#[cfg(unix)]
mod child_unix;
#[cfg(windows)]
mod child_windows;
#[cfg(unix)]
mod parent_watch;

use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

#[cfg(unix)]
use self::child_unix::Running;
#[cfg(windows)]
use self::child_windows::Running;
pub(crate) use self::exit::{NotStarted, Outcome};
use self::forward::Pumps;
pub(crate) use self::forward::Stream;
pub(crate) use self::shutdown::{Cause, Interrupt, Interrupts, Tracking};
pub(crate) use self::signals::signal_name;

/// How long the pipes may stay open after the command's end, when somebody else holds them or
/// nobody drains our own stdout.
const DRAIN: Duration = Duration::from_secs(2);

/// The same after a stop, when whoever told us is waiting.
const DRAIN_AFTER_STOP: Duration = Duration::from_millis(500);

/// What the command gets after an ancestor's death: the runner soon stops listening.
const GRACE_OF_ORPHANS: Duration = Duration::from_secs(2);

/// What the kernel gets to carry out a SIGKILL: a process may be stuck in a system call.
const KILLED: Duration = Duration::from_secs(1);

/// What to run, and its limits.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The program and its arguments; never empty.
    pub(crate) argv: Vec<OsString>,
    /// None is ours.
    pub(crate) directory: Option<PathBuf>,
    /// The whole environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) timeout: Option<Duration>,
    /// From the first word to SIGKILL.
    pub(crate) grace_period: Duration,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    /// From the start to the command's own end.
    pub(crate) took: Duration,
    /// A process that the command left behind holds its stdout or stderr open.
    pub(crate) leaked: bool,
    pumps: Pumps,
}

impl Ended {
    /// Waits until our reader has taken every byte, for as long as it lives.
    ///
    /// What a left-behind process may still write does not count.
    pub(crate) async fn delivered(&mut self) {
        self.pumps.delivered(self.leaked).await;
    }

    /// What has gone to our stderr so far, or to the file that is both, stops within a line.
    pub(crate) fn line_left_open(&self) -> bool {
        self.pumps.line_left_open()
    }
}

/// Runs the command to its end and shows `see` every byte before it is passed on.
///
/// To be awaited on the main thread: the command is told to die with the thread that started it.
/// Returns when the command is over and its pipes are at their end, silent, or stuck for [`DRAIN`];
/// what a slow reader has not taken by then goes on being passed, see [`Ended::delivered`].
pub(crate) async fn run(
    command: &Command,
    interrupts: &Interrupts,
    see: impl Fn(Stream, &[u8]) + Send + Sync + 'static,
) -> Ended {
    let started = Instant::now();
    let not_run = |outcome| Ended {
        outcome,
        took: started.elapsed(),
        leaked: false,
        pumps: Pumps::default(),
    };
    if let Some(by) = interrupts.first() {
        return not_run(Outcome::Cancelled { by });
    }
    let (mut pumps, ends) = match forward::open(see) {
        Ok(opened) => opened,
        Err(err) => return not_run(Outcome::NotStarted(NotStarted::Other(err))),
    };
    let running = match program::check(command.directory.as_deref())
        .and_then(|()| Running::start(command, &ends, interrupts))
    {
        Ok(running) => running,
        Err(why) => return not_run(Outcome::NotStarted(why)),
    };
    // Or the pipes would never come to their end.
    drop(ends);
    let outcome = conclude(&running, command, interrupts).await;
    let took = started.elapsed();
    let was_stopped = matches!(outcome, Outcome::Cancelled { .. } | Outcome::TimedOut);
    #[cfg(windows)]
    running.release();
    let leaked = pumps.drained(if was_stopped { DRAIN_AFTER_STOP } else { DRAIN }).await;
    Ended { outcome, took, leaked, pumps }
}

/// Waits for the command's end, and brings it about when it is time.
async fn conclude(running: &Running, command: &Command, interrupts: &Interrupts) -> Outcome {
    let limit = command.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    tokio::select! {
        biased;
        by = interrupts.heard() => {
            let (first, grace) = match by.cause {
                Cause::Signal(signal) => (signal, command.grace_period),
                Cause::AncestorDied => {
                    (signals::TERM, command.grace_period.min(GRACE_OF_ORPHANS))
                }
            };
            stop(running, first, by.at, grace, interrupts.heard_again()).await;
            Outcome::Cancelled { by }
        }
        outcome = running.exited() => {
            // An interrupt that came together with the end is told by a task that may be next.
            tokio::task::yield_now().await;
            interrupts.first().map_or(outcome, |by| Outcome::Cancelled { by })
        }
        () = sleep_until(limit.unwrap_or_else(Instant::now)), if limit.is_some() => {
            let now = Instant::now();
            stop(running, signals::TERM, now, command.grace_period, interrupts.heard()).await;
            Outcome::TimedOut
        }
    }
}

/// Tells the command to end: once at once, again halfway through its grace, and then not with
/// words. What it leaves of its group has the same grace.
async fn stop(
    running: &Running,
    first: i32,
    since: Instant,
    grace: Duration,
    again: impl Future<Output = Interrupt>,
) {
    running.stopping();
    running.tell(first);
    let gone = async {
        running.exited().await;
        running.emptied().await;
    };
    let patience = async {
        if first != signals::TERM {
            sleep_until(since + grace / 2).await;
            running.tell(signals::TERM);
        }
        sleep_until(since + grace).await;
    };
    tokio::pin!(gone);
    tokio::select! {
        biased;
        () = &mut gone => return,
        () = patience => {}
        _ = again => {}
    }
    running.kill();
    // Nothing is left to do about a process that outlives its SIGKILL.
    let _ = timeout(KILLED, gone).await;
}
