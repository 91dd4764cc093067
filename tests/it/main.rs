//! Every test that goes through the front door.

#[cfg(unix)]
mod action;
mod contract;
#[cfg(unix)]
mod install;
mod tidy;
