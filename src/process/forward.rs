//! Bytes through: what the command writes goes to our own stdout and stderr, as it comes.
//! Each pump is a thread that may be stuck for ever; whoever awaits it never is.

mod stdio;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, thread};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// What a pipe holds by default. More is slower: it leaves the processor's cache.
const CHUNK: usize = 64 * 1024;

/// What may be read ahead of a stuck reader once the command is over: the most that a pipe holds.
const AHEAD: usize = 1024 * 1024;

/// A pipe that nobody writes to for so long after the command's end is a left-behind process's.
const SILENCE: Duration = Duration::from_millis(250);

/// Where the command wrote. Where both are one file, all of it counts as stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// The ends for the command to write to.
pub(super) struct ChildStdio {
    pub(super) stdout: PipeWriter,
    pub(super) stderr: PipeWriter,
}

/// Opens the command's stdout and stderr, one pipe where ours are one file, and begins to forward.
pub(super) fn open(
    observe: impl Fn(Stream, &[u8]) + Send + Sync + 'static,
) -> io::Result<(Forwarders, ChildStdio)> {
    let observe: Observer = Arc::new(observe);
    let (from, stdout) = io::pipe()?;
    let is_one_file = stdio::is_one_file();
    let mut forwarders = vec![Forwarder::start(
        from,
        Stream::Stdout,
        stdio::stdout()?,
        is_one_file,
        Arc::clone(&observe),
    )?];
    let stderr = if is_one_file {
        stdout.try_clone()?
    } else {
        let (from, stderr) = io::pipe()?;
        forwarders.push(Forwarder::start(from, Stream::Stderr, stdio::stderr()?, true, observe)?);
        stderr
    };
    Ok((Forwarders(forwarders), ChildStdio { stdout, stderr }))
}

type Observer = Arc<dyn Fn(Stream, &[u8]) + Send + Sync>;

/// The forwarders of one command; none before it is started.
#[derive(Debug, Default)]
pub(super) struct Forwarders(Vec<Forwarder>);

impl Forwarders {
    /// Waits for the end of the pipes, until they are silent, at most for `limit`.
    /// True when somebody else holds one open. What is stuck has been seen nevertheless.
    pub(super) async fn drained(&mut self, limit: Duration) -> bool {
        let over = Instant::now();
        let mut is_held_open = false;
        for forwarder in &mut self.0 {
            is_held_open |= !forwarder.ended(over, over + limit).await;
        }
        is_held_open
    }

    pub(super) async fn delivered(&mut self, is_held_open: bool) {
        for forwarder in &mut self.0 {
            let is_done = |state: &State| match state {
                State::Reading { .. } => is_held_open,
                State::Writing => false,
                State::AtEnd => true,
            };
            // The sender goes only with its thread, and then nothing more will be delivered.
            let _ = forwarder.state.wait_for(is_done).await;
        }
    }

    pub(super) fn line_left_open(&self) -> bool {
        self.0.iter().any(|forwarder| forwarder.source.line_is_open.load(Ordering::Relaxed))
    }
}

/// What a pump is at.
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
}

impl Forwarder {
    fn start(
        pipe: PipeReader,
        stream: Stream,
        sink: File,
        minds_lines: bool,
        observe: Observer,
    ) -> io::Result<Self> {
        let (state, receiver) = watch::channel(State::Reading { since: Instant::now() });
        let source = Arc::new(PipeSource {
            pipe,
            stream,
            observe,
            turn: Mutex::default(),
            line_is_open: AtomicBool::new(false),
        });
        let pumped = Arc::clone(&source);
        thread::Builder::new()
            .name("forward".to_owned())
            .spawn(move || forward(&pumped, sink, minds_lines, &state))?;
        Ok(Self { source, state: receiver })
    }

