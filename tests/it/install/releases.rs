//! A file server on loopback that has one release asset under every address.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

const ENDLESS: &str = "without an end";

pub(super) struct Releases {
    port: u16,
    requests: Arc<AtomicUsize>,
    first: Arc<Mutex<Option<&'static str>>>,
}

impl Releases {
    pub(super) fn serving(asset: &'static [u8]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let requests = Arc::new(AtomicUsize::new(0));
        let first = Arc::new(Mutex::new(None));
        let served = Self { port, requests: Arc::clone(&requests), first: Arc::clone(&first) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                requests.fetch_add(1, Ordering::SeqCst);
                let status = first.lock().expect("no test panics here").take();
                // The script hangs up on an answer that it does not like.
                let _ = answer(stream, status.unwrap_or("200 OK"), asset);
            }
        });
        served
    }

    /// Its answer gives no length and goes on for as long as somebody reads.
    pub(super) fn without_end() -> Self {
        Self::serving(b"").after(ENDLESS)
    }

    /// Its first answer has this status instead.
    pub(super) fn after(self, status: &'static str) -> Self {
        *self.first.lock().expect("no test panics here") = Some(status);
        self
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn answer(mut stream: TcpStream, status: &str, body: &[u8]) -> std::io::Result<()> {
    let request = BufReader::new(stream.try_clone()?).lines();
    request.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
    if status == ENDLESS {
        write!(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let chunk = [b"100000\r\n", &*vec![b'x'; 0x0010_0000], b"\r\n"].concat();
        loop {
            stream.write_all(&chunk)?;
        }
    }
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(body)
}
