//! The defaults that help names are those that hold.

use super::{CONFIGURED, check};
use crate::cli::{default_of, input_names, inputs_of};

/// Where no default is given to a deployment that is looked for, none is compared.
const NARROWING: [&str; 1] = ["task"];

#[test]
fn to_give_an_input_its_default_changes_nothing() {
    let mut compared = 0;
    for command in ["run", "create", "list", "finish", "sweep", "delete", "wait"] {
        let inputs = inputs_of(command);
        for name in input_names().iter().filter(|name| inputs.contains(name)) {
            if let Some(default) = default_of(name)
                && !NARROWING.contains(&name.as_str())
            {
                let flag = format!("--{}={default}", name.replace('_', "-"));
                assert_eq!(read(command, Some(&flag)), read(command, None), "{command} {flag}");
                compared += 1;
            }
        }
    }
    assert!(compared > 25, "only {compared} defaults were found in help");
}

/// What a command reads, with one more flag or without.
fn read(command: &str, flag: Option<&str>) -> String {
    let needed: &[&str] = match command {
        "create" => &["--state=success"],
        "delete" | "wait" => &["--environment=x"],
        _ => &[],
    };
    let program: &[&str] = if command == "run" { &["--", "true"] } else { &[] };
    let arguments = [&[command], needed, flag.as_slice(), program].concat();
    let variables = [&CONFIGURED[..], &[("GITHUB_SHA", "6dcb09b5"), ("GITHUB_ACTIONS", "true")]];
    format!("{:?}", check(&arguments, &variables.concat()).expect("these inputs are good"))
}
