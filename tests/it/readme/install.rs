//! The lines of the README that install a release, with a directory in the place of GitHub.

use std::fs;

use crate::machine::Machine;
use crate::shown::{Block, claimed, read};

const RELEASES: &str =
    "https://github.com/deployment-status/deployment-status/releases/latest/download";

const SH: &str = "readme/install::the_line_of_each_system_installs_the_asset_of_each_processor";
const POWERSHELL: &str =
    "readme/install::the_line_of_windows_names_the_assets_that_are_released_and_checks_them";

/// What a release has, and what a machine with that system and processor calls itself.
const ASSETS: [(&str, &str, &str); 4] = [
    ("Linux", "x86_64", "x86_64-unknown-linux-musl"),
    ("Linux", "aarch64", "aarch64-unknown-linux-musl"),
    ("macOS", "x86_64", "x86_64-apple-darwin"),
    ("macOS", "arm64", "aarch64-apple-darwin"),
];

#[test]
fn the_line_of_each_system_installs_the_asset_of_each_processor() {
    for (system, processor, target) in ASSETS {
        let machine = released(processor);

        let ran = machine.sh(&format!("{}\nprefix/deployment-status", line(&machine, system)));

        assert_eq!(ran.code, Some(0), "{system} {processor}: {}", ran.said);
        let expected = format!("{target}\n");
        assert!(ran.said.ends_with(&expected), "{system} {processor}: {}", ran.said);
    }
}

#[test]
fn the_line_installs_nothing_whose_checksum_is_another() {
    for (system, processor, target) in ASSETS {
        let machine = released(processor);
        let asset = machine.path("releases").join(format!("deployment-status-1.2.3-{target}"));
        fs::write(asset, "#!/bin/sh\necho changed\n").expect("it can be written");

        let ran = machine.sh(&line(&machine, system));

        assert_ne!(ran.code, Some(0), "{system} {processor}: {}", ran.said);
        let is_installed = machine.path("checkout/prefix/deployment-status").exists();
        assert!(!is_installed, "{system} {processor}: {}", ran.said);
    }
}

#[test]
fn the_line_installs_nothing_where_there_is_no_release_for_the_processor() {
    for system in ["Linux", "macOS"] {
        let machine = released("riscv64");

        let ran = machine.sh(&line(&machine, system));

        assert_ne!(ran.code, Some(0), "{system}: {}", ran.said);
        assert!(!machine.path("checkout/prefix/deployment-status").exists(), "{}", ran.said);
    }
}

/// There is no PowerShell here: that it does what the lines for `sh` do is read off its text.
#[test]
fn the_line_of_windows_names_the_assets_that_are_released_and_checks_them() {
    let line = block("Windows").text;
    let workflow = read(".github/workflows/release.yml");
    for processor in ["x86_64", "aarch64"] {
        assert!(line.contains(&format!("'{processor}'")), "{line}");
        assert!(workflow.contains(&format!("target: {processor}-pc-windows-msvc")));
    }
    let at = |what: &str| line.find(what).unwrap_or_else(|| panic!("no `{what}` in {line}"));
    assert!(line.contains(RELEASES), "{line}");
    assert!(line.contains("$cpu-pc-windows-msvc.exe"), "{line}");
    assert!(at("Get-FileHash") < at("throw") && at("throw") < at("Move-Item"), "{line}");
}

#[test]
fn cargo_binstall_asks_for_the_assets_that_are_released() {
    let (manifest, workflow) = (read("Cargo.toml"), read(".github/workflows/release.yml"));
    let url = "{ repo }/releases/download/v{ version }/{ name }-{ version }-{ target }";
    assert!(manifest.contains(&format!("pkg-url = \"{url}{{ binary-ext }}\"")));
    assert!(
        workflow.contains("ASSET: deployment-status-${{ inputs.version }}-${{ matrix.target }}")
    );
    for (_, _, target) in ASSETS {
        assert!(workflow.contains(&format!("target: {target}\n")), "{target} is not released");
    }
}

/// A release whose programs say for which target they are, and a machine with that processor.
fn released(processor: &str) -> Machine {
    let machine = Machine::new();
    fs::create_dir_all(machine.path("releases")).expect("the directory is empty");
    for (_, _, target) in ASSETS {
        machine.script(
            &format!("releases/deployment-status-1.2.3-{target}"),
            &format!("echo {target}"),
        );
    }
    machine.script("bin/uname", &format!("echo {processor}"));
    machine.script("bin/sudo", "exec \"$@\"");
    machine.script("bin/shasum", "[ \"$1 $2\" = '-a 256' ] && shift 2 && exec sha256sum \"$@\"");
    let made =
        machine.sh("mkdir prefix; cd ../releases && sha256sum deployment-status-* >SHA256SUMS");
    assert_eq!(made.code, Some(0), "{}", made.said);
    machine
}

/// The line with the directory in GitHub's place, and with a prefix of the machine's own.
fn line(machine: &Machine, system: &str) -> String {
    let line = block(system).text;
    assert!(line.contains(RELEASES) && line.contains("/usr/local/bin"), "{line}");
    let releases = format!("file://{}", machine.path("releases").display());
    let prefix = machine.path("checkout/prefix").display().to_string();
    line.replace(RELEASES, &releases).replace("/usr/local/bin", &prefix)
}

fn block(system: &str) -> Block {
    let (test, marker) = match system {
        "Linux" => (SH, "unknown-linux-musl"),
        "macOS" => (SH, "apple-darwin"),
        _ => (POWERSHELL, "pc-windows-msvc"),
    };
    let found = claimed(test).into_iter().find(|block| block.has(marker));
    found.unwrap_or_else(|| panic!("README.md has no line for {system}"))
}
