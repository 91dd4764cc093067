//! The front door: environment and argv in, exit code out.

mod process;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let mut command = process::Command {
        argv: Vec::new(),
        directory: None,
        variables: env::vars_os().collect(),
        timeout: None,
        grace_period: Duration::from_secs(5),
    };
    let mut watch = None;
    while let Some(argument) = arguments.next() {
        let mut seconds = || {
            let value = arguments.next().expect("a value").into_string().expect("text");
            Duration::from_secs_f64(value.trim_end_matches('s').parse().expect("seconds"))
        };
        match argument.to_str().expect("text") {
            "--" => break,
            "--timeout" => command.timeout = Some(seconds()),
            "--grace-period" => command.grace_period = seconds(),
            "--working-directory" => command.directory = arguments.next().map(Into::into),
            "--watch-ancestors" => {
                watch = (arguments.next().is_some_and(|value| value == "true"))
                    .then(|| env::var_os("RUNNER_TRACKING_ID").map(process::Tracking::Marked))
                    .flatten();
            }
            _ => {}
        }
    }
    command.argv = arguments.collect();
    let interrupts = process::Interrupts::listen(watch).expect("ears");
    let mut ended = process::run(&command, &interrupts, |_, _| ()).await;
    if let process::Outcome::NotStarted(why) = &ended.outcome {
        eprintln!("deployment-status: {why}");
    }
    if !matches!(ended.outcome, process::Outcome::Cancelled { .. }) {
        ended.delivered().await;
    }
    if ended.leaked {
        eprintln!("deployment-status: a background process keeps the pipe open");
    }
    ExitCode::from(u8::try_from(ended.outcome.exit_code()).unwrap_or(1))
}