    /// Waits for the pipe's end; false when it has not come by `limit`, or nothing else has.
    async fn ended(&mut self, over: Instant, limit: Instant) -> bool {
        while Instant::now() < limit {
            let patience = match *self.state.borrow_and_update() {
                State::AtEnd => return true,
                State::Reading { since } => limit.min(since.max(over) + SILENCE),
                State::Writing => limit,
            };
            if timeout_at(patience, self.state.changed()).await.is_ok() {
                continue;
            }
            // On a loaded machine the pump may not have had its turn.
            if !stdio::is_readable(&self.source.pipe) {
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

/// Passes everything on until the pipe's end.
fn forward(source: &PipeSource, sink: File, minds_lines: bool, state: &watch::Sender<State>) {
    let mut sink = Some(sink);
    let mut bytes = vec![0; CHUNK];
    loop {
        let taken = source.take(&mut bytes, state);
        let Some(last) = bytes[..taken].last() else { break };
        state.send_replace(State::Writing);
        if let Some(open) = &mut sink {
            if minds_lines {
                source.line_is_open.store(*last != b'\n', Ordering::Relaxed);
            }
            if write_all(open, &bytes[..taken]).is_err() {
                // Closed on us. The deploy goes on, and so does whoever sees its bytes.
                sink = None;
                source.line_is_open.store(false, Ordering::Relaxed);
            }
        }
    }
    state.send_replace(State::AtEnd);
}

fn write_all(sink: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match sink.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            // Somebody who shares the file wants it so; the flag is not ours to change.
            Err(err) if err.kind() == io::ErrorKind::WouldBlock => stdio::await_writable(sink)?,
            Err(err) => return Err(err),
        }
    }
    Ok(())
}

/// The end that we read from. The pump reads it, and while that is stuck in writing, we may.
struct PipeSource {
    pipe: PipeReader,
    stream: Stream,
    observe: Observer,
    turn: Mutex<Ahead>,
    line_is_open: AtomicBool,
}

/// What was read, and seen, while the pump was writing.
#[derive(Default)]
struct Ahead {
    bytes: VecDeque<u8>,
    is_at_end: bool,
}

impl PipeSource {
    /// Takes the next bytes, none at the end. Holds the turn while it waits for them.
    fn take(&self, bytes: &mut [u8], state: &watch::Sender<State>) -> usize {
        let mut ahead = self.turn();
        if !ahead.bytes.is_empty() {
            return ahead.bytes.read(bytes).unwrap_or(0);
        }
        if ahead.is_at_end {
            return 0;
        }
        state.send_replace(State::Reading { since: Instant::now() });
        self.read(bytes)
    }

    fn read(&self, bytes: &mut [u8]) -> usize {
        loop {
            match (&self.pipe).read(bytes) {
                Ok(read) => {
                    (self.observe)(self.stream, &bytes[..read]);
                    return read;
                }
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return 0,
            }
        }
    }

    /// Reads what the pipe still holds if the pump is stuck in writing; true at the pipe's end.
    fn read_ahead(&self) -> bool {
        // Who has the turn is waiting for bytes: there are none, and it is not the end.
        let Ok(mut ahead) = self.turn.try_lock() else { return false };
        let mut bytes = vec![0; CHUNK];
        while !ahead.is_at_end && ahead.bytes.len() < AHEAD && stdio::is_readable(&self.pipe) {
            let read = self.read(&mut bytes);
            ahead.bytes.extend(&bytes[..read]);
            ahead.is_at_end = read == 0;
        }
        ahead.is_at_end
    }

    fn turn(&self) -> MutexGuard<'_, Ahead> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PipeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipeSource").field("stream", &self.stream).finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::fd::OwnedFd;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Less than the two pipes and the pump between them hold.
    const WRITTEN: usize = 150_000;

    #[tokio::test]
    async fn what_a_stuck_reader_leaves_is_seen_and_delivered_all_the_same() {
        let (from, mut command) = io::pipe().unwrap();
        let (mut reader, sink) = io::pipe().unwrap();
        let seen = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&seen);
        let see = move |_, bytes: &[u8]| {
            counted.fetch_add(bytes.len(), Ordering::Relaxed);
        };
        let sink = File::from(OwnedFd::from(sink));
        let forwarder = Forwarder::start(from, Stream::Stdout, sink, true, Arc::new(see)).unwrap();
        let mut forwarders = Forwarders(vec![forwarder]);
        command.write_all(&vec![b'x'; WRITTEN]).unwrap();
        drop(command);

        let is_held_open = forwarders.drained(Duration::from_millis(500)).await;

        assert!(!is_held_open);
        assert_eq!(seen.load(Ordering::Relaxed), WRITTEN);
        let reader = thread::spawn(move || io::copy(&mut reader, &mut io::sink()).unwrap());
        forwarders.delivered(false).await;
        assert!(forwarders.line_left_open());
        assert_eq!(reader.join().unwrap(), WRITTEN as u64);
    }
}
