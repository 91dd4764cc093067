//! The front door: environment and argv in, exit code out.

mod inputs;

mod url;

mod deployment;
mod secret;

mod ci;
mod event;
mod output_url;

use std::path::PathBuf;
use std::process::ExitCode;

/// Stands in until the room of inputs is joined.
fn main() -> anyhow::Result<ExitCode> {
    let (mut files, mut rule, mut explain) = (Vec::new(), output_url::Rule::Detect, false);
    let mut args = std::env::args().skip(2);
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--explain" => explain = true,
            "--url-pattern" => rule = output_url::Rule::Pattern(regex::Regex::new(&value())?),
            "--url-key" => rule = output_url::Rule::Key(value()),
            file => files.push(PathBuf::from(file)),
        }
    }
    let secrets = secret::Secrets::default();
    url::run(&files, &rule, explain, &secrets, &mut std::io::stdout(), |warning| {
        eprintln!("deployment-status: warning: {warning}");
    })
}
