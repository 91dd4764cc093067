//! Forwards what the command writes to our own stdout and stderr, byte for byte, as it comes.
//! A thread does so for each stream: it may be stuck for ever, and whoever awaits it never is.

mod line_state;
mod pipe_source;
mod sink;
mod stdio;

use std::fs::File;
use std::io::{self, PipeWriter};
use std::process::Stdio;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::line_state::LineState;
use self::pipe_source::{Observer, PipeSource};
use self::sink::Sink;

/// What a pipe holds by default, in bytes. More is slower: it leaves the processor's cache.
const CHUNK: usize = 64 * 1024;

/// A pipe that is silent for so long after the command's end is held open by a process that the
/// command left behind.
const SILENCE: Duration = Duration::from_millis(250);

/// Where the command wrote. Where both are one file, all of it counts as stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// What the command writes to: a pipe each, or our own stream where it cannot be forwarded.
#[derive(Debug, Default)]
pub(super) struct ChildStdio {
    stdout: Option<PipeWriter>,
    stderr: Option<PipeWriter>,
}

impl ChildStdio {
    pub(super) fn stdout(&self) -> io::Result<Stdio> {
        stdio_of(self.stdout.as_ref())
    }

    pub(super) fn stderr(&self) -> io::Result<Stdio> {
        stdio_of(self.stderr.as_ref())
    }
}

fn stdio_of(pipe: Option<&PipeWriter>) -> io::Result<Stdio> {
    pipe.map_or_else(|| Ok(Stdio::inherit()), |pipe| Ok(pipe.try_clone()?.into()))
}

/// Opens the command's stdout and stderr, one pipe where ours are one file, and starts to forward.
///
/// What cannot be opened (too many files or threads) the command inherits from us, unobserved.
pub(super) fn open(
    observe: impl Fn(Stream, &[u8]) + Send + Sync + 'static,
    line_state: &LineState,
) -> (Forwarders, ChildStdio) {
    let observer = Arc::new(Observer::new(observe));
    let is_one_file = stdio::is_one_file();
    let mut forwarders = Vec::new();
    let mut start = |stream, file: io::Result<File>, is_ours| {
        let sink = Sink::new(file?, is_ours, line_state.clone());
        let (forwarder, pipe) = Forwarder::start(stream, sink, Arc::clone(&observer))?;
        forwarders.push(forwarder);
        Ok(pipe)
    };
    let stdout = start(Stream::Stdout, stdio::stdout(), is_one_file);
    let stderr = match &stdout {
        Ok(shared) if is_one_file => shared.try_clone(),
        Ok(_) | Err(_) => start(Stream::Stderr, stdio::stderr(), true),
    };
    let mut failure = None;
    let mut keep = |pipe: io::Result<PipeWriter>| pipe.map_err(|err| failure = Some(err)).ok();
    let child = ChildStdio { stdout: keep(stdout), stderr: keep(stderr) };
    (Forwarders { each: forwarders, observer: Some(observer), failure }, child)
}

/// The forwarders of one command; none before it is started.
#[derive(Debug, Default)]
pub(super) struct Forwarders {
    each: Vec<Forwarder>,
    observer: Option<Arc<Observer>>,
    failure: Option<io::Error>,
}

impl Forwarders {
    /// Closes the files of a command that was not started: it may inherit our streams instead.
    pub(super) fn close(self, failure: io::Error) -> Self {
        for forwarder in self.each {
            drop(forwarder.source);
            // Nobody has written, and nobody can: the thread is at its end.
            let _ = forwarder.thread.join();
        }
        Self { failure: Some(failure), ..Self::default() }
    }

    /// Waits for the end of the pipes, until they are silent, for at most `limit`.
    /// True when another process holds one open. What is stuck has been observed nevertheless.
    pub(super) async fn drained(&mut self, limit: Duration) -> bool {
        let over = Instant::now();
        let mut is_held_open = false;
        for forwarder in &mut self.each {
            is_held_open |= !forwarder.ended(over, over + limit).await;
        }
        is_held_open
    }

    /// Waits until the readers of our stdout and stderr have taken every byte.
    pub(super) async fn delivered(&mut self, is_held_open: bool) {
        for forwarder in &mut self.each {
            let is_done = |state: &State| match state {
                State::Reading { .. } => is_held_open,
                State::Writing => false,
                State::AtEnd => true,
            };
            // The sender goes only with its thread, and then nothing more will be delivered.
            let _ = forwarder.state.wait_for(is_done).await;
        }
    }

    /// Why the observer has not seen all that the command wrote, as a sentence.
    pub(super) fn observation_gap(&self) -> Option<String> {
        if let Some(err) = &self.failure {
            return Some(format!("the command's output is not looked at: {err}"));
        }
        let has_panicked = self.observer.as_ref().is_some_and(|observer| observer.has_panicked());
        has_panicked.then(|| "the command's output is not looked at: a bug of ours".to_owned())
    }
}

