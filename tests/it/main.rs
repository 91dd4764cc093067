//! Every test that goes through the front door.

/// The act: a deploy of ours.
mod deploy;
/// The scene: a GitHub of our own.
mod github;
/// What is told to stop hears it.
#[cfg(unix)]
mod heard;
/// GitHub's own description of its API.
mod openapi;
/// A step with any command, and a deploy around a command.
mod step;

/// What the pages show.
#[cfg(unix)]
mod machine;
#[cfg(unix)]
mod readme;
#[cfg(unix)]
mod recipes;
#[cfg(unix)]
mod shown;

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
mod telling;
mod telling_faults;
mod telling_king;
mod telling_many;
mod telling_signals;
mod url;
#[cfg(unix)]
mod url_declared;
#[cfg(unix)]
mod wrapped;

#[cfg(target_os = "linux")]
mod ancestors;
mod bad_input;
#[cfg(unix)]
mod bytes;
#[cfg(unix)]
mod exit_codes;
mod help;
#[cfg(unix)]
mod inherited;
#[cfg(unix)]
mod leaks;
#[cfg(target_os = "linux")]
mod pid_1;
#[cfg(unix)]
mod readers;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(unix)]
mod timeouts;
mod which_command;

mod create;
#[cfg(unix)]
mod finish;
mod list;
mod run;
