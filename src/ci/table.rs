//! One row for each CI: what it is recognized by, and in which variables it says what.
//! Only names are here: nothing reads a variable.

mod more;

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
    /// The deployment that the CI hands us: its id, or its address.
    pub(super) deployment: &'static str,
    pub(super) run: &'static str,
    pub(super) attempt: &'static str,
    /// Among the jobs of the run.
    pub(super) job: &'static str,
    /// Cells of `job` that are the same for several jobs of a run (a matrix's).
    pub(super) job_name: &'static str,
    pub(super) runner: &'static str,
    /// The branch or tag.
    pub(super) ref_name: &'static str,
    /// `NAME=value`: the job was cancelled.
    pub(super) cancelled: &'static str,
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
    deployment: "",
    run: "",
    attempt: "",
    job: "",
    job_name: "",
    runner: "",
    ref_name: "",
    cancelled: "",
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
    job: "$JOB_ID",
    job_name: "$GITHUB_JOB",
    runner: "$RUNNER_NAME",
    ref_name: "$GITHUB_HEAD_REF $GITHUB_REF_NAME",
    ..BLANK
};

/// The first row that fits decides: those that pose as another CI stand before it.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().chain(more::TABLE)
}

const TABLE: &[Row] = &[
    Row {
        kind: Kind::Gitea,
        told_by: "GITEA_ACTIONS FORGEJO_ACTIONS",
        commit: "$GITHUB_SHA",
        run_page: "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_NUMBER",
        run: "$GITHUB_RUN_ID",
        attempt: "$GITHUB_RUN_ATTEMPT",
        job_name: "$GITHUB_JOB",
        ref_name: "$GITHUB_HEAD_REF $GITHUB_REF_NAME",
        ..BLANK
    },
    // act makes its run id up, so it has no page.
    Row { told_by: "ACT", job_page: "", run_page: "", ..GITHUB_ACTIONS },
    GITHUB_ACTIONS,
    Row {
        kind: Kind::GitlabCi,
        told_by: "GITLAB_CI",
        repository: "$CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY",
        commit: "$CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA $CI_MERGE_REQUEST_SOURCE_BRANCH_SHA \
            $CI_COMMIT_SHA",
        pull_request: "$CI_EXTERNAL_PULL_REQUEST_IID",
        environment: "$CI_ENVIRONMENT_NAME",
        job_page: "$CI_JOB_URL",
        run_page: "$CI_PIPELINE_URL",
        run: "$CI_PIPELINE_ID",
        job: "$CI_JOB_ID",
        ref_name: "$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME $CI_COMMIT_REF_NAME",
        cancelled: "CI_JOB_STATUS=canceled CI_JOB_STATUS=cancelled",
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
        deployment: "$CI_PIPELINE_FORGE_URL",
        run: "$CI_PIPELINE_NUMBER",
        attempt: "$CI_PIPELINE_RERUNS",
        job: "$CI_STEP_NUMBER $CI_STEP_NAME",
        ref_name: "$CI_COMMIT_SOURCE_BRANCH $CI_COMMIT_TAG $CI_COMMIT_BRANCH",
        ..BLANK
    },
    // Its builds pose as Drone's.
    // <https://developer.harness.io/docs/continuous-integration/use-ci/optimize-and-more/ci-env-var/>
    Row {
        kind: Kind::Harness,
        told_by: "HARNESS_BUILD_ID HARNESS_EXECUTION_ID",
        remote: "$DRONE_REPO_LINK $DRONE_GIT_HTTP_URL",
        commit: "$DRONE_COMMIT_SHA",
        pull_request: "$DRONE_PULL_REQUEST",
        run_page: "$CI_BUILD_LINK $DRONE_BUILD_LINK",
        run: "$HARNESS_EXECUTION_ID $HARNESS_BUILD_ID",
        job: "$HARNESS_STAGE_UUID/$HARNESS_STEP_ID $HARNESS_STAGE_ID/$HARNESS_STEP_ID",
        ref_name: "$DRONE_SOURCE_BRANCH $DRONE_TAG $DRONE_BRANCH",
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
        deployment: "$DRONE_DEPLOY_ID",
        run: "$DRONE_BUILD_NUMBER",
        job: "$DRONE_STAGE_NUMBER/$DRONE_STEP_NUMBER",
        ref_name: "$DRONE_SOURCE_BRANCH $DRONE_TAG $DRONE_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::Buildkite,
        told_by: "BUILDKITE",
        remote: "$BUILDKITE_REPO",
        commit: "$BUILDKITE_COMMIT",
        pull_request: "$BUILDKITE_PULL_REQUEST",
        environment: "$BUILDKITE_GITHUB_DEPLOYMENT_ENVIRONMENT",
        job_page: "$BUILDKITE_BUILD_URL#$BUILDKITE_JOB_ID",
        run_page: "$BUILDKITE_BUILD_URL",
        deployment: "$BUILDKITE_GITHUB_DEPLOYMENT_ID",
        run: "$BUILDKITE_BUILD_ID $BUILDKITE_BUILD_NUMBER",
        attempt: "$BUILDKITE_RETRY_COUNT",
        job: "$BUILDKITE_JOB_ID",
        ref_name: "$BUILDKITE_TAG $BUILDKITE_BRANCH",
        ..BLANK
    },
    Row {
        kind: Kind::CircleCi,
        told_by: "CIRCLECI",
        // The GitHub App's projects have display names for a slug, and no address.
        remote: "$CIRCLE_REPOSITORY_URL",
        commit: "$CIRCLE_SHA1",
        pull_request: "$CIRCLE_PULL_REQUEST $CIRCLE_PR_NUMBER",
        job_page: "$CIRCLE_BUILD_URL",
        run: "$CIRCLE_WORKFLOW_ID",
        job: "$CIRCLE_BUILD_NUM",
        ref_name: "$CIRCLE_TAG $CIRCLE_BRANCH",
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
        ref_name: "$CHANGE_BRANCH $TAG_NAME $BRANCH_NAME $GIT_BRANCH",
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
        ref_name: "$TRAVIS_PULL_REQUEST_BRANCH $TRAVIS_TAG $TRAVIS_BRANCH",
        ..BLANK
    },
    // Before the pipelines, whose variables a classic release has too.
    Row {
        kind: Kind::AzurePipelines,
        told_by: "RELEASE_RELEASEID",
        forge: "BUILD_REPOSITORY_PROVIDER=GitHub BUILD_REPOSITORY_PROVIDER=GitHubEnterprise",
        repository: "$BUILD_REPOSITORY_NAME",
        remote: "$BUILD_REPOSITORY_URI",
        commit: "$BUILD_SOURCEVERSION",
        environment: "$RELEASE_ENVIRONMENTNAME",
        run_page: "$RELEASE_RELEASEWEBURL",
        run: "$RELEASE_RELEASEID",
        attempt: "$RELEASE_ATTEMPTNUMBER",
        job: "$SYSTEM_JOBID $RELEASE_ENVIRONMENTID",
        ref_name: "$BUILD_SOURCEBRANCHNAME",
        cancelled: "AGENT_JOBSTATUS=Canceled",
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
        ref_name: "$SYSTEM_PULLREQUEST_SOURCEBRANCH $BUILD_SOURCEBRANCHNAME",
        cancelled: "AGENT_JOBSTATUS=Canceled",
        ..BLANK
    },
];
