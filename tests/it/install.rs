//! The install script, run as the action's step runs it, with releases on loopback.

mod clients;
mod mirrors;
mod releases;
mod setup;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use expect_test::expect;

use releases::Releases;
use setup::{PROGRAM, Setup};

#[test]
fn a_release_is_downloaded_checked_and_kept_in_the_tool_cache() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    let installed = setup.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    let path = installed.program.expect("a program was installed");
    assert!(path.starts_with(setup.path("temp")), "{}", path.display());
    assert_eq!(Command::new(&path).output().unwrap().stdout, b"the program\n");
    assert_eq!(fs::read(setup.cached()).unwrap(), PROGRAM);
}

#[test]
fn a_program_in_the_tool_cache_is_not_downloaded_again() {
    let setup = Setup::new(Releases::serving(PROGRAM));
    setup.install(&[]);

    let installed = setup.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    assert_eq!(setup.releases.requests(), 1);
}

#[test]
fn a_program_that_was_changed_in_the_tool_cache_is_replaced() {
    let setup = Setup::new(Releases::serving(PROGRAM));
    setup.install(&[]);
    fs::write(setup.cached(), "#!/bin/sh\necho evil\n").unwrap();

    let installed = setup.install(&[]);

    installed.check(&expect![[r#"
        exit code: 0
        ::warning title=deployment-status::`CACHE/deployment-status/0.1.0/x64/ASSET` is not what was released as `ASSET`: it is replaced by a fresh download
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
        deployment-status: using version 0.1.0, whose checksum is right
    "#]]);
    assert_eq!(fs::read(setup.cached()).unwrap(), PROGRAM);
    assert_eq!(fs::read(installed.program.unwrap()).unwrap(), PROGRAM);
}

#[test]
fn a_download_with_another_checksum_is_refused_and_deleted() {
    let setup = Setup::new(Releases::serving(b"#!/bin/sh\necho evil\n"));

    let installed = setup.install(&[]);

    installed.check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::`http://RELEASES/v0.1.0/ASSET` has the SHA-256 371ee1e2, expected 46969b01: it was deleted and nothing was run; the release or the mirror has been changed, or something on the way changes downloads
        deployment-status: downloading http://RELEASES/v0.1.0/ASSET
    "#]]);
    assert!(fs::read_dir(setup.path("temp")).unwrap().next().is_none());
    assert!(!setup.cached().exists());
}

#[test]
fn a_server_that_stumbles_is_asked_again() {
    let setup = Setup::new(Releases::serving(PROGRAM).after("503 Service Unavailable"));

    let installed = setup.install(&[]);

    assert_eq!(installed.code, Some(0), "{}", installed.said);
    assert_eq!(setup.releases.requests(), 2);
}

#[test]
fn each_use_has_a_word_and_a_file_of_its_own() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    let (first, second) = (setup.install(&[]), setup.install(&[]));

    for name in ["use", "started", "bin"] {
        assert_ne!(first.output(name), "", "`{name}` is left out");
        assert_ne!(first.output(name), second.output(name), "two uses share `{name}`");
    }
    assert_eq!(first.output("use").len(), 32);
}

#[test]
fn the_checksum_that_was_checked_is_handed_on_and_none_where_none_was() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    let checked = setup.install(&[]);
    let unchecked = setup.install(&[("DEPLOYMENT_STATUS_BIN", "/bin/sh")]);

    assert_eq!(checked.output("sha256"), setup::sha256(PROGRAM));
    assert_eq!(unchecked.output("sha256"), "");
}

#[test]
fn an_asset_that_is_not_there_is_not_asked_for_again() {
    let setup = Setup::new(Releases::serving(PROGRAM).after("404 Not Found"));

    let installed = setup.install(&[]);

    assert_eq!(installed.code, Some(1));
    assert!(installed.said.contains("cannot download `http://RELEASES/v0.1.0/ASSET`"));
    assert!(installed.said.contains("DEPLOYMENT_STATUS_RELEASES"), "{}", installed.said);
    assert_eq!(setup.releases.requests(), 1);
}

#[test]
fn a_platform_without_an_asset_is_refused_with_the_alternatives() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    setup.install(&[("RUNNER_ARCH", "ARM")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::there is no release asset for Linux on ARM: build the program with `cargo install deployment-status@0.1.0` and set DEPLOYMENT_STATUS_BIN to its absolute path, or run the job in the image ghcr.io/deployment-status/deployment-status:0.1.0-shell
    "#]]);
}

#[test]
fn a_commit_that_is_no_release_says_so() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    setup.install(&[("RUNNER_ARCH", "ARM64")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::this commit of the action carries no checksum of `deployment-status-0.1.0-aarch64-unknown-linux-musl`, so it is not a release: use a release's tag, or build the program with `cargo build --release` and set DEPLOYMENT_STATUS_BIN to its absolute path
    "#]]);
}

#[test]
fn a_program_that_is_there_already_wins() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    let installed = setup.install(&[("DEPLOYMENT_STATUS_BIN", "/bin/sh")]);

    installed.check(&expect![[r#"
        exit code: 0
        deployment-status: using `/bin/sh`, which DEPLOYMENT_STATUS_BIN names; its checksum is not checked
    "#]]);
    assert_eq!(installed.program, Some(PathBuf::from("/bin/sh")));
    assert_eq!(setup.releases.requests(), 0);
}

#[test]
fn a_program_is_not_looked_up() {
    let setup = Setup::new(Releases::serving(PROGRAM));

    setup.install(&[("DEPLOYMENT_STATUS_BIN", "sh")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `sh`: expected an absolute path
    "#]]);
    setup.install(&[("DEPLOYMENT_STATUS_BIN", "/no/such")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `/no/such`: there is no such file
    "#]]);
    setup.install(&[("DEPLOYMENT_STATUS_BIN", "/etc/passwd")]).check(&expect![[r#"
        exit code: 1
        ::error title=deployment-status::DEPLOYMENT_STATUS_BIN is `/etc/passwd`: it is not executable, try `chmod +x`
    "#]]);
}
