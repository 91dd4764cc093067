//! The setup: a server that stands before the sandbox and answers some of the requests itself, for
//! what GitHub does and the sandbox does not.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::github::FakeGithub;

/// Answers what `answer` has a body for, by method and path, and hands on everything else; returns
/// its URL.
pub(crate) fn before(
    github: &FakeGithub,
    answer: impl Fn(&str) -> Option<String> + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let sandbox = github.url().trim_start_matches("http://").to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The client may have gone, and the test may be over.
            let _ = handle(&stream, &sandbox, &answer);
        }
    });
    url
}

/// One request of a connection, which is closed then.
fn handle(
    mut client: &TcpStream,
    sandbox: &str,
    answer: &impl Fn(&str) -> Option<String>,
) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut head = line.clone();
    let mut length = 0;
    loop {
        let mut field = String::new();
        reader.read_line(&mut field)?;
        let lower = field.to_ascii_lowercase();
        if let Some(number) = lower.strip_prefix("content-length:") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
        if field.trim().is_empty() {
            break;
        }
        head.push_str(&field);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if let Some(text) = answer(line.trim_end().trim_end_matches(" HTTP/1.1")) {
        let length = text.len();
        let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}");
        return client.write_all(format!("{head}\r\n\r\n{text}").as_bytes());
    }
    let mut sandbox = TcpStream::connect(sandbox)?;
    sandbox.write_all(format!("{head}connection: close\r\n\r\n").as_bytes())?;
    sandbox.write_all(&body)?;
    io::copy(&mut sandbox, &mut client)?;
    Ok(())
}
