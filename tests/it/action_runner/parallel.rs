//! Uses of the action at the same time in one job know nothing of each other.

use serde_json::{Value, json};

use super::job::{Runner, posted_to};
use crate::github::REPOSITORY;

fn deploy(id: &str, environment: &str, run: &str) -> Value {
    json!({"uses": "./action", "id": id, "with": {
        "environment": environment, "create-deployment": "always", "run": run}})
}

#[test]
fn two_parallel_uses_have_each_its_own_deployment_and_outputs() {
    let Some(runner) = Runner::new() else { return };
    let run = |name: &str, other: &str| {
        format!(
            "touch {name}; while [ ! -e {other} ]; do sleep 0.02; done
             echo name={name} >>\"$GITHUB_OUTPUT\"; echo Deployed to https://{name}.example.com"
        )
    };
    let uses = [deploy("a", "one", &run("a", "b")), deploy("b", "two", &run("b", "a"))];

    let job = runner.run(&json!([{"parallel": uses}]));

    assert_eq!(job.result, "success", "{}", job.log);
    assert_ne!(job.output("a", "deployment-id"), job.output("b", "deployment-id"));
    for id in ["a", "b"] {
        let url = format!("https://{id}.example.com");
        let deployment = job.output(id, "deployment-id").parse().expect("it is a number");
        assert_eq!(job.output(id, "url"), url);
        assert_eq!(job.outputs_of_script(id), json!({"name": id}));
        assert_eq!(posted_to(&runner.github, deployment), ["pending", &format!("success {url}")]);
    }
}

/// One is killed while the other deploys; what closes the first leaves the second alone.
#[test]
fn the_last_step_of_a_killed_use_leaves_a_living_one_alone() {
    let Some(runner) = Runner::new() else { return };
    let killed = "while [ ! -e living ]; do sleep 0.02; done; kill -KILL $PPID";
    // Until the other's last step has posted, which is when its deployment has ended.
    let living = "touch living
        tries=600
        until curl -s -H 'Authorization: Bearer t' \"$API/1001/statuses\" \"$API/1002/statuses\" | grep -q '\"state\": *\"error\"'; do
            tries=$((tries - 1))
            [ $tries -gt 0 ] || exit 9
            sleep 0.05
        done
        echo Deployed to https://living.example.com";
    let runner = {
        let api = format!("{}/repos/{REPOSITORY}/deployments", runner.github.url());
        runner.variable("API", &api)
    };
    let uses = [deploy("killed", "one", killed), deploy("living", "two", living)];

    let job = runner.run(&json!([{"parallel": uses}]));

    assert_eq!(job.output("living", "state"), "success", "{}", job.log);
    assert_eq!(job.output("living", "url"), "https://living.example.com");
    assert_eq!(job.output("killed", "state"), "error", "{}", job.log);
    assert_eq!(job.result, "failure");
}
