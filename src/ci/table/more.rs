//! The rows whose place does not matter: none of these CIs poses as another.

use super::{BLANK, Row};
use crate::ci::Kind;

pub(super) const TABLE: &[Row] = &[
    Row {
        kind: Kind::BitbucketPipelines,
        told_by: "BITBUCKET_BUILD_NUMBER",
        commit: "$BITBUCKET_COMMIT",
        environment: "$BITBUCKET_DEPLOYMENT_ENVIRONMENT",
        run_page: "https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME/addon/pipelines/home\
            #!/results/$BITBUCKET_BUILD_NUMBER",
        run: "$BITBUCKET_PIPELINE_UUID $BITBUCKET_BUILD_NUMBER",
        job: "$BITBUCKET_STEP_UUID",
        ref_name: "$BITBUCKET_TAG $BITBUCKET_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::TeamCity,
        told_by: "TEAMCITY_VERSION",
        commit: "$BUILD_VCS_NUMBER",
        run_page: "$BUILD_URL",
        run: "$BUILD_NUMBER",
        ..BLANK
    },
    Row {
        kind: Kind::AppVeyor,
        told_by: "APPVEYOR",
        forge: "APPVEYOR_REPO_PROVIDER=gitHub APPVEYOR_REPO_PROVIDER=gitHubEnterprise",
        repository: "$APPVEYOR_REPO_NAME",
        commit: "$APPVEYOR_PULL_REQUEST_HEAD_COMMIT $APPVEYOR_REPO_COMMIT",
        pull_request: "$APPVEYOR_PULL_REQUEST_NUMBER",
        job_page: "$APPVEYOR_URL/project/$APPVEYOR_ACCOUNT_NAME/$APPVEYOR_PROJECT_SLUG\
            /builds/$APPVEYOR_BUILD_ID/job/$APPVEYOR_JOB_ID",
        run_page: "$APPVEYOR_URL/project/$APPVEYOR_ACCOUNT_NAME/$APPVEYOR_PROJECT_SLUG\
            /builds/$APPVEYOR_BUILD_ID",
        run: "$APPVEYOR_BUILD_ID",
        job: "$APPVEYOR_JOB_ID",
        ref_name: "$APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH $APPVEYOR_REPO_TAG_NAME \
            $APPVEYOR_REPO_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::Cirrus,
        told_by: "CIRRUS_CI",
        repository: "$CIRRUS_REPO_FULL_NAME",
        commit: "$CIRRUS_CHANGE_IN_REPO",
        pull_request: "$CIRRUS_PR",
        job_page: "https://cirrus-ci.com/task/$CIRRUS_TASK_ID",
        run_page: "https://cirrus-ci.com/build/$CIRRUS_BUILD_ID",
        run: "$CIRRUS_BUILD_ID",
        job: "$CIRRUS_TASK_ID",
        ref_name: "$CIRRUS_TAG $CIRRUS_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::Semaphore,
        told_by: "SEMAPHORE",
        forge: "SEMAPHORE_GIT_PROVIDER=github",
        repository: "$SEMAPHORE_GIT_REPO_SLUG",
        commit: "$SEMAPHORE_GIT_PR_SHA $SEMAPHORE_GIT_SHA",
        pull_request: "$SEMAPHORE_GIT_PR_NUMBER",
        job_page: "$SEMAPHORE_ORGANIZATION_URL/jobs/$SEMAPHORE_JOB_ID",
        run_page: "$SEMAPHORE_ORGANIZATION_URL/workflows/$SEMAPHORE_WORKFLOW_ID",
        run: "$SEMAPHORE_WORKFLOW_ID",
        job: "$SEMAPHORE_JOB_ID",
        ref_name: "$SEMAPHORE_GIT_PR_BRANCH $SEMAPHORE_GIT_TAG_NAME $SEMAPHORE_GIT_BRANCH",
        cancelled: "SEMAPHORE_JOB_RESULT=stopped",
        ..BLANK
    },
    Row {
        kind: Kind::Codefresh,
        told_by: "CF_BUILD_ID",
        repository: "$CF_REPO_OWNER/$CF_REPO_NAME",
        commit: "$CF_REVISION",
        pull_request: "$CF_PULL_REQUEST_NUMBER",
        run_page: "$CF_BUILD_URL",
        run: "$CF_BUILD_ID",
        ref_name: "$CF_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::CodeBuild,
        told_by: "CODEBUILD_BUILD_ID",
        remote: "$CODEBUILD_SOURCE_REPO_URL",
        commit: "$CODEBUILD_RESOLVED_SOURCE_VERSION",
        pull_request: "$CODEBUILD_WEBHOOK_TRIGGER",
        run_page: "$CODEBUILD_PUBLIC_BUILD_URL $CODEBUILD_BUILD_URL",
        run: "$CODEBUILD_BUILD_ID",
        ..BLANK
    },
    Row {
        kind: Kind::Vercel,
        told_by: "VERCEL",
        forge: "VERCEL_GIT_PROVIDER=github",
        repository: "$VERCEL_GIT_REPO_OWNER/$VERCEL_GIT_REPO_SLUG",
        commit: "$VERCEL_GIT_COMMIT_SHA",
        pull_request: "$VERCEL_GIT_PULL_REQUEST_ID",
        environment: "$VERCEL_ENV",
        run: "$VERCEL_DEPLOYMENT_ID",
        ref_name: "$VERCEL_GIT_COMMIT_REF",
        ..BLANK
    },
    Row {
        kind: Kind::Netlify,
        told_by: "NETLIFY",
        remote: "$REPOSITORY_URL",
        commit: "$COMMIT_REF",
        pull_request: "$REVIEW_ID",
        environment: "$CONTEXT",
        run_page: "https://app.netlify.com/sites/$SITE_NAME/deploys/$DEPLOY_ID",
        run: "$DEPLOY_ID",
        ref_name: "$HEAD $BRANCH",
        ..BLANK
    },
    // <https://devcenter.bitrise.io/en/references/available-environment-variables.html>
    Row {
        kind: Kind::Bitrise,
        told_by: "BITRISE_IO BITRISE_BUILD_SLUG",
        remote: "$GIT_REPOSITORY_URL",
        commit: "$BITRISE_GIT_COMMIT $GIT_CLONE_COMMIT_HASH",
        pull_request: "$BITRISE_PULL_REQUEST",
        run_page: "$BITRISE_BUILD_URL",
        run: "$BITRISE_BUILD_SLUG $BITRISE_BUILD_NUMBER",
        ref_name: "$BITRISE_GIT_TAG $BITRISE_GIT_BRANCH",
        ..BLANK
    },
    // <https://buddy.works/docs/pipelines/environment-variables>
    Row {
        kind: Kind::Buddy,
        told_by: "BUDDY",
        remote: "$BUDDY_SCM_URL",
        commit: "$BUDDY_RUN_COMMIT $BUDDY_EXECUTION_REVISION",
        pull_request: "$BUDDY_RUN_PR_NO $BUDDY_EXECUTION_PULL_REQUEST_NO",
        run_page: "$BUDDY_RUN_URL $BUDDY_EXECUTION_URL",
        run: "$BUDDY_RUN_HASH $BUDDY_RUN_ID $BUDDY_EXECUTION_ID",
        ref_name: "$BUDDY_RUN_TAG $BUDDY_RUN_BRANCH $BUDDY_EXECUTION_TAG $BUDDY_EXECUTION_BRANCH",
        ..BLANK
    },
    // <https://developers.cloudflare.com/workers/ci-cd/builds/configuration/>
    Row {
        kind: Kind::Cloudflare,
        told_by: "WORKERS_CI",
        commit: "$WORKERS_CI_COMMIT_SHA",
        run: "$WORKERS_CI_BUILD_UUID",
        ref_name: "$WORKERS_CI_BRANCH",
        ..BLANK
    },
    // <https://developers.cloudflare.com/pages/configuration/build-configuration/>
    Row {
        kind: Kind::Cloudflare,
        told_by: "CF_PAGES",
        commit: "$CF_PAGES_COMMIT_SHA",
        run: "$CF_PAGES_URL",
        ref_name: "$CF_PAGES_BRANCH",
        ..BLANK
    },
    // Only where the build's `env` maps its substitutions to these names.
    // <https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values>
    Row {
        kind: Kind::CloudBuild,
        told_by: "BUILDER_OUTPUT",
        repository: "$REPO_FULL_NAME",
        commit: "$COMMIT_SHA $REVISION_ID",
        pull_request: "$_PR_NUMBER",
        run_page: "https://console.cloud.google.com/cloud-build/builds;region=$LOCATION/$BUILD_ID\
            ?project=$PROJECT_ID",
        run: "$BUILD_ID",
        ref_name: "$_HEAD_BRANCH $TAG_NAME $BRANCH_NAME",
        ..BLANK
    },
];
