//! What is said in several places is said alike: inputs, outputs, versions, targets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::help::printed;

const ACTION: &str = "action.yml";

/// Inputs that `action.yml` fills in itself.
const HIDDEN: [&str; 3] = ["job-id", "job-status", "use"];

/// Inputs that go to the program in variables of their own: the log shows them as they are.
const APART: [&str; 3] = ["app-private-key", "run", "token"];

/// To give these is to say something, so the default is not given: a `task` narrows which
/// deployment is meant, and a `shell` that is asked for must be there.
const LEFT_OUT: [&str; 2] = ["shell", "task"];

#[test]
fn the_action_has_the_inputs_that_help_names() {
    let help: BTreeSet<_> = help().into_keys().collect();
    let action: BTreeSet<_> = section("inputs").into_keys().collect();
    assert_eq!(action, help);
}

#[test]
fn the_table_of_the_readme_has_the_inputs_that_help_names_and_their_defaults() {
    let readme = read("README.md");
    let rows: Vec<_> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for (name, default) in help() {
        let is_about_it = |row: &&str| {
            row.split(" | ").next().is_some_and(|cell| cell.contains(&format!("`{name}`")))
        };
        let row = rows.iter().copied().find(is_about_it);
        let row = row.unwrap_or_else(|| panic!("README.md has no row for `{name}`"));
        let default = default.as_deref().and_then(literal).unwrap_or_default();
        assert!(row.contains(default), "README.md does not say `{name}`'s default `{default}`");
    }
}

#[test]
fn the_action_gives_the_defaults_that_help_names() {
    let inputs = section("inputs");
    for (name, documented) in help() {
        let given = value(&inputs[&name], "default").unwrap_or_default();
        if name == "token" || LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let documented = documented.as_deref().and_then(literal).unwrap_or_default();
        assert_eq!(given, documented, "the default of `{name}`");
    }
}

/// The real runner gives composite actions no `INPUT_` variables, and act hides that it does not.
#[test]
fn the_action_hands_on_every_input() {
    let action = read(ACTION);
    let (_, deploy) = action.split_once("id: run\n").expect("there is a step `run`");
    let (deploy, finish) = deploy.split_once("id: finish\n").expect("there is a last step");
    for name in section("inputs").keys() {
        assert!(deploy.contains(&mapping(name)), "`{name}` is not handed to the step `run`");
    }
    for name in ["token", "app-id", "app-private-key", "app-installation-id", "api-url"] {
        assert!(finish.contains(&mapping(name)), "`{name}` is not handed to the last step");
    }
    for name in ["deployment-id", "environment", "state"] {
        assert!(!finish.contains(&mapping(name)), "`{name}` makes the last step ask GitHub");
    }
    for name in HIDDEN {
        let filled_in = format!("\"{name}\":\"${{{{ ");
        assert!(deploy.contains(&filled_in), "`{name}` is not filled in");
        assert!(finish.contains(&filled_in), "`{name}` is not filled in at the end");
    }
}

#[test]
fn no_expression_stands_in_a_script_of_the_action() {
    let action = read(ACTION);
    let scripts: Vec<_> = action.split("\n      run: |\n").skip(1).collect();
    assert_eq!(scripts.len(), 3);
    for script in scripts {
        let lines = script.lines().take_while(|line| line.starts_with("        "));
        for line in lines {
            assert!(!line.contains("${{"), "an expression in a script: {line}");
        }
    }
}

/// The runner titles a script's group in the log with its first line.
#[test]
fn the_first_line_of_each_script_of_the_action_is_a_title_for_people() {
    for script in read(ACTION).split("\n      run: |\n").skip(1) {
        let first = script.lines().next().unwrap_or_default().trim();
        assert!(first.starts_with("# "), "the log would show `Run {first}`");
    }
}

#[test]
fn the_toolchain_of_the_image_is_the_one_that_is_promised() {
    let version = manifest("rust-version");
    assert!(read("Dockerfile").contains(&format!("FROM rust:{version}.")), "Rust {version}");
}

