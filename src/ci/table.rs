//! One row for each CI: what it is told by, and in which variables it says what.
//! Only names are here: nothing reads a variable.

use super::Kind;

/// A column holds cells with blanks between them, of which the first complete one counts. `$NAME`
/// stands for a variable, and `$JOB_ID` for the input.
pub(super) struct Row {
    pub(super) kind: Kind,
    /// `NAME` or `NAME=value`: any of them says that this is the CI.
    pub(super) told_by: &'static str,
    /// The same, for a forge that is GitHub; empty where the CI does not say.
    pub(super) forge: &'static str,
    pub(super) repository: &'static str,
    /// Where the code was cloned from; it overrules `repository`, since it names the host.
    pub(super) remote: &'static str,
    pub(super) commit: &'static str,
    pub(super) pull_request: &'static str,
    pub(super) environment: &'static str,
    pub(super) job_page: &'static str,
    pub(super) run_page: &'static str,
    pub(super) deployment_page: &'static str,
    pub(super) run: &'static str,
    pub(super) attempt: &'static str,
    pub(super) job: &'static str,
}

const BLANK: Row = Row {
    kind: Kind::GithubActions,
    told_by: "",
    forge: "",
    repository: "",
    remote: "",
    commit: "",
    pull_request: "",
    environment: "",
    job_page: "",
    run_page: "",
    deployment_page: "",
    run: "",
    attempt: "",
    job: "",
};

/// <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>
const GITHUB_ACTIONS: Row = Row {
    kind: Kind::GithubActions,
    told_by: "GITHUB_ACTIONS",
    repository: "$GITHUB_REPOSITORY",
    commit: "$GITHUB_SHA",
    job_page: "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID/job/$JOB_ID",
    run_page: "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID\
        /attempts/$GITHUB_RUN_ATTEMPT \
        $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID",
    run: "$GITHUB_RUN_ID",
    attempt: "$GITHUB_RUN_ATTEMPT",
    job: "$JOB_ID $GITHUB_JOB",
    ..BLANK
};

