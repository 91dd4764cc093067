//! What the user asked for: flags and environment in, [`Inputs`] out, or everything that is wrong.
//! No other module sees an input as a text, or the variables that inputs come from.

mod api;
mod bulk;
mod command;
mod environment_glob;
mod errors;
mod parse;
mod raw;
mod redaction;
mod shell;
mod status;
mod target;
mod values;
mod variables;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use self::environment_glob::EnvironmentGlob;
pub(crate) use self::parse::url_rule;
pub(crate) use self::raw::RawInputs;
pub(crate) use self::redaction::{public_secrets, secrets_of_argv};
use crate::ci::Ci;
use crate::ci::event::Event;
use crate::deployment::{DeploymentId, State, WebUrl};
use crate::github::{Api, Credentials};
use crate::output_url::Rule;
use crate::process::script::Shell;
use crate::redact::Redactor;

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
    /// Each request that would be sent is printed; none is sent, and nothing is run.
    pub(crate) dry_run: bool,
    /// Input `use`: ties `finish` to the `run` of the same use of the action.
    pub(crate) use_id: Option<String>,
    /// Warnings for the log, printed before the command starts. None of them stops it.
    pub(crate) warnings: Vec<String>,
    /// Notes for the log, on which nobody has to act.
    pub(crate) notes: Vec<String>,
    /// `outputs`: a file for the dotenv report.
    pub(crate) outputs: Option<PathBuf>,
    pub(crate) ci: Ci,
    pub(crate) event: Event,
    /// What no URL and no description may hold: our own secrets, and every value of a variable
    /// whose name ends as a secret's does.
    pub(crate) redactor: Redactor,
    pub(crate) verbose: bool,
}

impl Inputs {
    /// Nothing can be posted, and no bad input is to blame: a fork's workflow has no secrets.
    pub(crate) fn has_no_credentials(&self) -> bool {
        match &self.backend {
            Backend::Github(api) => matches!(api.credentials, Credentials::Missing),
            Backend::Sandbox => false,
        }
    }
}

/// What is to be done, with what only that needs.
#[derive(Debug)]
pub(crate) enum CommandInputs {
    Run(CommandOptions),
    Create { state: RequestedState, json: bool },
    List { json: bool },
    Finish { state: Option<RequestedState>, job_was_cancelled: bool },
    Sweep(SweepOptions),
    Delete(DeleteOptions),
    Wait(WaitOptions),
}

/// Which deployments `sweep` closes.
#[derive(Clone, Debug)]
pub(crate) struct SweepOptions {
    /// None is every environment.
    pub(crate) environment: Option<EnvironmentGlob>,
    pub(crate) older_than: Duration,
    /// Also what another tool owns.
    pub(crate) any_owner: bool,
}

/// Which deployments `delete` removes.
#[derive(Clone, Debug)]
pub(crate) struct DeleteOptions {
    pub(crate) environment: EnvironmentGlob,
    /// How many of each environment's newest deployments stay.
    pub(crate) keep: u64,
    /// None is any age.
    pub(crate) older_than: Option<Duration>,
    /// Also what another tool owns.
    pub(crate) any_owner: bool,
    /// `state: inactive`: deployments that are active are made inactive first.
    pub(crate) deactivate: bool,
    /// The environment itself goes too.
    pub(crate) delete_environment: bool,
}

/// What `wait` waits for; a deployment's id is in [`Target`].
#[derive(Clone, Debug)]
pub(crate) struct WaitOptions {
    pub(crate) environment: Option<EnvironmentGlob>,
    pub(crate) timeout: Duration,
    pub(crate) json: bool,
}

/// Where statuses go.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
pub(crate) enum Backend {
    Github(Api),
    /// The embedded stand-in: no token, no repository, no network.
    Sandbox,
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

/// The fields of statuses, as far as the inputs give them.
#[derive(Clone, Debug)]
pub(crate) struct StatusOptions {
    /// With `{state}`, `{duration}`, `{exit_code}` and `{environment}` to be filled in.
    pub(crate) description: Option<String>,
    pub(crate) target_url: Option<WebUrl>,
    pub(crate) environment_url: Option<WebUrl>,
    pub(crate) log_url: LogUrl,
    pub(crate) auto_inactive: Option<bool>,
    /// After a success, every older deployment of the environment and task becomes inactive.
    pub(crate) supersede: bool,
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

/// The values of `state`: GitHub's seven, and two of the Actions runner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedState {
    State(State),
    /// `cancelled`, from `${{ job.status }}`: becomes `cancel-state`.
    Cancelled,
    /// `skipped`, from `${{ needs.NAME.result }}`: becomes `inactive`, and never retires what is
    /// live.
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
    /// How long the command may be silent before a line of ours shows life.
    pub(crate) heartbeat: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// The program and its arguments, from behind `--`; never empty.
    Arguments(Vec<OsString>),
    /// Input `run`, for input `shell` to run.
    Script { text: String, shell: Shell },
}

#[cfg(test)]
mod tests;
