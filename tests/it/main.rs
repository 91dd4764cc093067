//! Every test that goes through the front door.

/// The act: a deploy of ours.
mod deploy;
/// The scene: a GitHub of our own.
mod github;
/// GitHub's own description of its API.
mod openapi;

mod sandbox;
mod sandbox_clients;
mod sandbox_faults;
mod telling;
mod url;
