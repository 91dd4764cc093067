//! Which test runs a block: a block that no test runs is found here.

use super::{Block, blocks, read};

/// A test, as `FILE::NAME`, and the blocks that it runs. The first that takes a block has it.
type Claim = (&'static str, fn(&Block) -> bool);

const CLAIMS: [Claim; 27] = [
    ("readme::what_is_shown_on_a_terminal_has_been_run", |block| block.is("console")),
    ("readme::any_client_can_be_pointed_at_the_sandbox", |block| block.has("sandbox --port")),
    ("readme::the_picture_of_the_flow_names_modules", |block| block.page == "ARCHITECTURE.md"),
    ("readme/build::a_fresh_machine_is_set_up_by_two_lines", |block| block.has("sh.rustup.rs")),
    ("readme/build::the_tests_are_started_as_ci_starts_them", |block| {
        block.page == "README.md" && block.has("cargo test")
    }),
    ("readme/install::the_line_of_each_system_installs_the_asset_of_each_processor", |block| {
        block.is("sh") && block.has("releases/latest/download")
    }),
    (
        "readme/install::the_line_of_windows_names_the_assets_that_are_released_and_checks_them",
        |block| block.is("powershell"),
    ),
    ("recipes/actions::each_workflow_for_many_deployments_does_its_work", |block| {
        block.is("yaml") && block.page == "docs/many-deployments.md"
    }),
    ("recipes/migrating::every_input_of_a_workflow_before_is_in_the_table", |block| {
        block.has("name: Before")
    }),
    ("recipes/actions::each_workflow_ends_with_a_status_that_says_so", |block| {
        block.is("yaml") && block.has("uses: deployment-status/deployment-status@v1\n")
    }),
    ("recipes/fragments::steps_without_the_action_post_what_the_action_posts", |block| {
        block.heading == "Without the action"
    }),
    ("recipes/fragments::a_container_sees_the_binary_where_its_variable_says", |block| {
        block.heading == "Runners without the internet"
    }),
    ("recipes/fragments::the_permissions_to_add_are_those_of_the_first_workflow", |block| {
        block.text.starts_with("permissions:")
    }),
    ("recipes/verifying::the_pin_is_of_this_repository", |block| block.has("@COMMIT # v")),
    ("recipes/verifying::each_line_that_verifies_asks_about_what_is_released", |block| {
        block.has("gh attestation verify") || block.has("sha256sum --check")
    }),
    ("recipes/verifying::what_cargo_installs_is_this_crate", |block| {
        block.text.starts_with("cargo install --locked")
    }),
    ("recipes/others::a_woodpecker_step_takes_its_settings_as_inputs", |block| {
        block.heading == "Woodpecker and Drone"
    }),
    ("recipes/others::a_script_with_a_trap_closes_what_it_opened", |block| {
        block.text.starts_with("#!")
    }),
    ("recipes/others::a_line_around_one_command_is_enough", |block| {
        block.heading == "A shell script"
    }),
    ("recipes/images::a_container_reports_with_the_variables_that_it_is_given", |block| {
        block.has("docker run")
    }),
    ("recipes/images::what_is_copied_out_of_an_image_is_in_it", |block| block.is("dockerfile")),
    ("recipes/images::each_line_that_builds_an_image_names_a_stage", |block| {
        block.heading == "Building the images"
    }),
    ("recipes/others::each_ci_runs_its_recipe_and_its_page_is_linked", |block| {
        block.page == "docs/other-ci.md"
    }),
    ("recipes::each_tools_line_finds_the_url_that_the_tool_prints", |block| {
        block.page == "docs/tools.md"
    }),
    ("recipes/urls::each_way_to_say_the_url_and_to_see_why_works", |block| {
        block.page == "docs/output-url.md"
    }),
    ("recipes/urls::each_line_for_many_deployments_does_its_work", |block| {
        block.page == "docs/many-deployments.md"
    }),
    ("recipes/contributing::each_line_for_those_who_change_the_code_works", |block| {
        block.page == "CONTRIBUTING.md"
    }),
];

/// The blocks that this test runs; at least one.
pub(crate) fn claimed(test: &str) -> Vec<Block> {
    let found: Vec<Block> =
        blocks().into_iter().filter(|block| claim_on(block) == Some(test)).collect();
    assert!(!found.is_empty(), "no page has a block for {test}");
    found
}

fn claim_on(block: &Block) -> Option<&'static str> {
    CLAIMS.into_iter().find(|(_, takes)| takes(block)).map(|(test, _)| test)
}

#[test]
fn every_block_of_every_page_is_run_by_a_test() {
    let blocks = blocks();
    assert!(blocks.len() > 60, "only {} blocks were found", blocks.len());
    let left: Vec<String> =
        blocks.iter().filter(|block| claim_on(block).is_none()).map(Block::place).collect();
    assert!(left.is_empty(), "no test runs these, see tests/it/shown/claims.rs: {left:#?}");
}

#[test]
fn every_claim_is_of_a_test_that_asks_for_its_blocks() {
    for (test, _) in CLAIMS {
        let (file, name) = test.split_once("::").expect("a claim names a file and a test");
        let text = read(&format!("tests/it/{file}.rs"));
        assert!(text.contains(&format!("#[test]\nfn {name}() {{")), "{file} has no test {name}");
        assert!(text.contains(&format!("\"{test}\"")), "{test} does not ask for its blocks");
        claimed(test);
    }
}
