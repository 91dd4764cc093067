//! Where releases may come from, and what is shown of the address.

use std::fs;

use expect_test::expect;

use super::releases::Releases;
use super::setup::{PROGRAM, Setup};

#[test]
fn an_address_of_another_kind_is_refused() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    let mirror = ("DEPLOYMENT_STATUS_RELEASES", "ftp://me:secret@mirror.example/releases/");
    setup.install(&[mirror]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_RELEASES makes `ftp://***@mirror.example/releases/v0.1.0/ASSET`: expected an address that begins with https://, http:// or file:///
    "#]]);
}

/// The server stands in for a proxy here, and the proxy is not asked for what is on loopback.
#[test]
fn a_plain_http_mirror_is_used_with_a_note_since_the_checksum_protects_what_is_run() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    for user in ["", "me:s3cret@", "127.0.0.1:x@", "me:s3/cr@t@"] {
        let mirror = format!("http://{user}mirror.test/releases");
        let proxy = setup.releases.url();
        let variables = [("DEPLOYMENT_STATUS_RELEASES", &*mirror), ("http_proxy", &proxy)];

        let installed = setup.install_afresh(&variables);

        assert!(installed.said.contains("is plain http"), "{user}: {}", installed.said);
        assert!(!installed.said.contains("s3"), "{}", installed.said);
        if !user.contains('/') {
            assert_eq!(installed.code, Some(0), "{user}: {}", installed.said);
        }
    }
    assert_eq!(setup.releases.requests(), 3);
}

#[test]
fn what_a_plain_http_mirror_changed_is_refused() {
    let setup = Setup::new(Releases::serving(b"#!/bin/sh\necho evil\n"));

    let proxy = setup.releases.url();
    let mirror = ("DEPLOYMENT_STATUS_RELEASES", "http://mirror.test");
    let installed = setup.install(&[mirror, ("http_proxy", &proxy)]);

    assert_eq!(installed.code, Some(1));
    assert!(installed.said.contains("it was deleted and nothing was run"), "{}", installed.said);
    assert_eq!(installed.program, None);
}

#[test]
fn a_mirror_in_a_directory_is_read_once() {
    let setup = Setup::new(Releases::serving(PROGRAM));
    let mirror = format!("file://{}", setup.path("mirror").display());
    let variables = [("DEPLOYMENT_STATUS_RELEASES", &*mirror)];

    let absent = setup.install(&variables);
    fs::create_dir_all(setup.path("mirror/v0.1.0")).unwrap();
    fs::write(setup.path("mirror/v0.1.0").join(super::setup::ASSET), PROGRAM).unwrap();
    let present = setup.install(&variables);

    assert_eq!(absent.code, Some(1));
    assert_eq!(absent.said.matches("downloading").count(), 1, "{}", absent.said);
    assert_eq!(present.code, Some(0), "{}", present.said);
}

#[test]
fn a_download_without_an_end_is_cut_off() {
    let setup = Setup::new(Releases::without_end());

    let installed = setup.install(&[]);

    assert_eq!(installed.code, Some(1));
    assert!(installed.said.contains("cannot download"), "{}", installed.said);
    assert_eq!(setup.releases.requests(), 1);
    assert!(fs::read_dir(setup.path("temp")).unwrap().next().is_none(), "a piece of it is left");
}
