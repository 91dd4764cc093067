//! The lines of CONTRIBUTING.md, with stand-ins of what takes minutes.

use std::fs;
use std::path::Path;

use regex::Regex;

use crate::machine::Machine;
use crate::readme::build::with_origin;
use crate::shown::{Block, ROOT, claimed, read};

#[test]
fn each_line_for_those_who_change_the_code_works() {
    let test = "recipes/contributing::each_line_for_those_who_change_the_code_works";
    for block in claimed(test) {
        match block.heading.as_str() {
            "Contributing" => from_clone_to_green(&block),
            "Finding tests that cannot fail" => mutants(&block),
            "Windows without Windows" => windows(&block),
            "Trying the action" if block.has("act ") => act(&block),
            "Trying the action" => installation_without_a_release(&block),
            _ => panic!("what is {}?", block.place()),
        }
    }
}

fn from_clone_to_green(block: &Block) {
    let ran = with_origin().sh(&block.text);
    assert!(ran.said.ends_with("everything passes\n"), "{}: {}", block.place(), ran.said);
    assert_eq!(block.text.lines().count(), 3, "three commands are enough");
}

fn mutants(block: &Block) {
    let machine = Machine::new();
    machine.script("bin/cargo", "printf '%s\\n' \"$@\"");

    let ran = machine.sh(&block.text);

    let pattern = Regex::new(r"^(src/\w+(?:/\w+)*)(\{\.rs,/\*\*\}|\.rs)$").expect("a pattern");
    let files: Vec<_> = ran.said.lines().filter(|line| line.starts_with("src/")).collect();
    assert_eq!(files.len() == 1, block.has("--in-place"), "{}", ran.said);
    for file in files {
        let found = pattern.captures(file).unwrap_or_else(|| panic!("{file}: {}", block.place()));
        read(&format!("{}.rs", &found[1]));
        let is_folder = Path::new(ROOT).join(&found[1]).is_dir();
        assert!(is_folder || &found[2] == ".rs", "{file} has no folder");
    }
}

fn windows(block: &Block) {
    let machine = Machine::new();
    for program in ["sudo", "rustup", "cargo"] {
        let linker = "$CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER";
        machine.script(&format!("bin/{program}"), &format!("echo {program} \"$@\" {linker}"));
    }
    let ran = machine.sh(&block.text);

    let built = "cargo test --locked --target x86_64-pc-windows-gnu --test it windows:: \
                 x86_64-w64-mingw32-gcc\n";
    assert!(ran.said.ends_with(built), "{}: {}", block.place(), ran.said);
    assert!(read("tests/it/main.rs").contains("mod windows;"));
}

/// The tests themselves start act so.
fn act(block: &Block) {
    let tests = read("tests/it/action/act.rs");
    for word in ["-P", "ubuntu-latest=-self-hosted", "--env", "DEPLOYMENT_STATUS_BIN="] {
        let quoted = [format!("\"{word}\""), format!("\"{word}{{")];
        let is_known = quoted.iter().any(|quoted| tests.contains(quoted));
        assert!(block.has(word) && is_known, "{word}: {}", block.place());
    }
}

/// What is installed then is what was built, by its checksum.
fn installation_without_a_release(block: &Block) {
    let machine = Machine::new();
    for folder in ["target/debug", ".github/action"] {
        fs::create_dir_all(machine.path("checkout").join(folder)).expect("it is ours");
    }
    machine.script("checkout/target/debug/deployment-status", "echo this build");
    for file in ["Cargo.toml", ".github/action/install.sh"] {
        let to = machine.path("checkout").join(file);
        fs::copy(Path::new(ROOT).join(file), to).expect("it can be copied");
    }
    let install = "RUNNER_OS=Linux RUNNER_ARCH=X64 GITHUB_OUTPUT=outputs \
         sh .github/action/install.sh && . ./outputs && \"$bin\"";

    let ran = machine.sh(&format!("set -e\n{}\n{install}", block.text));

    assert_eq!(ran.code, Some(0), "{}: {}", block.place(), ran.said);
    assert!(ran.said.ends_with("this build\n"), "{}: {}", block.place(), ran.said);
}
