//! Which certificate authorities are trusted: the system's, `SSL_CERT_FILE`'s and `SSL_CERT_DIR`'s.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::skip::skip;
use crate::step::Step;

/// An authority (`ca.pem`) and a server that it vouches for (`server.pem`), on loopback.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/github/fixtures");

/// Where Debian's kin have the system's authorities.
const SYSTEM_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

fn fixture(name: &str) -> PathBuf {
    Path::new(FIXTURES).join(name)
}

/// A GitHub behind TLS that takes every status; returns its address, and the head of each request.
fn github() -> (String, Receiver<String>) {
    let certificate = CertificateDer::from_pem_file(fixture("server.pem"));
    let key = PrivateKeyDer::from_pem_file(fixture("server-key.pem"));
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
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tls =
                ServerConnection::new(Arc::clone(&config)).expect("the configuration is good");
            if let Some(head) = answer(StreamOwned::new(tls, stream))
                && sender.send(head).is_err()
            {
                return;
            }
        }
    });
    (format!("https://127.0.0.1:{port}"), requests)
}

/// None where the client does not trust us.
fn answer(mut stream: StreamOwned<ServerConnection, TcpStream>) -> Option<String> {
    let mut request = [0; 8192];
    let length = stream.read(&mut request).ok().filter(|length| *length > 0)?;
    let body = r#"{"id":1,"state":"success"}"#;
    let head = format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n", body.len());
    stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes()).ok()?;
    stream.conn.send_close_notify();
    stream.flush().ok()?;
    Some(String::from_utf8_lossy(&request[..length]).lines().next()?.to_owned())
}

fn posting(address: &str) -> Step {
    Step::configured().arguments(&POSTING).variable("GITHUB_API_URL", address)
}

const POSTING: [&str; 4] = ["create", "--deployment-id=42", "--state=success", "--api-timeout=5s"];

const POSTED: &str = "POST /repos/octo/app/deployments/42/statuses HTTP/1.1";

#[track_caller]
fn check_trusted(step: &Step, requests: &Receiver<String>) {
    let (code, _, stderr) = step.outcome();
    assert_eq!(code, Some(0), "{stderr}");
    // It is noted after it was answered.
    let noted = requests.recv_timeout(Duration::from_mins(1));
    assert_eq!(noted.as_deref(), Ok(POSTED), "{stderr}");
    assert_eq!(requests.try_iter().count(), 0, "{stderr}");
}

#[test]
fn an_unknown_authority_is_not_trusted() {
    let (address, requests) = github();

    let (_, _, stderr) = posting(&address).outcome();

    assert!(stderr.contains("an authority that is not trusted here"), "{stderr}");
    assert!(stderr.contains("SSL_CERT_FILE"), "{stderr}");
    assert_eq!(requests.try_iter().count(), 0);
}

#[test]
fn the_authority_of_a_file_is_trusted() {
    let (address, requests) = github();
    check_trusted(&posting(&address).variable("SSL_CERT_FILE", fixture("ca.pem")), &requests);
}

#[test]
fn the_authority_of_a_directory_is_trusted() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    // OpenSSL's names for certificates: a hash and a number.
    fs::copy(fixture("ca.pem"), directory.path().join("0123abcd.0")).expect("there is room");
    let (address, requests) = github();
    check_trusted(&posting(&address).variable("SSL_CERT_DIR", directory.path()), &requests);
}

/// The same in a mount name space whose system bundle is our authority; none where that is not
/// possible here.
fn with_system_bundle(step: &Step) -> Option<(Option<i32>, String)> {
    let script = format!("mount --bind \"$0\" {SYSTEM_BUNDLE} && exec \"$@\"");
    let under = |program: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c", &script])
            .args([fixture("ca.pem"), program.into()]);
        command
    };
    if !under("true").output().is_ok_and(|output| output.status.success()) {
        skip("no mount name space can be made here, or there is no system bundle");
        return None;
    }
    let output = under(env!("CARGO_BIN_EXE_deployment-status"))
        .args(POSTING)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
        .envs(&step.variables)
        .output()
        .expect("it ran a moment ago");
    Some((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

#[track_caller]
fn check_trusted_by_the_system(step: &Step, requests: &Receiver<String>) {
    let Some((code, stderr)) = with_system_bundle(step) else { return };
    assert_eq!(code, Some(0), "{stderr}");
    // It is noted after it was answered.
    let noted = requests.recv_timeout(Duration::from_mins(1));
    assert_eq!(noted.as_deref(), Ok(POSTED), "{stderr}");
    assert_eq!(requests.try_iter().count(), 0, "{stderr}");
}

#[test]
fn the_systems_authorities_are_trusted() {
    let (address, requests) = github();
    check_trusted_by_the_system(&posting(&address), &requests);
}

#[test]
fn the_systems_authorities_are_trusted_beside_a_file_and_a_directory() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    for (name, value) in [
        ("SSL_CERT_FILE", directory.path().join("none.pem")),
        ("SSL_CERT_DIR", directory.path().into()),
    ] {
        let (address, requests) = github();
        check_trusted_by_the_system(&posting(&address).variable(name, value), &requests);
    }
}
