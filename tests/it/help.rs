//! What `--help` says, word for word: the README and `action.yml` repeat it.

use std::process::Command;

use expect_test::{Expect, expect};

#[track_caller]
fn check(arguments: &[&str], expected: &Expect) {
    let output = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary starts");

    assert_eq!(output.status.code(), Some(0));
    expected.assert_eq(&String::from_utf8(output.stdout).expect("help is UTF-8"));
}

#[test]
fn the_front_door_names_the_commands() {
    check(
        &["--help"],
        &expect![[r#"
        Runs a deploy command and tells GitHub how it went

        Usage: deployment-status [run] [OPTIONS] -- COMMAND [ARG]...
               deployment-status <create|list|finish|url|sandbox> [OPTIONS]

        Commands:
          run
                  Run a deploy command, and post how it goes
          create
                  Post one status
          list
                  List a deployment's statuses, newest first
          finish
                  Close what an interrupted run left open
          url
                  Print the URL that run would find in a log
          sandbox
                  Serve a local stand-in of GitHub's deployments API

        Options:
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help
          -V, --version
                  Print version

        Examples:
          deployment-status run --sandbox -- ./deploy.sh
          deployment-status --environment production -- ./deploy.sh
          deployment-status create --deployment-id 42 --state success

        Every option of these commands is also read from INPUT_NAME and PLUGIN_NAME in the environment.
    "#]],
    );
}

#[test]
fn run_names_its_inputs() {
    check(
        &["run", "--help"],
        &expect![[r#"
        Run a deploy command, and post how it goes

        Usage: deployment-status run [OPTIONS] [-- <COMMAND>...]

        Arguments:
          [COMMAND]...
                  The command to run, and its arguments

        Options:
              --run <SCRIPT>
                  A script to run instead of a command after `--`
              --shell <SHELL>
                  What runs the script: `bash`, `sh`, `pwsh`, `cmd`, or a program with `{0}` for the script's file [default: `bash`]
              --working-directory <DIRECTORY>
                  Where the command runs [default: the current directory]
              --initial-state <STATE>
                  The state that is posted before the command starts: `pending`, `queued` or `in_progress` [default: `pending`]
              --detect-url [<BOOLEAN>]
                  Look for the deployed URL in what the command prints [default: `true`]
              --timeout <DURATION>
                  Stop the command after this long, such as `15m` or `1h30m` [default: none]
              --grace-period <DURATION>
                  How long the command has between the signal that stops it and SIGKILL [default: `5s`]
              --watch-ancestors [<BOOLEAN>]
                  Stop the command when a process that started us dies [default: `true` on GitHub's and Azure's runners, `false` elsewhere]
              --strict [<BOOLEAN>]
                  Do not deploy without a posted status, and fail where the last one cannot be posted [default: `false`]
              --sandbox [<BOOLEAN>]
                  Rehearse against a GitHub inside this process: no token, repository or network needed [default: `false`]
              --token <TOKEN>
                  A token that may write deployments [default: `GITHUB_TOKEN`, `GH_TOKEN`; for other hosts `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`]
              --app-id <ID>
                  Authenticate as this GitHub App (its id or client id) instead of by token
              --app-private-key <PEM>
                  The App's private key in PEM; line ends may be written as `\n`
              --app-installation-id <ID>
                  The App's installation [default: looked up from the repository]
              --repository <OWNER/NAME>
                  The repository [default: `GITHUB_REPOSITORY`, the CI's own variable, or the remote `origin`]
              --api-url <URL>
                  Where GitHub's API is [default: `GITHUB_API_URL`, or `https://api.github.com`]
              --deployment-id <ID>
                  The deployment [default: the one that triggered the workflow, or the environment's]
              --environment <NAME>
                  The environment that is deployed to [default: what the CI calls it]
              --ref <REF>
                  What is deployed: a branch, tag or commit [default: the pull request's head, or the commit that is built]
              --outputs <FILE>
                  Append `DEPLOYMENT_ID`, `DEPLOYMENT_STATUS_ID`, `DEPLOYMENT_STATE`, `DEPLOYMENT_URL` and `DEPLOYMENT_EXIT_CODE` to this file, a line each
              --create-deployment <WHEN>
                  When a deployment is made: `if-missing`, `always` or `never` [default: `if-missing`]
              --task <TASK>
                  The new deployment's task [default: `deploy`]
              --payload <JSON>
                  The new deployment's payload: JSON, or a text [default: none]
              --transient-environment [<BOOLEAN>]
                  Whether the new deployment's environment will go away [default: unset]
              --production-environment [<BOOLEAN>]
                  Whether the new deployment's environment is one that users see [default: unset]
              --required-contexts <LIST>
                  The status checks that the new deployment waits for, as JSON or with commas; `*` means all [default: none]
              --auto-merge [<BOOLEAN>]
                  Whether GitHub merges the default branch into the new deployment's ref [default: `false`]
              --description <TEXT>
                  The status's description, with `{state}`, `{duration}`, `{exit_code}` and `{environment}` filled in [default: made by us]
              --target-url <URL>
                  The page that the status links to [default: the deployed URL, or the run's page]
              --environment-url <URL>
                  The deployed URL [default: what the command declares or prints]
              --log-url <URL>
                  Send a `log_url`, which GitHub copies onto `target_url`: a URL, or `auto` for the run's page [default: not sent]
              --auto-inactive [<BOOLEAN>]
                  Whether a success makes the environment's older deployments inactive [default: GitHub's own]
              --cancel-state <STATE>
                  What a cancelled deploy becomes: `error`, `failure` or `inactive` [default: `error`]
              --api-timeout <DURATION>
                  How long a status is tried before we give up on it [default: `2m`]
              --url-pattern <REGEX>
                  A regular expression for the line with the deployed URL: group `url`, else group 1, else the whole match [default: none]
              --url-key <KEY>
                  A key or JSON pointer to the deployed URL in the JSON that the command writes to stdout [default: none]
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status run --environment production -- ./deploy.sh --fast
          deployment-status run --deployment-id 42 --timeout 15m -- npx wrangler deploy
          deployment-status run --sandbox -- ./deploy.sh
    "#]],
    );
}

#[test]
fn create_names_its_inputs() {
    check(
        &["create", "--help"],
        &expect![[r#"
        Post one status

        Usage: deployment-status create [OPTIONS]

        Options:
              --state <STATE>
                  The state to post: `error`, `failure`, `inactive`, `in_progress`, `pending`, `queued` or `success`; also `cancelled` (becomes `cancel-state`) and `skipped` (becomes `inactive`)
              --token <TOKEN>
                  A token that may write deployments [default: `GITHUB_TOKEN`, `GH_TOKEN`; for other hosts `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`]
              --app-id <ID>
                  Authenticate as this GitHub App (its id or client id) instead of by token
              --app-private-key <PEM>
                  The App's private key in PEM; line ends may be written as `\n`
              --app-installation-id <ID>
                  The App's installation [default: looked up from the repository]
              --repository <OWNER/NAME>
                  The repository [default: `GITHUB_REPOSITORY`, the CI's own variable, or the remote `origin`]
              --api-url <URL>
                  Where GitHub's API is [default: `GITHUB_API_URL`, or `https://api.github.com`]
              --deployment-id <ID>
                  The deployment [default: the one that triggered the workflow, or the environment's]
              --environment <NAME>
                  The environment that is deployed to [default: what the CI calls it]
              --ref <REF>
                  What is deployed: a branch, tag or commit [default: the pull request's head, or the commit that is built]
              --outputs <FILE>
                  Append `DEPLOYMENT_ID`, `DEPLOYMENT_STATUS_ID`, `DEPLOYMENT_STATE`, `DEPLOYMENT_URL` and `DEPLOYMENT_EXIT_CODE` to this file, a line each
              --create-deployment <WHEN>
                  When a deployment is made: `if-missing`, `always` or `never` [default: `if-missing`]
              --task <TASK>
                  The new deployment's task [default: `deploy`]
              --payload <JSON>
                  The new deployment's payload: JSON, or a text [default: none]
              --transient-environment [<BOOLEAN>]
                  Whether the new deployment's environment will go away [default: unset]
              --production-environment [<BOOLEAN>]
                  Whether the new deployment's environment is one that users see [default: unset]
              --required-contexts <LIST>
                  The status checks that the new deployment waits for, as JSON or with commas; `*` means all [default: none]
              --auto-merge [<BOOLEAN>]
                  Whether GitHub merges the default branch into the new deployment's ref [default: `false`]
              --description <TEXT>
                  The status's description, with `{state}`, `{duration}`, `{exit_code}` and `{environment}` filled in [default: made by us]
              --target-url <URL>
                  The page that the status links to [default: the deployed URL, or the run's page]
              --environment-url <URL>
                  The deployed URL [default: what the command declares or prints]
              --log-url <URL>
                  Send a `log_url`, which GitHub copies onto `target_url`: a URL, or `auto` for the run's page [default: not sent]
              --auto-inactive [<BOOLEAN>]
                  Whether a success makes the environment's older deployments inactive [default: GitHub's own]
              --cancel-state <STATE>
                  What a cancelled deploy becomes: `error`, `failure` or `inactive` [default: `error`]
              --api-timeout <DURATION>
                  How long a status is tried before we give up on it [default: `2m`]
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status create --deployment-id 42 --state success
          deployment-status create --environment preview-7 --state inactive
    "#]],
    );
}

#[test]
fn list_names_its_inputs() {
    check(
        &["list", "--help"],
        &expect![[r#"
        List a deployment's statuses, newest first

        Usage: deployment-status list [OPTIONS]

        Options:
              --json
                  Print JSON instead of a table
              --token <TOKEN>
                  A token that may write deployments [default: `GITHUB_TOKEN`, `GH_TOKEN`; for other hosts `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`]
              --app-id <ID>
                  Authenticate as this GitHub App (its id or client id) instead of by token
              --app-private-key <PEM>
                  The App's private key in PEM; line ends may be written as `\n`
              --app-installation-id <ID>
                  The App's installation [default: looked up from the repository]
              --repository <OWNER/NAME>
                  The repository [default: `GITHUB_REPOSITORY`, the CI's own variable, or the remote `origin`]
              --api-url <URL>
                  Where GitHub's API is [default: `GITHUB_API_URL`, or `https://api.github.com`]
              --deployment-id <ID>
                  The deployment [default: the one that triggered the workflow, or the environment's]
              --environment <NAME>
                  The environment that is deployed to [default: what the CI calls it]
              --ref <REF>
                  What is deployed: a branch, tag or commit [default: the pull request's head, or the commit that is built]
              --outputs <FILE>
                  Append `DEPLOYMENT_ID`, `DEPLOYMENT_STATUS_ID`, `DEPLOYMENT_STATE`, `DEPLOYMENT_URL` and `DEPLOYMENT_EXIT_CODE` to this file, a line each
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status list --deployment-id 42
          deployment-status list --environment production --json
    "#]],
    );
}

#[test]
fn finish_names_its_inputs() {
    check(
        &["finish", "--help"],
        &expect![[r#"
        Close what an interrupted run left open

        Usage: deployment-status finish [OPTIONS]

        Options:
              --state <STATE>
                  The state to post: `error`, `failure`, `inactive`, `in_progress`, `pending`, `queued` or `success`; also `cancelled` (becomes `cancel-state`) and `skipped` (becomes `inactive`)
              --token <TOKEN>
                  A token that may write deployments [default: `GITHUB_TOKEN`, `GH_TOKEN`; for other hosts `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`]
              --app-id <ID>
                  Authenticate as this GitHub App (its id or client id) instead of by token
              --app-private-key <PEM>
                  The App's private key in PEM; line ends may be written as `\n`
              --app-installation-id <ID>
                  The App's installation [default: looked up from the repository]
              --repository <OWNER/NAME>
                  The repository [default: `GITHUB_REPOSITORY`, the CI's own variable, or the remote `origin`]
              --api-url <URL>
                  Where GitHub's API is [default: `GITHUB_API_URL`, or `https://api.github.com`]
              --deployment-id <ID>
                  The deployment [default: the one that triggered the workflow, or the environment's]
              --environment <NAME>
                  The environment that is deployed to [default: what the CI calls it]
              --ref <REF>
                  What is deployed: a branch, tag or commit [default: the pull request's head, or the commit that is built]
              --outputs <FILE>
                  Append `DEPLOYMENT_ID`, `DEPLOYMENT_STATUS_ID`, `DEPLOYMENT_STATE`, `DEPLOYMENT_URL` and `DEPLOYMENT_EXIT_CODE` to this file, a line each
              --cancel-state <STATE>
                  What a cancelled deploy becomes: `error`, `failure` or `inactive` [default: `error`]
              --api-timeout <DURATION>
                  How long a status is tried before we give up on it [default: `2m`]
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status finish
          deployment-status finish --deployment-id 42 --state failure
    "#]],
    );
}

#[test]
fn url_names_its_inputs() {
    check(
        &["url", "--help"],
        &expect![[r#"
        Print the URL that run would find in a log

        Usage: deployment-status url [OPTIONS] [FILE]...

        Arguments:
          [FILE]...
                  Logs to read, one after the other [default: stdin]

        Options:
              --explain
                  Show every candidate and why it won or lost
              --url-pattern <REGEX>
                  A regular expression for the line with the deployed URL: group `url`, else group 1, else the whole match [default: none]
              --url-key <KEY>
                  A key or JSON pointer to the deployed URL in the JSON that the command writes to stdout [default: none]
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status url deploy.log
          ./deploy.sh 2>&1 | deployment-status url --explain
    "#]],
    );
}

#[test]
fn sandbox_names_its_options() {
    check(
        &["sandbox", "--help"],
        &expect![[r#"
        Serve a local stand-in of GitHub's deployments API

        Usage: deployment-status sandbox [OPTIONS]

        Options:
              --port <PORT>
                  The port to listen on [default: any free one]
              --grant <TOKEN:read|write>
                  What a token may do; without any, every token may write
              --fault <RULE>
                  How to misbehave, such as "next 2 posts: 502"
              --deployment <ID[:ENVIRONMENT]>
                  A deployment that is there from the start
              --verbose
                  Tell each request, its answer and its timing
          -h, --help
                  Print help

        Examples:
          deployment-status sandbox --port 8080
          deployment-status sandbox --fault "next 2 posts: 502"
    "#]],
    );
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("deployment-status ", env!("CARGO_PKG_VERSION"), "\n");
    let output = Command::new(env!("CARGO_BIN_EXE_deployment-status"))
        .arg("--version")
        .env_clear()
        .output()
        .expect("the binary starts");

    assert_eq!(String::from_utf8_lossy(&output.stdout), version);
}
