//! Workflows of recipes, step after step, with the variables that `action.yml` hands on.

use std::collections::BTreeMap;
use std::fs;

use regex::{Captures, Regex};
use serde_json::{Value, json};

use super::step::{self, Step};
use crate::machine::Machine;
use crate::shown::{Block, ROOT, claimed};

/// The job's page, which GitHub's own status of a job's deployment points at.
const PAGE: &str = "https://github.com/octo/app/actions/runs/1/job/9";

#[test]
fn each_workflow_ends_with_a_status_that_says_so() {
    let played = claimed("recipes/actions::each_workflow_ends_with_a_status_that_says_so");
    assert!(played.len() > 8, "there are recipes for GitHub Actions");
    for block in played {
        let steps = step::all(&block.text);
        let is_closing = steps.iter().all(|step| value(step, "state") == Some("inactive"));
        let expected = if is_closing { "inactive" } else { "success" };

        let (machine, said) = play(&block, &steps);

        let (state, url) = machine.latest().unwrap_or_else(|| panic!("{}: {said}", block.place()));
        assert_eq!(state, expected, "{}: {said}", block.place());
        assert!(is_closing || url.starts_with("https://"), "{}: {said}", block.place());
    }
}

#[test]
fn each_workflow_for_many_deployments_does_its_work() {
    let mut left = Vec::new();
    for block in claimed("recipes/actions::each_workflow_for_many_deployments_does_its_work") {
        let (machine, said) = play(&block, &step::all(&block.text));

        let states = machine.github.deployments().into_iter().map(|deployment| {
            let id = deployment["id"].as_u64().expect("it has one");
            machine.github.states(id).pop().unwrap_or_default()
        });
        left.push((block.heading, said.contains("https://"), states.collect::<Vec<_>>()));
    }
    let left: Vec<(&str, bool, &[String])> =
        left.iter().map(|(heading, url, states)| (&**heading, *url, &**states)).collect();
    assert_eq!(
        left,
        [
            ("A nightly sweep", false, [].as_slice()),
            ("A preview that is closed and deleted", false, &[]),
            ("An end-to-end test that waits for a preview", true, &["success".to_owned()]),
        ]
    );
}

/// Runs the steps on a runner on which the event of the workflow has just happened.
fn play(block: &Block, steps: &[Step]) -> (Machine, String) {
    let mut machine = Machine::new();
    machine.tool("npx", "Deployment complete! Take a peek over at https://4f2a.shop.pages.dev");
    let commit = machine.sh("git rev-parse HEAD").said.trim().to_owned();
    let event = happen(block, &machine, &commit);
    fs::write(machine.path("event.json"), event.to_string()).expect("it can be written");
    for (name, value) in [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_SHA", &commit),
        ("GITHUB_RUN_ID", "1"),
        ("GITHUB_RUN_ATTEMPT", "1"),
        ("GITHUB_HEAD_REF", "topic"),
        ("GITHUB_EVENT_PATH", &machine.path("event.json").display().to_string()),
        ("RUNNER_TEMP", &machine.path("tmp").display().to_string()),
        ("INPUT_JOB_ID", "9"),
    ] {
        machine.set(name, value);
    }
    let mut outputs = BTreeMap::new();
    let said = steps.iter().map(|step| take(step, &mut machine, &mut outputs)).collect();
    (machine, said)
}

/// What was there before the workflow, and the event that starts it.
fn happen(block: &Block, machine: &Machine, commit: &str) -> Value {
    let made = |environment: &str| {
        let body = json!({"ref": commit, "environment": environment, "required_contexts": []});
        machine.github.deployment_of(&body)
    };
    if block.text.contains("\non: deployment\n") {
        let id = made("production");
        return json!({"deployment": {"id": id, "environment": "production", "sha": commit}});
    }
    if block.text.contains("environment:\n      name:") && !block.text.contains("deployment: false")
    {
        let body = json!({"state": "in_progress", "log_url": PAGE});
        machine.github.post_status(made("production"), &body);
    }
    if block.text.contains("state: inactive") {
        machine.github.post_status(made("preview-7"), &json!({"state": "success"}));
    }
    if block.text.contains("command: wait") {
        let url = "https://shop-4f2a.vercel.app";
        let status = json!({"state": "success", "environment_url": url});
        machine.github.post_status(made("Preview"), &status);
    }
    if block.text.contains("on: pull_request") {
        return json!({"number": 7, "pull_request": {"number": 7, "head": {"sha": commit}}});
    }
    json!({})
}

fn take(step: &Step, machine: &mut Machine, outputs: &mut BTreeMap<String, String>) -> String {
    let file = machine.path(&format!("outputs-{}", outputs.len()));
    let mut script = format!("export GITHUB_OUTPUT='{}'\n", file.display());
    for (name, value) in &step.with {
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        let value = filled(value, outputs).replace('\'', r"'\''");
        script += &format!("export {variable}='{value}'\n");
    }
    let ran = machine.sh(&format!("{script}exec deployment-status"));
    assert_eq!(ran.code, Some(0), "{step:?}: {}", ran.said);
    let written = fs::read_to_string(file).unwrap_or_default();
    let entry = Regex::new(r"(?m)^([\w-]+)<<.*\n(.*)\n").expect("a pattern");
    for found in entry.captures_iter(&written) {
        outputs.insert(format!("{}.outputs.{}", step.id, &found[1]), found[2].to_owned());
    }
    ran.said
}

/// The value with its expressions evaluated, as far as recipes need it.
fn filled(value: &str, outputs: &BTreeMap<String, String>) -> String {
    let expression = Regex::new(r"\$\{\{ (.*?) \}\}").expect("a pattern");
    let evaluate = |found: &Captures<'_>| match &found[1] {
        "github.event.number" => "7".to_owned(),
        "github.event.deployment.id" => String::new(),
        "matrix.region" => "eu".to_owned(),
        "inputs.ref" => "main".to_owned(),
        "github.token" | "secrets.GITHUB_TOKEN" => "t0ken".to_owned(),
        "job.status" | "needs.deploy.result" => "success".to_owned(),
        "vars.DEPLOYER_APP_ID" => "1".to_owned(),
        "secrets.DEPLOYER_APP_PRIVATE_KEY" => {
            fs::read_to_string(format!("{ROOT}/src/github/fixtures/app-key.pem")).expect("a key")
        }
        other => {
            let name = other.trim_start_matches("steps.").trim_start_matches("needs.");
            outputs.get(name).unwrap_or_else(|| panic!("nobody knows `{other}`")).clone()
        }
    };
    expression.replace_all(value, evaluate).into_owned()
}

fn value<'a>(step: &'a Step, name: &str) -> Option<&'a str> {
    step.with.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}
