//! The body of an answer, which may drip, or break off before its end.
//! It knows nothing of what it carries.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How many drops a dripping body falls in.
const DROPS: u32 = 20;

/// What was written before a body breaks off gets this long to leave.
const LAST_WORDS: Duration = Duration::from_millis(50);

pub(super) struct Paced {
    chunks: VecDeque<Bytes>,
    /// What `Content-Length` says of the rest.
    promised: u64,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

/// The connection is to be closed without another word.
#[derive(Debug)]
pub(super) struct Gone;

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox closes the connection")
    }
}

impl std::error::Error for Gone {}

impl Paced {
    pub(super) fn whole(text: String) -> Self {
        let promised = text.len() as u64;
        let chunks = VecDeque::from([Bytes::from(text)]);
        Self { chunks, promised, pause: Duration::ZERO, waiting: None }
    }

    /// Promises all and gives half.
    pub(super) fn truncated(text: &str) -> Self {
        let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
        Self { chunks: VecDeque::from([half]), pause: LAST_WORDS, ..Self::whole(text.to_owned()) }
    }

    pub(super) fn trickled(text: String, over: Duration) -> Self {
        let size = text.len().div_ceil(DROPS as usize).max(1);
        let chunks = text.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
        Self { chunks, pause: over / DROPS, ..Self::whole(text) }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Gone;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Gone>>> {
        if self.promised == 0 {
            return Poll::Ready(None);
        }
        if !self.pause.is_zero() {
            let pause = self.pause;
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        let Some(chunk) = self.chunks.pop_front() else {
            return Poll::Ready(Some(Err(Gone)));
        };
        self.promised -= chunk.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.promised == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
