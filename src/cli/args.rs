//! Every input: its name, for which commands it is a flag, one sentence and its default.
//! The same structs are read from the environment, so the two cannot drift apart; no value is
//! validated here.

use clap::Args;
use serde::Deserialize;

/// Every input, as text. No `Debug`: it may hold a token.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct InputTexts {
    /// What to do where no sub-command says it: `run`, `create`, `list`, `finish`, `sweep`,
    /// `delete`, `wait`, `url` or `sandbox`
    #[arg(long)]
    pub(crate) command: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) state: StateArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) status: StatusArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) close: CloseArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) url_rule: UrlRuleArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) timeout: TimeoutArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) select: SelectArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) delete: DeleteArgs,
}

/// For every command but `url` and `sandbox`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct CommonArgs {
    /// A token that may write deployments [default: `GITHUB_TOKEN`, `GH_TOKEN`; for other hosts
    /// `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`]
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// Authenticate as this GitHub App (its id or client id) instead of by token
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    /// The App's private key in PEM; line ends may be written as `\n`
    #[arg(long, value_name = "PEM", allow_hyphen_values = true)]
    pub(crate) app_private_key: Option<String>,
    /// The App's installation [default: looked up from the repository]
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub(crate) app_installation_id: Option<String>,
    /// The repository [default: `GITHUB_REPOSITORY`, the CI's own variable, or the remote `origin`]
    #[arg(long, value_name = "OWNER/NAME")]
    pub(crate) repository: Option<String>,
    /// Where GitHub's API is [default: `GITHUB_API_URL`, or `https://api.github.com`]
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,
    /// The deployment [default: the one that triggered the workflow, or the environment's]
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub(crate) deployment_id: Option<String>,
    /// The environment that is deployed to [default: what the CI calls it]
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// What is deployed: a branch, tag or commit [default: the pull request's head, or the commit
    /// that is built]
    #[arg(long = "ref", id = "ref", value_name = "REF")]
    #[serde(rename = "ref")]
    pub(crate) git_ref: Option<String>,
    /// Append `DEPLOYMENT_ID`, `DEPLOYMENT_STATUS_ID`, `DEPLOYMENT_STATE`, `DEPLOYMENT_URL` and
    /// `DEPLOYMENT_EXIT_CODE` to this file, a line each
    #[arg(long, value_name = "FILE")]
    pub(crate) outputs: Option<String>,
    /// Print each request that would be sent; send none and run nothing [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) dry_run: Option<String>,
    /// The job's check run, which `action.yml` fills in
    #[arg(long, hide = true)]
    pub(crate) job_id: Option<String>,
    /// How the job stands, which `action.yml` fills in
    #[arg(long, hide = true)]
    pub(crate) job_status: Option<String>,
    /// Which use of the action this is, which `action.yml` fills in
    #[arg(long = "use", id = "use", hide = true)]
    #[serde(rename = "use")]
    pub(crate) use_id: Option<String>,
}

/// For `run`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct RunArgs {
    /// A script to run instead of a command after `--`
    #[arg(long, value_name = "SCRIPT", allow_hyphen_values = true)]
    pub(crate) run: Option<String>,
    /// What runs the script: `bash`, `sh`, `pwsh`, `powershell`, `cmd`, or a program with `{0}` for
    /// the script's file [default: `bash`, or `sh` where there is none]
    #[arg(long)]
    pub(crate) shell: Option<String>,
    /// Where the command runs [default: the current directory]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) working_directory: Option<String>,
    /// The state that is posted before the command starts: `pending`, `queued` or `in_progress`
    /// [default: `pending`]
    #[arg(long, value_name = "STATE")]
    pub(crate) initial_state: Option<String>,
    /// Look for the deployed URL in what the command prints [default: `true`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) detect_url: Option<String>,
    /// How long the command has between the signal that stops it and SIGKILL [default: `5s`]
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) grace_period: Option<String>,
    /// Stop the command when a process that started us dies [default: `true` on GitHub's and
    /// Azure's runners, `false` elsewhere]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) watch_ancestors: Option<String>,
    /// Write a line whenever the command has been silent for so long, for runners that kill silent
    /// jobs [default: none]
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) heartbeat: Option<String>,
    /// Use a sandbox inside this process instead of GitHub: no token, repository or network needed
    /// [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) sandbox: Option<String>,
}

