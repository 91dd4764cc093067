//! The console's keys that mean *stop*.

use std::io;

use tokio::signal::windows::{ctrl_break, ctrl_c};

use super::INT;
use crate::process::shutdown_request::{Cause, ShutdownNotifier};

/// Microsoft's own number.
/// <https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/signal>
const SIGBREAK: i32 = 21;

/// Nothing is inherited about signals there.
#[derive(Clone, Copy, Debug)]
pub(in crate::process) struct Inherited {
    pub(in crate::process) note: Option<&'static str>,
}

/// The keys are received by a task; the system has no queue that could be read.
#[derive(Debug)]
pub(in crate::process) struct StopSignals;

impl StopSignals {
    pub(in crate::process) fn read_pending(&self, _: &ShutdownNotifier) {}
}

/// Records Ctrl-C and Ctrl-Break.
pub(in crate::process) fn listen(
    notifier: &ShutdownNotifier,
) -> io::Result<(Inherited, StopSignals)> {
    let (mut ctrl_c, mut ctrl_break, notifier) = (ctrl_c()?, ctrl_break()?, notifier.clone());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = ctrl_c.recv() => notifier.notify(Cause::Signal(INT)),
                Some(()) = ctrl_break.recv() => notifier.notify(Cause::Signal(SIGBREAK)),
                else => return,
            }
        }
    });
    Ok((Inherited { note: None }, StopSignals))
}
