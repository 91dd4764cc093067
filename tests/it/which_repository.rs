//! Which repository is meant where only the checkout says it.

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
