//! The lines that verify a download, and the pins, name what is released.

use std::fs;

use regex::Regex;

use crate::machine::Machine;
use crate::shown::{claimed, read};

#[test]
fn the_pin_is_of_this_repository() {
    let repository = repository();
    let blocks = claimed("recipes/verifying::the_pin_is_of_this_repository");
    for block in &blocks {
        let expected = format!("- uses: {repository}@COMMIT # v1.2.3\n");
        assert_eq!(block.text, expected, "{}", block.place());
    }
}

/// With a stand-in of `gh` that tells what it was asked, and a real `sha256sum`.
#[test]
fn each_line_that_verifies_asks_about_what_is_released() {
    let target = Regex::new(r"target: (\S+-linux-musl)").expect("a pattern");
    let workflow = read(".github/workflows/release.yml");
    let target = &target.captures(&workflow).expect("a program for Linux is released")[1];
    let asset = format!("deployment-status-1.2.3-{target}");
    let repository = repository();
    let image = format!("oci://ghcr.io/{repository}:1.2.3");
    assert!(
        read(".github/workflows/images.yml").contains("IMAGE: ghcr.io/${{ github.repository }}")
    );
    for block in claimed("recipes/verifying::each_line_that_verifies_asks_about_what_is_released") {
        for line in block.text.lines() {
            let machine = Machine::new();
            machine.script("bin/gh", "echo \"$@\"");
            fs::write(machine.path("checkout").join(&asset), "a program")
                .expect("it can be written");
            let others = format!("{}  another-asset\n", "0".repeat(64));
            let sums = machine.sh(&format!("sha256sum {asset}")).said + &others;
            fs::write(machine.path("checkout/SHA256SUMS"), sums).expect("it can be written");

            let ran = machine.sh(line);

            assert_eq!(ran.code, Some(0), "{}: {}", block.place(), ran.said);
            let verify = |what: &str| format!("attestation verify {what} --repo {repository}\n");
            let expected = [verify(&asset), verify(&image), format!("{asset}: OK\n")];
            assert!(expected.contains(&ran.said), "{}: {}", block.place(), ran.said);

            fs::write(machine.path("checkout").join(&asset), "changed").expect("it can be written");
            let is_checked = line.starts_with("gh ") || machine.sh(line).code == Some(1);
            assert!(is_checked, "{line} passes what was changed");
        }
    }
}

#[test]
fn what_cargo_installs_is_this_crate() {
    for block in claimed("recipes/verifying::what_cargo_installs_is_this_crate") {
        assert_eq!(block.text, format!("cargo install --locked {}\n", env!("CARGO_PKG_NAME")));
    }
    assert!(!read(".gitignore").contains("Cargo.lock"), "`--locked` needs the lock file");
}

/// `OWNER/NAME`.
fn repository() -> String {
    let address = env!("CARGO_PKG_REPOSITORY");
    address.strip_prefix("https://github.com/").expect("it is on GitHub").to_owned()
}
