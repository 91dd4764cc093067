//! `wait`: until somebody's deployment has ended, then its URL.

mod poll;
mod report;

use std::process::ExitCode;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use self::poll::Watched;
use self::report::Ended;
use super::context::HostContext;
use crate::backoff::RetryDecision;
use crate::deployment::{State, format_duration};
use crate::github::{ApiError, Github, PER_PAGE};
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
    let mut failure = None;
    loop {
        // There is time for one look, however short the waiting is to be.
        let until = deadline.max(Instant::now() + FIRST_DELAY);
        match timeout_at(until, watched.poll(github)).await {
            Ok(Ok(Some(ended))) => {
                if watched.is_cut() {
                    let text = format!(
                        "only the newest {PER_PAGE} deployments of the commit were looked at: \
                         others that match may not have ended"
                    );
                    console.annotate(Level::Warning, &text);
                }
                return conclude(&ended, inputs, options, console, host);
            }
            Ok(Ok(None)) => failure = None,
            Ok(Err(error)) if error.retry_decision() == RetryDecision::GiveUp => {
                console.annotate(Level::Error, &error.in_full());
                return Ok(ExitCode::FAILURE);
            }
            Ok(Err(error)) => failure = Some(error),
            Err(_) => {}
        }
        if inputs.dry_run {
            console.info(&format!("{}; it is not waited for", watched.state()));
            return Ok(ExitCode::SUCCESS);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let why = failure.map(|error| format!(": {}", error.in_full())).unwrap_or_default();
            let after = format_duration(options.timeout);
            let text = format!("timed out after {after}: {}{why}", watched.state());
            console.annotate(Level::Error, &text);
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
    let printed = console::print(&text);
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
