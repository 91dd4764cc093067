//! The front door: environment and argv in, exit code out.

mod inputs;

mod deployment;
mod secret;

mod ci;
mod event;
mod output_url;

mod sandbox;

use clap::Parser as _;

/// Stands in until the real way in is built.
#[derive(clap::Parser)]
enum Cli {
    #[command(after_help = sandbox::FAULTS_HELP)]
    Sandbox {
        #[arg(long, default_value_t = 0)]
        port: u16,
        #[arg(long, value_parser = sandbox::Grant::parse)]
        grant: Vec<sandbox::Grant>,
        #[arg(long, value_parser = sandbox::Rule::parse)]
        fault: Vec<sandbox::Rule>,
        #[arg(long, value_parser = sandbox::Seed::parse)]
        deployment: Vec<sandbox::Seed>,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let Cli::Sandbox { port, grant, fault, deployment } = Cli::parse();
    let options = sandbox::Options { port, grants: grant, faults: fault, deployments: deployment };
    sandbox::serve(options, |url| println!("{url}"), |line| eprintln!("{line}")).await
}
