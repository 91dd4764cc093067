//! `finish` beside what still runs: runs, other uses, and other `finish`es.

use std::thread;

use tempfile::TempDir;

use crate::deploy::{Deploy, Running};
use crate::finish::{KilledRun, begun, finish, killed};
use crate::github::FakeGithub;
use crate::step::Step;

/// A run of one use of the action.
fn begun_with_use(github: &FakeGithub, deployment: u64, temp: &TempDir, use_id: &str) -> Running {
    let deploy = Deploy::of(github).to(deployment).variable("RUNNER_TEMP", temp.path());
    let running = deploy.variable("INPUT_USE", use_id).sh("exec sleep 60").spawn();
    github.wait_for_states(deployment, &["pending"]);
    running
}

#[test]
fn a_run_of_our_use_that_still_lives_is_stopped_and_posts_its_own_end() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let [deployment, other] = ["staging", "production"].map(|name| github.deployment(name));
    let running = begun_with_use(&github, deployment, &temp, "one");
    let sibling = begun_with_use(&github, other, &temp, "two");

    let (code, ..) = finish(&github, &temp).variable("INPUT_USE", "one").outcome();

    assert_eq!(code, Some(0));
    assert_eq!(github.states(other), ["pending"]);
    sibling.signal("TERM");
    assert_eq!(sibling.wait().exit_code, 143);
    assert_eq!(running.wait().exit_code, 143);
    assert_eq!(github.states(deployment), ["pending", "error"]);
    assert!(github.statuses(deployment)[1].description.starts_with("Cancelled after"));
}

#[test]
fn a_run_that_lives_and_is_not_known_to_be_ours_is_left_alone() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let running = begun(&github, deployment, &temp, "exec sleep 60");

    let (code, _, stderr) =
        finish(&github, &temp).variable("INPUT_JOB_STATUS", "cancelled").outcome();
    let named = ["finish", "--deployment-id", &deployment.to_string()].map(str::to_owned);
    let (by_id, _, said) =
        finish(&github, &temp).arguments(&named.each_ref().map(|a| &**a)).outcome();

    assert_eq!((code, by_id), (Some(0), Some(0)), "{said}");
    assert!(stderr.contains("still runs") && stderr.contains("left alone"), "{stderr}");
    assert_eq!(github.states(deployment), ["pending"]);
    running.signal("INT");
    assert_eq!(running.wait().exit_code, 130);
}

#[test]
fn a_script_that_finishes_in_its_own_trap_does_not_stop_itself() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let binary = env!("CARGO_BIN_EXE_deployment-status");
    let ran = Deploy::of(&github)
        .to(deployment)
        .variable("RUNNER_TEMP", temp.path())
        .variable("INPUT_USE", "one")
        .sh(&format!(
            "trap 'INPUT_TOKEN=t INPUT_USE=one INPUT_API_URL={} {binary} finish' EXIT; exit 3",
            github.url()
        ))
        .run();

    assert_eq!(ran.exit_code, 3, "{ran:?}");
    assert_eq!(github.states(deployment), ["pending", "failure"]);
}

#[test]
fn a_final_status_that_is_still_on_its_way_is_waited_for() {
    let run = KilledRun::while_posting(&["--fault", "skip 1 next post to statuses: late 3s, hang"]);

    let (code, ..) = run.finish().outcome();

    assert_eq!(code, Some(0));
    let posts = run.github.requests().iter().filter(|request| request.method == "POST").count();
    assert_eq!(posts, 2, "it posts nothing of its own");
    assert_eq!(run.states(), ["pending", "failure"]);
}

#[test]
fn a_finish_that_hangs_does_not_hold_the_next_one_for_long() {
    let run = KilledRun::new(&["--fault", "skip 1 next post to statuses: hang"]);
    let mut hung = run.finish().spawn();
    run.github.wait_for_requests(3);

    let (code, _, stderr) = run.finish().outcome();

    assert_eq!(code, Some(0));
    assert!(stderr.contains("another `finish` is closing"), "{stderr}");
    hung.kill().unwrap();
    hung.wait().unwrap();
}

#[test]
fn eight_at_once_post_once() {
    let github = FakeGithub::start(&[]);
    let temp = tempfile::tempdir().unwrap();
    let deployments = [github.deployment("staging"), github.deployment("production")];
    for deployment in deployments {
        killed(&github, deployment, &temp);
    }

    thread::scope(|scope| {
        let finishing: Vec<_> =
            (0..8).map(|_| scope.spawn(|| finish(&github, &temp).outcome().0)).collect();
        for finished in finishing {
            assert_eq!(finished.join().unwrap(), Some(0));
        }
    });

    for deployment in deployments {
        assert_eq!(github.states(deployment), ["pending", "error"]);
    }
}

#[test]
fn in_a_shared_temp_directory_another_jobs_run_is_left_alone() {
    let github = FakeGithub::start(&[]);
    let shared = tempfile::tempdir().unwrap();
    let deployment = github.deployment("staging");
    let of_job = |job: &str| {
        [("BUILDKITE", "true"), ("BUILDKITE_BUILD_ID", "1"), ("BUILDKITE_JOB_ID", job)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let mut deploy = Deploy::of(&github)
        .to(deployment)
        .without("RUNNER_TEMP")
        .variable("TMPDIR", shared.path())
        .sh("exec sleep 60");
    for (name, value) in of_job("ours") {
        deploy = deploy.variable(&name, value);
    }
    let running = deploy.spawn();
    github.wait_for_states(deployment, &["pending"]);
    let finish = |job: &str, status: &str| {
        let step = Step::of(&github).arguments(&["finish"]).variable("TMPDIR", shared.path());
        let step = step.variable("INPUT_JOB_STATUS", status);
        of_job(job).iter().fold(step, |step, (name, value)| step.variable(name, value)).outcome().0
    };

    assert_eq!(finish("theirs", "cancelled"), Some(0));
    assert_eq!(finish("ours", "failure"), Some(0));
    assert_eq!(github.states(deployment), ["pending"]);
    assert_eq!(finish("ours", "cancelled"), Some(0));
    assert_eq!(github.states(deployment), ["pending", "error"]);
    running.wait();
}
