//! Every test that goes through the front door.

mod bad_input;
mod help;
mod which_command;

mod step;
