//! The tables of the README say what the program does.

use std::collections::BTreeSet;

use regex::Regex;

use crate::help::printed;
use crate::machine::{Machine, Ran};
use crate::shown::read;

const COMMANDS: [&str; 8] = ["run", "create", "list", "finish", "sweep", "delete", "wait", "url"];

#[test]
fn each_command_that_help_names_has_a_row() {
    let help = printed(&["--help"]);
    let (_, commands) = help.split_once("\nCommands:\n").expect("help names the commands");
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let names: BTreeSet<_> = lines
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    let rows = table("| command | what it does |");
    let documented = rows.iter().map(|cells| quoted(&cells[0]).swap_remove(0)).collect();
    assert_eq!(names, documented);
}

#[test]
fn each_input_is_a_flag_of_the_commands_that_its_row_names() {
    let help = COMMANDS.map(help);
    let mut rows = 0;
    for cells in table("| input | for |") {
        let expected: BTreeSet<&str> = match cells[1].as_str() {
            "the action" => continue,
            "all" | "all but url, sandbox" => COMMANDS[..7].iter().copied().collect(),
            "a new deployment" => BTreeSet::from(["run", "create"]),
            names => names.split(", ").collect(),
        };
        for name in quoted(&cells[0]) {
            let flag = Regex::new(&format!(r"(?m)^ +--{name}(?:[ \[]|$)")).expect("a pattern");
            let found = COMMANDS.into_iter().zip(&help).filter(|(_, help)| flag.is_match(help));
            let found: BTreeSet<_> = found.map(|(command, _)| command).collect();
            assert_eq!(found, expected, "README.md: who takes `{name}`");
            rows += 1;
        }
    }
    assert!(rows > 40, "only {rows} inputs");
}

/// The action's own, and what `--outputs` writes.
#[test]
fn each_output_has_a_row_with_both_its_names() {
    let machine = Machine::new();
    let ran = machine.sh("deployment-status --environment production --outputs out -- ./deploy.sh
        cat out");
    let written: BTreeSet<_> = ran.said.lines().filter_map(|line| line.split_once('=')).collect();
    let written: BTreeSet<_> = written.into_iter().map(|(name, _)| name.to_owned()).collect();

    let rows = table("| output |");

    let variables = rows.iter().flat_map(|cells| quoted(&cells[1])).collect();
    assert_eq!(written, variables, "{}", ran.said);
    let action = read("action.yml");
    let (_, outputs) = action.split_once("\noutputs:\n").expect("there are outputs");
    let (outputs, _) = outputs.split_once("\nruns:\n").expect("the action runs something");
    let names = outputs.lines().filter(|line| !line.starts_with("   "));
    let names: Vec<_> = names.filter_map(|line| line.trim().strip_suffix(':')).collect();
    let documented: Vec<_> = rows.iter().flat_map(|cells| quoted(&cells[0])).collect();
    assert_eq!(documented, names);
}

/// What each row of the table of moments says, played.
#[test]
fn each_moment_is_posted_as_its_row_says() {
    const DEPLOYS: [(&str, &str); 5] = [
        ("before the command starts", "true"),
        ("it exited with 0", "true"),
        ("it exited with anything else", "exit 3"),
        ("it could not be started", "kill -KILL $$"),
        ("the job was cancelled", "kill -TERM $PPID; sleep 60"),
    ];
    let rows = table("| moment |");
    assert_eq!(rows.len(), DEPLOYS.len());
    for (cells, (moment, deploy)) in rows.iter().zip(DEPLOYS) {
        assert!(cells[0].starts_with(moment), "{}", cells[0]);
        let machine = Machine::new();
        machine.script("checkout/deploy.sh", deploy);
        let ran = machine.sh("deployment-status --environment production -- ./deploy.sh");
        let states = machine.github.states(1001);
        let posted = if moment.starts_with("before") { states.first() } else { states.last() };
        let documented = &quoted(&cells[1])[0];
        assert_eq!(posted, Some(documented), "{moment}: {}", ran.said);
    }
}

#[test]
fn each_exit_code_of_run_is_what_its_row_says() {
    let run = |options: &str, command: &str| {
        let machine = Machine::new();
        std::fs::write(machine.path("checkout/data"), "no program").expect("it can be written");
        machine.sh(&format!("exec deployment-status run --sandbox {options} -- {command}"))
    };
    let codes = |runs: &[Ran]| runs.iter().map(|ran| ran.code).collect::<Vec<_>>();
    let expected: [(&str, Vec<Option<i32>>); 5] = [
        ("the command's own", codes(&[run("", "sh -c 'exit 7'")])),
        ("124", codes(&[run("--timeout 1s --grace-period 1s", "sleep 60")])),
        ("125", codes(&[run("--timeout never", "true")])),
        ("126, 127", codes(&[run("", "./data"), run("", "./nothing")])),
        ("128 + n", codes(&[run("", "sh -c 'kill -HUP $$'")])),
    ];
    let rows = table("| code | of `run` |");
    let documented: Vec<&str> = rows.iter().map(|cells| cells[0].as_str()).collect();
    assert_eq!(documented, expected.iter().map(|(row, _)| *row).collect::<Vec<_>>());
    for (row, codes) in expected {
        let numbers: Vec<Option<i32>> = match row {
            "the command's own" => vec![Some(7)],
            "128 + n" => vec![Some(129)],
            row => row.split(", ").map(|code| code.parse().ok()).collect(),
        };
        assert_eq!(codes, numbers, "{row}");
    }
}

/// Bad inputs are 125 everywhere, which the README says once.
#[test]
fn each_command_has_the_exit_codes_that_its_help_names() {
    let number = Regex::new(r"\b\d+\b").expect("a pattern");
    let numbers = |text: &str| -> BTreeSet<String> {
        let found = number.find_iter(text).map(|found| found.as_str().to_owned());
        found.filter(|code| code != "125").collect()
    };
    for cells in table("| command | what it does |") {
        let help = help(&quoted(&cells[0])[0]);
        let codes = help.split("\nExit codes:\n").nth(1).unwrap_or_default();
        let codes = codes.split("\n\n").next().unwrap_or_default();
        match cells[2].as_str() {
            // It ends by a signal.
            "above" | "" => {}
            // Completions and the manual page.
            "0" => assert!(codes.is_empty(), "{}: {codes}", cells[0]),
            documented => assert_eq!(numbers(documented), numbers(codes), "{}", cells[0]),
        }
    }
}

/// What `any-owner` does differs between two commands, and three places say it.
#[test]
fn the_same_is_said_of_any_owner_everywhere() {
    let rows = table("| input | for |");
    let row = rows.iter().find(|cells| cells[0] == "`any-owner`").expect("it has a row");
    assert!(read("action.yml").contains(&format!("    description: '{}.'\n", row[3])), "{row:?}");
    for command in ["sweep", "delete"] {
        let help = help(command);
        assert!(help.contains(&format!("{} [default: `false`]", row[3])), "{row:?}: {help}");
    }
}

/// The cells of each row of the README's table that begins so.
fn table(head: &str) -> Vec<Vec<String>> {
    let readme = read("README.md");
    let (_, below) = readme.split_once(&format!("\n{head}")).expect("there is such a table");
    let rows = below.lines().skip(2).take_while(|line| line.starts_with("| "));
    let cells = |row: &str| {
        let row = row.trim_start_matches("| ").trim_end_matches('|');
        row.split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn help(command: &str) -> String {
    printed(&[command, "--help"])
}
