//! What the user asked for: flags and environment in, [`Inputs`] out, or everything that is wrong.
//! Nothing behind this door sees a variable or an unchecked string.

mod api;
mod command;
mod errors;
mod parse;
mod raw;
mod redaction;
mod shell;
mod status;
mod target;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

pub(crate) use self::parse::url_rule;
pub(crate) use self::raw::RawInputs;
pub(crate) use self::redaction::secrets;
use crate::ci::Ci;
use crate::ci::event::Event;
use crate::deployment::{DeploymentId, Slug, State, WebUrl};
use crate::github::app_jwt::Key;
use crate::output_url::Rule;
use crate::redact::{Redactor, Secret};

/// Everything that a command needs to know, checked.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) backend: Backend,
    pub(crate) target: Target,
    pub(crate) status_options: StatusOptions,
    /// `run` and `url`: how the output URL is found.
    pub(crate) url_rule: Rule,
    pub(crate) api_timeout: Duration,
    pub(crate) strict: bool,
    /// Input `use`: ties `finish` to the `run` of the same use of the action.
    pub(crate) use_id: Option<String>,
    /// What is to be said before the command starts, and stops nothing.
    pub(crate) warnings: Vec<String>,
    /// `outputs`: a file for the dotenv report.
    pub(crate) outputs: Option<PathBuf>,
    pub(crate) ci: Ci,
    pub(crate) event: Event,
    pub(crate) redactor: Redactor,
    pub(crate) verbose: bool,
}

/// What is to be done, with what only that needs.
#[derive(Debug)]
pub(crate) enum CommandInputs {
    Run(CommandOptions),
    Create(RequestedState),
    List { json: bool },
    Finish { state: Option<RequestedState>, job_was_cancelled: bool },
}

/// Where statuses go.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
pub(crate) enum Backend {
    Github(Api),
    /// The embedded stand-in: no token, no repository, no network.
    Sandbox,
}

/// Where GitHub is, and who we are there.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// https, or http on loopback; may have a path (`https://HOST/api/v3`), which does not end in
    /// a slash unless it is the root.
    pub(crate) url: Url,
    pub(crate) repository: Slug,
    pub(crate) credentials: Credentials,
    pub(crate) proxies: Proxies,
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`: roots beside the built-in and the system's.
    pub(crate) certificate_file: Option<PathBuf>,
    pub(crate) certificate_directory: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    Token(Secret),
    App(App),
    /// A fork's pull request, or Dependabot: nothing can be posted, and nobody can mend it.
    Missing,
}

/// A GitHub App's identity.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// The numeric id or the client id.
    pub(crate) id: String,
    pub(crate) private_key: Arc<Key>,
    /// None is looked up from the repository.
    pub(crate) installation: Option<u64>,
}

/// The values of `HTTPS_PROXY` and its siblings, either case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    pub(crate) https: Option<Secret>,
    pub(crate) http: Option<Secret>,
    pub(crate) all: Option<Secret>,
    pub(crate) none: Option<String>,
}

/// Which deployment is meant, and how one is made.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) deployment_id: Option<DeploymentId>,
    pub(crate) environment: Option<String>,
    /// The environment came from a flag, `INPUT_` or `PLUGIN_`, not from the CI's own variable.
    pub(crate) environment_is_input: bool,
    /// The input `ref`, where given.
    pub(crate) git_ref: Option<String>,
    /// The commit that people mean where no `ref` was given: the event's, the CI's, the local HEAD.
    pub(crate) commit: Option<String>,
    /// The input `task`, where given; a deployment that we make has `deploy` otherwise.
    pub(crate) task: Option<String>,
    pub(crate) create: CreateDeployment,
    /// Null where none was given.
    pub(crate) payload: serde_json::Value,
    pub(crate) transient_environment: Option<bool>,
    pub(crate) production_environment: Option<bool>,
    pub(crate) required_contexts: RequiredContexts,
    pub(crate) auto_merge: bool,
}

/// `create-deployment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreateDeployment {
    Always,
    IfMissing,
    Never,
}

/// `required-contexts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequiredContexts {
    /// `*`: GitHub's own default, all of them.
    All,
    /// Empty is none, our default.
    These(Vec<String>),
}

/// What the user wants statuses to say.
#[derive(Clone, Debug)]
pub(crate) struct StatusOptions {
    /// With `{state}`, `{duration}`, `{exit_code}` and `{environment}` to be filled in.
    pub(crate) description: Option<String>,
    pub(crate) target_url: Option<WebUrl>,
    pub(crate) environment_url: Option<WebUrl>,
    pub(crate) log_url: LogUrl,
    pub(crate) auto_inactive: Option<bool>,
    pub(crate) initial_state: State,
    pub(crate) cancel_state: State,
}

/// `log-url`. GitHub copies a `log_url` onto `target_url`, so it is sent only when asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogUrl {
    NotSent,
    /// `auto`.
    RunPage,
    This(WebUrl),
}

/// What `state` may say besides GitHub's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedState {
    State(State),
    /// `cancelled`, from `${{ job.status }}`.
    Cancelled,
    /// `skipped`, from `${{ needs.X.result }}`: what never began does not end what is live.
    Skipped,
}

impl RequestedState {
    /// The state that is meant, where a cancelled deploy becomes `cancel_state`.
    pub(crate) fn state(self, cancel_state: State) -> State {
        match self {
            Self::State(state) => state,
            Self::Cancelled => cancel_state,
            Self::Skipped => State::Inactive,
        }
    }
}

/// The wrapped command and its limits.
#[derive(Clone, Debug)]
pub(crate) struct CommandOptions {
    pub(crate) command: Command,
    pub(crate) directory: Option<PathBuf>,
    /// What the command may see of our environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) grace_period: Duration,
    pub(crate) watch_ancestors: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// The program and its arguments, from behind `--`; never empty.
    Arguments(Vec<OsString>),
    /// Input `run`, for input `shell` to run.
    Script { text: String, shell: Shell },
}

/// Input `shell`: a program and its arguments, of which `{0}` stands for the script's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shell {
    pub(crate) template: Vec<String>,
    /// What the script's file name must end in (`.sh`, `.ps1`, `.cmd`), or nothing.
    pub(crate) extension: &'static str,
}

#[cfg(test)]
mod tests;
