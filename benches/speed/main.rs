//! What wrapping costs, beside `tee` and a bare run in the same call: `cargo bench`.
//! It claims nothing on its own: every figure stands beside its yardstick.

mod hiding;
mod latency;
mod start_up;
mod textures;
mod throughput;

use std::env;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_deployment-status");

/// Set for the process that plays the deploy command.
const ROLE: &str = "SPEED_ROLE";

fn main() -> io::Result<()> {
    match env::var(ROLE).as_deref() {
        Ok("flood") => throughput::flood(),
        Ok("tick") => latency::tick(),
        Ok(role) => match role.strip_prefix("hidden ") {
            Some(name) => hiding::write(textures::named(name)),
            None => throughput::write(textures::named(role)),
        },
        Err(_) => {
            start_up::measure()?;
            throughput::measure_lines()?;
            throughput::measure_textures()?;
            hiding::measure()?;
            latency::measure()
        }
    }
}

/// This program, playing the command.
fn role(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.env(ROLE, name);
    command
}

fn in_sandbox(name: &str) -> io::Result<Command> {
    let mut command = Command::new(BINARY);
    command.args(["run", "--sandbox", "--"]).arg(env::current_exe()?);
    command.env(ROLE, name).stderr(Stdio::null());
    Ok(command)
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("a figure is a number"));
    values[values.len() / 2]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
