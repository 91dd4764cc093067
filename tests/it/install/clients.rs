//! The programs that the script downloads and checks with, one at a time.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect;

use super::releases::Releases;
use super::setup::{PROGRAM, Setup};
use crate::action::act::skip;

const CHECKSUM_TOOLS: [&str; 3] = ["sha256sum", "shasum", "openssl"];

const CLIENTS: [&str; 4] = ["curl", "wget", "wget=busybox", "node"];

#[test]
fn each_client_does_alone_and_says_what_went_wrong() {
    for client in CLIENTS.into_iter().filter(|client| is_here(client)) {
        let setup = Setup::new(Releases::serving(PROGRAM).after("404 Not Found"));
        let path = setup.path_with(&[client, checksum_tool()]);

        let failed = setup.install(&[("PATH", &path)]);
        let installed = setup.install(&[("PATH", &path)]);

        assert_eq!(failed.code, Some(1), "{client}: {}", failed.said);
        let (_, error) = failed.said.split_once("::error").expect("there is an annotation");
        assert!(error.contains("404"), "{client}: {error}");
        assert_eq!(setup.releases.requests(), 2, "{client} asks again for what is not there");
        assert_eq!(installed.code, Some(0), "{client}: {}", installed.said);
    }
}

#[test]
fn each_client_takes_an_address_with_a_password_and_does_not_show_it() {
    for client in CLIENTS.into_iter().filter(|client| is_here(client)) {
        let setup = Setup::new(Releases::serving(PROGRAM).after("404 Not Found"));
        let path = setup.path_with(&[client, checksum_tool()]);
        let mirror = setup.releases.url().replace("//", "//me:s3cret@");
        let variables = [("PATH", &*path), ("DEPLOYMENT_STATUS_RELEASES", &mirror)];

        let failed = setup.install(&variables);
        let installed = setup.install(&variables);

        assert!(!format!("{}{}", failed.said, installed.said).contains("s3cret"), "{client}");
        assert_eq!(installed.code, Some(0), "{client}: {}", installed.said);
    }
}

#[test]
fn without_any_client_the_error_names_them() {
    let setup = Setup::new(Releases::serving(PROGRAM));
    let path = setup.path_with(&[checksum_tool()]);

    setup.install(&[("PATH", &path)]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::there is no curl, no wget and no node of version 18 or newer: install one of them, or set DEPLOYMENT_STATUS_BIN to the absolute path of the program
    "#]]);
}

#[test]
fn each_tool_for_checksums_does_alone() {
    for tool in CHECKSUM_TOOLS.into_iter().filter(|tool| is_here(tool)) {
        let setup = Setup::new(Releases::serving(PROGRAM));
        let path = setup.path_with(&["curl", tool]);

        let installed = setup.install(&[("PATH", &path)]);

        assert_eq!(installed.code, Some(0), "{tool}: {}", installed.said);
    }
}

#[test]
fn without_a_tool_for_checksums_nothing_is_downloaded() {
    let setup = Setup::new(Releases::serving(PROGRAM));
    let path = setup.path_with(&["curl"]);

    setup.install(&[("PATH", &path)]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::there is no sha256sum, no shasum and no openssl to check the program with: install one of them, or set DEPLOYMENT_STATUS_BIN to the absolute path of a program that you trust
    "#]]);
    assert_eq!(setup.releases.requests(), 0);
}

#[test]
fn the_runners_users_settings_of_a_client_are_not_read() {
    for (client, file, line) in [
        (
            "curl",
            ".curlrc",
            "proxy = \"http://127.0.0.1:9\"\nnoproxy = \"\"\nfail-early\nrange = 0-3\n",
        ),
        ("wget", ".wgetrc", "header = Range: bytes=0-3\nspider = on\n"),
    ] {
        if !is_here(client) {
            continue;
        }
        let setup = Setup::new(Releases::serving(PROGRAM));
        let home = setup.path("home");
        fs::create_dir(&home).unwrap();
        fs::write(home.join(file), line).unwrap();
        let path = setup.path_with(&[client, checksum_tool()]);

        let installed = setup.install(&[("PATH", &path), ("HOME", &home.to_string_lossy())]);

        assert_eq!(installed.code, Some(0), "{client}: {}", installed.said);
        assert_eq!(setup.releases.requests(), 1);
    }
}

fn checksum_tool() -> &'static str {
    let found = CHECKSUM_TOOLS.into_iter().find(|tool| folders(tool).any(|path| path.exists()));
    found.expect("every system has one")
}

fn folders(program: &str) -> impl Iterator<Item = PathBuf> {
    ["/usr/local/bin", "/usr/bin", "/bin"].into_iter().map(move |at| Path::new(at).join(program))
}

/// Where it is not, that is said loudly: this is not the place to install it.
fn is_here(program: &str) -> bool {
    let program = program.split('=').next_back().expect("a text has a last part");
    let is_here = folders(program).any(|path| path.exists());
    if !is_here {
        skip(&format!("there is no {program} here"));
    }
    is_here
}
