//! The inputs of each command that are flags of it.

use std::ffi::OsString;

use clap::Args;
use serde::Serialize;

use super::UrlArgs;
use super::args::{
    CloseArgs, CommonArgs, DeleteArgs, RunArgs, SelectArgs, StateArgs, StatusArgs, TimeoutArgs,
    UrlRuleArgs,
};

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Run {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) own: RunArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) status: StatusArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) close: CloseArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) url_rule: UrlRuleArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) timeout: TimeoutArgs,
    /// The command to run, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    #[serde(skip)]
    pub(super) arguments: Vec<OsString>,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Create {
    /// Print JSON instead of a table
    #[arg(long)]
    #[serde(skip)]
    pub(super) json: bool,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) state: StateArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) status: StatusArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) close: CloseArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct List {
    /// Print JSON instead of a table
    #[arg(long)]
    #[serde(skip)]
    pub(super) json: bool,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Finish {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) state: StateArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) close: CloseArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Sweep {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) select: SelectArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Delete {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) state: StateArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) select: SelectArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) own: DeleteArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Wait {
    /// Print JSON instead of the URL
    #[arg(long)]
    #[serde(skip)]
    pub(super) json: bool,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) common: CommonArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) timeout: TimeoutArgs,
}

#[derive(Args, Serialize)]
#[group(skip)]
pub(super) struct Url {
    #[command(flatten)]
    #[serde(skip)]
    pub(super) url_args: UrlArgs,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) url_rule: UrlRuleArgs,
}
