//! Receives the signals that mean *stop*, and remembers the signal mask that we inherited.
//!
//! On Linux they are blocked in every thread and read from a `signalfd`: what was sent before a
//! moment can be read at that moment, so a signal never loses a race with the command's end.

use std::io;

use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::unistd::Pid;
use tokio::signal::unix::{SignalKind, signal};

use super::ignored::{self, SignalMask};
use crate::process::shutdown_request::{Cause, ShutdownNotifier};

const STOP: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

/// What the command is to find as we found it.
#[derive(Clone, Copy, Debug)]
pub(in crate::process) struct Inherited {
    pub(in crate::process) blocked: SigSet,
    pub(in crate::process) ignored: SignalMask,
    /// What could not be found out, as a sentence for the log.
    pub(in crate::process) note: Option<&'static str>,
}

/// Where the signals that mean *stop* can be read.
#[derive(Debug)]
pub(in crate::process) struct StopSignals {
    #[cfg(target_os = "linux")]
    queue: Option<nix::sys::signalfd::SignalFd>,
}

impl StopSignals {
    /// Records every signal that was sent before this call. Elsewhere than on Linux a task does
    /// so, which may be a moment late.
    pub(in crate::process) fn read_pending(&self, notifier: &ShutdownNotifier) {
        #[cfg(target_os = "linux")]
        if let Some(queue) = &self.queue {
            linux::read(queue, notifier);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = notifier;
    }
}

/// Records every signal that means *stop*, but for those that we inherited as ignored.
pub(in crate::process) fn listen(
    notifier: &ShutdownNotifier,
) -> io::Result<(Inherited, StopSignals)> {
    let blocked = SigSet::thread_get_mask()?;
    let (ignored, note) = ignored::at_start(blocked);
    let inherited = Inherited { blocked, ignored, note };
    let stop: SigSet =
        STOP.into_iter().filter(|signal| !ignored.contains(*signal as i32)).collect();
    // An ignored SIGCHLD would cost us the exit code: a handler ends that, and it stays.
    drop(signal(SignalKind::child())?);
    // With one, a limit of a file's size is an error of ours, and not our end.
    drop(signal(SignalKind::from_raw(Signal::SIGXFSZ as i32))?);
    [Signal::SIGCHLD, Signal::SIGCONT].into_iter().collect::<SigSet>().thread_unblock()?;
    // In the background of a terminal we may still write to it (`stty tostop`), and take it back.
    SigSet::from(Signal::SIGTTOU).thread_block()?;
    #[cfg(target_os = "linux")]
    if let Ok(queue) = linux::listen(&stop, notifier) {
        return Ok((inherited, StopSignals { queue: Some(queue) }));
    }
    listen_with_handlers(&stop, notifier)?;
    let signals = StopSignals {
        #[cfg(target_os = "linux")]
        queue: None,
    };
    Ok((inherited, signals))
}

/// The portable way, also where a limit or a sandbox refuses a `signalfd`.
fn listen_with_handlers(stop: &SigSet, notifier: &ShutdownNotifier) -> io::Result<()> {
    for stop in stop {
        let mut stream = signal(SignalKind::from_raw(stop as i32))?;
        let notifier = notifier.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                notifier.notify(Cause::Signal(stop as i32));
            }
        });
    }
    stop.thread_unblock()?;
    Ok(())
}

/// Sends SIGINT to our whole process group. To ourselves it is no new event.
pub(in crate::process) fn interrupt_our_group() {
    let _ = kill(Pid::from_raw(0), Signal::SIGINT);
}

/// Returns where SIGINT has a handler, where it is ignored, and for PID 1.
pub(in crate::process) fn end_by_sigint() {
    let _ = raise(Signal::SIGINT);
    let _ = SigSet::from(Signal::SIGINT).thread_unblock();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd as _;

    use nix::sys::signal::SigSet;
    use nix::sys::signalfd::{SfdFlags, SignalFd};
    use tokio::net::unix::pipe::Receiver;

    use super::{Cause, ShutdownNotifier};

    /// What one signal is read as; its number comes first.
    /// <https://man7.org/linux/man-pages/man2/signalfd.2.html>
    const SIGINFO: usize = 128;

    pub(super) fn listen(stop: &SigSet, notifier: &ShutdownNotifier) -> io::Result<SignalFd> {
        let fd = SignalFd::with_flags(stop, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        // Tokio waits on any file that can be polled, but calls only this type safe.
        let queue = Receiver::from_file_unchecked(File::from(fd.as_fd().try_clone_to_owned()?))?;
        stop.thread_block()?;
        let notifier = notifier.clone();
        tokio::spawn(async move {
            let mut siginfo = [0; SIGINFO];
            while queue.readable().await.is_ok() {
                while let Ok(SIGINFO) = queue.try_read(&mut siginfo) {
                    let [a, b, c, d, ..] = siginfo;
                    notifier.notify(Cause::Signal(i32::from_ne_bytes([a, b, c, d])));
                }
            }
        });
        Ok(fd)
    }

    pub(super) fn read(queue: &SignalFd, notifier: &ShutdownNotifier) {
        while let Ok(Some(signal)) = queue.read_signal() {
            notifier.notify(Cause::Signal(signal.ssi_signo.cast_signed()));
        }
    }
}
