//! The scan of both streams beside the command: whoever forwards bytes hands them over and goes on.
//! Whatever happens to the scan costs the URL and nothing else.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::{Found, Rule, Scanner, find};
use crate::redact::Redactor;

/// What is handed over at once: waking a thread for every line would slow a chatty command.
const HANDOVER: usize = 128 * 1024;

/// What may wait to be scanned. The work per byte is bounded, so the scan keeps up; where it does
/// not, the command waits, since what is found must not depend on time.
const MAX_WAITING: usize = 512 * 1024;

/// Which of the command's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// A scan of the command's output, on a thread of its own where one can be started.
pub(crate) struct Scan {
    rule: Rule,
    queue: Arc<Queue>,
    /// None: the scan is done in place, or over.
    thread: Mutex<Option<JoinHandle<Option<Scanners>>>>,
    in_place: Mutex<Option<Scanners>>,
}

/// The scanners of both streams.
#[derive(Debug)]
struct Scanners {
    stdout: Scanner,
    stderr: Scanner,
}

impl Scan {
    /// What is on `api_host`, where we post, is nobody's page.
    pub(crate) fn start(rule: &Rule, api_host: Option<&str>) -> Self {
        let queue = Arc::new(Queue::default());
        let scanner = || Scanner::new(rule).without(api_host);
        let scanners = Scanners { stdout: scanner(), stderr: scanner() };
        let slot = Arc::new(Mutex::new(Some(scanners)));
        let thread = if matches!(rule, Rule::Nothing) { None } else { spawn(&queue, &slot) };
        let in_place = if thread.is_none() { lock(&slot).take() } else { None };
        Self {
            rule: rule.clone(),
            queue,
            thread: Mutex::new(thread),
            in_place: Mutex::new(in_place),
        }
    }

    /// Takes the next bytes of a stream; how they are cut into pieces does not matter.
    pub(crate) fn observe(&self, stream: Stream, bytes: &[u8]) {
        if matches!(self.rule, Rule::Nothing) {
            return;
        }
        let mut in_place = lock(&self.in_place);
        if let Some(mut scanners) = in_place.take() {
            *in_place = unless_it_panics(|| {
                scanners.observe(stream, bytes);
                scanners
            });
            return;
        }
        drop(in_place);
        self.queue.push(stream, bytes);
    }

    /// Takes the end of both streams and gives what was found in them.
    pub(crate) fn finish(&self, secrets: &Redactor) -> Found {
        self.queue.close();
        let scanners = match lock(&self.thread).take() {
            Some(thread) => thread.join().ok().flatten(),
            None => lock(&self.in_place).take(),
        };
        let found = scanners.and_then(|mut scanners| {
            unless_it_panics(move || {
                scanners.stdout.finish();
                scanners.stderr.finish();
                find(&self.rule, &scanners.stdout, &scanners.stderr, secrets)
            })
        });
        found.unwrap_or_else(|| Found {
            url: None,
            is_declared: false,
            warning: Some(
                "the output could not be searched for a URL, which is a mistake in \
                 deployment-status: no URL is reported"
                    .to_owned(),
            ),
        })
    }
}

impl Scanners {
    fn observe(&mut self, stream: Stream, bytes: &[u8]) {
        match stream {
            Stream::Stdout => self.stdout.observe(bytes),
            Stream::Stderr => self.stderr.observe(bytes),
        }
    }
}

fn spawn(
    queue: &Arc<Queue>,
    slot: &Arc<Mutex<Option<Scanners>>>,
) -> Option<JoinHandle<Option<Scanners>>> {
    let (queue, slot) = (Arc::clone(queue), Arc::clone(slot));
    let work = move || {
        let mut scanners = lock(&slot).take()?;
        let scanned = unless_it_panics(|| {
            queue.drain(|stream, bytes| scanners.observe(stream, bytes));
            scanners
        });
        queue.close();
        scanned
    };
    thread::Builder::new().name("url-scan".to_owned()).spawn(work).ok()
}

/// A panic has been reported on stderr by the time it comes here.
fn unless_it_panics<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Bytes that wait to be scanned.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    has_work: Condvar,
    has_room: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    is_closed: bool,
}

impl Waiting {
    fn len(&self) -> usize {
        self.stdout.len() + self.stderr.len()
    }
}

