//! Many deploys at once, each of which ends right; and one that outlives its token.

use std::thread;

use crate::deploy::{Deploy, Ran};
use crate::github::FakeGithub;

fn all_at_once(deploys: impl IntoIterator<Item = Deploy>) -> Vec<Ran> {
    let running: Vec<_> = deploys.into_iter().map(Deploy::spawn).collect();
    thread::scope(|scope| {
        let waiting: Vec<_> = running.into_iter().map(|each| scope.spawn(|| each.wait())).collect();
        waiting.into_iter().map(|each| each.join().expect("nobody panics")).collect()
    })
}

/// The states of every deployment, sorted.
fn outcome(github: &FakeGithub) -> Vec<Vec<String>> {
    let ids = github.deployments().into_iter().filter_map(|made| made["id"].as_u64());
    let mut outcomes: Vec<_> = ids.map(|id| github.states(id)).collect();
    outcomes.sort();
    outcomes
}

#[test]
fn forty_deploys_at_once_all_end_right() {
    let github = FakeGithub::start(&[
        "--fault",
        "skip 10 next 5 posts: commit, 502",
        "--fault",
        "skip 30 next 10 posts: 429 retry-after 1",
        "--fault",
        "skip 50 next 5 posts: truncate",
    ]);
    let ids: Vec<u64> = (0..40).map(|leg| github.deployment(&format!("leg-{leg}"))).collect();

    let ran =
        all_at_once(ids.iter().map(|id| {
            Deploy::of(&github).to(*id).sh(if id % 2 == 0 { "exit 0" } else { "exit 3" })
        }));

    for (id, ran) in ids.into_iter().zip(ran) {
        let (exit_code, state) = if id % 2 == 0 { (0, "success") } else { (3, "failure") };
        assert_eq!(ran.exit_code, exit_code);
        assert_eq!(github.states(id), ["pending", state]);
    }
}

#[test]
fn six_legs_share_an_environments_name_and_no_deployment() {
    for knows_its_job in [true, false] {
        let github = FakeGithub::start(&[]);
        let leg = |number: u32| {
            let leg = Deploy::of(&github).on_actions().option("environment", "staging");
            if knows_its_job {
                leg.variable("INPUT_JOB_ID", number.to_string())
            } else {
                leg.without("INPUT_JOB_ID")
            }
        };

        let ran = all_at_once((1..=6).map(leg));

        assert!(ran.iter().all(|ran| ran.exit_code == 0), "{ran:#?}");
        let outcomes = outcome(&github);
        assert_eq!(outcomes.len(), 6, "{outcomes:?}");
        // A success makes earlier ones of its environment inactive.
        assert!(
            outcomes.iter().all(|states| states[..2] == ["pending", "success"]),
            "{outcomes:?}"
        );
    }
}

#[test]
fn an_app_mints_a_token_again_when_the_deploy_outlives_it() {
    let github = FakeGithub::start(&["--fault", "every post to app: expire 1s"]);
    let id = github.deployment("staging");
    let key = include_str!("../../src/github/fixtures/app-key.pem");

    let ran = Deploy::of(&github)
        .without("GITHUB_TOKEN")
        .variable("INPUT_APP_ID", "7")
        .variable("INPUT_APP_PRIVATE_KEY", key.replace('\n', "\\n"))
        .to(id)
        .sh("sleep 2")
        .run();

    assert_eq!(ran.exit_code, 0, "{ran:?}");
    assert_eq!(github.states(id), ["pending", "success"]);
}

#[test]
fn a_renamed_repository_is_followed_through_the_whole_job() {
    let rules = ["next get: 301", "next post: 302", "skip 2 posts: 307", "skip 4 posts: 308"];
    let arguments: Vec<&str> = rules.iter().flat_map(|rule| ["--fault", rule]).collect();
    let github = FakeGithub::start(&arguments);

    let ran = Deploy::of(&github).option("environment", "staging").option("ref", "main").run();

    assert_eq!(ran.exit_code, 0);
    assert_eq!(outcome(&github), [["pending", "success"]]);
    assert_eq!(github.requests().len(), 8, "{}", github.log());
}

#[test]
fn a_redirect_to_another_origin_gets_no_token() {
    let elsewhere = FakeGithub::start(&[]);
    let fault = format!("next post: 307 to {}", elsewhere.url());
    let github = FakeGithub::start(&["--fault", &fault]);
    let id = github.deployment("staging");

    let ran = Deploy::of(&github).to(id).sh("exit 3").run();

    assert_eq!(ran.exit_code, 3);
    assert_eq!(github.states(id), ["failure"]);
    assert!(elsewhere.requests().is_empty());
}
