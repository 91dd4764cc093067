//! TLS, the certificates that we trust, and the proxies that we go through.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use expect_test::expect;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{LIMIT, LOOPBACK, check};
use crate::github::tests::scripted::{
    Log, api, client, converse, created, deployment, read, success,
};
use crate::github::{Api, Proxies};
use crate::redact::Secret;

/// A server that shows a certificate of the fixtures.
pub(super) fn acceptor(certificate: &str, key: &str) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(fixture(certificate));
    let key = PrivateKeyDer::from_pem_file(fixture(key));
    let config =
        ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("ring has protocol versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.expect("the fixture is a certificate")],
                key.expect("the fixture is a key"),
            )
            .expect("they belong together");
    TlsAcceptor::from(Arc::new(config))
}

fn github_test() -> TlsAcceptor {
    acceptor("server.pem", "server-key.pem")
}

/// A proxy behind which everything is `github.test`; returns its port and what it was asked.
async fn proxy(answer: &'static str, speaks_tls: bool) -> (u16, Log) {
    proxy_to(github_test(), answer, speaks_tls).await
}

pub(super) async fn proxy_to(
    server: TlsAcceptor,
    answer: &'static str,
    speaks_tls: bool,
) -> (u16, Log) {
    let listener = TcpListener::bind(LOOPBACK).await.expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let log = Log::default();
    let seen = log.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, server) = (seen.clone(), server.clone());
            tokio::spawn(async move {
                if !speaks_tls {
                    tunnel(stream, answer, &log, &server).await;
                } else if let Ok(stream) = server.accept(stream).await {
                    tunnel(stream, answer, &log, &server).await;
                }
            });
        }
    });
    (port, log)
}

/// Answers a CONNECT, unless the answer is empty: then it says nothing at all.
async fn tunnel(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: &str,
    log: &Log,
    server: &TlsAcceptor,
) {
    let mut stream = BufReader::new(stream);
    let Some(seen) = read(&mut stream, 0).await else { return };
    log.note(seen);
    if answer.is_empty() {
        return std::future::pending().await;
    }
    stream.write_all(answer.as_bytes()).await.expect("the client listens");
    // A client that does not trust us goes away.
    if let Ok(stream) = server.accept(stream.into_inner()).await {
        converse(stream, 0, log, &|_, _| created()).await;
    }
}

pub(super) const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

pub(super) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/github/fixtures")).join(name)
}

pub(super) fn through(proxy: String) -> Api {
    let url = Url::parse("https://github.test").expect("this is a URL");
    let https = Some(Secret::new(proxy));
    Api { proxies: Proxies { https, ..Proxies::default() }, ..api(url) }
}

#[tokio::test]
async fn a_proxy_is_asked_for_a_tunnel_and_sees_no_token() {
    let (port, log) = proxy(ESTABLISHED, false).await;
    let api = through(format!("http://aladdin:open%20sesame@127.0.0.1:{port}"));
    let api = Api { certificate_file: Some(fixture("ca.pem")), ..api };

    client(&api).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    let [connect, status] = log.requests().try_into().expect("two requests");
    assert_eq!(connect.line, "CONNECT github.test:443");
    assert_eq!(connect.header("proxy-authorization"), ["Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    assert_eq!(connect.header("authorization"), [""; 0]);
    assert_eq!(status.line, "POST /repos/octo/shop/deployments/42/statuses");
    assert_eq!(status.header("proxy-authorization"), [""; 0]);
}

#[tokio::test]
async fn a_proxy_may_speak_tls_itself() {
    let (port, log) = proxy(ESTABLISHED, true).await;
    let api = through(format!("https://127.0.0.1:{port}"));
    let api = Api { certificate_file: Some(fixture("ca.pem")), ..api };

    client(&api).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    assert_eq!(log.lines().len(), 2);
}

#[tokio::test]
async fn a_socks_proxy_looks_the_name_up() {
    let listener = TcpListener::bind(LOOPBACK).await.expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client comes");
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("it greets");
        stream.write_all(b"\x05\x00").await.expect("it listens");
        let mut request = [0; 18];
        stream.read_exact(&mut request).await.expect("it names a host");
        stream.write_all(b"\x05\x00\x00\x01\0\0\0\0\0\0").await.expect("it listens");
        let stream = github_test().accept(stream).await.expect("it trusts us");
        converse(stream, 0, &Log::default(), &|_, _| created()).await;
        request
    });
    let api = through(format!("socks5h://127.0.0.1:{port}"));
    let github = client(&Api { certificate_file: Some(fixture("ca.pem")), ..api });

    github.create_status(deployment(), &success(), LIMIT).await.expect("it was taken");

    drop(github);
    let request = served.await.expect("the proxy does not panic");
    assert_eq!(&request, b"\x05\x01\x00\x03\x0bgithub.test\x01\xbb");
}

