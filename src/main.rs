//! The front door: environment and argv in, exit code out.

mod cli;
mod inputs;

mod deployment;
mod secret;
mod variables;

mod github;
mod retry;

mod ci;
mod event;
mod git;
mod output_url;

use std::env;
use std::process::ExitCode;

use crate::cli::{Cli, Told, Verb};
use crate::inputs::{Given, Inputs, Problems, Story};
use crate::variables::Variables;

/// We could not do our part.
const REFUSED: u8 = 125;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let variables = Variables::new(env::vars_os());
    let told = match Cli::parse(env::args_os()) {
        Ok(cli) => tell(Given::new(cli, variables)).await.map_err(|problems| problems.to_string()),
        Err(Told::Asked(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(Told::Wrong(text)) => Err(text),
    };
    told.unwrap_or_else(|why| {
        eprintln!("{}", why.trim_end());
        ExitCode::from(REFUSED)
    })
}

async fn tell(given: Given) -> Result<ExitCode, Problems> {
    let verb = given.verb()?;
    match &verb {
        Verb::Url(_logs) => {
            let _rule = inputs::url_rule(&given)?;
            eprintln!("not joined yet");
        }
        Verb::Sandbox(_rehearsal) => eprintln!("not joined yet"),
        Verb::Run | Verb::Create | Verb::List { .. } | Verb::Finish => {
            let (story, _inputs) = Inputs::check(&given, &verb)?;
            match story {
                Story::Run(_wrapped) => eprintln!("not joined yet"),
                Story::Create(_asked) => eprintln!("not joined yet"),
                Story::List { .. } => eprintln!("not joined yet"),
                Story::Finish { .. } => eprintln!("not joined yet"),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
