//! The release scripts, tried with a stand-in of GitHub's client.

mod repository;
mod workflows;

use std::thread;

use repository::Repository;

#[test]
fn a_release_is_tagged_with_its_table_published_and_made_the_major_version() {
    let repository = Repository::of("1.0.0");

    assert_eq!(repository.plan(), "build");
    let commit = repository.publish().expect("it is published");
    repository.move_major(&commit);

    assert_eq!(repository.tag("v1.0.0"), commit);
    assert_eq!(repository.table_of(&commit), repository.table());
    assert_eq!(repository.tag("v1"), commit);
    assert!(repository.has("releases/v1.0.0/latest"));
    assert!(!repository.has("releases/v1.0.0/draft"));
    assert!(!repository.has("releases/v1.0.0/prerelease"));
    assert_eq!(repository.plan(), "published");
}

/// Wherever it broke off, and whether what was asked for was done or not.
#[test]
fn a_run_that_broke_off_anywhere_is_run_again_to_the_same_end() {
    let whole = Repository::of("1.0.0");
    whole.publish().expect("it is published");
    let calls = whole.calls().len();
    assert!(calls > 8, "{:?}", whole.calls());

    let end_is_the_same = |call, when| {
        let repository = Repository::of("1.0.0");
        repository.write("breaks", &format!("{call} {when}"));

        // A lost answer may be noticed and lived with.
        let first = repository.publish().ok();
        let commit = repository.publish().expect("the second run publishes it");

        assert!(first.is_none_or(|first| first == commit), "{call} {when}: two commits");
        assert_eq!(repository.tag("v1.0.0"), commit, "{call} {when}");
        assert_eq!(repository.table_of(&commit), repository.table(), "{call} {when}");
        assert!(!repository.has("releases/v1.0.0/draft"), "{call} {when}");
        assert!(repository.has("releases/v1.0.0/latest"), "{call} {when}");
        let kept = repository.read("releases/v1.0.0/assets/SHA256SUMS");
        assert_eq!(kept, repository.table(), "{call} {when}");
    };
    thread::scope(|scope| {
        for call in 1..=calls {
            for when in ["before", "after"] {
                scope.spawn(move || end_is_the_same(call, when));
            }
        }
    });
}

/// Another dispatch has no assets of its own: what was drafted before the tag is what is published.
#[test]
fn another_dispatch_goes_on_from_the_tag() {
    let repository = Repository::of("1.0.0");
    let table = repository.table();
    let call = repository.number_of_call("release edit");
    repository.write("breaks", &format!("{call} before"));
    repository.publish().expect_err("it broke off before it was published");

    repository.lose_assets();
    assert_eq!(repository.plan(), "publish");
    let commit = repository.publish().expect("it is published");

    assert_eq!(repository.table_of(&commit), table);
    assert!(!repository.has("releases/v1.0.0/draft"));
}

#[test]
fn a_tag_whose_assets_are_gone_is_refused_with_what_to_do() {
    let repository = Repository::of("1.0.0");
    let call = repository.number_of_call("release edit");
    repository.write("breaks", &format!("{call} before"));
    repository.publish().expect_err("it broke off before it was published");

    repository.remove("releases/v1.0.0");
    repository.build_other_assets();
    let said = repository.publish().expect_err("the tag has another table");

    assert!(said.contains("git push --delete origin v1.0.0"), "{said}");
}

#[test]
fn a_tag_that_cannot_be_read_yet_is_waited_for() {
    let repository = Repository::of("1.0.0");
    repository.write("lag", "5");

    let commit = repository.publish().expect("it is published");

    assert_eq!(repository.tag("v1.0.0"), commit);
}

/// GitHub would refuse the tag, after somebody had approved the release.
#[test]
fn a_workflow_that_changed_since_the_dispatch_is_noticed_before_anything_is_made() {
    let repository = Repository::of("1.0.0");
    repository.write("workflows/main", "another");

    let said = repository.publish().expect_err("the workflows differ");

    assert!(said.contains("dispatch the workflow again"), "{said}");
    assert!(!repository.has("refs/v1.0.0") && !repository.has("releases/v1.0.0"));
}

#[test]
fn assets_that_are_not_those_of_the_table_are_not_published() {
    let repository = Repository::of("1.0.0");
    repository.damage_asset();

    let said = repository.publish().expect_err("an asset is damaged");

    assert!(said.contains("do not have their checksums"), "{said}");
    assert!(!repository.has("releases/v1.0.0"));
}

#[test]
fn a_pre_release_is_never_the_latest_and_moves_nothing() {
    let repository = Repository::of("1.1.0-rc.1");
    repository.release("v1.0.0");

    let commit = repository.publish().expect("it is published");
    repository.move_major(&commit);

    assert!(repository.has("releases/v1.1.0-rc.1/prerelease"));
    assert!(!repository.has("releases/v1.1.0-rc.1/latest"));
    assert!(!repository.has("refs/v1"));
    assert_eq!(repository.image_tags(""), ["1.1.0-rc.1"]);
}

#[test]
fn an_older_version_moves_nothing_backwards() {
    let repository = Repository::of("1.9.1");
    for newer in ["v1.10.0", "v2.0.0", "v1.9.0"] {
        repository.release(newer);
    }
    repository.write("refs/v1", "commit-of-v1.10.0");

    let commit = repository.publish().expect("it is published");
    repository.move_major(&commit);

    assert!(!repository.has("releases/v1.9.1/latest"));
    assert_eq!(repository.tag("v1"), "commit-of-v1.10.0");
    assert_eq!(repository.image_tags("-shell"), ["1.9.1-shell", "1.9-shell"]);
}

#[test]
fn the_newest_version_has_all_the_tags() {
    let repository = Repository::of("1.10.0");
    repository.release("v1.9.0");
    repository.write("refs/v1", "commit-of-v1.9.0");

    let commit = repository.publish().expect("it is published");
    repository.move_major(&commit);

    assert_eq!(repository.tag("v1"), commit);
    assert_eq!(repository.image_tags(""), ["1.10.0", "1.10", "1"]);
}

#[test]
fn a_commit_that_is_not_this_version_is_not_released() {
    for (file, text, part) in [
        ("Cargo.toml", "version = \"1.0.1\"\n", "Cargo.toml has another version"),
        ("CHANGELOG.md", "## Unreleased\n", "CHANGELOG.md has no heading"),
        ("README.md", "uses: octo/deployment-status@v2\n", "README.md does not say"),
    ] {
        let repository = Repository::of("1.0.0");
        repository.write_source(file, text);

        let said = repository.plan_refused();

        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn what_the_registry_has_already_is_not_published_again() {
    let index = |name: &str| format!(r#"{{"name":"deployment-status","vers":"{name}"}}"#);
    for (answer, published) in [
        (format!("{}\n200", index("1.0.0")), Some("true")),
        (format!("{}\n200", index("0.9.0")), Some("false")),
        ("not here\n404".to_owned(), Some("false")),
        ("oops\n503".to_owned(), None),
    ] {
        let repository = Repository::of("1.0.0");

        assert_eq!(repository.crate_is_published(&answer).as_deref(), published, "{answer}");
    }
}
