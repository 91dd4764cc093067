//! A server that answers as a test's script says, byte for byte.
//! It remembers what it was asked, and nothing else.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use url::Url;

use crate::deployment::{DeploymentId, NewStatus, Slug, State};
use crate::github::{Api, Credentials, Github, Observer, Proxies};
use crate::redact::Secret;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Method and target.
    pub(super) line: String,
    /// In lower case, `name: value`.
    pub(super) headers: Vec<String>,
    pub(super) body: String,
    /// Counted from 0.
    pub(super) connection: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        let prefix = format!("{name}: ");
        self.headers.iter().filter_map(|header| header.strip_prefix(&prefix)).collect()
    }
}

pub(super) enum Reply {
    /// These bytes.
    Say(String),
    /// These bytes, and no more on this connection.
    SayAndClose(String),
    /// Nothing, for as long as the client waits.
    Nothing,
}

#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    pub(super) fn requests(&self) -> Vec<Seen> {
        self.0.lock().expect("no test panics while it logs").clone()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|seen| seen.line).collect()
    }

    /// Notes a request and returns how many came before it.
    pub(super) fn note(&self, seen: Seen) -> usize {
        let mut log = self.0.lock().expect("no test panics while it logs");
        log.push(seen);
        log.len() - 1
    }
}

/// Answers the n-th request with `script(n, …)`; returns the server's URL and its log.
pub(super) async fn serve(
    address: &str,
    script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
) -> (Url, Log) {
    let listener = TcpListener::bind(address).await.expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let log = Log::default();
    tokio::spawn(accept(listener, log.clone(), Arc::new(script)));
    (Url::parse(&url).expect("an address makes a URL"), log)
}

async fn accept(
    listener: TcpListener,
    log: Log,
    script: Arc<impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static>,
) {
    for connection in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        let (log, script) = (log.clone(), Arc::clone(&script));
        tokio::spawn(async move { converse(stream, connection, &log, &*script).await });
    }
}

/// Answers what comes over one connection.
pub(super) async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    log: &Log,
    script: &impl Fn(usize, &Seen) -> Reply,
) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read(&mut stream, connection).await {
        let number = log.note(seen.clone());
        match script(number, &seen) {
            Reply::Say(text) => {
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Reply::SayAndClose(text) => {
                // The client may have gone already.
                let _ = stream.write_all(text.as_bytes()).await;
                return;
            }
            Reply::Nothing => std::future::pending().await,
        }
    }
}

/// One request; None at the end of the connection.
pub(super) async fn read(
    stream: &mut (impl tokio::io::AsyncBufRead + Unpin),
    connection: usize,
) -> Option<Seen> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.remove(0).trim_end_matches(" HTTP/1.1").to_owned();
    let headers = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| format!("{}: {value}", name.to_ascii_lowercase()))
        .collect();
    let mut seen = Seen { line, headers, body: String::new(), connection };
    let length = seen.header("content-length").first().and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    seen.body = String::from_utf8(body).ok()?;
    Some(seen)
}

/// A whole answer; `headers` are lines that end in `\r\n`.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// GitHub's answer to a status.
pub(super) fn created() -> Reply {
    Reply::Say(answer("201 Created", "", r#"{"id":7,"state":"success"}"#))
}

pub(super) fn api(url: Url) -> Api {
    Api {
        url,
        repository: Slug::parse("octo/shop").expect("this is a slug"),
        credentials: Credentials::Token(Secret::new("ghp_hunter2")),
        proxies: Proxies::default(),
        certificate_file: None::<PathBuf>,
        certificate_directory: None,
    }
}

pub(super) fn github(url: Url) -> Github {
    client(&api(url))
}

pub(super) fn client(api: &Api) -> Github {
    Github::new(api, Observer { trace: None, waiting: |_| (), would_send: None })
        .expect("these inputs are good")
}

pub(super) fn deployment() -> DeploymentId {
    DeploymentId::parse("42").expect("this is an id")
}

pub(super) fn success() -> NewStatus {
    NewStatus {
        state: State::Success,
        target_url: None,
        log_url: None,
        description: None,
        environment: None,
        environment_url: None,
        auto_inactive: None,
    }
}
