//! Every test that goes through the front door.

#[cfg(unix)]
mod wrapped;

#[cfg(target_os = "linux")]
mod ancestors;
#[cfg(unix)]
mod bytes;
#[cfg(unix)]
mod exit_codes;
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
