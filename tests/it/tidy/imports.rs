//! What may import what: downwards alone, and never round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{assert_none, programs};

/// The top-level modules from the ground up. Each imports from the floors below its own alone: a
/// leaf no other leaf, `cli` no command.
const FLOORS: [&[&str]; 6] = [
    &["backoff", "deployment", "env", "redact"],
    &["ci", "cli", "github", "output", "output_url", "process", "sandbox"],
    &["inputs", "state_file"],
    &["publisher", "resolve", "status_builder"],
    &["commands"],
    &["main"],
];

#[test]
fn every_top_level_module_has_one_floor() {
    let modules: BTreeSet<String> = programs().map(|source| source.module()).collect();
    let mut floors = FLOORS.concat();
    floors.sort_unstable();
    assert_eq!(modules.into_iter().collect::<Vec<_>>(), floors);
}

#[test]
fn modules_import_from_the_floors_below() {
    let mut upwards = Vec::new();
    for source in programs() {
        let module = source.module();
        for other in imported("crate::", &source.program()) {
            if other != module && floor(&other) >= floor(&module) {
                upwards.push(format!("{} imports {other}", source.path));
            }
        }
    }
    assert_none(&upwards);
}

#[test]
fn the_modules_of_a_folder_import_each_other_in_no_circle() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in programs() {
        let program = source.program();
        let names = source.names();
        for depth in 1..names.len() {
            let by_path = imported(&format!("crate::{}::", names[..depth].join("::")), &program);
            let by_super = imported(&"super::".repeat(names.len() - depth), &program);
            let sibling = |name: &str| format!("{}::{name}", names[..depth].join("::"));
            let others = by_path.iter().chain(&by_super).map(|name| sibling(name));
            imports.entry(sibling(names[depth])).or_default().extend(others);
        }
    }
    assert_none(&in_circles(imports));
}

/// Takes away what imports nothing that is left, again and again.
fn in_circles(mut imports: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        for (module, others) in &mut imports {
            others.retain(|other| other != module && left.contains(other));
        }
        imports.retain(|_, others| !others.is_empty());
        if imports.len() == left.len() {
            return imports.iter().map(|(one, others)| format!("{one} -> {others:?}")).collect();
        }
    }
}

/// The names of modules and functions right after the prefix, in `use` lists too.
fn imported(prefix: &str, program: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in program.match_indices(prefix) {
        let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        if program[..at].ends_with(is_inside) {
            continue;
        }
        let rest = &program[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(heads(list)),
            None => names.extend(name(rest)),
        }
    }
    names
}

/// The first name of each entry of a list whose opening brace has been read.
fn heads(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut is_first = true;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            c if c.is_whitespace() => {}
            _ if is_first => {
                names.extend(name(&list[at..]));
                is_first = false;
            }
            _ => {}
        }
    }
    names
}

/// None where the text begins with a type or a constant, which are in the module that is named
/// before them.
fn name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.starts_with(|c: char| c.is_ascii_lowercase()).then(|| text[..end].to_owned())
}

/// The topmost for what is in no list.
fn floor(module: &str) -> usize {
    let found = FLOORS.iter().position(|floor| floor.contains(&module));
    found.unwrap_or(FLOORS.len())
}

#[test]
fn names_are_found_alone_and_in_lists() {
    let program = "use crate::ci::{Ci, Kind};\nuse crate::{\n    env,\n    github::{self, Api},\n};\n\
                   let x: crate::output::Console = other_crate::no::no(); crate::Type";
    let found: Vec<String> = imported("crate::", program).into_iter().collect();
    assert_eq!(found, ["ci", "env", "github", "output"]);
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let imports = |pairs: &[(&str, &str)]| {
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (one, other) in pairs {
            imports.entry((*one).to_owned()).or_default().insert((*other).to_owned());
        }
        in_circles(imports)
    };
    assert_none(&imports(&[("a", "b"), ("b", "c"), ("a", "c")]));
    assert_eq!(imports(&[("a", "b"), ("b", "c"), ("c", "b")]).len(), 3);
}
