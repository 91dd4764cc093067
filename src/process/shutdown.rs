//! Receives the requests to stop: signals, and the death of an ancestor.
//! Signals that were ignored when we started stay ignored.

#[cfg(unix)]
use std::cell::Cell;
use std::io;

use super::parent_watch::{self, Tracking};
use super::shutdown_request::{Cause, ShutdownNotifier, ShutdownRequest};
use super::signals::{self, Inherited, StopSignals};

/// The requests to stop of one run.
#[derive(Debug)]
pub(crate) struct ShutdownListener {
    notifier: ShutdownNotifier,
    signals: StopSignals,
    pub(super) inherited: Inherited,
    watches_ancestors: bool,
    #[cfg(unix)]
    was_ctrl_c_fatal: Cell<bool>,
}

impl ShutdownListener {
    /// Starts to receive: from now on a signal that means *stop* does not end us.
    ///
    /// To be called on the main thread of a runtime before there are other threads, which inherit
    /// its signal mask.
    pub(crate) fn listen(watch: Option<Tracking>) -> io::Result<Self> {
        let notifier = ShutdownNotifier::default();
        let (inherited, signals) = signals::listen(&notifier)?;
        let watches_ancestors =
            watch.is_some_and(|tracking| parent_watch::start(&tracking, &notifier));
        Ok(Self {
            notifier,
            signals,
            inherited,
            watches_ancestors,
            #[cfg(unix)]
            was_ctrl_c_fatal: Cell::default(),
        })
    }

    /// Ancestors are watched. False although that was asked for where the system does not show
    /// whose process is whose, or on Windows.
    pub(crate) fn watches_ancestors(&self) -> bool {
        self.watches_ancestors
    }

    /// What this system withholds from us, as a sentence for the log; none where all is well.
    pub(crate) fn note(&self) -> Option<&'static str> {
        self.inherited.note
    }

    /// The first request, if there was one. A signal that was sent before this call counts.
    pub(crate) fn first(&self) -> Option<ShutdownRequest> {
        self.signals.read_pending(&self.notifier);
        self.notifier.first()
    }

    /// Waits for the first request; returns at once if it has come. Any number may wait.
    pub(crate) async fn requested(&self) -> ShutdownRequest {
        self.notifier.requested().await
    }

    /// Waits for a signal that is a later event than the first request.
    pub(crate) async fn requested_again(&self) -> ShutdownRequest {
        self.notifier.requested_again().await
    }

    /// Records a signal that the terminal sent to the command, and not to us or not yet.
    pub(super) fn notify_from_terminal(&self, signal: i32) {
        self.notifier.notify(Cause::Signal(signal));
    }

    /// Ctrl-C has killed the command: our own group gets the signal, too, as it would without us.
    #[cfg(unix)]
    pub(super) fn follow_ctrl_c(&self) {
        self.was_ctrl_c_fatal.set(true);
        signals::interrupt_our_group();
    }

    /// Ends us by the SIGINT that has killed the command, by which a shell knows that its script or
    /// loop is not to go on. Returns where there was none, and where it cannot end us.
    #[cfg(unix)]
    pub(crate) fn die_like_command(&self) {
        if self.was_ctrl_c_fatal.get() {
            signals::end_by_sigint();
        }
    }
}