impl Queue {
    fn push(&self, stream: Stream, bytes: &[u8]) {
        let mut waiting = lock(&self.waiting);
        while waiting.len() >= MAX_WAITING && !waiting.is_closed {
            waiting = self.has_room.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.is_closed {
            return;
        }
        match stream {
            Stream::Stdout => waiting.stdout.extend_from_slice(bytes),
            Stream::Stderr => waiting.stderr.extend_from_slice(bytes),
        }
        if waiting.len() >= HANDOVER {
            self.has_work.notify_one();
        }
    }

    fn close(&self) {
        lock(&self.waiting).is_closed = true;
        self.has_work.notify_all();
        self.has_room.notify_all();
    }

    /// Hands everything over, until the queue is closed and empty.
    fn drain(&self, mut scan: impl FnMut(Stream, &[u8])) {
        let mut taken = Waiting::default();
        loop {
            let mut waiting = lock(&self.waiting);
            while waiting.len() < HANDOVER && !waiting.is_closed {
                waiting = self.has_work.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
            let is_last = waiting.is_closed;
            mem::swap(&mut waiting.stdout, &mut taken.stdout);
            mem::swap(&mut waiting.stderr, &mut taken.stderr);
            drop(waiting);
            self.has_room.notify_all();
            scan(Stream::Stdout, &taken.stdout);
            scan(Stream::Stderr, &taken.stderr);
            taken.stdout.clear();
            taken.stderr.clear();
            if is_last {
                return;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::WebUrl;

    const LOG: &[u8] = b"Deployed to https://a.example\n";

    fn url(found: &Found) -> Option<&str> {
        found.url.as_ref().map(WebUrl::as_str)
    }

    #[test]
    fn what_is_handed_over_is_found() {
        let scan = Scan::start(&Rule::Detect, None);
        for byte in LOG {
            scan.observe(Stream::Stderr, &[*byte]);
        }
        let noise = vec![b'x'; 3 * MAX_WAITING];
        scan.observe(Stream::Stdout, &noise);
        scan.observe(Stream::Stdout, &noise);
        assert_eq!(url(&scan.finish(&Redactor::default())), Some("https://a.example"));
    }

    #[test]
    fn what_is_on_the_host_of_the_api_is_nobodys_page() {
        for host in ["git.example.com", "api.git.example.com"] {
            let scan = Scan::start(&Rule::Detect, Some(host));
            scan.observe(Stream::Stdout, b"Deployed to https://git.example.com\n");
            scan.observe(Stream::Stdout, b"Live at https://api.git.example.com/\n");
            assert_eq!(url(&scan.finish(&Redactor::default())), None);
        }
    }

    #[test]
    fn what_comes_after_the_end_is_ignored() {
        let scan = Scan::start(&Rule::Detect, None);
        assert_eq!(url(&scan.finish(&Redactor::default())), None);
        scan.observe(Stream::Stdout, LOG);
    }

    #[test]
    fn without_a_thread_the_scan_is_done_in_place() {
        let scan = Scan::start(&Rule::Detect, None);
        scan.queue.close();
        drop(lock(&scan.thread).take().map(JoinHandle::join));
        let scanner = || Scanner::new(&Rule::Detect);
        *lock(&scan.in_place) = Some(Scanners { stdout: scanner(), stderr: scanner() });
        scan.observe(Stream::Stdout, LOG);
        assert_eq!(url(&scan.finish(&Redactor::default())), Some("https://a.example"));
    }

    #[test]
    fn a_panic_costs_the_url_alone() {
        let queue = Arc::new(Queue::default());
        let scanned = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                let scanned = unless_it_panics(|| queue.drain(|_, _| panic!("on purpose")));
                queue.close();
                scanned
            })
        };
        // More than fits: whoever pushes is let go.
        queue.push(Stream::Stdout, &vec![0; MAX_WAITING]);
        queue.push(Stream::Stdout, LOG);
        queue.push(Stream::Stdout, LOG);
        assert!(scanned.join().expect("the panic was caught").is_none());
    }

    #[test]
    fn a_scan_that_is_lost_is_a_warning() {
        let scan = Scan::start(&Rule::Detect, None);
        scan.queue.close();
        drop(lock(&scan.thread).take().map(JoinHandle::join));
        let found = scan.finish(&Redactor::default());
        assert!(found.url.is_none() && found.warning.is_some());
    }
}
