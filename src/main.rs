//! The front door: environment and argv in, exit code out.

mod cli;
mod inputs;

mod deployment;
mod secret;
mod variables;

mod ci;
mod event;
mod output_url;

fn main() {}
