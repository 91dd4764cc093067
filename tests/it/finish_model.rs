//! Up to four runs of one job, two finishers at a time, kills at any moment: in the end each
//! deployment has exactly one final status, and nobody else's run was stopped.

use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::deploy::{Deploy, Running};
use crate::github::FakeGithub;
use crate::step::Step;

const CASES: u64 = 12;

struct Run {
    running: Running,
    use_id: String,
    exit_code: i32,
    /// In milliseconds after its start.
    killed_after: Option<u64>,
}

fn start(github: &FakeGithub, temp: &TempDir, random: &mut fastrand::Rng, number: u8) -> Run {
    let exit_code = random.i32(0..2);
    let use_id = format!("use-{number}");
    let lasts = random.u32(0..12);
    let running = Deploy::of(github)
        .on_actions()
        .variable("RUNNER_TEMP", temp.path())
        .variable("INPUT_USE", &use_id)
        .option("environment", ["staging", "production"][random.usize(0..2)])
        .option("auto-inactive", "false")
        .sh(&format!("sleep 0.{lasts:02}; exit {exit_code}"))
        .spawn();
    let killed_after = random.bool().then(|| random.u64(0..1200));
    Run { running, use_id, exit_code, killed_after }
}

fn finish(github: &FakeGithub, temp: &TempDir, inputs: &[(&str, &str)]) {
    let outcome = Step::of(github)
        .arguments(&["finish"])
        .variables(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_RUN_ID", "77"),
            ("GITHUB_RUN_ATTEMPT", "1"),
            ("GITHUB_JOB", "deploy"),
            ("INPUT_JOB_ID", "88"),
        ])
        .variables(inputs)
        .variable("RUNNER_TEMP", temp.path())
        .outcome();
    assert_eq!(outcome.0, Some(0), "{outcome:?}");
}

/// Plays one case, and says what became of each deployment.
fn play(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let github = FakeGithub::start(&["--fault", "every post to statuses: late 400ms"]);
    let temp = tempfile::tempdir().expect("the disk has room");
    let count = random.u8(1..5);
    let runs: Vec<Run> =
        (0..count).map(|number| start(&github, &temp, &mut random, number)).collect();
    thread::scope(|scope| {
        for run in runs {
            let (github, temp) = (&github, &temp);
            scope.spawn(move || {
                let Some(after) = run.killed_after else {
                    let ran = run.running.wait();
                    assert_eq!(ran.exit_code, run.exit_code, "seed {seed}: {ran:?}");
                    return;
                };
                // The moment is what the test is about.
                thread::sleep(Duration::from_millis(after));
                run.running.signal_if_alive("KILL");
                run.running.wait();
                thread::scope(|scope| {
                    let of_use = [("INPUT_USE", run.use_id.as_str())];
                    scope.spawn(move || finish(github, temp, &of_use));
                    scope.spawn(move || finish(github, temp, &[("INPUT_JOB_STATUS", "failure")]));
                });
            });
        }
    });
    // What was killed before it could write down what it made.
    for environment in ["staging", "production"] {
        finish(&github, &temp, &[("INPUT_ENVIRONMENT", environment)]);
    }

    for deployment in github.deployments() {
        let states = github.states(deployment["id"].as_u64().expect("an id is a number"));
        let is_final = |state: &&String| ["error", "failure", "success"].contains(&state.as_str());
        let finals = states.iter().filter(is_final).count();
        assert_eq!(finals, 1, "seed {seed}: {states:?}");
        assert!(states.last().iter().all(is_final), "seed {seed}: {states:?}");
    }
}

#[test]
fn each_deployment_ends_once_whoever_is_killed() {
    let first = fastrand::u64(0..1 << 32);
    thread::scope(|scope| {
        for case in 0..CASES {
            scope.spawn(move || play(first + case));
        }
    });
}
