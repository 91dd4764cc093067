//! The preview recipe over several pushes: what is superseded is gray, not red, and not active.

use std::fs;

use serde_json::json;

use super::step;
use crate::machine::Machine;
use crate::shown::claimed;

#[test]
fn superseded_previews_become_inactive() {
    let mut machine = machine();

    machine.tool("npx", "Take a peek over at https://1.shop.pages.dev");
    assert_eq!(push(&mut machine, 1, DEPLOY), Some(0));
    machine.script("bin/npx", "exit 1");
    assert_eq!(push(&mut machine, 2, DEPLOY), Some(1));
    assert_eq!(latest(&machine), ["success", "failure"], "a failed deploy touches nothing");
    // The push after it cancels this one.
    machine.script("bin/npx", "touch started; sleep 60");
    assert_eq!(push(&mut machine, 3, CANCELLED), Some(143));
    assert_eq!(latest(&machine), ["success", "failure", "inactive"]);
    machine.tool("npx", "Take a peek over at https://4.shop.pages.dev");
    assert_eq!(push(&mut machine, 4, DEPLOY), Some(0));

    assert_eq!(latest(&machine), ["inactive", "inactive", "inactive", "success"]);
    let transient =
        machine.github.deployments().iter().all(|one| one["transient_environment"] == true);
    assert!(transient, "GitHub itself leaves these active");
}

const DEPLOY: &str = "exec deployment-status";
const CANCELLED: &str = "deployment-status & ours=$!
    until [ -e started ]; do sleep 0.02; done
    kill -TERM $ours; wait $ours";

/// A runner with the inputs of the recipe.
fn machine() -> Machine {
    let mut machine = Machine::new();
    let workflows = claimed("recipes/actions::each_workflow_ends_with_a_status_that_says_so");
    let is_preview = |heading: &str| heading == "Previews of pull requests";
    let recipe = workflows.into_iter().find(|block| is_preview(&block.heading));
    let steps = step::all(&recipe.expect("there is a recipe for previews").text);
    for (name, value) in &steps[0].with {
        let value = value.replace("${{ github.event.number }}", "7");
        machine.set(&format!("INPUT_{}", name.to_uppercase().replace('-', "_")), &value);
    }
    machine.set("GITHUB_ACTIONS", "true");
    machine.set("GITHUB_HEAD_REF", "topic");
    machine
}

/// The exit code of a run for a new commit.
fn push(machine: &mut Machine, run: u8, deploy: &str) -> Option<i32> {
    let commit = machine.sh("git -c user.name=a -c user.email=a@example.com \
         commit --quiet --allow-empty -m next && git rev-parse HEAD");
    let event = json!({"number": 7,
        "pull_request": {"number": 7, "head": {"sha": commit.said.trim()}}});
    fs::write(machine.path("event.json"), event.to_string()).expect("it can be written");
    let event = machine.path("event.json").display().to_string();
    machine.set("GITHUB_EVENT_PATH", &event);
    machine.set("GITHUB_RUN_ID", &run.to_string());
    machine.sh(deploy).code
}

/// The latest state of each deployment, the oldest deployment first.
fn latest(machine: &Machine) -> Vec<String> {
    let ids = machine.github.deployments().into_iter();
    let ids = ids.map(|deployment| deployment["id"].as_u64().expect("it has one"));
    ids.map(|id| machine.github.states(id).pop().unwrap_or_default()).collect()
}
