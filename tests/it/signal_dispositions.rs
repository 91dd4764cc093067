//! The signal dispositions of what the tests start, also where they run in a shell's background.

use std::fs;
use std::sync::Once;

use rustix::process::Signal;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

/// Undoes what `cargo test &` and `nohup` ignore for us, for whatever is started from now on: a
/// signal that has a handler here has its default after `exec`.
pub(crate) fn reset_ignored_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let runtime = runtime::Builder::new_current_thread().enable_io().build();
        let runtime = runtime.expect("there are file descriptors left");
        let _inside = runtime.enter();
        for ignored in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM]
            .map(Signal::as_raw)
            .into_iter()
            .filter(|signal| ignored() >> (signal - 1) & 1 == 1)
        {
            drop(signal(SignalKind::from_raw(ignored)).expect("it may be handled"));
        }
    });
}

/// Where no system says, none.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