#[tokio::test]
async fn a_damaged_certificate_file_takes_no_trust_away() {
    let (port, _log) = proxy(ESTABLISHED, false).await;
    let directory = std::env::join_paths([fixture("none"), fixture("")]);
    let api = Api {
        certificate_file: Some(fixture("../tests.rs")),
        certificate_directory: Some(directory.expect("these are paths").into()),
        ..through(format!("http://127.0.0.1:{port}"))
    };

    client(&api).create_status(deployment(), &success(), LIMIT).await.expect("it was taken");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_not_trusted() {
    let (port, log) = proxy(ESTABLISHED, false).await;
    let api = through(format!("http://127.0.0.1:{port}"));

    let result = client(&api).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("nobody vouches for it"),
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `github.test`: its certificate comes from an authority that is not trusted here
            help: name the file with your CA's certificate in `SSL_CERT_FILE`
            GiveUp
        "#]],
    );
    assert_eq!(log.lines(), ["CONNECT github.test:443"]);
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_named_without_ours() {
    let (port, _log) = proxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", false).await;
    let api = through(format!("http://aladdin:wrong@127.0.0.1:{port}"));

    let result = client(&api).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("it lets nobody through"),
        &expect![[r#"
            cannot post a status to deployment `42`: no way to `github.test` through the proxy `LOOPBACK`: it wants a user name and a password
            help: put the proxy's user name and password into HTTPS_PROXY: `http://USER:PASSWORD@HOST:PORT`
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_proxy_that_lets_nobody_through_is_tried_again() {
    let (port, _log) = proxy("HTTP/1.1 503 Service Unavailable\r\n\r\n", false).await;
    let api = through(format!("http://127.0.0.1:{port}"));

    let result = client(&api).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("it lets nobody through"),
        &expect![[r#"
            cannot post a status to deployment `42`: no way to `github.test` through the proxy `LOOPBACK`: it refuses the connection
            help: check HTTPS_PROXY, or add the host to NO_PROXY
            Retry { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_proxy_that_says_nothing_means_that_nothing_was_sent() {
    let (port, _log) = proxy("", false).await;
    let github = client(&through(format!("http://127.0.0.1:{port}")));
    let limit = Duration::from_millis(200);

    let result = github.create_status(deployment(), &success(), limit).await;

    check(
        &result.expect_err("it says nothing"),
        &expect![[r#"
            cannot post a status to deployment `42`: no connection to `github.test` within 200ms
            help: check HTTPS_PROXY, or add the host to NO_PROXY
            Retry { after: None }
        "#]],
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_taken() {
    let (port, _log) = proxy(ESTABLISHED, false).await;
    let api = Api {
        url: Url::parse("https://github.example").expect("this is a URL"),
        certificate_file: Some(fixture("ca.pem")),
        ..through(format!("http://127.0.0.1:{port}"))
    };

    let result = client(&api).create_status(deployment(), &success(), LIMIT).await;

    check(
        &result.expect_err("it is for github.test"),
        &expect![[r#"
            cannot post a status to deployment `42`: no secure connection to `github.example`: its certificate is for `github.test`, `localhost`, `127.0.0.1`
            help: check `api-url`
            GiveUp
        "#]],
    );
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_tried_again() {
    let url = Url::parse("https://github.invalid").expect("this is a URL");

    let result = client(&api(url)).create_status(deployment(), &success(), LIMIT).await;

    let err = result.expect_err("the name is reserved");
    assert!(
        err.to_string().starts_with(
            "cannot post a status to deployment `42`: the name `github.invalid` cannot be looked up: "
        ),
        "{err}"
    );
}
