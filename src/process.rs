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
use self::child_unix::Child;
#[cfg(windows)]
use self::child_windows::Child;
pub(crate) use self::exit::{NotStarted, Outcome};
use self::forward::Forwarders;
pub(crate) use self::forward::Stream;
pub(crate) use self::shutdown::{Cause, ShutdownListener, ShutdownRequest, Tracking};
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
pub(crate) struct Completed {
    pub(crate) outcome: Outcome,
    /// From the start to the command's own end.
    pub(crate) took: Duration,
    /// A process that the command left behind holds its stdout or stderr open.
    pub(crate) leaked: bool,
    forwarders: Forwarders,
}

impl Completed {
    /// Waits until our reader has taken every byte, for as long as it lives.
    ///
    /// What a left-behind process may still write does not count.
    pub(crate) async fn delivered(&mut self) {
        self.forwarders.delivered(self.leaked).await;
    }

    /// What has gone to our stderr so far, or to the file that is both, stops within a line.
    pub(crate) fn line_left_open(&self) -> bool {
        self.forwarders.line_left_open()
    }
}

/// Runs the command to its end and shows `see` every byte before it is passed on.
///
/// To be awaited on the main thread: the command is told to die with the thread that started it.
/// Returns when the command is over and its pipes are at their end, silent, or stuck for [`DRAIN`];
/// what a slow reader has not taken by then goes on being passed, see [`Completed::delivered`].
pub(crate) async fn run(
    command: &Command,
    shutdown: &ShutdownListener,
    observe: impl Fn(Stream, &[u8]) + Send + Sync + 'static,
) -> Completed {
    let started = Instant::now();
    let not_run = |outcome| Completed {
        outcome,
        took: started.elapsed(),
        leaked: false,
        forwarders: Forwarders::default(),
    };
    if let Some(by) = shutdown.first() {
        return not_run(Outcome::Cancelled { by });
    }
    let (mut forwarders, stdio_ends) = match forward::open(observe) {
        Ok(opened) => opened,
        Err(err) => return not_run(Outcome::NotStarted(NotStarted::Other(err))),
    };
    let child = match program::check(command.directory.as_deref())
        .and_then(|()| Child::start(command, &stdio_ends, shutdown))
    {
        Ok(child) => child,
        Err(why) => return not_run(Outcome::NotStarted(why)),
    };
    // Or the pipes would never come to their end.
    drop(stdio_ends);
    let outcome = wait_for_end(&child, command, shutdown).await;
    let took = started.elapsed();
    let was_stopped = matches!(outcome, Outcome::Cancelled { .. } | Outcome::TimedOut);
    #[cfg(windows)]
    child.release();
    let leaked = forwarders.drained(if was_stopped { DRAIN_AFTER_STOP } else { DRAIN }).await;
    Completed { outcome, took, leaked, forwarders }
}

/// Waits for the command's end, and brings it about when it is time.
async fn wait_for_end(child: &Child, command: &Command, shutdown: &ShutdownListener) -> Outcome {
    let limit = command.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    tokio::select! {
        biased;
        by = shutdown.requested() => {
            let (first, grace) = match by.cause {
                Cause::Signal(signal) => (signal, command.grace_period),
                Cause::ParentDied => {
                    (signals::TERM, command.grace_period.min(GRACE_OF_ORPHANS))
                }
            };
            terminate_child(child, first, by.at, grace, shutdown.requested_again()).await;
            Outcome::Cancelled { by }
        }
        outcome = child.exited() => {
            // A request that came together with the end is told by a task that may be next.
            tokio::task::yield_now().await;
            shutdown.first().map_or(outcome, |by| Outcome::Cancelled { by })
        }
        () = sleep_until(limit.unwrap_or_else(Instant::now)), if limit.is_some() => {
            let now = Instant::now();
            terminate_child(child, signals::TERM, now, command.grace_period, shutdown.requested()).await;
            Outcome::TimedOut
        }
    }
}

/// Tells the command to end: once at once, again halfway through its grace, and then not with
/// words. What it leaves of its group has the same grace.
async fn terminate_child(
    child: &Child,
    first: i32,
    since: Instant,
    grace: Duration,
    again: impl Future<Output = ShutdownRequest>,
) {
    child.stopping();
    child.signal(first);
    let gone = async {
        child.exited().await;
        child.emptied().await;
    };
    let patience = async {
        if first != signals::TERM {
            sleep_until(since + grace / 2).await;
            child.signal(signals::TERM);
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
    child.kill();
    // Nothing is left to do about a process that outlives its SIGKILL.
    let _ = timeout(KILLED, gone).await;
}
