//! `wait`: until somebody's deployment has ended, then its URL.

mod poll;
mod report;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep};

use self::poll::Watched;
use self::report::Ended;
use super::context::HostContext;
use crate::backoff::RetryDecision;
use crate::deployment::State;
use crate::github::{ApiError, Github};
use crate::inputs::{Inputs, WaitOptions};
use crate::output::command_outputs::WrittenOutputs;
use crate::output::console::{self, Console, Level};

/// From one poll to the next.
const FIRST_DELAY: Duration = Duration::from_secs(2);
const MAX_DELAY: Duration = Duration::from_secs(15);

/// <https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>
const TIMED_OUT: u8 = 124;

/// Waits, and prints the URL of each deployment that ended in `success`.
///
/// # Errors
/// When the inputs do not say what to wait for, or stdout cannot be written.
pub(super) async fn wait(
    github: &Github,
    inputs: &Inputs,
    options: &WaitOptions,
    console: &Console,
    host: &HostContext,
) -> anyhow::Result<ExitCode> {
    let mut watched = Watched::new(inputs, options)?;
    let deadline = Instant::now() + options.timeout;
    let mut delay = FIRST_DELAY;
    loop {
        let failure = match watched.poll(github).await {
            Ok(Some(ended)) => return conclude(&ended, inputs, options, console, host),
            Ok(None) => None,
            Err(error) if error.retry_decision() == RetryDecision::GiveUp => {
                console.annotate(Level::Error, &error.in_full());
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => Some(error),
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let why = failure.map(|error| format!(": {}", error.in_full())).unwrap_or_default();
            console.annotate(Level::Error, &format!("{}{why}", watched.still_waiting(options)));
            return Ok(ExitCode::from(TIMED_OUT));
        }
        let asked = failure.as_ref().and_then(requested_wait).unwrap_or_default();
        sleep(delay.max(asked).min(left)).await;
        delay = (delay * 3 / 2).min(MAX_DELAY);
    }
}

fn requested_wait(error: &ApiError) -> Option<Duration> {
    match error.retry_decision() {
        RetryDecision::Retry { after } | RetryDecision::Uncertain { after } => after,
        RetryDecision::GiveUp => None,
    }
}

fn conclude(
    ended: &[Ended],
    inputs: &Inputs,
    options: &WaitOptions,
    console: &Console,
    host: &HostContext,
) -> anyhow::Result<ExitCode> {
    let text = if options.json { report::json(ended) } else { report::urls(ended) };
    let printed = console::print(&text).context("cannot write the result to stdout");
    let newest = ended.first().map(Ended::result).unwrap_or_default();
    if let Some(file) = &host.step_outputs {
        newest.to_step(file, &WrittenOutputs::default())?;
    }
    if let Some(file) = &inputs.outputs {
        newest.to_dotenv(file)?;
    }
    printed?;
    let success = State::Success.as_str();
    for failed in ended.iter().filter(|ended| ended.latest.state != success) {
        console.annotate(Level::Error, &failed.sentence());
    }
    let is_success = ended.iter().all(|ended| ended.latest.state == success);
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
