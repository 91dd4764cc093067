//! Every test that goes through the front door.

/// A deploy of ours.
mod deploy;
/// Programs that tests write.
#[cfg(unix)]
mod executable;
/// The setup: a GitHub of our own.
mod github;
/// Many deployments at once.
mod many;
/// GitHub's own description of its API.
mod openapi;
/// What answers before the sandbox does.
mod overlay;
/// The signal dispositions of what the tests start.
#[cfg(unix)]
mod signal_dispositions;
/// What to do where a tool is missing.
#[cfg(unix)]
mod skip;
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
#[cfg(target_os = "linux")]
mod action_runner;
mod deploy_goes_on;
#[cfg(unix)]
mod install;
mod many_deploys;
#[cfg(target_os = "linux")]
mod release;
mod sandbox;
mod sandbox_clients;
mod sandbox_endpoints;
mod sandbox_faults;
mod sandbox_limits;
mod status_after_signal;
mod status_posting;
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
#[cfg(target_os = "linux")]
mod confined;
#[cfg(unix)]
mod exit_codes;
mod help;
#[cfg(unix)]
mod inherited;
#[cfg(unix)]
mod inputs_to_github;
#[cfg(unix)]
mod leaks;
#[cfg(target_os = "linux")]
mod pid_1;
#[cfg(unix)]
mod readers;
#[cfg(unix)]
mod scripts;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(unix)]
mod timeouts;
mod which_command;
#[cfg(unix)]
mod which_commit;
#[cfg(unix)]
mod which_repository;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
mod api_bounds;
mod backoff;
mod console_lines;
mod create;
#[cfg(unix)]
mod debug_output;
mod declared_url;
mod delete;
mod dry_run;
mod ended_by_environment;
mod fault_pairs;
#[cfg(unix)]
mod fault_sequences;
#[cfg(unix)]
mod finish;
#[cfg(unix)]
mod finish_living;
#[cfg(unix)]
mod finish_model;
#[cfg(unix)]
mod finish_named;
#[cfg(unix)]
mod handed_deployment;
mod last_status;
mod list;
mod long_lists;
mod own_job;
#[cfg(unix)]
mod ownership;
#[cfg(unix)]
mod ownership_properties;
#[cfg(target_os = "linux")]
mod progress;
mod proxy;
mod proxy_password;
mod run;
#[cfg(unix)]
mod secret_urls;
#[cfg(unix)]
mod state_file;
#[cfg(target_os = "linux")]
mod status_line;
#[cfg(unix)]
mod step_summary;
mod strict;
mod supersede;
mod sweep;
#[cfg(target_os = "linux")]
mod tls_roots;
#[cfg(unix)]
mod unwritable;
#[cfg(unix)]
mod url_file;
mod wait;
#[cfg(unix)]
mod wrangler_output;
