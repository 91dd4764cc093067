//! The images: a stand-in of `docker` runs what `docker run` would, and every name is looked up in
//! the Dockerfile.

use regex::Regex;

use crate::machine::Machine;
use crate::shown::{claimed, read};

/// The entry point of the image with the variables that `-e` names, and no others.
const DOCKER: &str = r#"
    [ "$1 $2" = 'run --rm' ] || exit 90
    shift 2
    variables=
    while [ "$1" = -e ]; do
        case $2 in
            *=*) variables="$variables $2" ;;
            *) eval "variables=\"\$variables $2=\$$2\"" ;;
        esac
        shift 2
    done
    [ "$1" = ghcr.io/deployment-status/deployment-status:1 ] || exit 91
    shift
    program=$(command -v deployment-status)
    exec env -i GITHUB_API_URL="$GITHUB_API_URL" $variables "$program" "$@""#;

#[test]
fn a_container_reports_with_the_variables_that_it_is_given() {
    let test = "recipes/images::a_container_reports_with_the_variables_that_it_is_given";
    for block in claimed(test) {
        let machine = Machine::new();
        machine.script("bin/docker", DOCKER);
        machine.github.deployment("production");

        let ran = machine.sh(&block.text);

        assert_eq!(ran.code, Some(0), "{}: {}", block.place(), ran.said);
    }
    assert!(read("Dockerfile").contains("\nENTRYPOINT [\"/deployment-status\"]"));
}

#[test]
fn what_is_copied_out_of_an_image_is_in_it() {
    for block in claimed("recipes/images::what_is_copied_out_of_an_image_is_in_it") {
        let source =
            "COPY --from=ghcr.io/deployment-status/deployment-status:1 /deployment-status ";
        assert!(block.text.starts_with(source), "{}", block.place());
        // The last stage is the default one.
        let last = read("Dockerfile").rsplit("\nFROM ").next().unwrap_or_default().to_owned();
        assert!(
            last.contains("COPY --from=binary --chmod=0755 /deployment-status /deployment-status")
        );
        let readme = read("README.md");
        assert!(readme.contains(block.text.trim_end()), "the README copies it to another place");
    }
}

#[test]
fn each_line_that_builds_an_image_names_a_stage() {
    let dockerfile = read("Dockerfile");
    let stage = Regex::new(r"--(?:target|build-context) (\w+)").expect("a pattern");
    for block in claimed("recipes/images::each_line_that_builds_an_image_names_a_stage") {
        for line in block.text.lines() {
            assert!(line.ends_with(" ."), "the root is what is built: {line}");
            for found in stage.captures_iter(line) {
                let named = format!(" AS {}\n", &found[1]);
                assert!(dockerfile.contains(&named), "{}: no stage{named}", block.place());
            }
        }
    }
}
