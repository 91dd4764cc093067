//! Every test that goes through the front door.

/// The scene: a GitHub of our own.
mod github;
/// GitHub's own description of its API.
mod openapi;

/// What is said in several places, and the house.
mod contract;
mod tidy;

#[cfg(unix)]
mod action;
#[cfg(unix)]
mod install;
mod sandbox;
mod sandbox_clients;
mod sandbox_faults;
mod url;
