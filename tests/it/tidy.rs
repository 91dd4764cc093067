//! The invariants of `ARCHITECTURE.md`, held by reading our own source.

mod imports;

use std::path::{Path, PathBuf};
use std::{fs, iter};

use regex::Regex;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// With its unit tests. More, and it answers more than one question.
const MAX_LINES: usize = 300;

/// What is named in these top-level modules alone.
const OWNERS: [(&str, &[&str]); 8] = [
    ("octocrab", &["github"]),
    ("envy", &["inputs", "env"]),
    ("clap", &["cli"]),
    ("hyper::server", &["sandbox"]),
    ("env::var", &["main"]),
    ("env::args", &["main"]),
    ("println!", &["output", "main"]),
    ("print!", &["output", "main"]),
];

/// Where the one `unsafe` block is: around `pre_exec`.
const UNSAFE: &str = "process";

const BANNED_NAMES: [&str; 8] =
    ["utils", "util", "common", "helpers", "types", "models", "mod", "constants"];

#[test]
fn no_file_is_longer_than_300_lines() {
    let long: Vec<_> = sources()
        .filter_map(|source| {
            let lines = source.text.lines().count();
            (lines > MAX_LINES).then(|| format!("{} has {lines} lines", source.path))
        })
        .collect();
    assert_none(&long);
}

#[test]
fn modules_are_named_after_what_they_are_about() {
    let banned: Vec<_> = sources()
        .filter(|source| {
            source.path == "src/error.rs" || BANNED_NAMES.contains(&source.stem().as_str())
        })
        .map(|source| source.path)
        .collect();
    assert_none(&banned);
}

#[test]
fn nothing_is_imported_by_glob() {
    let globs = lines_where(&|_, line| {
        line.trim_start().trim_start_matches("pub(crate) ").starts_with("use ")
            && line.contains("::*")
            && line.trim() != "use super::*;"
    });
    assert_none(&globs);
}

#[test]
fn each_outside_thing_has_its_modules() {
    let trespasses = lines_where(&|source, line| {
        OWNERS.iter().any(|(thing, modules)| {
            !modules.contains(&source.module().as_str()) && says(line, thing)
        })
    });
    assert_none(&trespasses);
}

#[test]
fn no_warning_is_hidden() {
    let hidden = lines_where(&|_, line| line.contains("#[allow(") || line.contains("#![allow("));
    assert_none(&hidden);
}

#[test]
fn one_function_exits_the_process() {
    let exits = lines_where(&|_, line| line.contains("process::exit("));
    assert_eq!(exits.len(), 1, "{exits:#?}");
    assert!(exits[0].starts_with("src/process/exit.rs"), "{exits:#?}");
}

#[test]
fn there_is_one_unsafe_block() {
    let keyword = Regex::new(r"\bunsafe\b").expect("it is good");
    let (before_main, blocks): (Vec<_>, Vec<_>) = lines_where(&|_, line| keyword.is_match(line))
        .into_iter()
        .partition(|line| line.ends_with("#[ctor::ctor(unsafe)]"));
    assert_eq!((before_main.len(), blocks.len()), (1, 1), "{before_main:#?} {blocks:#?}");
    assert!(blocks[0].starts_with(&format!("src/{UNSAFE}")), "{blocks:#?}");
}

#[test]
fn every_trait_has_two_implementations() {
    let program: String = programs().map(|source| source.program()).collect();
    let traits = Regex::new(r"(?m)^\s*(?:pub(?:\([a-z]+\))? )?trait (\w+)").expect("it is good");
    let single: Vec<String> = traits
        .captures_iter(&program)
        .map(|found| found[1].to_owned())
        .filter(|name| implementations(name, &program) < 2)
        .collect();
    assert_none(&single);
}

fn implementations(name: &str, program: &str) -> usize {
    let pattern = format!(r"\bimpl\b(?:<[^{{;]*>)? (?:\w+::)*{name}(?:<[^{{;]*>)? for\b");
    Regex::new(&pattern).expect("it is good").find_iter(program).count()
}

#[test]
fn implementations_are_counted() {
    let program =
        "impl Tool for A {}\nimpl<T: Copy> super::Tool<T> for B<T> {}\nimpl Tools for C {}";
    assert_eq!(implementations("Tool", program), 2);
}

#[track_caller]
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// The lines of the program that are as described.
fn lines_where(is_found: &dyn Fn(&Source, &str) -> bool) -> Vec<String> {
    programs()
        .flat_map(|source| {
            let found = source.lines().filter(|(_, line)| is_found(&source, line));
            let found = found.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim()));
            found.collect::<Vec<_>>()
        })
        .collect()
}

/// Whether the line has it as a word of its own, or as the beginning of a path or a macro.
fn says(line: &str, thing: &str) -> bool {
    line.match_indices(thing).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

struct Source {
    /// From the root, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn stem(&self) -> String {
        let stem = Path::new(&self.path).file_stem().expect("a source file has a name");
        stem.to_string_lossy().into_owned()
    }

    /// `["github", "error"]` for `src/github/error.rs`.
    fn names(&self) -> Vec<&str> {
        self.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect()
    }

    /// `github` for `src/github.rs` and for all in `src/github/`.
    fn module(&self) -> String {
        self.names()[0].to_owned()
    }

    /// With their numbers, without its tests and comments.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let program = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        (1..).zip(program.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn program(&self) -> String {
        self.lines().map(|(_, line)| format!("{line}\n")).collect()
    }

    /// The whole file is behind a `#[cfg(test)]`: of the file that declares it, or of `tests`.
    fn is_for_tests(&self) -> bool {
        if self.path.contains("/tests/") {
            return true;
        }
        let Some(door) = Path::new(ROOT).join(&self.path).parent().map(|d| d.with_extension("rs"))
        else {
            return false;
        };
        let declared = format!("#[cfg(test)]\nmod {};", self.stem());
        fs::read_to_string(door).is_ok_and(|text| text.contains(&declared))
    }
}

/// The files of the program, without those for tests.
fn programs() -> impl Iterator<Item = Source> {
    sources().filter(|source| source.path.starts_with("src/") && !source.is_for_tests())
}

fn sources() -> impl Iterator<Item = Source> {
    let root = Path::new(ROOT);
    ["src", "tests"].into_iter().flat_map(move |folder| files_under(root.join(folder))).map(
        move |path| {
            let inside = path.strip_prefix(root).expect("it was found under the root");
            let text = fs::read_to_string(&path).expect("our sources are UTF-8");
            Source { path: inside.to_string_lossy().replace('\\', "/"), text }
        },
    )
}

fn files_under(folder: PathBuf) -> impl Iterator<Item = PathBuf> {
    let mut waiting = vec![folder];
    iter::from_fn(move || {
        loop {
            let path = waiting.pop()?;
            if path.is_dir() {
                let entries = fs::read_dir(&path).expect("our folders can be read");
                waiting.extend(entries.flatten().map(|entry| entry.path()));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                return Some(path);
            }
        }
    })
}
