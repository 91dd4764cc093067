//! The front door: environment and argv in, exit code out.

mod inputs;

mod deployment;
mod secret;

mod github;
mod retry;

mod ci;
mod event;
mod output_url;

fn main() {}
