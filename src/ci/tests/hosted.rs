//! The CIs that deploy for a platform or a phone, and Azure's classic releases.

use expect_test::expect;

use super::check;

#[test]
fn bitrise_names_the_remote_and_the_build() {
    check(
        "BITRISE_IO=true BITRISE_BUILD_SLUG=f00 BITRISE_BUILD_URL=https://app.bitrise.io/build/f00 \
         GIT_REPOSITORY_URL=git@github.com:octo/app.git BITRISE_GIT_COMMIT=6dcb09b5 \
         BITRISE_PULL_REQUEST=9 BITRISE_GIT_BRANCH=main",
        &expect![[r#"
            Some(Bitrise)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            run page: https://app.bitrise.io/build/f00
            run: f00
            ref: main
        "#]],
    );
}

#[test]
fn buddy_names_the_remote_and_the_run() {
    check(
        "BUDDY=true BUDDY_SCM_URL=https://github.com/octo/app BUDDY_RUN_COMMIT=6dcb09b5 \
         BUDDY_RUN_URL=https://app.buddy.works/octo/app/pipelines/1/2 BUDDY_RUN_ID=2 \
         BUDDY_RUN_PR_NO=9 BUDDY_RUN_BRANCH=main",
        &expect![[r#"
            Some(Buddy)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            run page: https://app.buddy.works/octo/app/pipelines/1/2
            run: 2
            ref: main
        "#]],
    );
}

#[test]
fn cloudflare_names_the_commit_alone() {
    check(
        "WORKERS_CI=1 WORKERS_CI_BUILD_UUID=b-1 WORKERS_CI_COMMIT_SHA=6dcb09b5 \
         WORKERS_CI_BRANCH=main",
        &expect![[r#"
            Some(Cloudflare)
            commit: 6dcb09b5
            run: b-1
            ref: main
        "#]],
    );
    check(
        "CF_PAGES=1 CF_PAGES_COMMIT_SHA=6dcb09b5 CF_PAGES_BRANCH=main \
         CF_PAGES_URL=https://f00.app.pages.dev",
        &expect![[r#"
            Some(Cloudflare)
            commit: 6dcb09b5
            run: https://f00.app.pages.dev
            ref: main
        "#]],
    );
}

#[test]
fn harness_poses_as_drone_and_is_distinguished() {
    check(
        "DRONE=true HARNESS_BUILD_ID=8 HARNESS_EXECUTION_ID=e-8 HARNESS_STAGE_ID=deploy \
         HARNESS_STEP_ID=run DRONE_REPO_LINK=https://github.com/octo/app \
         DRONE_COMMIT_SHA=6dcb09b5 CI_BUILD_LINK=https://app.harness.io/e-8 DRONE_BRANCH=main",
        &expect![[r#"
            Some(Harness)
            repository: octo/app
            commit: 6dcb09b5
            run page: https://app.harness.io/e-8
            run: e-8
            job: deploy/run
            ref: main
        "#]],
    );
}

#[test]
fn a_classic_release_of_azure_has_an_environment_and_a_page_of_its_own() {
    check(
        "TF_BUILD=True RELEASE_RELEASEID=4 RELEASE_ATTEMPTNUMBER=1 RELEASE_ENVIRONMENTID=12 \
         RELEASE_ENVIRONMENTNAME=production BUILD_REPOSITORY_PROVIDER=GitHub \
         BUILD_REPOSITORY_NAME=octo/app BUILD_SOURCEVERSION=6dcb09b5 BUILD_BUILDID=3 \
         RELEASE_RELEASEWEBURL=https://dev.azure.com/octo/p/_release?releaseId=4",
        &expect![[r#"
            Some(AzurePipelines)
            repository: octo/app
            commit: 6dcb09b5
            environment: production
            run page: https://dev.azure.com/octo/p/_release?releaseId=4
            run: 4
            attempt: 1
            job: 12
        "#]],
    );
}

#[test]
fn cloud_build_says_what_its_configuration_maps() {
    check(
        "BUILDER_OUTPUT=/builder/outputs REPO_FULL_NAME=octo/app COMMIT_SHA=6dcb09b5 \
         BRANCH_NAME=main PROJECT_ID=p LOCATION=global BUILD_ID=b-1",
        &expect![[r#"
            Some(CloudBuild)
            repository: octo/app
            commit: 6dcb09b5
            run page: https://console.cloud.google.com/cloud-build/builds;region=global/b-1?project=p
            run: b-1
            ref: main
        "#]],
    );
}
