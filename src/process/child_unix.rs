//! A running command on Unix: its process group, its end, its stops and its orphans.

mod spawn;

use std::cell::Cell;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpgid, getpid, kill_current_process_group,
    kill_process, kill_process_group, test_kill_process_group, wait, waitpid,
};
use tokio::signal::unix::{self, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};

use self::spawn::Spawner;
use super::command::Command;
use super::exit::{NotStarted, Outcome};
use super::forward::{ChildStdio, LineState};
use super::signals::Inherited;
use super::terminal::Terminal;

/// How often a group is looked at whose leader has ended: the end of a group is no event.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The SIGCONT after a stop of ourselves is handled within this.
const CONTINUED: Duration = Duration::from_millis(100);

/// How long a background command that nothing can stop waits before it may read from the terminal
/// again.
const BACKGROUND_READ: Duration = Duration::from_secs(1);

/// The command's process, which leads a process group of its own.
#[derive(Debug)]
pub(super) struct Child {
    pid: Pid,
    line_state: LineState,
    /// It has a process group of its own, which a sandbox may refuse.
    leads_group: bool,
    is_reaped: Cell<bool>,
    /// Orphans come to us: we are PID 1, or have asked for them.
    adopts: Cell<bool>,
    /// None where there is no controlling terminal.
    terminal: Option<Arc<Terminal>>,
    /// The command is, or was, in the terminal's foreground.
    was_in_foreground: Cell<bool>,
    /// How long we were stopped together with the command.
    suspended: Cell<Duration>,
}

enum Change {
    Exited(ExitStatus),
    Stopped(Signal),
}

impl Child {
    /// Starts the command; it dies with the thread that calls this.
    pub(super) fn start(
        command: &Command,
        stdio: &ChildStdio,
        inherited: Inherited,
    ) -> Result<Self, NotStarted> {
        let terminal = Terminal::open().map(Arc::new);
        let foreground_of = terminal.as_ref().filter(|terminal| terminal.is_ours());
        let spawned = Spawner { command, stdio, inherited, foreground_of }.spawn();
        let is_in_foreground = foreground_of.is_some();
        match spawned {
            Ok(child) => {
                let pid = Pid::from_child(&child);
                let leads_group = getpgid(Some(pid)) == Ok(pid);
                Ok(Self {
                    pid,
                    line_state: command.line_state.clone(),
                    leads_group,
                    is_reaped: Cell::default(),
                    adopts: Cell::new(getpid() == Pid::INIT),
                    was_in_foreground: Cell::new(is_in_foreground && leads_group),
                    terminal,
                    suspended: Cell::default(),
                })
            }
            Err(why) => {
                // It may have got as far as into the foreground.
                if let Some(terminal) = foreground_of {
                    terminal.take_back();
                }
                Err(why)
            }
        }
    }

    /// Waits for the end of the command's own process and reaps it: to be awaited once.
    pub(super) async fn exited(&self) -> Outcome {
        self.watch().await.unwrap_or_else(|err| Outcome::NotStarted(NotStarted::Other(err)))
    }

    async fn watch(&self) -> io::Result<Outcome> {
        let mut children = signal(SignalKind::child())?;
        let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
        loop {
            match self.reap()? {
                Some(Change::Exited(status)) => return Ok(outcome(status)),
                Some(Change::Stopped(signal)) => self.stopped(signal, &mut continued).await,
                None => tokio::select! {
                    _ = children.recv() => {}
                    _ = continued.recv() => self.resume(),
                },
            }
        }
    }

    /// Waits until no process is left of the command's group.
    pub(super) async fn emptied(&self) {
        while test_kill_process_group(self.pid).is_ok() {
            sleep(POLL_INTERVAL).await;
            // A zombie counts as a process of the group.
            let _ = self.reap();
        }
    }

    /// Makes the group's orphans ours to reap. In a job's container PID 1 may be a program that
    /// reaps none (`tail -f /dev/null`).
    pub(super) fn adopt_orphans(&self) {
        #[cfg(target_os = "linux")]
        if rustix::process::set_child_subreaper(Some(getpid())).is_ok() {
            self.adopts.set(true);
        }
    }

    /// Sends a signal to the group, and SIGCONT, without which a stopped process handles none.
    /// True: every process of the group has been asked to end.
    pub(super) fn signal(&self, signal: i32) -> bool {
        if let Some(signal) = Signal::from_named_raw(signal) {
            self.send(signal);
            self.send(Signal::CONT);
        }
        true
    }

    pub(super) fn kill(&self) {
        self.send(Signal::KILL);
    }

    /// How long we were stopped together with the command, which counts for no time limit.
    pub(super) fn suspended(&self) -> Duration {
        self.suspended.get()
    }

