//! The deployment that GitHub made for this very job, which has `environment:`.

use serde_json::{Value, json};

use crate::deploy::{Deploy, JOB_PAGE, Ran};
use crate::github::FakeGithub;
use crate::overlay;

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const CHECK_RUN: &str = "GET /repos/octo/app/check-runs/88";

fn githubs(github: &FakeGithub, environment: &str) -> u64 {
    github.deployment_of(&json!({ "ref": COMMIT, "environment": environment }))
}

fn on_our_page() -> Value {
    json!({ "state": "in_progress", "target_url": JOB_PAGE })
}

fn environment_seen_by(deploy: Deploy) -> Ran {
    deploy.sh("printf %s \"$DEPLOYMENT_ENVIRONMENT\"").run()
}

#[test]
fn of_several_the_jobs_check_run_says_which_it_is() {
    let github = FakeGithub::start(&[]);
    let own = githubs(&github, "production");
    githubs(&github, "staging");
    let url = overlay::before(&github, move |request| {
        (request == CHECK_RUN).then(|| json!({ "deployment": { "id": own } }).to_string())
    });

    let ran = environment_seen_by(Deploy::of(&github).on_actions().variable("GITHUB_API_URL", url));

    assert_eq!((ran.exit_code, ran.stdout.as_str()), (0, "production"), "{ran:?}");
    assert_eq!(github.states(own), ["success"], "GitHub posts the initial status");
    assert!(github.requests().len() <= 2, "{:#?}", github.requests());
}

#[test]
fn a_check_run_that_may_not_be_read_is_asked_for_once_and_a_single_deployment_needs_none() {
    for (others, asked) in [(0, 0), (2, 1)] {
        let github = FakeGithub::start(&[]);
        let head = "b".repeat(40);
        for _ in 0..others {
            githubs(&github, "staging");
            github.deployment_of(&json!({ "ref": head, "environment": "staging" }));
        }
        let own = githubs(&github, "production");
        github.post_status(own, &on_our_page());

        let ran = Deploy::of(&github)
            .on_actions()
            .variable("GITHUB_EVENT_NAME", "pull_request")
            .event(&json!({ "pull_request": { "number": 9, "head": { "sha": head } } }))
            .run();

        assert_eq!(ran.exit_code, 0, "{ran:?}");
        assert_eq!(github.states(own), ["in_progress", "success"]);
        let requests = github.requests();
        let checks = requests.iter().filter(|one| one.path.contains("/check-runs/")).count();
        assert_eq!(checks, asked, "{requests:#?}");
    }
}

#[test]
fn a_second_run_in_the_job_finds_it_by_an_earlier_status() {
    let github = FakeGithub::start(&[]);
    let own = githubs(&github, "production");
    github.post_status(own, &on_our_page());
    let deploy = || Deploy::of(&github).on_actions().sh("echo Live at https://hello.example.com");

    let codes = [deploy().run().exit_code, deploy().run().exit_code];

    assert_eq!(codes, [0, 0]);
    assert_eq!(github.states(own), ["in_progress", "success", "success"]);
}

#[test]
fn no_initial_status_is_posted_on_it_where_its_environment_is_given_too() {
    let github = FakeGithub::start(&[]);
    let own = githubs(&github, "production");
    github.post_status(own, &on_our_page());

    Deploy::of(&github).on_actions().option("environment", "production").run();

    assert_eq!(github.states(own), ["in_progress", "success"]);
}
