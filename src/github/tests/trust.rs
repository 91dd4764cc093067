//! Certificates that the user names, and those that nobody should believe.

use std::cell::RefCell;
use std::path::PathBuf;

use expect_test::expect;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use super::tls::{ESTABLISHED, acceptor, fixture, proxy_to, through};
use super::{LIMIT, LOOPBACK, check};
use crate::deployment::Status;
use crate::github::tests::scripted::{api, client, deployment, success};
use crate::github::{Api, ApiError, Github, Observer};

/// Posts to `host`, which shows this certificate, where `SSL_CERT_FILE` names that one.
async fn posted(host: &str, shown: &str, named: Option<&str>) -> Result<Status, ApiError> {
    let server = acceptor(shown, "self-signed-key.pem");
    let (port, _log) = proxy_to(server, ESTABLISHED, false).await;
    let api = Api {
        url: Url::parse(&format!("https://{host}")).expect("this is a URL"),
        certificate_file: named.map(fixture),
        ..through(format!("http://127.0.0.1:{port}"))
    };
    client(&api).create_status(deployment(), &success(), LIMIT).await
}

#[tokio::test]
async fn a_self_signed_certificate_of_a_ca_is_trusted_where_it_is_named() {
    let result = posted("github.test", "self-signed.pem", Some("self-signed.pem")).await;

    assert_eq!(result.expect("it is the one that was named").state, "success");
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_for_its_own_name_alone() {
    let result = posted("github.example", "self-signed.pem", Some("self-signed.pem")).await;

    check(
        &result.expect_err("it is for github.test"),
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `github.example`: its certificate is for `github.test`
            help: check `api-url`
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_self_signed_certificate_that_has_expired_is_not_trusted() {
    let result = posted("github.test", "expired.pem", Some("expired.pem")).await;

    check(
        &result.expect_err("it ended in 2021"),
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `github.test`: its certificate has expired
            help: check this machine's clock; if that is right, the certificate has to be renewed
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_not_named_is_not_trusted() {
    for named in [None, Some("ca.pem")] {
        let result = posted("github.test", "self-signed.pem", named).await;

        check(
            &result.expect_err("nobody named it"),
            &expect![[r#"
                cannot post a status to deployment `42`: no secure connection to `github.test`: its certificate is a CA's own, which is trusted only where it is named as it is
                help: name the file with that very certificate in `SSL_CERT_FILE`
                GiveUp
            "#]],
        );
    }
}

/// Posts to a port that sends this, whatever it is sent, and closes the connection.
async fn posted_to_a_port(answer: &'static str) -> ApiError {
    let listener = TcpListener::bind(LOOPBACK).await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let url = Url::parse(&format!("https://{address}")).expect("an address makes a URL");
    let result = client(&api(url)).create_status(deployment(), &success(), LIMIT).await;
    result.expect_err("this is no TLS")
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_is_reported_in_words() {
    check(
        &posted_to_a_port("HTTP/1.1 400 Bad Request\r\n\r\n").await,
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `LOOPBACK`: it does not speak TLS on that port
            help: check `api-url`, and that nothing on the way answers in the host's place
            Retry { after: None }
        "#]],
    );
    check(
        &posted_to_a_port("").await,
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `LOOPBACK`: it closed the connection during the handshake
            help: check `api-url`, and that nothing on the way answers in the host's place
            Retry { after: None }
        "#]],
    );
}

thread_local! {
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn warn(text: &str) {
    WARNINGS.with_borrow_mut(|warnings| warnings.push(text.to_owned()));
}

/// Posts with what the variables name; returns the warnings, without the directory.
async fn warned(file: Option<PathBuf>, directory: Option<PathBuf>, root: &str) -> String {
    let (port, _log) = proxy_to(acceptor("server.pem", "server-key.pem"), ESTABLISHED, false).await;
    let api = Api {
        certificate_file: file,
        certificate_directory: directory,
        ..through(format!("http://127.0.0.1:{port}"))
    };
    let github = Github::new(&api, Observer { trace: None, waiting: warn, would_send: None })
        .expect("good inputs");
    for _ in 0..2 {
        // Whether it is trusted does not matter here.
        let _ = github.fresh().create_status(deployment(), &success(), LIMIT).await;
    }
    WARNINGS.take().join("\n").replace(root, "DIR")
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_that_nobody_writes_to_holds_nothing_up() {
    let directory = tempfile::tempdir().expect("there is a temporary directory");
    let pipe = directory.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).expect("it can be made");
    let root = directory.path().to_str().expect("its path is text");

    let warnings = warned(Some(pipe), Some(directory.path().to_owned()), root).await;

    expect!["SSL_CERT_FILE (`DIR/pipe`) is left out: it is no regular file"].assert_eq(&warnings);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_warned_of() {
    let none = tempfile::tempdir().expect("there is a temporary directory").path().join("none");
    let text = none.to_str().expect("its path is text");
    let words = |why: std::io::Error| why.to_string().split(" (os error").next().map(str::to_owned);
    let no_file = std::fs::metadata(&none).err().and_then(words).expect("it is not there");
    let no_directory = std::fs::read_dir(&none).err().and_then(words).expect("it is not there");

    let warnings = warned(Some(none.clone()), Some(none.clone()), text).await;

    assert_eq!(
        warnings,
        format!(
            "SSL_CERT_FILE (`DIR`) is left out: {no_file}\n\
             SSL_CERT_DIR (`DIR`) is left out: {no_directory}"
        )
    );
}

#[cfg(windows)]
#[test]
fn the_store_stays_trusted_beside_a_file() {
    use crate::github::certificates::Certificates;

    let file = fixture("self-signed.pem");

    let certificates = Certificates::load(Some(&file), None);

    assert_eq!(certificates.of_user.len(), 1);
    assert!(!certificates.of_system.is_empty());
}

#[tokio::test]
async fn a_directory_of_thousands_of_files_is_read_in_part() {
    let directory = tempfile::tempdir().expect("there is a temporary directory");
    for n in 0..2500 {
        std::fs::write(directory.path().join(n.to_string()), "").expect("it can be written");
    }
    let root = directory.path().to_str().expect("its path is text");

    let warnings = warned(None, Some(directory.path().to_owned()), root).await;

    expect!["the rest of SSL_CERT_DIR (`DIR`) is left out: more than 2000 files"]
        .assert_eq(&warnings);
}
