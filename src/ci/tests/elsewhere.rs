//! The CIs that know no deployments.

use expect_test::expect;

use super::check;

#[test]
fn buildkite_may_build_head_for_no_pull_request() {
    check(
        "BUILDKITE=true BUILDKITE_REPO=git@github.com:octo/app.git BUILDKITE_COMMIT=HEAD \
         BUILDKITE_PULL_REQUEST=false BUILDKITE_BUILD_URL=https://buildkite.com/octo/app/builds/6 \
         BUILDKITE_BUILD_ID=b-6 BUILDKITE_JOB_ID=j-1 BUILDKITE_RETRY_COUNT=0",
        &expect![[r#"
            Some(Buildkite)
            repository: octo/app
            job page: https://buildkite.com/octo/app/builds/6#j-1
            run page: https://buildkite.com/octo/app/builds/6
            run: b-6
            attempt: 0
            job: j-1
        "#]],
    );
}

#[test]
fn circleci_has_the_pull_request_as_a_page() {
    check(
        "CIRCLECI=true CIRCLE_PROJECT_USERNAME=octo CIRCLE_PROJECT_REPONAME=app \
         CIRCLE_REPOSITORY_URL=git@github.com:octo/app.git \
         CIRCLE_SHA1=6dcb09b5 CIRCLE_PULL_REQUEST=https://github.com/octo/app/pull/9 \
         CIRCLE_BUILD_URL=https://circleci.com/gh/octo/app/12 CIRCLE_WORKFLOW_ID=w-1 \
         CIRCLE_BUILD_NUM=12",
        &expect![[r#"
            Some(CircleCi)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            job page: https://circleci.com/gh/octo/app/12
            run: w-1
            job: 12
        "#]],
    );
}

#[test]
fn circleci_with_its_github_app_has_a_display_name_and_no_repository() {
    check(
        "CIRCLECI=true CIRCLE_PROJECT_USERNAME=Octo CIRCLE_PROJECT_REPONAME=app \
         CIRCLE_SHA1=6dcb09b5",
        &expect![[r#"
            Some(CircleCi)
            commit: 6dcb09b5
        "#]],
    );
}

#[test]
fn circleci_beside_another_forge_has_no_repository_of_ours() {
    check(
        "CIRCLECI=true CIRCLE_PROJECT_USERNAME=octo CIRCLE_PROJECT_REPONAME=app \
         CIRCLE_REPOSITORY_URL=git@bitbucket.org:octo/app.git",
        &expect![[r#"
        Some(CircleCi)
    "#]],
    );
}

#[test]
fn jenkins_has_the_remotes_address() {
    check(
        "JENKINS_URL=https://jenkins.example/ GIT_URL=https://github.com/octo/app.git \
         GIT_COMMIT=6dcb09b5 CHANGE_ID=9 BUILD_URL=https://jenkins.example/job/app/3/ \
         BUILD_TAG=jenkins-app-3",
        &expect![[r#"
            Some(Jenkins)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            run page: https://jenkins.example/job/app/3/
            run: jenkins-app-3
        "#]],
    );
}

#[test]
fn travis_builds_the_head_of_a_pull_request() {
    check(
        "TRAVIS=true TRAVIS_REPO_SLUG=octo/app TRAVIS_COMMIT=6dcb09b5 TRAVIS_PULL_REQUEST=9 \
         TRAVIS_PULL_REQUEST_SHA=c3d0be41 \
         TRAVIS_JOB_WEB_URL=https://app.travis-ci.com/octo/app/jobs/2 \
         TRAVIS_BUILD_WEB_URL=https://app.travis-ci.com/octo/app/builds/1 TRAVIS_BUILD_ID=1 \
         TRAVIS_JOB_ID=2",
        &expect![[r#"
            Some(Travis)
            repository: octo/app
            commit: c3d0be41
            pull request: 9
            job page: https://app.travis-ci.com/octo/app/jobs/2
            run page: https://app.travis-ci.com/octo/app/builds/1
            run: 1
            job: 2
        "#]],
    );
}

#[test]
fn azure_composes_its_page() {
    check(
        "TF_BUILD=True BUILD_REPOSITORY_PROVIDER=GitHub BUILD_REPOSITORY_NAME=octo/app \
         BUILD_SOURCEVERSION=6dcb09b5 SYSTEM_PULLREQUEST_SOURCECOMMITID=c3d0be41 \
         SYSTEM_PULLREQUEST_PULLREQUESTNUMBER=9 \
         SYSTEM_TEAMFOUNDATIONSERVERURI=https://dev.azure.com/octo/ SYSTEM_TEAMPROJECTID=p-1 \
         BUILD_BUILDID=33 SYSTEM_JOBID=j-1 SYSTEM_JOBATTEMPT=1 ENVIRONMENT_NAME=production",
        &expect![[r#"
            Some(AzurePipelines)
            repository: octo/app
            commit: c3d0be41
            pull request: 9
            environment: production
            job page: https://dev.azure.com/octo/p-1/_build/results?buildId=33&view=logs&j=j-1
            run page: https://dev.azure.com/octo/p-1/_build/results?buildId=33
            run: 33
            attempt: 1
            job: j-1
        "#]],
    );
}

#[test]
fn bitbucket_has_no_repository_of_ours() {
    check(
        "BITBUCKET_BUILD_NUMBER=4 BITBUCKET_REPO_FULL_NAME=octo/app BITBUCKET_COMMIT=6dcb09b5 \
         BITBUCKET_DEPLOYMENT_ENVIRONMENT=production",
        &expect![[r#"
            Some(BitbucketPipelines)
            commit: 6dcb09b5
            environment: production
            run page: https://bitbucket.org/octo/app/addon/pipelines/home#!/results/4
            run: 4
        "#]],
    );
}

#[test]
fn teamcity_says_little() {
    check(
        "TEAMCITY_VERSION=2026.1 BUILD_VCS_NUMBER=6dcb09b5 BUILD_NUMBER=5",
        &expect![[r#"
            Some(TeamCity)
            commit: 6dcb09b5
            run: 5
        "#]],
    );
}

#[test]
fn appveyor_composes_its_page() {
    check(
        "APPVEYOR=True APPVEYOR_REPO_PROVIDER=gitHub APPVEYOR_REPO_NAME=octo/app \
         APPVEYOR_REPO_COMMIT=6dcb09b5 APPVEYOR_URL=https://ci.appveyor.com \
         APPVEYOR_ACCOUNT_NAME=octo APPVEYOR_PROJECT_SLUG=app APPVEYOR_BUILD_ID=5 \
         APPVEYOR_JOB_ID=j1",
        &expect![[r#"
            Some(AppVeyor)
            repository: octo/app
            commit: 6dcb09b5
            job page: https://ci.appveyor.com/project/octo/app/builds/5/job/j1
            run page: https://ci.appveyor.com/project/octo/app/builds/5
            run: 5
            job: j1
        "#]],
    );
}

#[test]
fn cirrus_composes_its_page() {
    check(
        "CIRRUS_CI=true CIRRUS_REPO_FULL_NAME=octo/app CIRRUS_CHANGE_IN_REPO=6dcb09b5 CIRRUS_PR=9 \
         CIRRUS_BUILD_ID=1 CIRRUS_TASK_ID=2",
        &expect![[r#"
            Some(Cirrus)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            job page: https://cirrus-ci.com/task/2
            run page: https://cirrus-ci.com/build/1
            run: 1
            job: 2
        "#]],
    );
}

#[test]
fn semaphore_builds_the_head_of_a_pull_request() {
    check(
        "SEMAPHORE=true SEMAPHORE_GIT_REPO_SLUG=octo/app SEMAPHORE_GIT_SHA=6dcb09b5 \
         SEMAPHORE_GIT_PR_SHA=c3d0be41 SEMAPHORE_GIT_PR_NUMBER=9 \
         SEMAPHORE_ORGANIZATION_URL=https://octo.semaphoreci.com SEMAPHORE_WORKFLOW_ID=w-1 \
         SEMAPHORE_JOB_ID=j-1",
        &expect![[r#"
            Some(Semaphore)
            repository: octo/app
            commit: c3d0be41
            pull request: 9
            job page: https://octo.semaphoreci.com/jobs/j-1
            run page: https://octo.semaphoreci.com/workflows/w-1
            run: w-1
            job: j-1
        "#]],
    );
}

#[test]
fn codefresh_has_the_repository_in_two_parts() {
    check(
        "CF_BUILD_ID=b-1 CF_REPO_OWNER=octo CF_REPO_NAME=app CF_REVISION=6dcb09b5 \
         CF_BUILD_URL=https://g.codefresh.io/build/b-1",
        &expect![[r#"
            Some(Codefresh)
            repository: octo/app
            commit: 6dcb09b5
            run page: https://g.codefresh.io/build/b-1
            run: b-1
        "#]],
    );
}

#[test]
fn codebuild_says_what_triggered_it() {
    check(
        "CODEBUILD_BUILD_ID=app:b-1 CODEBUILD_SOURCE_REPO_URL=https://github.com/octo/app.git \
         CODEBUILD_RESOLVED_SOURCE_VERSION=6dcb09b5 CODEBUILD_WEBHOOK_TRIGGER=pr/9 \
         CODEBUILD_BUILD_URL=https://eu-west-1.console.aws.amazon.com/codebuild/b-1",
        &expect![[r#"
            Some(CodeBuild)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            run page: https://eu-west-1.console.aws.amazon.com/codebuild/b-1
            run: app:b-1
        "#]],
    );
}

#[test]
fn vercel_names_the_environment() {
    check(
        "VERCEL=1 VERCEL_GIT_PROVIDER=github VERCEL_GIT_REPO_OWNER=octo VERCEL_GIT_REPO_SLUG=app \
         VERCEL_GIT_COMMIT_SHA=6dcb09b5 VERCEL_ENV=preview",
        &expect![[r#"
            Some(Vercel)
            repository: octo/app
            commit: 6dcb09b5
            environment: preview
        "#]],
    );
}

#[test]
fn netlify_names_the_context() {
    check(
        "NETLIFY=true REPOSITORY_URL=https://github.com/octo/app COMMIT_REF=6dcb09b5 REVIEW_ID=9 \
         CONTEXT=deploy-preview SITE_NAME=octo-app DEPLOY_ID=d1",
        &expect![[r#"
            Some(Netlify)
            repository: octo/app
            commit: 6dcb09b5
            pull request: 9
            environment: deploy-preview
            run page: https://app.netlify.com/sites/octo-app/deploys/d1
            run: d1
        "#]],
    );
}
