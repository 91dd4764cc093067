//! How late a line arrives.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{in_sandbox, median, milliseconds, role};

const TICKS: usize = 2000;

/// How much later one short line arrives than from the command alone.
pub(crate) fn measure() -> io::Result<()> {
    let direct = delay(&mut role("tick"))?;
    let wrapped = delay(&mut in_sandbox("tick")?)?;
    println!("one short line, median of {TICKS}");
    println!("  alone            {:>7.3} ms", milliseconds(direct));
    println!(
        "  run              {:>7.3} ms, {:.3} ms more (goal: 1)",
        milliseconds(wrapped),
        milliseconds(wrapped.saturating_sub(direct))
    );
    Ok(())
}

fn delay(command: &mut Command) -> io::Result<Duration> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut delays = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines() {
        let arrived = now();
        let sent: u64 = line?.parse().expect("a tick is a number");
        delays.push(arrived.saturating_sub(Duration::from_nanos(sent)));
    }
    child.wait()?;
    Ok(median(delays))
}

/// Writes the time, a line each millisecond.
pub(crate) fn tick() -> io::Result<()> {
    for _ in 0..TICKS {
        writeln!(io::stdout(), "{}", now().as_nanos())?;
        io::stdout().flush()?;
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970")
}
