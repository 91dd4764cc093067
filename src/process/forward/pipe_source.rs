//! The end of a pipe that the command writes to, read by the forwarder's thread; and while that is
//! stuck in writing, by whoever waits for the pipe's end.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, PipeReader, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{CHUNK, Stream, stdio};

/// What may be read ahead of a stuck reader once the command is over: the most that a pipe holds.
const READ_AHEAD: usize = 1024 * 1024;

type Observe = dyn Fn(Stream, &[u8]) + Send + Sync;

/// Sees every byte before it is forwarded. One that panics is not called again.
pub(super) struct Observer {
    observe: Box<Observe>,
    has_panicked: AtomicBool,
}

impl Observer {
    pub(super) fn new(observe: impl Fn(Stream, &[u8]) + Send + Sync + 'static) -> Self {
        Self { observe: Box::new(observe), has_panicked: AtomicBool::new(false) }
    }

    pub(super) fn has_panicked(&self) -> bool {
        self.has_panicked.load(Ordering::Relaxed)
    }

    fn see(&self, stream: Stream, bytes: &[u8]) {
        if !self.has_panicked()
            && catch_unwind(AssertUnwindSafe(|| (self.observe)(stream, bytes))).is_err()
        {
            self.has_panicked.store(true, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").field("has_panicked", &self.has_panicked).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct PipeSource {
    pipe: PipeReader,
    stream: Stream,
    observer: Arc<Observer>,
    /// Held while somebody reads.
    ahead: Mutex<ReadAhead>,
}

/// What was read, and observed, while the forwarder was writing.
#[derive(Debug, Default)]
struct ReadAhead {
    bytes: VecDeque<u8>,
    is_at_end: bool,
}

impl PipeSource {
    pub(super) fn new(pipe: PipeReader, stream: Stream, observer: Arc<Observer>) -> Self {
        Self { pipe, stream, observer, ahead: Mutex::default() }
    }

    /// Takes the next bytes, none at the end. Calls `waits` before it waits for the command.
    pub(super) fn take(&self, bytes: &mut [u8], waits: impl FnOnce()) -> usize {
        let mut ahead = self.ahead();
        if !ahead.bytes.is_empty() {
            return ahead.bytes.read(bytes).unwrap_or(0);
        }
        if ahead.is_at_end {
            return 0;
        }
        waits();
        self.read(bytes)
    }

    /// Reads what the pipe still holds if the forwarder is stuck in writing; true at the pipe's end.
    pub(super) fn read_ahead(&self) -> bool {
        // Whoever holds the lock waits for bytes: there are none, and it is not the end.
        let Ok(mut ahead) = self.ahead.try_lock() else { return false };
        let mut bytes = vec![0; CHUNK];
        while !ahead.is_at_end && ahead.bytes.len() < READ_AHEAD && self.is_readable() {
            let read = self.read(&mut bytes);
            ahead.bytes.extend(&bytes[..read]);
            ahead.is_at_end = read == 0;
        }
        ahead.is_at_end
    }

    /// There are bytes to read, or it is the end.
    pub(super) fn is_readable(&self) -> bool {
        stdio::is_readable(&self.pipe)
    }

    fn read(&self, bytes: &mut [u8]) -> usize {
        loop {
            match (&self.pipe).read(bytes) {
                Ok(read) => {
                    self.observer.see(self.stream, &bytes[..read]);
                    return read;
                }
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return 0,
            }
        }
    }

    fn ahead(&self) -> MutexGuard<'_, ReadAhead> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
