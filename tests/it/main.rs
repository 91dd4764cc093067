//! Every test that goes through the front door.

mod contract;
#[cfg(unix)]
mod install;
mod tidy;
