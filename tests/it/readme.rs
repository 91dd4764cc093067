//! What the pages show on a terminal is what a terminal shows.
//! `UPDATE_EXPECT=1` rewrites the pages.

mod install;
mod picture;

use std::net::TcpListener;

use expect_test::expect_file;
use regex::Regex;

use crate::machine::Machine;
use crate::shown::{Block, ROOT, pages};

/// So that what is shown does not change with the time of day.
const WHEN: &str = "2026-01-02T03:04:05Z";
const HOW_LONG: &str = "12s";

#[test]
fn what_is_shown_on_a_terminal_has_been_run() {
    for page in pages() {
        let mut text = page.text.clone();
        for block in page.blocks().iter().filter(|block| block.is("console")) {
            text = text.replace(&block.text, &played(block));
        }
        expect_file![format!("{ROOT}/{}", page.path)].assert_eq(&text);
    }
}

/// Each command of the block with what it says, on a machine of its own.
fn played(block: &Block) -> String {
    let machine = Machine::new();
    machine.script("checkout/deploy.log", "");
    std::fs::write(machine.path("checkout/deploy.log"), LOG).expect("it can be written");
    let commands = block.text.lines().filter_map(|line| line.strip_prefix("$ "));
    commands
        .map(|command| {
            let ours = command.replace("cargo run --release --", "deployment-status");
            format!("$ {command}\n{}", timeless(&machine.sh(&ours).said))
        })
        .collect()
}

/// For the pages that read a log.
const LOG: &str = "\
Uploading 14 files
Preview: https://shop-4f2a.vercel.app
Inspect: https://vercel.com/octo/shop/4f2a
";

fn timeless(said: &str) -> String {
    let instant = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("this is a pattern");
    let duration = Regex::new(r"\b(in|after) \d+s\b").expect("this is a pattern");
    let said = instant.replace_all(said, WHEN);
    duration.replace_all(&said, format!("$1 {HOW_LONG}")).into_owned()
}

#[test]
fn every_output_of_the_action_is_in_the_readme() {
    let read = |page| std::fs::read_to_string(format!("{ROOT}/{page}")).expect("it is there");
    let (action, readme) = (read("action.yml"), read("README.md"));
    let (_, outputs) = action.split_once("\noutputs:\n").expect("there are outputs");
    let (outputs, _) = outputs.split_once("\nruns:\n").expect("the action runs something");
    let lines = outputs.lines().filter(|line| !line.starts_with("   "));
    for name in lines.filter_map(|line| line.trim().strip_suffix(':')) {
        assert!(readme.contains(&format!("\n| `{name}` |")), "README.md has no row for `{name}`");
    }
}

#[test]
fn every_module_is_on_the_map() {
    let map = std::fs::read_to_string(format!("{ROOT}/ARCHITECTURE.md")).expect("it is there");
    for entry in std::fs::read_dir(format!("{ROOT}/src")).expect("there is source").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let module = name.trim_end_matches(".rs");
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md has no module `{module}`");
    }
}

/// With a free port in the place of the one that is shown.
#[test]
fn any_client_can_be_pointed_at_the_sandbox() {
    let page = pages().into_iter().find(|page| page.path == "README.md").expect("it is there");
    let mut blocks = page.blocks().into_iter();
    let block = blocks.find(|block| block.text.contains("sandbox --port")).expect("it is shown");
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    let port = free.local_addr().expect("it is bound").port().to_string();
    drop(free);

    let script = block.text.replace("8080", &port);
    let ran = Machine::new().sh(&format!("trap 'kill $!' EXIT\nset -e\n{script}"));

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(ran.said.contains("\"environment\":\"production\""), "{}", ran.said);
}