/// Cargo reads no manifest that names a file which is not there.
#[test]
fn the_image_is_built_from_all_that_the_manifest_names() {
    let is_named = read("Cargo.toml").contains("[[bench]]");
    assert_eq!(read("Dockerfile").contains("\nCOPY benches benches\n"), is_named);
    assert_eq!(read(".dockerignore").contains("\n!benches\n"), is_named);
}

#[test]
fn this_version_has_a_heading_in_the_changelog() {
    let version = manifest("version");
    let changelog = read("CHANGELOG.md");
    let mut headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    assert!(
        headings.any(|heading| heading.trim_start_matches('[').starts_with(&version)),
        "CHANGELOG.md has no heading for {version}"
    );
}

#[test]
fn what_is_installed_is_what_is_released() {
    let script = read(".github/action/install.sh");
    let release = read(".github/workflows/release.yml");
    let targets: BTreeSet<_> =
        script.split_whitespace().filter_map(|word| word.strip_prefix("target=")).collect();
    let built: BTreeSet<_> =
        release.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(targets, built);
}

/// Every input that is a flag of a command, with the default that its help names.
fn help() -> BTreeMap<String, Option<String>> {
    let mut inputs = BTreeMap::from([("command".to_owned(), None)]);
    for command in ["run", "create", "list", "finish", "sweep", "delete", "wait"] {
        let text = help_of(command);
        let mut name = None;
        for line in text.lines().map(str::trim) {
            if let Some(flag) = line.strip_prefix("--") {
                let end = flag.find([' ', '[']).unwrap_or(flag.len());
                name = Some(flag[..end].to_owned()).filter(|flag| !OWN_FLAGS.contains(&&**flag));
                inputs.extend(name.clone().map(|name| (name, None)));
            }
            let default = line.split_once("[default: ").map(|(_, rest)| rest);
            if let (Some(name), Some(default)) = (&name, default) {
                let default = default.trim_end_matches(']').to_owned();
                inputs.insert(name.clone(), Some(default));
            }
        }
    }
    inputs
}

/// Flags that are no inputs.
const OWN_FLAGS: [&str; 4] = ["help", "json", "verbose", "version"];

fn help_of(command: &str) -> String {
    printed(&[command, "--help"])
}

/// A value, which help puts between backticks; not a description of what happens.
fn literal(default: &str) -> Option<&str> {
    default.strip_prefix('`')?.strip_suffix('`').filter(|value| !value.contains(['`', ' ']))
}

/// The names in a top-level section of `action.yml`, each with its lines.
fn section(title: &str) -> BTreeMap<String, String> {
    let action = read(ACTION);
    let (_, rest) = action.split_once(&format!("\n{title}:\n")).expect("the section is there");
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    let mut name = "";
    for line in rest.lines().take_while(|line| line.starts_with(' ')) {
        match line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) {
            Some(entry) => name = entry.trim_end_matches(':'),
            None => entries.entry(name.to_owned()).or_default().extend([line, "\n"]),
        }
    }
    entries
}

fn value(entry: &str, key: &str) -> Option<String> {
    let line = entry.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "))?;
    Some(line.trim_matches('\'').to_owned())
}

/// How `action.yml` hands an input on.
fn mapping(name: &str) -> String {
    if APART.contains(&name) {
        let variable = name.to_uppercase().replace('-', "_");
        return format!("        INPUT_{variable}: ${{{{ inputs.{name} }}}}\n");
    }
    format!("${{{{ inputs.{name} && format('\"{name}\":{{0}},', toJSON(inputs.{name}))\n")
}

fn manifest(key: &str) -> String {
    let text = read("Cargo.toml");
    let found = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
    found.expect("Cargo.toml has the key").trim_end_matches('"').to_owned()
}

fn read(path: &str) -> String {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(full).unwrap_or_else(|err| panic!("cannot read {path}: {err}"))
}
