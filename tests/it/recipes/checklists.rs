//! The checklists of CONTRIBUTING.md: their files exist and contain what is said of them, and
//! everything that there is has its place in each.

use std::fs;
use std::path::Path;

use regex::Regex;

use super::{COMMANDS, others, texts_below};
use crate::shown::{ROOT, claimed, read};

#[test]
fn the_checklists_name_what_is_there() {
    let contributing = read("CONTRIBUTING.md");
    let entry = Regex::new(r"^- `([^`]+)`: `([^`]+)`").expect("a pattern");
    let (_, lists) = contributing.split_once("\n## Checklists\n").expect("there are checklists");
    let (lists, _) = lists.split_once("\n## ").expect("something follows");
    let titles = lists.lines().filter(|line| line.starts_with("### To add a"));
    assert_eq!(titles.count(), 4, "an input, a CI, a vendor and a command");
    for line in lists.lines().filter(|line| line.starts_with("- ")) {
        let found = entry.captures(line).unwrap_or_else(|| panic!("no file and text: {line}"));
        let path = Path::new(ROOT).join(&found[1]);
        let text =
            if path.is_dir() { names_below(&path) + &texts_below(&path) } else { read(&found[1]) };
        assert!(text.contains(&found[2]), "{} has no `{}`", &found[1], &found[2]);
    }
}

fn names_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("our folders can be read").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_input_has_each_place_of_its_checklist() {
    let (args, action) = (read("src/cli/args.rs"), read("action.yml"));
    let help = read("src/cli/help.rs");
    let headings = help.split("\nconst RARE").next().unwrap_or_default();
    let (parsed, readme) = (texts_below(&Path::new(ROOT).join("src")), read("README.md"));
    let tests = texts_below(&Path::new(ROOT).join("tests/it"));
    for name in super::inputs().into_iter().filter(|name| name != "command") {
        let field = if name == "ref" { "git_ref".to_owned() } else { name.replace('-', "_") };
        let id = name.replace('-', "_");
        let variable = format!("INPUT_{}", id.to_uppercase());
        let row = Regex::new(&format!(r"(?m)^\| [^|]*`{name}`[^|]* \|")).expect("a pattern");
        for (place, has_it) in [
            ("src/cli/args.rs", args.contains(&format!("pub(crate) {field}: Option<String>"))),
            ("HEADINGS of src/cli/help.rs", headings.contains(&format!("\"{id}\""))),
            ("the validator of src/inputs", parsed.contains(&format!("\"{name}\""))),
            ("inputs of action.yml", action.contains(&format!("\n  {name}:\n"))),
            ("the step `run` of action.yml", action.contains(&format!("inputs.{name}"))),
            ("the table of README.md", row.is_match(&readme)),
            (
                "a test in tests/it",
                [format!("\"{name}\""), format!("--{name}"), variable]
                    .iter()
                    .any(|spelling| tests.contains(spelling.as_str())),
            ),
        ] {
            assert!(has_it, "`{name}` is not in {place}");
        }
    }
}

#[test]
fn every_ci_has_a_row_and_every_recipe_a_test() {
    let (kinds, table) = (read("src/ci.rs"), texts_below(&Path::new(ROOT).join("src/ci")));
    let (_, kinds) = kinds.split_once("enum Kind {\n").expect("there are kinds of CI");
    let (kinds, _) = kinds.split_once("\n}").expect("the list ends");
    let kinds = kinds.lines().filter_map(|line| line.trim().strip_suffix(','));
    for kind in kinds.filter(|line| !line.starts_with("//")) {
        assert!(table.contains(&format!("Kind::{kind}")), "{kind} has no row in src/ci/table.rs");
    }
    let page = read("docs/other-ci.md");
    for ci in others::CIS {
        assert!(page.contains(&format!("\n## {}\n", ci.heading)), "{} has no recipe", ci.heading);
    }
    for block in claimed("recipes/others::each_ci_runs_its_recipe_and_its_page_is_linked") {
        let is_played = others::CIS.iter().any(|ci| ci.heading == block.heading);
        assert!(is_played, "{} is in no row of CIS", block.place());
    }
}

#[test]
fn every_command_has_each_place_of_its_checklist() {
    let (cli, commands) = (read("src/cli.rs"), read("src/cli/commands.rs"));
    let (main, readme) = (read("src/main.rs"), read("README.md"));
    let dispatch = main + &read("src/commands.rs");
    for name in COMMANDS {
        let variant = name[..1].to_uppercase() + &name[1..];
        let source = [format!("src/commands/{name}.rs"), format!("src/{name}.rs")];
        for (place, has_it) in [
            ("Subcommand of src/cli.rs", cli.contains(&format!("\"{name}\" =>"))),
            ("src/cli/commands.rs", commands.contains(&format!("\"{name}\""))),
            ("src/main.rs or src/commands.rs", dispatch.contains(&variant)),
            ("src/commands", source.iter().any(|path| Path::new(ROOT).join(path).is_file())),
            ("the table of README.md", readme.contains(&format!("\n| `{name}` | "))),
            ("tests/it", Path::new(ROOT).join(format!("tests/it/{name}.rs")).is_file()),
        ] {
            assert!(has_it, "`{name}` is not in {place}");
        }
    }
}
