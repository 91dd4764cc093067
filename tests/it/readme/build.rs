//! The lines that get the source and build it, with stand-ins of what they download.

use crate::machine::Machine;
use crate::shown::{claimed, read};

/// Installs a `cargo` that is found by what is sourced next, as rustup does.
const RUSTUP: &str = r#"cat <<'EOF'
[ "$1" = -y ] || exit 90
mkdir -p "$HOME/.cargo/bin"
printf '#!/bin/sh\necho cargo "$@"\n' >"$HOME/.cargo/bin/cargo"
chmod +x "$HOME/.cargo/bin/cargo"
echo 'export PATH="$HOME/.cargo/bin:$PATH"' >"$HOME/.cargo/env"
EOF"#;

#[test]
fn a_fresh_machine_is_set_up_by_two_lines() {
    let block = &claimed("readme/build::a_fresh_machine_is_set_up_by_two_lines")[0];
    let machine = with_origin();
    machine.script("bin/curl", RUSTUP);

    let ran = machine.sh(&format!("{}\ncargo --version && ls .ci/run", block.text));

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(ran.said.ends_with("cargo --version\n.ci/run\n"), "{}", ran.said);
}

/// Waiting tests overlap, so there are more threads than processors.
#[test]
fn the_tests_are_started_as_ci_starts_them() {
    let block = &claimed("readme/build::the_tests_are_started_as_ci_starts_them")[0];
    assert!(read(".ci/run").contains(&format!("    {}", block.text)), "{}", block.text);
}

/// A machine for which GitHub has a repository of this name, whose `.ci/run` does nothing.
pub(crate) fn with_origin() -> Machine {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.path("origin/.ci")).expect("the directory is empty");
    machine.script("origin/.ci/run", "echo everything passes");
    let repository = env!("CARGO_PKG_REPOSITORY");
    let made = machine.sh(&format!(
        "cd ../origin && git init --quiet && git add . &&
         git -c user.name=a -c user.email=a@example.com commit --quiet -m first &&
         git config --global url.\"file://$PWD\".insteadOf {repository}"
    ));
    assert_eq!(made.code, Some(0), "{}", made.said);
    machine
}