    /// The signal of the keyboard, or of a terminal that went away, that ended the command. Its
    /// group alone was in the foreground, so it did not come to us.
    pub(super) fn terminal_signal(&self, outcome: &Outcome) -> Option<i32> {
        let (int, others) = (Signal::INT.as_raw(), [Signal::QUIT, Signal::HUP].map(Signal::as_raw));
        match outcome {
            _ if !self.was_in_foreground.get() => None,
            Outcome::Signaled { signal } if *signal == int || others.contains(signal) => {
                Some(*signal)
            }
            // What programs that handle Ctrl-C exit with.
            Outcome::Exited { code } if *code == 128 + int => Some(int),
            Outcome::Exited { .. }
            | Outcome::Signaled { .. }
            | Outcome::Crashed { .. }
            | Outcome::TimedOut
            | Outcome::Cancelled { .. }
            | Outcome::NotStarted(_) => None,
        }
    }

    /// Gives the terminal back, as it was where the command could not do so itself. What the
    /// command left running stays so.
    pub(super) fn release(self, outcome: &Outcome) {
        let terminal = self.terminal.clone().filter(|_| self.was_in_foreground.get());
        drop(self);
        if let Some(terminal) = terminal
            && !matches!(outcome, Outcome::Exited { .. } | Outcome::NotStarted(_))
        {
            terminal.restore_modes();
        }
    }

    fn send(&self, signal: Signal) {
        if self.leads_group {
            // An error means that the group is empty.
            let _ = kill_process_group(self.pid, signal);
        } else if !self.is_reaped.get() {
            let _ = kill_process(self.pid, signal);
        }
    }

    /// What happened to the command's own process. Reaps orphans by the way.
    fn reap(&self) -> io::Result<Option<Change>> {
        let options = WaitOptions::NOHANG | WaitOptions::UNTRACED;
        let next = || {
            if self.adopts.get() { wait(options) } else { waitpid(Some(self.pid), options) }
        };
        while let Some((pid, status)) = next()? {
            if pid == self.pid {
                let change = change(status);
                self.is_reaped.set(matches!(change, Change::Exited(_)));
                return Ok(Some(change));
            }
        }
        Ok(None)
    }

    /// The command was stopped: by Ctrl-Z, by reading from a terminal in the background, by
    /// somebody's SIGSTOP, or for us as its tracer.
    async fn stopped(&self, signal: Signal, continued: &mut unix::Signal) {
        if self.release_from_trace(signal) {
            return;
        }
        let Some(terminal) = &self.terminal else { return };
        let is_background_read = matches!(signal, Signal::TTIN | Signal::TTOU);
        if terminal.is_of(self.pid) {
            terminal.take_back();
        } else if !is_background_read && signal != Signal::TSTP {
            return;
        }
        // The terminal would have stopped our whole group. SIGTTOU is blocked in us.
        let ours = if signal == Signal::TTIN { Signal::TTIN } else { Signal::TSTP };
        let since = Instant::now();
        self.line_state.erase_status_line();
        let _ = kill_current_process_group(ours);
        // Here we were stopped, unless our group is orphaned: then nobody could continue us, and
        // the kernel stops no such group.
        if timeout(CONTINUED, continued.recv()).await.is_err() && is_background_read {
            sleep(BACKGROUND_READ).await;
        }
        self.suspended.set(self.suspended.get() + since.elapsed());
        self.resume();
    }

    /// Continues the command, in the foreground if a shell has put us there.
    fn resume(&self) {
        let Some(terminal) = &self.terminal else { return };
        if terminal.is_ours() {
            terminal.give_to(self.pid);
            self.was_in_foreground.set(true);
        }
        self.send(Signal::CONT);
    }

    /// A command that asked to be traced by its parent (`PTRACE_TRACEME`) stops at each signal.
    #[cfg(target_os = "linux")]
    fn release_from_trace(&self, signal: Signal) -> bool {
        use nix::sys::ptrace;
        use nix::sys::signal::Signal as NixSignal;

        let stops = [Signal::STOP, Signal::TRAP, Signal::TSTP, Signal::TTIN, Signal::TTOU];
        let delivered =
            NixSignal::try_from(signal.as_raw()).ok().filter(|_| !stops.contains(&signal));
        ptrace::detach(nix::unistd::Pid::from_raw(self.pid.as_raw_nonzero().get()), delivered)
            .is_ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn release_from_trace(&self, _: Signal) -> bool {
        false
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Some(terminal) = &self.terminal
            && self.was_in_foreground.get()
        {
            terminal.take_back_from(self.pid);
        }
    }
}

fn change(status: WaitStatus) -> Change {
    match status.stopping_signal().and_then(Signal::from_named_raw) {
        Some(signal) => Change::Stopped(signal),
        None if status.stopped() => Change::Stopped(Signal::STOP),
        None => Change::Exited(ExitStatus::from_raw(status.as_raw())),
    }
}

fn outcome(status: ExitStatus) -> Outcome {
    match (status.code(), status.signal()) {
        (Some(code), _) => Outcome::Exited { code },
        (None, Some(signal)) => Outcome::Signaled { signal },
        // Neither: the process has not ended, which `change` has ruled out.
        (None, None) => Outcome::Exited { code: 1 },
    }
}
