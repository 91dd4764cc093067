//! Recipes on GitHub's bad days: they stop no deploy, and do not call a good one a failure.

use crate::machine::Machine;
use crate::shown::claimed;

#[test]
fn an_outage_at_the_start_of_the_script_with_a_trap_stops_nothing() {
    let mut machine = machine();
    // Nobody listens there.
    machine.set("GITHUB_API_URL", "http://127.0.0.1:9");

    let ran = machine.sh(&script_with_a_trap());

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(machine.path("checkout/deployed").exists(), "{}", ran.said);
}

/// What it deploys takes GitHub away.
#[test]
fn an_outage_at_the_end_of_the_script_with_a_trap_is_no_failure() {
    let mut machine = machine();
    let outage = format!("touch deployed; kill -KILL {}", machine.github.process().id());
    machine.script("checkout/deploy.sh", &outage);

    let ran = machine.sh(&script_with_a_trap());

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(machine.path("checkout/deployed").exists(), "{}", ran.said);
}

fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.set("INPUT_API_TIMEOUT", "2s");
    machine.script("checkout/deploy.sh", "touch deployed");
    machine
}

fn script_with_a_trap() -> String {
    let mut blocks = claimed("recipes/others::a_script_with_a_trap_closes_what_it_opened");
    blocks.remove(0).text
}
