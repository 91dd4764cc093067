//! A request to stop the command, and where signals and the parent watch record it.
//! What is done about a request is decided elsewhere.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// A signal this soon after the first is the same event: `timeout` sends two, systemd TERM and HUP.
const SAME_EVENT: Duration = Duration::from_millis(500);

/// SIGTERM has this number on every system that has signals.
const SIGTERM: i32 = 15;

/// What asked us to stop, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShutdownRequest {
    pub(crate) cause: Cause,
    pub(crate) at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Signal(i32),
    #[cfg_attr(
        all(windows, not(test)),
        expect(dead_code, reason = "ancestors are not watched there")
    )]
    ParentDied,
}

impl ShutdownRequest {
    /// 128+n, where the death of an ancestor counts as a SIGTERM.
    pub(crate) fn exit_code(self) -> i32 {
        match self.cause {
            Cause::Signal(signal) => 128 + signal,
            Cause::ParentDied => 128 + SIGTERM,
        }
    }
}

#[derive(Debug, Default)]
struct ShutdownState {
    first: Option<ShutdownRequest>,
    again: Option<ShutdownRequest>,
}

/// Holds the first request, and the first one after it that is an event of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct ShutdownNotifier(Arc<watch::Sender<ShutdownState>>);

impl ShutdownNotifier {
    /// Records a request that came now.
    pub(super) fn notify(&self, cause: Cause) {
        let request = ShutdownRequest { cause, at: Instant::now() };
        self.0.send_if_modified(|state| match state.first {
            None => {
                state.first = Some(request);
                true
            }
            // The ancestors of a canceled step die one after the other, which is no new event.
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

    pub(super) fn first(&self) -> Option<ShutdownRequest> {
        self.0.borrow().first
    }

    /// Waits for the first request; returns at once if it has come.
    pub(super) async fn requested(&self) -> ShutdownRequest {
        self.wait_for(|state| state.first).await
    }

    /// Waits for a signal that is a later event than the first request.
    pub(super) async fn requested_again(&self) -> ShutdownRequest {
        self.wait_for(|state| state.again).await
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
            state.changed().await.expect("the sender lives as long as `self`");
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
        notifier.notify(INT);
        advance(SAME_EVENT / 2).await;
        notifier.notify(TERM);
        assert_eq!(notifier.requested().await.cause, INT);
        assert!(timeout(SAME_EVENT * 10, notifier.requested_again()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_signal_is_an_event_of_its_own() {
        let notifier = ShutdownNotifier::default();
        notifier.notify(INT);
        advance(SAME_EVENT).await;
        notifier.notify(TERM);
        assert_eq!(notifier.requested_again().await.cause, TERM);
    }

    #[tokio::test(start_paused = true)]
    async fn an_ancestor_that_dies_after_a_signal_is_no_new_event() {
        let notifier = ShutdownNotifier::default();
        notifier.notify(INT);
        advance(Duration::from_secs(1)).await;
        notifier.notify(Cause::ParentDied);
        assert!(notifier.0.borrow().again.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_death_of_an_ancestor_counts_as_a_sigterm() {
        let notifier = ShutdownNotifier::default();
        notifier.notify(Cause::ParentDied);
        assert_eq!(notifier.requested().await.exit_code(), 143);
    }
}
