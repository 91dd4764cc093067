//! Shows that a silent command still runs: in a status line on a terminal, elsewhere in a line now
//! and then where the inputs ask for it.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::RunContext;
use crate::deployment::format_duration;
use crate::output::console;
use crate::process::LineState;

/// How long the command has to be silent before the status line is shown, without `heartbeat`.
const SILENCE: Duration = Duration::from_secs(10);

const UPDATE_INTERVAL: Duration = Duration::from_secs(1);

pub(super) async fn show(
    context: RunContext<'_>,
    line_state: &LineState,
    environment: Option<&str>,
) -> Infallible {
    let heartbeat = context.command_options.heartbeat;
    let limit = heartbeat.unwrap_or(SILENCE);
    let to = environment.map(|name| format!(" to {name}")).unwrap_or_default();
    let started = Instant::now();
    let mut last_line = started;
    loop {
        let silent = line_state.silent_for();
        let ran = format_duration(started.elapsed());
        let status = format!("deploying{to}, {ran}, no output for {}", format_duration(silent));
        let is_quiet = || {
            line_state.is_between_lines()
                && line_state.silent_for() >= limit
                && context.shutdown.first().is_none()
        };
        let next = if silent < limit {
            limit.saturating_sub(silent)
        } else if console::show_status_line(&status, is_quiet) || heartbeat.is_none() {
            UPDATE_INTERVAL
        } else if last_line.elapsed() < limit {
            limit.saturating_sub(last_line.elapsed())
        } else {
            console::log_now(&format!("the command has been running for {ran}"));
            last_line = Instant::now();
            limit
        };
        sleep(next).await;
    }
}
