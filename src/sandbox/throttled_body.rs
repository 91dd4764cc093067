//! The body of an answer, which may be sent slowly, or break off before its end.
//! It knows nothing of what it carries.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The number of chunks of a trickled body.
const TRICKLE_CHUNKS: u32 = 20;

/// How long the first half of a truncated body gets to be flushed before the connection is closed.
const FLUSH_DELAY: Duration = Duration::from_millis(50);

pub(super) struct ThrottledBody {
    chunks: VecDeque<Bytes>,
    /// What `Content-Length` says of the rest.
    remaining: u64,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

/// The connection is to be closed without another byte.
#[derive(Debug)]
pub(super) struct ConnectionClosed;

impl fmt::Display for ConnectionClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox closes the connection")
    }
}

impl std::error::Error for ConnectionClosed {}

impl ThrottledBody {
    pub(super) fn whole(text: String) -> Self {
        let remaining = text.len() as u64;
        let chunks = VecDeque::from([Bytes::from(text)]);
        Self { chunks, remaining, pause: Duration::ZERO, waiting: None }
    }

    /// Announces the whole length and sends half.
    pub(super) fn truncated(text: &str) -> Self {
        let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
        Self { chunks: VecDeque::from([half]), pause: FLUSH_DELAY, ..Self::whole(text.to_owned()) }
    }

    pub(super) fn trickled(text: String, over: Duration) -> Self {
        let size = text.len().div_ceil(TRICKLE_CHUNKS as usize).max(1);
        let chunks = text.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
        Self { chunks, pause: over / TRICKLE_CHUNKS, ..Self::whole(text) }
    }
}

impl Body for ThrottledBody {
    type Data = Bytes;
    type Error = ConnectionClosed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionClosed>>> {
        if self.remaining == 0 {
            return Poll::Ready(None);
        }
        if !self.pause.is_zero() {
            let pause = self.pause;
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        let Some(chunk) = self.chunks.pop_front() else {
            return Poll::Ready(Some(Err(ConnectionClosed)));
        };
        self.remaining -= chunk.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}
