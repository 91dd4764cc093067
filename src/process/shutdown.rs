//! What tells us to stop: signals, and the death of those above us.
//! It hears and remembers; what is to be done about it is the story's.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::signals;

/// A signal this soon after the first is the same event: `timeout` sends two, systemd TERM and HUP.
const SAME_EVENT: Duration = Duration::from_millis(500);

/// Something that says: stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShutdownRequest {
    pub(crate) cause: Cause,
    pub(crate) at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Signal(i32),
    #[cfg_attr(windows, expect(dead_code, reason = "nobody is watched there"))]
    ParentDied,
}

impl ShutdownRequest {
    /// 128+n, where the death of an ancestor counts as a SIGTERM.
    pub(crate) fn exit_code(self) -> i32 {
        match self.cause {
            Cause::Signal(signal) => 128 + signal,
            Cause::ParentDied => 128 + signals::TERM,
        }
    }
}

/// Whose death counts as a SIGTERM.
#[derive(Clone, Debug)]
pub(crate) enum Tracking {
    /// Ancestors that carry this value of `RUNNER_TRACKING_ID`, as GitHub's runner gives it to all
    /// that belongs to one step.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "others do not tell"))]
    Marked(OsString),
    /// All ancestors below the Azure agent, or below PID 1 where there is none.
    BelowAgent,
}

/// What a run listens with. Signals that were ignored when we started stay ignored.
#[derive(Debug)]
pub(crate) struct ShutdownListener {
    notifier: ShutdownNotifier,
    #[cfg_attr(windows, expect(dead_code, reason = "nothing is inherited there"))]
    pub(super) inherited: signals::Inherited,
}

impl ShutdownListener {
    /// Begins to listen, and so to survive what it hears.
    ///
    /// To be called on the main thread of a runtime before there are other threads, first of all.
    pub(crate) fn listen(watch: Option<Tracking>) -> io::Result<Self> {
        let notifier = ShutdownNotifier::default();
        let inherited = signals::listen(&notifier)?;
        #[cfg(unix)]
        if let Some(tracking) = watch {
            tokio::spawn(super::parent_watch::watch(tracking, notifier.clone()));
        }
        // Windows' runner tells everybody on the console, so nobody has to be watched there.
        #[cfg(windows)]
        drop(watch);
        Ok(Self { notifier, inherited })
    }

    /// The first request, if there was one.
    pub(crate) fn first(&self) -> Option<ShutdownRequest> {
        self.notifier.0.borrow().first
    }

    /// Waits for the first request; at once if it has come. Any number may wait.
    pub(crate) async fn requested(&self) -> ShutdownRequest {
        self.notifier.wait_for(|state| state.first).await
    }

    /// Waits for a signal that is not the event of the first request any more.
    pub(crate) async fn requested_again(&self) -> ShutdownRequest {
        self.notifier.wait_for(|state| state.again).await
    }
}

#[derive(Debug, Default)]
struct ShutdownState {
    first: Option<ShutdownRequest>,
    again: Option<ShutdownRequest>,
}

/// Where whoever hears something notes it.
#[derive(Clone, Debug, Default)]
pub(super) struct ShutdownNotifier(Arc<watch::Sender<ShutdownState>>);

impl ShutdownNotifier {
    pub(super) fn note(&self, cause: Cause) {
        let request = ShutdownRequest { cause, at: Instant::now() };
        self.0.send_if_modified(|state| match state.first {
            None => {
                state.first = Some(request);
                true
            }
            // One after the other, the ancestors of a canceled step die. That is no new event.
            Some(first) => {
                let is_new = matches!(cause, Cause::Signal(_))
                    && state.again.is_none()
                    && request.at >= first.at + SAME_EVENT;
                if is_new {
                    state.again = Some(request);
                }
                is_new
            }
        });
    }

    async fn wait_for(
        &self,
        choose: impl Fn(&ShutdownState) -> Option<ShutdownRequest>,
    ) -> ShutdownRequest {
        let mut state = self.0.subscribe();
        loop {
            if let Some(request) = choose(&state.borrow_and_update()) {
                return request;
            }
            state.changed().await.expect("the sender lives as long as we do");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const INT: Cause = Cause::Signal(2);
    const TERM: Cause = Cause::Signal(15);

    #[tokio::test(start_paused = true)]
    async fn two_signals_at_once_are_one_event() {
        let notifier = ShutdownNotifier::default();
        notifier.note(INT);
        advance(SAME_EVENT / 2).await;
        notifier.note(TERM);
        assert_eq!(notifier.wait_for(|state| state.first).await.cause, INT);
        let again = notifier.wait_for(|state| state.again);
        assert!(timeout(SAME_EVENT * 10, again).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_signal_is_heard_apart() {
        let notifier = ShutdownNotifier::default();
        notifier.note(INT);
        advance(SAME_EVENT).await;
        notifier.note(TERM);
        assert_eq!(notifier.wait_for(|state| state.again).await.cause, TERM);
    }

    #[tokio::test(start_paused = true)]
    async fn an_ancestor_that_dies_after_a_signal_is_nothing_new() {
        let notifier = ShutdownNotifier::default();
        notifier.note(INT);
        advance(Duration::from_secs(1)).await;
        notifier.note(Cause::ParentDied);
        assert!(notifier.0.borrow().again.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_death_of_an_ancestor_counts_as_a_sigterm() {
        let notifier = ShutdownNotifier::default();
        notifier.note(Cause::ParentDied);
        assert_eq!(notifier.wait_for(|state| state.first).await.exit_code(), 143);
    }
}