/// For `create`, `finish` and `delete`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct StateArgs {
    /// The state to post: `error`, `failure`, `inactive`, `in_progress`, `pending`, `queued` or
    /// `success`; also `cancelled` (becomes `cancel-state`) and `skipped` (becomes `inactive`)
    #[arg(long)]
    pub(crate) state: Option<String>,
}

/// For `run` and `create`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct StatusArgs {
    /// When a deployment is made: `if-missing`, `always` or `never` [default: `if-missing`]
    #[arg(long, value_name = "WHEN")]
    pub(crate) create_deployment: Option<String>,
    /// The new deployment's task [default: `deploy`]
    #[arg(long)]
    pub(crate) task: Option<String>,
    /// The new deployment's payload: JSON, or a text [default: none]
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) payload: Option<String>,
    /// Whether the new deployment's environment will go away [default: unset]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) transient_environment: Option<String>,
    /// Whether the new deployment's environment is one that users see [default: unset]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) production_environment: Option<String>,
    /// The status checks that the new deployment waits for, as JSON or with commas; `*` means all
    /// [default: none]
    #[arg(long, value_name = "LIST")]
    pub(crate) required_contexts: Option<String>,
    /// Whether GitHub merges the default branch into the new deployment's ref [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) auto_merge: Option<String>,
    /// The status's description, with `{state}`, `{duration}`, `{exit_code}` and `{environment}`
    /// filled in [default: made by us]
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) description: Option<String>,
    /// The page that the status links to [default: the deployed URL, or the run's page]
    #[arg(long, value_name = "URL")]
    pub(crate) target_url: Option<String>,
    /// The deployed URL [default: what the command declares or prints]
    #[arg(long, value_name = "URL")]
    pub(crate) environment_url: Option<String>,
    /// Send a `log_url`, which GitHub copies onto `target_url`: a URL, or `auto` for the run's page
    /// [default: not sent]
    #[arg(long, value_name = "URL")]
    pub(crate) log_url: Option<String>,
    /// Whether a success makes the environment's older deployments inactive [default: GitHub's own]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) auto_inactive: Option<String>,
    /// After a success, make every older deployment of the same environment and task inactive,
    /// production and transient ones too [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) supersede: Option<String>,
    /// Do not deploy without a posted status, and fail where the last one cannot be posted
    /// [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) strict: Option<String>,
}

/// For `run`, `create` and `finish`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct CloseArgs {
    /// What a cancelled deploy becomes: `error`, `failure` or `inactive` [default: `error`]
    #[arg(long, value_name = "STATE")]
    pub(crate) cancel_state: Option<String>,
    /// How long a status is tried before we give up on it [default: `2m`]
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) api_timeout: Option<String>,
}

/// For `run` and `url`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct UrlRuleArgs {
    /// A regular expression for the deployed URL's line: group `url`, else group 1, else
    /// the whole match [default: none]
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub(crate) url_pattern: Option<String>,
    /// A key or JSON pointer to the deployed URL in the JSON that the command writes to stdout
    /// [default: none]
    #[arg(long, value_name = "KEY")]
    pub(crate) url_key: Option<String>,
}

/// For `run` and `wait`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct TimeoutArgs {
    /// How long it may take, such as `15m` or `1h30m` [default: none; `wait`: `10m`]
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) timeout: Option<String>,
}

/// For `sweep` and `delete`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct SelectArgs {
    /// Only deployments older than this [default: `sweep`: `6h`; `delete`: any age]
    #[arg(long, value_name = "DURATION", allow_negative_numbers = true)]
    pub(crate) older_than: Option<String>,
    /// `sweep`: also what another tool opened; `delete`: also open deployments whose run is unknown
    /// [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) any_owner: Option<String>,
}

/// For `delete`.
#[derive(Args, Clone, Default, Deserialize)]
#[group(skip)]
#[serde(default)]
pub(crate) struct DeleteArgs {
    /// How many of the newest deployments stay [default: `0`]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub(crate) keep: Option<String>,
    /// Delete the environment as well, with a token that may administer the repository
    /// [default: `false`]
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) delete_environment: Option<String>,
}
