//! The tables for those who come from another tool name all that the tool has.

use regex::Regex;

use crate::shown::{claimed, read};

/// The inputs and outputs in the `action.yml` of each tool: bobheadxi/deployments 1.5.0,
/// chrnorm/deployment-action 2.0.7 with chrnorm/deployment-status 2.0.3, and
/// patrickedqvist/wait-for-vercel-preview 1.3.
const TOOLS: [(&str, &[&str]); 3] = [
    (
        "bobheadxi/deployments",
        &[
            "step: start",
            "step: finish",
            "step: deactivate-env",
            "step: delete-env",
            "token",
            "env",
            "repository",
            "logs",
            "desc",
            "ref",
            "task",
            "debug",
            "deployment_id",
            "env_url",
            "status",
            "override",
            "auto_inactive",
            "payload",
            "status_id",
        ],
    ),
    (
        "chrnorm/deployment-action",
        &[
            "repo",
            "owner",
            "initial-status",
            "token",
            "log-url",
            "description",
            "environment",
            "environment-url",
            "auto-merge",
            "ref",
            "sha",
            "task",
            "required-contexts",
            "payload",
            "transient-environment",
            "production-environment",
            "auto-inactive",
            "github-base-url",
            "state",
            "deployment-id",
            "deployment_id",
            "deployment_url",
            "environment_url",
        ],
    ),
    (
        "actions that wait",
        &[
            "token",
            "environment",
            "max_timeout",
            "allow_inactive",
            "check_interval",
            "vercel_password",
            "vercel_protection_bypass_header",
            "path",
            "url",
            "vercel_jwt",
        ],
    ),
];

#[test]
fn every_input_and_output_of_a_tool_has_a_row() {
    for (tool, names) in TOOLS {
        let table = table_of(tool);
        for name in names {
            assert!(table.contains(&format!("`{name}`")), "{tool} has `{name}`: {table}");
        }
    }
}

#[test]
fn every_input_of_a_workflow_before_is_in_the_table() {
    let input = Regex::new(r"(?m)^ {10}([a-z_-]+): (\S+)").expect("a pattern");
    let blocks = claimed("recipes/migrating::every_input_of_a_workflow_before_is_in_the_table");
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        let table = table_of(&block.heading.replace("From ", ""));
        for found in input.captures_iter(&block.text) {
            let (name, value) = (&found[1], &found[2]);
            let is_named = table.contains(&format!("`{name}`"))
                || table.contains(&format!("`{name}: {value}`"));
            assert!(is_named, "{}: no row for `{name}`", block.place());
        }
    }
}

/// The first cells of the rows below the heading of this tool.
fn table_of(tool: &str) -> String {
    let page = read("docs/migrating.md");
    let (_, below) = page.split_once(&format!("\n## From {tool}")).expect("it has a heading");
    let below = below.split("\n## ").next().unwrap_or_default();
    let rows = below.lines().filter(|line| line.starts_with("| "));
    rows.filter_map(|row| row.split(" | ").next()).collect()
}
