//! Recipes for other CIs and for plain shell, with the variables that these CIs set.

use crate::machine::Machine;
use crate::shown::{Block, claimed};

/// A CI with a recipe.
pub(super) struct Ci {
    pub(super) heading: &'static str,
    /// What it sets.
    variables: &'static [(&'static str, &'static str)],
    /// The page that statuses are to point at.
    page: &'static str,
}

/// What a build of Google's sets by itself.
const SET_BY_GOOGLE: &str = "BUILDER_OUTPUT";

pub(super) const CIS: [Ci; 5] = [
    Ci {
        heading: "GitLab CI",
        variables: &[
            ("GITLAB_CI", "true"),
            ("CI_ENVIRONMENT_NAME", "production"),
            ("CI_JOB_URL", "https://gitlab.example.com/octo/app/-/jobs/9"),
            ("CI_JOB_ID", "9"),
        ],
        page: "https://gitlab.example.com/octo/app/-/jobs/9",
    },
    Ci {
        heading: "CircleCI",
        variables: &[
            ("CIRCLECI", "true"),
            ("CIRCLE_BUILD_URL", "https://circleci.com/gh/octo/app/9"),
        ],
        page: "https://circleci.com/gh/octo/app/9",
    },
    Ci {
        heading: "Buildkite",
        variables: &[
            ("BUILDKITE", "true"),
            ("BUILDKITE_BUILD_URL", "https://buildkite.com/octo/app/builds/9"),
            ("BUILDKITE_JOB_ID", "a1"),
        ],
        page: "https://buildkite.com/octo/app/builds/9#a1",
    },
    Ci {
        heading: "Jenkins",
        variables: &[
            ("JENKINS_URL", "https://ci.example.com/"),
            ("BUILD_URL", "https://ci.example.com/job/app/9/"),
        ],
        page: "https://ci.example.com/job/app/9/",
    },
    Ci {
        heading: "Google Cloud Build",
        variables: &[
            (SET_BY_GOOGLE, "/builder/outputs"),
            ("REPO_FULL_NAME", "octo/app"),
            ("BUILD_ID", "9"),
            ("PROJECT_ID", "shop"),
            ("LOCATION", "global"),
        ],
        page: "https://console.cloud.google.com/cloud-build/builds;region=global/9?project=shop",
    },
];

#[test]
fn each_ci_runs_its_recipe_and_its_page_is_linked() {
    for Ci { heading, variables, page } in CIS {
        let mut machine = Machine::new();
        for (name, value) in variables {
            machine.set(name, value);
        }

        let commands = commands(heading);
        for command in &commands {
            let ran = machine.sh(command);
            assert_eq!(ran.code, Some(0), "{heading}: {command}: {}", ran.said);
        }

        // A build that was cancelled runs no more steps.
        let closes = usize::from(heading != "Google Cloud Build");
        assert_eq!(commands.len(), 1 + closes, "{heading} deploys, and closes what was left open");
        let id = machine.github.deployments()[0]["id"].as_u64().expect("an id");
        let statuses = machine.github.statuses(id);
        assert_eq!(machine.github.states(id), ["pending", "success"], "{heading}");
        assert_eq!(statuses[0].target_url, page, "{heading}");
        assert_eq!(statuses[1].environment_url, "https://shop.example.com", "{heading}");
    }
}

#[test]
fn gitlab_gets_the_deployed_url_in_its_dotenv_report() {
    let mut machine = Machine::new();
    machine.set("GITLAB_CI", "true");
    machine.set("CI_ENVIRONMENT_NAME", "production");

    let ran = machine.sh(&format!("{}\ncat deploy.env", commands("GitLab CI")[0]));

    assert!(ran.said.contains("DEPLOYMENT_URL=https://shop.example.com\n"), "{}", ran.said);
}

#[test]
fn a_woodpecker_step_takes_its_settings_as_inputs() {
    let mut machine = Machine::new();
    let recipe = &claimed("recipes/others::a_woodpecker_step_takes_its_settings_as_inputs")[0].text;
    let (_, settings) = recipe.split_once("settings:\n").expect("a plugin has settings");
    let mut settings = settings.lines().map(str::trim).peekable();
    while let Some((name, value)) = settings.next().and_then(|line| line.split_once(':')) {
        let value = if value.is_empty() { "t0ken" } else { value.trim() };
        if name != "from_secret" {
            machine.set(&format!("PLUGIN_{}", name.to_uppercase()), value);
        }
    }
    machine.set("CI", "woodpecker");
    machine.set("GITHUB_TOKEN", "");

    let ran = machine.sh("deployment-status");

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    let expected = ("success".to_owned(), "https://shop.example.com".to_owned());
    assert_eq!(machine.latest(), Some(expected), "{}", ran.said);
}

#[test]
fn a_script_with_a_trap_closes_what_it_opened() {
    let machine = Machine::new();
    let script = &claimed("recipes/others::a_script_with_a_trap_closes_what_it_opened")[0].text;

    let ran = machine.sh(script);
    assert_eq!(ran.code, Some(0), "{}", ran.said);
    let expected = ("success".to_owned(), "https://shop.example.com".to_owned());
    assert_eq!(machine.latest(), Some(expected), "{}", ran.said);

    machine.script("checkout/deploy.sh", "exit 3");
    let ran = machine.sh(script);
    assert_eq!(ran.code, Some(3), "{}", ran.said);
    assert_eq!(machine.latest(), Some(("failure".to_owned(), String::new())), "{}", ran.said);
}

#[test]
fn a_line_around_one_command_is_enough() {
    let machine = Machine::new();
    let line = &claimed("recipes/others::a_line_around_one_command_is_enough")[0].text;

    let ran = machine.sh(line);

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(ran.said.contains(": success, "), "{}", ran.said);
}

fn below(heading: &str) -> Vec<Block> {
    let found = claimed("recipes/others::each_ci_runs_its_recipe_and_its_page_is_linked");
    let found: Vec<_> = found.into_iter().filter(|block| block.heading == heading).collect();
    assert!(!found.is_empty(), "no page has anything for {heading}");
    found
}

/// The lines that start us, in order, out of YAML, Groovy or shell.
fn commands(heading: &str) -> Vec<String> {
    let text: String = below(heading).into_iter().map(|block| block.text).collect();
    let calls = text.lines().filter_map(|line| {
        if let Some(arguments) = line.trim().strip_prefix("args: [") {
            return Some(arguments.trim_end_matches(']').replace(", ", " "));
        }
        let at = line.find("deployment-status ")?;
        let is_call = [": ", "- ", "'", ""].iter().any(|end| match *end {
            "" => at == 0,
            end => line[..at].ends_with(end),
        });
        is_call.then(|| line[at..].trim_end_matches('\'').to_owned())
    });
    calls.collect()
}

/// Of its substitutions a build of Google's has those that its configuration maps.
#[test]
fn the_build_of_google_maps_every_variable_that_is_needed() {
    let [.., google] = CIS;
    let recipe = &below(google.heading)[0].text;
    for (name, _) in google.variables.iter().filter(|(name, _)| *name != SET_BY_GOOGLE) {
        assert!(recipe.contains(&format!("      - {name}=${name}\n")), "{name} is not mapped");
    }
    for secret in ["secretEnv: [GITHUB_TOKEN]", "      env: GITHUB_TOKEN\n"] {
        assert!(recipe.contains(secret), "{recipe}");
    }
}
