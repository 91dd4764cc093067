//! A proxy's password reaches the proxy, and nobody else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::step::Step;

/// A proxy that lets nobody through; returns its port and the credentials that it is given.
fn proxy() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (sender, given) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let credentials = head.iter().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("proxy-authorization").then(|| value.to_owned())
            });
            // The test may have ended already.
            let _ = sender.send(credentials.unwrap_or_default());
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        }
    });
    (port, given)
}

#[test]
fn a_password_of_any_characters_is_sent_and_never_shown() {
    // `aladdin:…` in base64, as the proxy has to get it.
    let passwords = [
        ("open%20sesame", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("o@pen/ses@me", "Basic YWxhZGRpbjpvQHBlbi9zZXNAbWU="),
        ("se:s#a?me", "Basic YWxhZGRpbjpzZTpzI2E/bWU="),
    ];
    for (password, expected) in passwords {
        let (port, given) = proxy();

        let ran = Step::configured()
            .arguments(&["create", "--deployment-id=42", "--state=success", "--verbose"])
            .variable("GITHUB_API_URL", "https://github.test")
            .variable("HTTPS_PROXY", format!("http://aladdin:{password}@127.0.0.1:{port}"))
            .outcome();

        assert_eq!(given.try_recv().as_deref(), Ok(expected), "{ran:?}");
        let shown = format!("{ran:?}");
        assert!(shown.contains("it wants a user name and a password"), "{shown}");
        for part in [password, "sesame", "ses@me", "s#a", "YWxh"] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
}
