//! Pieces of workflows: they are played, or compared with what they are a piece of.

use regex::Regex;

use crate::machine::Machine;
use crate::shown::{Block, claimed, read};

#[test]
fn steps_without_the_action_post_what_the_action_posts() {
    let run = Regex::new(r"(?m)^  - run: (.+)$").expect("a pattern");
    let test = "recipes/fragments::steps_without_the_action_post_what_the_action_posts";
    for block in claimed(test) {
        let mut machine = Machine::new();
        machine.set("GITHUB_ACTIONS", "true");
        machine.set("GITHUB_RUN_ID", "1");
        let steps: Vec<_> =
            run.captures_iter(&block.text).map(|found| found[1].to_owned()).collect();
        assert_eq!(steps.len(), 2, "{}", block.place());
        for step in &steps {
            let ran = machine.sh(step);
            assert_eq!(ran.code, Some(0), "{step}: {}", ran.said);
        }
        let expected = ("success".to_owned(), "https://shop.example.com".to_owned());
        assert_eq!(machine.latest(), Some(expected), "{}", block.place());
        let given = block.text.matches("GITHUB_TOKEN: ${{ github.token }}").count();
        assert_eq!(given, steps.len(), "each step is given the token");
    }
}

/// Installs with the variable of the fragment, whose directory is mounted under a test's own.
#[test]
fn a_container_sees_the_binary_where_its_variable_says() {
    let test = "recipes/fragments::a_container_sees_the_binary_where_its_variable_says";
    let volume = Regex::new(r#"volumes: \["(/[^:]+):(/[^:]+):ro"\]"#).expect("a pattern");
    let variable = Regex::new(r"DEPLOYMENT_STATUS_BIN: (/\S+)").expect("a pattern");
    for Block { text, .. } in claimed(test) {
        let mounted = &volume.captures(&text).expect("a directory is mounted")[2];
        let binary = &variable.captures(&text).expect("the variable is set")[1];
        let name = binary.strip_prefix(&format!("{mounted}/")).expect("it is in the directory");
        let machine = Machine::new();
        machine.script(&format!("bin/{name}-mounted"), "true");
        let script = format!(
            "export DEPLOYMENT_STATUS_BIN=\"$(dirname \"$(command -v deployment-status)\")/{name}-mounted\" \
             GITHUB_OUTPUT=outputs; sh '{}/.github/action/install.sh' && cat outputs",
            env!("CARGO_MANIFEST_DIR")
        );

        let ran = machine.sh(&script);

        assert_eq!(ran.code, Some(0), "{}", ran.said);
        assert!(ran.said.contains(&format!("/{name}-mounted\n")), "{}", ran.said);
    }
}

#[test]
fn the_permissions_to_add_are_those_of_the_first_workflow() {
    let readme = read("README.md");
    for block in
        claimed("recipes/fragments::the_permissions_to_add_are_those_of_the_first_workflow")
    {
        assert!(readme.contains(&format!("\n{}jobs:\n", block.text)), "{}", block.place());
    }
}
