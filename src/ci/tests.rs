//! Each CI with the variables that its documentation names.

mod elsewhere;
mod handed_over;
mod hosted;

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(variables: &str, expected: &Expect) {
    expected.assert_eq(&described(&detect(variables, Some("11"))));
}

/// `NAME=value`, with blanks between them.
fn detect(variables: &str, job_id: Option<&str>) -> Ci {
    let pairs = variables.split_whitespace().filter_map(|pair| pair.split_once('='));
    Ci::detect(&Variables::new(pairs.map(|(name, value)| (name.into(), value.into()))), job_id)
}

/// What the CI says, a line each; what it does not say is left out.
fn described(ci: &Ci) -> String {
    let mut lines = format!("{:?}\n", ci.kind);
    let page = |page: &Option<WebUrl>| page.as_ref().map(ToString::to_string);
    let cells = [
        ("repository", ci.repository.as_ref().map(ToString::to_string)),
        ("commit", ci.commit.clone()),
        ("pull request", ci.pull_request.map(|number| number.to_string())),
        ("environment", ci.environment.clone()),
        ("job page", page(&ci.job_page)),
        ("run page", page(&ci.run_page)),
        ("deployment", ci.deployment_id.map(|id| id.to_string())),
        ("run", Some(ci.run.clone())),
        ("attempt", Some(ci.attempt.clone())),
        ("job", Some(ci.job.clone())),
        ("ref", Some(ci.ref_name.clone())),
    ];
    for (name, cell) in cells {
        if let Some(cell) = cell.filter(|cell| !cell.is_empty()) {
            writeln!(lines, "{name}: {cell}").expect("a string takes every line");
        }
    }
    lines
}

#[test]
fn a_laptop_says_nothing() {
    check(
        "HOME=/root",
        &expect![[r#"
        None
    "#]],
    );
}

const GITHUB: &str = "GITHUB_ACTIONS=true GITHUB_SERVER_URL=https://github.com \
     GITHUB_REPOSITORY=octo/app GITHUB_SHA=6dcb09b5 GITHUB_RUN_ID=7 GITHUB_RUN_ATTEMPT=2 \
     GITHUB_RUN_NUMBER=70 GITHUB_JOB=deploy";

#[test]
fn github_has_the_jobs_page_where_the_job_id_is_known() {
    check(
        GITHUB,
        &expect![[r#"
            Some(GithubActions)
            repository: octo/app
            commit: 6dcb09b5
            job page: https://github.com/octo/app/actions/runs/7/job/11
            run page: https://github.com/octo/app/actions/runs/7/attempts/2
            run: 7
            attempt: 2
            job: 11
        "#]],
    );
}

#[test]
fn github_has_the_attempts_page_where_the_job_id_is_not_known() {
    let ci = detect(GITHUB, None);

    expect![[r#"
        Some(GithubActions)
        repository: octo/app
        commit: 6dcb09b5
        run page: https://github.com/octo/app/actions/runs/7/attempts/2
        run: 7
        attempt: 2
        job: deploy
    "#]]
    .assert_eq(&described(&ci));
}

#[test]
fn gitea_and_forgejo_are_not_github() {
    for name in ["GITEA_ACTIONS", "FORGEJO_ACTIONS"] {
        let ci = detect(&format!("{GITHUB} {name}=true"), None);

        assert_eq!(ci.kind, Some(Kind::Gitea));
    }
}

#[test]
fn act_has_no_page() {
    let ci = detect(&format!("{GITHUB} ACT=true"), Some("11"));

    assert_eq!((ci.kind, ci.job_page, ci.run_page), (Some(Kind::GithubActions), None, None));
}

#[test]
fn gitlab_knows_the_environment() {
    check(
        "GITLAB_CI=true CI_PROJECT_PATH=group/app CI_COMMIT_SHA=6dcb09b5 \
         CI_JOB_URL=https://gitlab.com/group/app/-/jobs/5 \
         CI_PIPELINE_URL=https://gitlab.com/group/app/-/pipelines/4 CI_PIPELINE_ID=4 CI_JOB_ID=5 \
         CI_ENVIRONMENT_NAME=review/x",
        &expect![[r#"
            Some(GitlabCi)
            commit: 6dcb09b5
            environment: review/x
            job page: https://gitlab.com/group/app/-/jobs/5
            run page: https://gitlab.com/group/app/-/pipelines/4
            run: 4
            job: 5
        "#]],
    );
}

#[test]
fn gitlab_as_a_mirror_knows_the_pull_request() {
    check(
        "GITLAB_CI=true CI_COMMIT_SHA=6dcb09b5 CI_EXTERNAL_PULL_REQUEST_IID=9 \
         CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY=cat/app \
         CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY=octo/app \
         CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA=c3d0be41",
        &expect![[r#"
            Some(GitlabCi)
            repository: octo/app
            commit: c3d0be41
            pull request: 9
        "#]],
    );
}

#[test]
fn woodpecker_knows_the_deployment() {
    check(
        "CI=woodpecker CI_FORGE_TYPE=github CI_REPO=octo/app CI_COMMIT_SHA=6dcb09b5 \
         CI_PIPELINE_DEPLOY_TARGET=production CI_STEP_URL=https://ci.example/repos/1/pipeline/3/2 \
         CI_PIPELINE_URL=https://ci.example/repos/1/pipeline/3 CI_PIPELINE_NUMBER=3 \
         CI_PIPELINE_FORGE_URL=https://api.github.com/repos/octo/app/deployments/42",
        &expect![[r#"
            Some(Woodpecker)
            repository: octo/app
            commit: 6dcb09b5
            environment: production
            job page: https://ci.example/repos/1/pipeline/3/2
            run page: https://ci.example/repos/1/pipeline/3
            deployment: 42
            run: 3
        "#]],
    );
}

#[test]
fn woodpecker_on_another_forge_has_no_repository_of_ours() {
    check(
        "CI=woodpecker CI_FORGE_TYPE=gitea CI_REPO=octo/app",
        &expect![[r#"
        Some(Woodpecker)
    "#]],
    );
}

#[test]
fn drone_knows_the_target() {
    check(
        "DRONE=true DRONE_REPO=octo/app DRONE_REPO_LINK=https://github.com/octo/app \
         DRONE_COMMIT_SHA=6dcb09b5 DRONE_PULL_REQUEST=9 \
         DRONE_BUILD_LINK=https://drone.example/octo/app/8 DRONE_BUILD_NUMBER=8 \
         DRONE_STAGE_NUMBER=1 DRONE_STEP_NUMBER=2 DRONE_DEPLOY_TO=staging",
        &expect![[r#"
            Some(Drone)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            environment: staging
            run page: https://drone.example/octo/app/8
            run: 8
            job: 1/2
        "#]],
    );
}

#[test]
fn drone_beside_another_forge_has_no_repository_of_ours() {
    check(
        "DRONE=true DRONE_REPO=octo/app DRONE_REPO_LINK=https://gitea.example/octo/app",
        &expect![[r#"
        Some(Drone)
    "#]],
    );
}
