//! What the pages show on a terminal is what a terminal shows.
//! `UPDATE_EXPECT=1` rewrites the pages.

pub(crate) mod build;
mod install;
mod picture;
mod tables;

use std::net::TcpListener;

use expect_test::expect_file;
use regex::Regex;

use crate::machine::Machine;
use crate::shown::{Block, ROOT, claimed, pages, read};

/// So that what is shown does not change with the time of day.
const WHEN: &str = "2026-01-02T03:04:05Z";
const HOW_LONG: &str = "12s";

#[test]
fn what_is_shown_on_a_terminal_has_been_run() {
    let blocks = claimed("readme::what_is_shown_on_a_terminal_has_been_run");
    for page in pages() {
        let mut text = page.text.clone();
        for block in blocks.iter().filter(|block| block.page == page.path) {
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
fn every_module_is_on_the_map() {
    let map = read("ARCHITECTURE.md");
    for module in modules() {
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md has no module `{module}`");
    }
}

#[test]
fn the_picture_of_the_flow_names_modules() {
    let flow = &claimed("readme::the_picture_of_the_flow_names_modules")[0].text;
    let path = Regex::new(r"[a-z]+[_/][a-z]+").expect("this is a pattern");
    for module in path.find_iter(flow) {
        read(&format!("src/{}.rs", module.as_str()));
    }
    let named = modules().into_iter().filter(|module| flow.contains(&format!("{module} ")));
    assert!(named.count() > 8, "{flow}");
    let source = read("src/publisher.rs");
    for state in ["Idle", "Sending", "Unconfirmed"] {
        assert!(flow.contains(state) && source.contains(state), "{state}");
    }
}

/// Those of the first level.
fn modules() -> Vec<String> {
    let entries = std::fs::read_dir(format!("{ROOT}/src")).expect("there is source").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.map(|name| name.trim_end_matches(".rs").to_owned()).collect()
}

/// With a free port in the place of the one that is shown.
#[test]
fn any_client_can_be_pointed_at_the_sandbox() {
    let block = &claimed("readme::any_client_can_be_pointed_at_the_sandbox")[0];
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    let port = free.local_addr().expect("it is bound").port().to_string();
    drop(free);

    let script = block.text.replace("8080", &port);
    let ran = Machine::new().sh(&format!("trap 'kill $!' EXIT\nset -e\n{script}"));

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(ran.said.contains("\"environment\":\"production\""), "{}", ran.said);
}