/// What a forwarder is doing.
#[derive(Clone, Copy, Debug)]
enum State {
    Reading { since: Instant },
    Writing,
    AtEnd,
}

#[derive(Debug)]
struct Forwarder {
    source: Arc<PipeSource>,
    state: watch::Receiver<State>,
    thread: JoinHandle<()>,
}

impl Forwarder {
    /// Starts a thread, and returns the end of its pipe that the command writes to.
    fn start(
        stream: Stream,
        sink: Sink,
        observer: Arc<Observer>,
    ) -> io::Result<(Self, PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        let (sender, state) = watch::channel(State::Reading { since: Instant::now() });
        let source = Arc::new(PipeSource::new(reader, stream, observer));
        let forwarded = Arc::clone(&source);
        let thread = thread::Builder::new()
            .name("forward".to_owned())
            .spawn(move || forward(&forwarded, sink, &sender))?;
        Ok((Self { source, state, thread }, writer))
    }

    /// Waits for the pipe's end; false when it has not come by `limit`, or the pipe is silent.
    async fn ended(&mut self, over: Instant, limit: Instant) -> bool {
        while Instant::now() < limit {
            let next_look = match *self.state.borrow_and_update() {
                State::AtEnd => return true,
                State::Reading { since } => limit.min(since.max(over) + SILENCE),
                State::Writing => limit,
            };
            if timeout_at(next_look, self.state.changed()).await.is_ok() {
                continue;
            }
            // On a loaded machine the thread may not have run yet.
            if !self.source.is_readable() {
                break;
            }
            let _ = timeout_at(limit, self.state.changed()).await;
        }
        match *self.state.borrow() {
            State::AtEnd => true,
            // There nothing can be read ahead, and most pipes that are stuck are not held open.
            State::Writing if cfg!(windows) => true,
            State::Reading { .. } | State::Writing => self.source.read_ahead(),
        }
    }
}

/// Forwards everything until the pipe's end.
fn forward(source: &PipeSource, mut sink: Sink, state: &watch::Sender<State>) {
    let mut bytes = vec![0; CHUNK];
    loop {
        let taken = source.take(&mut bytes, || {
            state.send_replace(State::Reading { since: Instant::now() });
        });
        if taken == 0 {
            break;
        }
        state.send_replace(State::Writing);
        sink.write(&bytes[..taken]);
    }
    state.send_replace(State::AtEnd);
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;
    use std::os::fd::OwnedFd;
    use std::sync::Mutex;

    use super::*;

    /// Less than the two pipes and the forwarder between them hold.
    const WRITTEN: usize = 150_000;

    fn forwarders(
        sink: PipeWriter,
        line_state: &LineState,
        observer: Observer,
    ) -> (Forwarders, PipeWriter) {
        let sink = Sink::new(File::from(OwnedFd::from(sink)), true, line_state.clone());
        let observer = Arc::new(observer);
        let (forwarder, pipe) =
            Forwarder::start(Stream::Stdout, sink, Arc::clone(&observer)).expect("a thread");
        let each = vec![forwarder];
        (Forwarders { each, observer: Some(observer), failure: None }, pipe)
    }

    #[tokio::test]
    async fn what_a_stuck_reader_leaves_is_observed_and_delivered_all_the_same() {
        let (mut reader, writer) = io::pipe().unwrap();
        let seen = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&seen);
        let observer = Observer::new(move |_, bytes| *counted.lock().unwrap() += bytes.len());
        let line_state = LineState::new(|| ());
        let (mut forwarders, mut command) = forwarders(writer, &line_state, observer);
        command.write_all(&vec![b'x'; WRITTEN]).unwrap();
        drop(command);

        let is_held_open = forwarders.drained(Duration::from_millis(500)).await;

        assert!(!is_held_open);
        assert_eq!(*seen.lock().unwrap(), WRITTEN);
        let reader = thread::spawn(move || io::copy(&mut reader, &mut io::sink()).unwrap());
        forwarders.delivered(false).await;
        assert!(line_state.is_line_open());
        drop(forwarders);
        assert_eq!(reader.join().unwrap(), WRITTEN as u64);
    }

    #[tokio::test]
    async fn an_observer_that_panics_is_dropped_and_every_byte_is_forwarded() {
        let (mut reader, writer) = io::pipe().unwrap();
        let calls = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&calls);
        let observer = Observer::new(move |_, _| {
            *counted.lock().unwrap() += 1;
            std::panic::resume_unwind(Box::new("a bug"));
        });
        let (mut forwarders, mut command) = forwarders(writer, &LineState::new(|| ()), observer);
        let mut line = [0; 4];
        for _ in 0..2 {
            command.write_all(b"one\n").unwrap();
            io::Read::read_exact(&mut reader, &mut line).unwrap();
            assert_eq!(&line, b"one\n");
        }
        drop(command);

        assert!(!forwarders.drained(Duration::from_secs(10)).await);
        assert_eq!(*calls.lock().unwrap(), 1);
        assert!(forwarders.observation_gap().is_some());
    }
}
