//! Runs the wrapped command: starts it, forwards its output, passes signals on, waits for its end.
//! Knows nothing of GitHub, URLs or inputs.

mod command;
mod exit;
mod forward;
mod parent_watch;
pub(crate) mod process_id;
mod program;
pub(crate) mod script;
mod shutdown;
mod shutdown_request;
mod signals;

#[cfg(unix)]
mod child_unix;
#[cfg(windows)]
mod child_windows;
#[cfg(target_os = "linux")]
mod proc_stat;
#[cfg(unix)]
mod terminal;

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

#[cfg(unix)]
use self::child_unix::Child;
#[cfg(windows)]
use self::child_windows::Child;
pub(crate) use self::command::Command;
pub(crate) use self::exit::{NotStarted, Outcome, to_exit_code};
use self::forward::{ChildStdio, Forwarders};
pub(crate) use self::forward::{LineState, Stream};
pub(crate) use self::parent_watch::Tracking;
pub(crate) use self::shutdown::ShutdownListener;
pub(crate) use self::shutdown_request::{Cause, ShutdownRequest};
pub(crate) use self::signals::signal_name;

/// How long the pipes may stay open after the command's end, when another process holds them or
/// nobody reads our own stdout.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// The same after a cancellation or a timeout, when whoever signaled us is waiting.
const DRAIN_LIMIT_AFTER_STOP: Duration = Duration::from_millis(500);

/// The command's grace period after an ancestor's death: the runner soon stops listening.
const GRACE_PERIOD_OF_ORPHANS: Duration = Duration::from_secs(2);

/// What the kernel gets to carry out a SIGKILL: a process may be stuck in a system call.
const KILL_LIMIT: Duration = Duration::from_secs(1);

/// What a tokio runtime that handles signals opens; without them it panics.
const RUNTIME_DESCRIPTORS: usize = 6;

/// Checks that a runtime can be built within the limit of open files, and where a sandbox may
/// refuse it a pair of sockets.
///
/// # Errors
/// When it cannot; the system's error says which limit.
pub(crate) fn ensure_descriptors() -> io::Result<()> {
    #[cfg(unix)]
    use std::os::unix::net::UnixStream;

    #[cfg(unix)]
    let pair = |_| UnixStream::pair();
    #[cfg(windows)]
    let pair = |_| io::pipe();
    (0..RUNTIME_DESCRIPTORS / 2).map(pair).collect::<io::Result<Vec<_>>>().map(drop)
}

/// How the command ran.
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
    /// What a process that was left behind may still write does not count.
    pub(crate) async fn delivered(&mut self) {
        self.forwarders.delivered(self.leaked).await;
    }

    /// Why `observe` has not seen all that the command wrote, as a sentence; none when it has.
    pub(crate) fn observation_gap(&self) -> Option<String> {
        self.forwarders.observation_gap()
    }
}

/// Runs the command to its end and shows `observe` every byte before it is forwarded.
///
/// To be awaited on the main thread: the command dies with the thread that started it.
/// Returns when the command is over and its pipes are at their end, silent, or stuck for
/// [`DRAIN_LIMIT`]; what a slow reader has not taken by then goes on being forwarded, see
/// [`Completed::delivered`].
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
    let (mut forwarders, stdio) = forward::open(observe, &command.line_state);
    let mut started_child = program::check_directory(command.directory.as_deref())
        .and_then(|()| Child::start(command, &stdio, shutdown.inherited));
    // With our ends of the pipes open they would never be at their end.
    drop(stdio);
    if let Err(NotStarted::Other(err)) = started_child {
        // The pipes may have taken the last files that we may open.
        forwarders = forwarders.close(err);
        started_child = Child::start(command, &ChildStdio::default(), shutdown.inherited);
    }
    let child = match started_child {
        Ok(child) => child,
        Err(why) => return not_run(Outcome::NotStarted(why)),
    };
    let outcome = wait_for_end(&child, command, shutdown).await;
    let took = started.elapsed().saturating_sub(child.suspended());
    let was_stopped = matches!(outcome, Outcome::Cancelled { .. } | Outcome::TimedOut);
    child.release(&outcome);
    let limit = if was_stopped { DRAIN_LIMIT_AFTER_STOP } else { DRAIN_LIMIT };
    let leaked = forwarders.drained(limit).await;
    Completed { outcome, took, leaked, forwarders }
}

/// Waits for the command's end, and ends it when a request or the time limit says so.
async fn wait_for_end(child: &Child, command: &Command, shutdown: &ShutdownListener) -> Outcome {
    tokio::select! {
        biased;
        by = shutdown.requested() => {
            let (first, grace_period) = match by.cause {
                Cause::Signal(signal) => (signal, command.grace_period),
                Cause::ParentDied => {
                    (signals::TERM, command.grace_period.min(GRACE_PERIOD_OF_ORPHANS))
                }
            };
            terminate_child(child, first, by.at, grace_period, shutdown.requested_again()).await;
            Outcome::Cancelled { by }
        }
        outcome = child.exited() => {
            if let Some(signal) = child.terminal_signal(&outcome) {
                shutdown.notify_from_terminal(signal);
                #[cfg(unix)]
                if command.is_interactive
                    && matches!(outcome, Outcome::Signaled { signal: signals::INT })
                {
                    shutdown.follow_ctrl_c();
                }
            }
            // Where no queue can be read, a task that has not run yet may know of a request.
            tokio::task::yield_now().await;
            shutdown.first().map_or(outcome, |by| Outcome::Cancelled { by })
        }
        () = reach_timeout(child, command.timeout) => {
            let (now, grace_period) = (Instant::now(), command.grace_period);
            terminate_child(child, signals::TERM, now, grace_period, shutdown.requested()).await;
            Outcome::TimedOut
        }
    }
}

/// Waits until the command has run for so long, times in which it was suspended not counted.
async fn reach_timeout(child: &Child, limit: Option<Duration>) {
    let started = Instant::now();
    loop {
        let suspended = child.suspended();
        let end = limit.and_then(|limit| started.checked_add(limit)?.checked_add(suspended));
        match end {
            None => std::future::pending().await,
            Some(end) => sleep_until(end).await,
        }
        if child.suspended() == suspended {
            return;
        }
    }
}

/// Sends `first` now, SIGTERM at half the grace period, SIGKILL at its end or at another request.
/// The rest of the command's group has the same grace period.
async fn terminate_child(
    child: &Child,
    first: i32,
    since: Instant,
    grace_period: Duration,
    again: impl Future<Output = ShutdownRequest>,
) {
    child.adopt_orphans();
    // Without a signal the command would only lose time.
    let grace_period = if child.signal(first) { grace_period } else { Duration::ZERO };
    let ended = async {
        child.exited().await;
        child.emptied().await;
    };
    let grace_is_over = async {
        if first != signals::TERM {
            sleep_until(since + grace_period / 2).await;
            child.signal(signals::TERM);
        }
        sleep_until(since + grace_period).await;
    };
    tokio::pin!(ended);
    tokio::select! {
        biased;
        () = &mut ended => return,
        () = grace_is_over => {}
        _ = again => {}
    }
    child.kill();
    // Nothing can be done about a process that outlives its SIGKILL.
    let _ = timeout(KILL_LIMIT, ended).await;
}
