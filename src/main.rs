//! The front door: environment and argv in, exit code out.

mod cli;
mod inputs;

mod create;
mod finish;
mod list;
mod rehearse;
mod run;
mod stories;
mod url;

mod report;
mod resolve;
mod state_file;
mod wording;

mod deployment;
mod secret;
mod surroundings;
mod variables;

mod actions;
mod ci;
mod event;
mod git;
mod github;
mod output_url;
mod outputs;
mod process;
mod retry;
mod sandbox;
mod script;
mod summary;

use std::process::ExitCode;
use std::{env, io};

use crate::actions::{Level, Voice};
use crate::ci::Kind;
use crate::cli::{Cli, Logs, Raw, SandboxArgs, Told, Verb};
use crate::github::Notices;
use crate::inputs::{Given, Inputs};
use crate::surroundings::Surroundings;
use crate::variables::Variables;

/// We could not do our part.
/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const REFUSED: u8 = 125;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let variables = Variables::new(env::vars_os());
    let secrets = inputs::secrets(&variables, &Raw::default());
    let given = match Cli::parse(env::args_os()) {
        Ok(cli) => Given::new(cli, variables),
        Err(Told::Asked(text)) => {
            // A closed stdout has heard enough.
            let _ = actions::print(&text);
            return ExitCode::SUCCESS;
        }
        Err(Told::Wrong(text)) => {
            actions::refuse(false, secrets.hide_in(&text).trim_end());
            return ExitCode::from(REFUSED);
        }
    };
    let is_actions = given.ci().kind.is_some_and(Kind::is_actions);
    tell(given).await.unwrap_or_else(|why| {
        actions::refuse(is_actions, secrets.hide_in(&format!("{why:#}")).trim_end());
        ExitCode::from(REFUSED)
    })
}

async fn tell(given: Given) -> anyhow::Result<ExitCode> {
    match given.verb()? {
        Verb::Url(logs) => look(given, &logs),
        Verb::Sandbox(rehearsal) => serve(&rehearsal).await,
        verb => talk(given, &verb).await,
    }
}

/// The commands that talk to GitHub.
async fn talk(given: Given, verb: &Verb) -> anyhow::Result<ExitCode> {
    let ci = given.ci();
    let surroundings = Surroundings::of(given.variables(), &ci, env::temp_dir());
    if *verb == Verb::Finish && !given.names_a_deployment() && !surroundings.has_open_runs() {
        return Ok(ExitCode::SUCCESS);
    }
    let (story, inputs) = Inputs::check(given, verb)?;
    let voice = Voice::new(ci.kind.is_some_and(Kind::is_actions), inputs.verbose);
    let trace = inputs.verbose.then_some(actions::interject as fn(&str));
    let notices = Notices { trace, waiting: actions::interject };
    stories::tell(story, inputs, &voice, surroundings, notices).await
}

fn look(given: Given, logs: &Logs) -> anyhow::Result<ExitCode> {
    let secrets = inputs::secrets(given.variables(), &Raw::default());
    let voice = Voice::new(given.ci().kind.is_some_and(Kind::is_actions), false);
    let rule = inputs::url_rule(given)?;
    let warn = |text: &str| voice.annotate(Level::Warning, text);
    url::run(&logs.files, &rule, logs.explain, &secrets, &mut io::stdout(), warn)
}

async fn serve(args: &SandboxArgs) -> anyhow::Result<ExitCode> {
    let options = sandbox::Options::parse(&sandbox::RawOptions {
        port: args.port,
        grants: &args.grants,
        faults: &args.faults,
        deployments: &args.deployments,
        runs: &args.runs,
        pull_requests: &args.pull_requests,
        age: args.age.as_deref(),
        rate_limit: args.rate_limit.as_deref(),
    })?;
    let announce = |url: &str| drop(actions::print(&format!("{url}\n")));
    sandbox::serve(options, announce, actions::log).await?;
    Ok(ExitCode::SUCCESS)
}
