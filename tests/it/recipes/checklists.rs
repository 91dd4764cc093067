//! The checklists of CONTRIBUTING.md name files that exist and contain what is said of them.

use std::fs;
use std::path::Path;

use regex::Regex;

use super::texts_below;
use crate::shown::ROOT;

#[test]
fn the_checklists_name_what_is_there() {
    let contributing = fs::read_to_string(format!("{ROOT}/CONTRIBUTING.md")).expect("it is there");
    let entry = Regex::new(r"^- `([^`]+)`: `([^`]+)`").expect("a pattern");
    let (_, lists) = contributing.split_once("\n## Checklists\n").expect("there are checklists");
    let (lists, _) = lists.split_once("\n## ").expect("something follows");
    let titles = lists.lines().filter(|line| line.starts_with("### To add a"));
    assert_eq!(titles.count(), 4, "an input, a CI, a vendor and a command");
    for line in lists.lines().filter(|line| line.starts_with("- ")) {
        let found = entry.captures(line).unwrap_or_else(|| panic!("no file and text: {line}"));
        let path = Path::new(ROOT).join(&found[1]);
        let text = if path.is_dir() {
            names_below(&path) + &texts_below(&path)
        } else {
            fs::read_to_string(&path).unwrap_or_else(|why| panic!("{why}: {line}"))
        };
        assert!(text.contains(&found[2]), "{} has no `{}`", &found[1], &found[2]);
    }
}

fn names_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("our folders can be read").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
