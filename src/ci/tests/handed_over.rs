//! The ids that a CI hands us, since a deployment started its build.

use super::detect;
use crate::deployment::DeploymentId;

#[track_caller]
fn check(variables: &str, id: Option<u64>) {
    assert_eq!(detect(variables, None).deployment_id.map(DeploymentId::number), id, "{variables}");
}

#[test]
fn buildkite_hands_over_the_deployment_that_started_the_build() {
    check("BUILDKITE=true BUILDKITE_GITHUB_DEPLOYMENT_ID=42", Some(42));
    check("BUILDKITE=true", None);
}

#[test]
fn drone_hands_over_a_deployment_and_0_for_a_promotion() {
    check("DRONE=true DRONE_DEPLOY_ID=42", Some(42));
    check("DRONE=true DRONE_DEPLOY_ID=0", None);
}

#[test]
fn woodpecker_hands_over_an_address_that_may_be_another_things() {
    let at = |rest: &str| {
        format!("CI=woodpecker CI_PIPELINE_FORGE_URL=https://api.github.com/repos/o/r/{rest}")
    };
    check(&at("deployments/42"), Some(42));
    check(&at("commit/42"), None);
}
