//! The front door: environment and argv in, exit code out.

mod cli;
mod inputs;

mod deployment;
mod secret;
mod variables;

mod ci;
mod event;
mod git;
mod output_url;

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::cli::{Cli, Raw, Told, Verb};
use crate::inputs::{Given, Inputs, Problems, Story};
use crate::variables::Variables;

/// We could not do our part.
const REFUSED: u8 = 125;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let variables = Variables::new(env::vars_os());
    let secrets = inputs::secrets(&variables, &Raw::default());
    let told = match Cli::parse(env::args_os()) {
        Ok(cli) => tell(Given::new(cli, variables)).await.map_err(|problems| problems.to_string()),
        Err(Told::Asked(text)) => {
            // A closed stdout has heard enough.
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(Told::Wrong(text)) => Err(secrets.hide_in(&text)),
    };
    told.unwrap_or_else(|why| {
        // Where stderr is closed nobody listens.
        let _ = writeln!(io::stderr(), "{}", why.trim_end());
        ExitCode::from(REFUSED)
    })
}

async fn tell(given: Given) -> Result<ExitCode, Problems> {
    let verb = given.verb()?;
    match &verb {
        Verb::Url(_logs) => {
            let _rule = inputs::url_rule(given)?;
            eprintln!("not joined yet");
        }
        Verb::Sandbox(_rehearsal) => eprintln!("not joined yet"),
        Verb::Run | Verb::Create | Verb::List { .. } | Verb::Finish => {
            let (story, _inputs) = Inputs::check(given, &verb)?;
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
