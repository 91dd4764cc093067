//! Every test that goes through the front door.

/// The scene: a GitHub of our own.
mod github;
/// GitHub's own description of its API.
mod openapi;

mod sandbox;
mod sandbox_clients;
mod sandbox_faults;
mod url;