/// The first row that fits decides: those that pose as another CI stand before it.
pub(super) const TABLE: &[Row] = &[
    Row {
        kind: Kind::Gitea,
        told_by: "GITEA_ACTIONS FORGEJO_ACTIONS",
        commit: "$GITHUB_SHA",
        run_page: "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_NUMBER",
        run: "$GITHUB_RUN_ID",
        attempt: "$GITHUB_RUN_ATTEMPT",
        job: "$GITHUB_JOB",
        ..BLANK
    },
    // act makes its run id up, so it has no page.
    Row { told_by: "ACT", job_page: "", run_page: "", ..GITHUB_ACTIONS },
    GITHUB_ACTIONS,
    Row {
        kind: Kind::GitlabCi,
        told_by: "GITLAB_CI",
        repository: "$CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY",
        commit: "$CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA $CI_MERGE_REQUEST_SOURCE_BRANCH_SHA \
            $CI_COMMIT_SHA",
        pull_request: "$CI_EXTERNAL_PULL_REQUEST_IID",
        environment: "$CI_ENVIRONMENT_NAME",
        job_page: "$CI_JOB_URL",
        run_page: "$CI_PIPELINE_URL",
        run: "$CI_PIPELINE_ID",
        job: "$CI_JOB_ID",
        ..BLANK
    },
    Row {
        kind: Kind::Woodpecker,
        told_by: "CI=woodpecker CI_SYSTEM_NAME=woodpecker",
        forge: "CI_FORGE_TYPE=github",
        repository: "$CI_REPO",
        commit: "$CI_COMMIT_SHA",
        pull_request: "$CI_COMMIT_PULL_REQUEST",
        environment: "$CI_PIPELINE_DEPLOY_TARGET",
        job_page: "$CI_STEP_URL",
        run_page: "$CI_PIPELINE_URL",
        deployment_page: "$CI_PIPELINE_FORGE_URL",
        run: "$CI_PIPELINE_NUMBER",
        attempt: "$CI_PIPELINE_RERUNS",
        job: "$CI_STEP_NUMBER $CI_STEP_NAME",
        ..BLANK
    },
    Row {
        kind: Kind::Drone,
        told_by: "DRONE",
        repository: "$DRONE_REPO $DRONE_REPO_OWNER/$DRONE_REPO_NAME",
        remote: "$DRONE_REPO_LINK",
        commit: "$DRONE_COMMIT_SHA",
        pull_request: "$DRONE_PULL_REQUEST",
        environment: "$DRONE_DEPLOY_TO",
        run_page: "$DRONE_BUILD_LINK",
        run: "$DRONE_BUILD_NUMBER",
        job: "$DRONE_STAGE_NUMBER/$DRONE_STEP_NUMBER",
        ..BLANK
    },
    Row {
        kind: Kind::Buildkite,
        told_by: "BUILDKITE",
        remote: "$BUILDKITE_REPO",
        commit: "$BUILDKITE_COMMIT",
        pull_request: "$BUILDKITE_PULL_REQUEST",
        job_page: "$BUILDKITE_BUILD_URL#$BUILDKITE_JOB_ID",
        run_page: "$BUILDKITE_BUILD_URL",
        run: "$BUILDKITE_BUILD_ID $BUILDKITE_BUILD_NUMBER",
        attempt: "$BUILDKITE_RETRY_COUNT",
        job: "$BUILDKITE_JOB_ID",
        ..BLANK
    },
    Row {
        kind: Kind::CircleCi,
        told_by: "CIRCLECI",
        repository: "$CIRCLE_PROJECT_USERNAME/$CIRCLE_PROJECT_REPONAME",
        remote: "$CIRCLE_REPOSITORY_URL",
        commit: "$CIRCLE_SHA1",
        pull_request: "$CIRCLE_PULL_REQUEST $CIRCLE_PR_NUMBER",
        job_page: "$CIRCLE_BUILD_URL",
        run: "$CIRCLE_WORKFLOW_ID",
        job: "$CIRCLE_BUILD_NUM",
        ..BLANK
    },
    Row {
        kind: Kind::Jenkins,
        told_by: "JENKINS_URL",
        remote: "$GIT_URL $GIT_URL_1",
        commit: "$GIT_COMMIT",
        pull_request: "$CHANGE_ID",
        run_page: "$BUILD_URL",
        run: "$BUILD_TAG $BUILD_NUMBER",
        ..BLANK
    },
    Row {
        kind: Kind::Travis,
        told_by: "TRAVIS",
        repository: "$TRAVIS_REPO_SLUG",
        commit: "$TRAVIS_PULL_REQUEST_SHA $TRAVIS_COMMIT",
        pull_request: "$TRAVIS_PULL_REQUEST",
        job_page: "$TRAVIS_JOB_WEB_URL",
        run_page: "$TRAVIS_BUILD_WEB_URL",
        run: "$TRAVIS_BUILD_ID",
        job: "$TRAVIS_JOB_ID $TRAVIS_JOB_NUMBER",
        ..BLANK
    },
    Row {
        kind: Kind::AzurePipelines,
        told_by: "TF_BUILD",
        forge: "BUILD_REPOSITORY_PROVIDER=GitHub BUILD_REPOSITORY_PROVIDER=GitHubEnterprise",
        repository: "$BUILD_REPOSITORY_NAME",
        remote: "$BUILD_REPOSITORY_URI",
        commit: "$SYSTEM_PULLREQUEST_SOURCECOMMITID $BUILD_SOURCEVERSION",
        pull_request: "$SYSTEM_PULLREQUEST_PULLREQUESTNUMBER",
        environment: "$ENVIRONMENT_NAME",
        job_page: "$SYSTEM_TEAMFOUNDATIONSERVERURI$SYSTEM_TEAMPROJECTID\
            /_build/results?buildId=$BUILD_BUILDID\
            &view=logs&j=$SYSTEM_JOBID \
            $SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID\
            /_build/results?buildId=$BUILD_BUILDID\
            &view=logs&j=$SYSTEM_JOBID",
        run_page: "$SYSTEM_TEAMFOUNDATIONSERVERURI$SYSTEM_TEAMPROJECTID\
            /_build/results?buildId=$BUILD_BUILDID \
            $SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID\
            /_build/results?buildId=$BUILD_BUILDID",
        run: "$BUILD_BUILDID",
        attempt: "$SYSTEM_JOBATTEMPT",
        job: "$SYSTEM_JOBID",
        ..BLANK
    },
    Row {
        kind: Kind::BitbucketPipelines,
        told_by: "BITBUCKET_BUILD_NUMBER",
        commit: "$BITBUCKET_COMMIT",
        environment: "$BITBUCKET_DEPLOYMENT_ENVIRONMENT",
        run_page: "https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME/addon/pipelines/home\
            #!/results/$BITBUCKET_BUILD_NUMBER",
        run: "$BITBUCKET_PIPELINE_UUID $BITBUCKET_BUILD_NUMBER",
        job: "$BITBUCKET_STEP_UUID",
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
        ..BLANK
    },
];
