//! Which repository is meant where only the checkout says it, and where nobody asks git.

use crate::machine::Machine;

#[test]
fn an_origin_that_is_none_of_the_apis_is_named() {
    let mut machine = Machine::new();
    machine.set("GITHUB_REPOSITORY", "");
    let said = |origin: &str| {
        let ran = machine.sh(&format!(
            "git config remote.origin.url {origin}; deployment-status list --environment=qa"
        ));
        assert_eq!(ran.code, Some(125), "{}", ran.said);
        ran.said
    };

    let elsewhere = said("https://gitlab.example/octo/app.git");
    let expected = "(`origin` is on `gitlab.example`, not on `127.0.0.1`)";
    assert!(elsewhere.contains(expected), "{elsewhere}");
    let no_slug = said("http://127.0.0.1/app");
    assert!(no_slug.contains("(`origin` is `http://127.0.0.1/app`)"), "{no_slug}");
}

#[test]
fn a_known_deployment_starts_no_git() {
    let machine = Machine::new();
    let id = machine.github.deployment("qa");
    let trace = machine.path("trace");
    machine.script("bin/git", &format!("touch {}", trace.display()));

    let ran = machine.sh(&format!("deployment-status create --deployment-id={id} --state=success"));

    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(!trace.exists());
}
