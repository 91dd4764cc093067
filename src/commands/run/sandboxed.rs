//! The whole job against an embedded sandbox: the first thing that a new user can run.
//! It never sees the user's token, and nothing leaves the machine.

use anyhow::Context as _;
use tokio::time::Instant;

use crate::commands::context::HostContext;
use crate::commands::list;
use crate::commands::run::{self, RunContext};
use crate::deployment::{DeploymentId, Slug};
use crate::github::{Api, Credentials, Github, Observer, Proxies};
use crate::inputs::{CommandOptions, Inputs};
use crate::output::console::{self, Console};
use crate::process::ShutdownListener;
use crate::redact::Secret;
use crate::sandbox::{Options, Sandbox, Seed};

/// The environment that is deployed to where the inputs name none.
const ENVIRONMENT: &str = "sandbox";

/// Runs the command against a sandbox of its own and shows what GitHub would hold.
///
/// # Errors
/// As [`run::run`], and when nothing can listen on loopback.
pub(crate) async fn run_in_sandbox(
    mut inputs: Inputs,
    command_options: &CommandOptions,
    console: &Console,
    shutdown: &ShutdownListener,
    mut host: HostContext,
    observer: Observer,
) -> anyhow::Result<i32> {
    let deployment = given_or_first(&inputs);
    let environment = inputs.target.environment.get_or_insert_with(|| ENVIRONMENT.to_owned());
    let seed = Seed { id: deployment.number(), environment: environment.clone() };
    let options = Options { deployments: vec![seed], ..Options::default() };
    let log = if inputs.verbose { console::log_between_lines } else { |_: &str| () };
    let sandbox = Sandbox::start(options, log).await.context("cannot start a sandbox")?;
    let api = Api {
        url: sandbox.url().clone(),
        repository: Slug::parse("sandbox/sandbox").expect("this is a slug"),
        credentials: Credentials::Token(Secret::new("sandbox")),
        proxies: Proxies::default(),
        certificate_file: None,
        certificate_directory: None,
    };
    let github = Github::new(&api, observer)?;
    inputs.target.deployment_id = Some(deployment);
    host.state_files = None;
    let context = RunContext {
        github: &github,
        inputs: &inputs,
        command_options,
        console,
        shutdown,
        host: &host,
    };
    let exit_code = run::run(context).await?;
    let statuses = github.statuses(deployment, Instant::now() + inputs.api_timeout).await?;
    console.info(&format!("deployment {deployment} in the sandbox now has these statuses:"));
    console.info(&list::table(&statuses));
    Ok(exit_code)
}

fn given_or_first(inputs: &Inputs) -> DeploymentId {
    let of_event = inputs.event.deployment.as_ref().map(|deployment| deployment.id);
    let first = || DeploymentId::parse("1").expect("this is an id");
    inputs.target.deployment_id.or(of_event).unwrap_or_else(first)
}
