//! The commands, and which inputs are flags of each.
//! What a flag means is in [`super::args`]; how help looks is in [`super::help`].

use std::ffi::OsString;
use std::sync::LazyLock;

use clap::{Arg, ArgAction, Args as _, Command, value_parser};
use clap_complete::Shell;

use super::args::{
    CloseArgs, CommonArgs, DeleteArgs, InputTexts, RunArgs, SelectArgs, StateArgs, StatusArgs,
    TimeoutArgs, UrlRuleArgs,
};
use super::sandbox_args::{FAULTS_HELP, SANDBOX_EXAMPLES};
use super::{SandboxArgs, UrlArgs, help};

/// Adds a group of inputs to a command.
type Group = fn(Command) -> Command;

/// The whole command line, as it is parsed and as help shows it.
pub(super) fn program() -> Command {
    let program = Command::new("deployment-status")
        // Else Windows' help would say `deployment-status.exe`.
        .bin_name("deployment-status")
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(
            "deployment-status [run] [OPTIONS] -- COMMAND [ARG]...\n       \
             deployment-status <COMMAND> [OPTIONS]",
        )
        .after_help(help::PROGRAM)
        .arg(arguments())
        .arg(verbose());
    // Without a sub-command every input is a flag, but to list them all there helps nobody.
    let program = InputTexts::augment_args(program)
        .about("Runs a deploy command and tells GitHub how it went")
        .mut_args(|arg| if arg.is_global_set() { arg } else { arg.hide(true) });
    let more = help::epilogue(&program, help::PROGRAM);
    program.after_long_help(more).subcommands(commands()).help_expected(true)
}

/// The names of every input, as fields of [`InputTexts`].
pub(crate) fn input_names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| names(&InputTexts::augment_args(Command::new(""))));
    &NAMES
}

/// The names of the inputs that are flags of this command.
pub(crate) fn inputs_of(command: &str) -> Vec<String> {
    let own = names(&flags_of(command)).into_iter();
    own.filter(|name| input_names().contains(name)).collect()
}

/// The default that help names for an input, where it is a plain value: what stands alone between
/// backticks.
#[cfg(test)]
pub(crate) fn default_of(name: &str) -> Option<String> {
    let command = InputTexts::augment_args(Command::new(""));
    let arg = command.get_arguments().find(|arg| arg.get_id() == name)?;
    let text = arg.get_help()?.to_string();
    let default = text.split_once("[default: `")?.1.strip_suffix("`]")?.to_owned();
    (!default.contains(['`', ' '])).then_some(default)
}

fn names(command: &Command) -> Vec<String> {
    command.get_arguments().map(|arg| arg.get_id().to_string()).collect()
}

/// Holds the flags of this command, as they are declared.
fn flags_of(command: &str) -> Command {
    let groups: &[Group] = match command {
        "run" => &[
            RunArgs::augment_args,
            CommonArgs::augment_args,
            StatusArgs::augment_args,
            CloseArgs::augment_args,
            UrlRuleArgs::augment_args,
            TimeoutArgs::augment_args,
        ],
        "create" => &[
            StateArgs::augment_args,
            CommonArgs::augment_args,
            StatusArgs::augment_args,
            CloseArgs::augment_args,
        ],
        "list" => &[CommonArgs::augment_args],
        "finish" => &[StateArgs::augment_args, CommonArgs::augment_args, CloseArgs::augment_args],
        "sweep" => &[CommonArgs::augment_args, SelectArgs::augment_args],
        "delete" => &[
            CommonArgs::augment_args,
            StateArgs::augment_args,
            SelectArgs::augment_args,
            DeleteArgs::augment_args,
        ],
        "wait" => &[CommonArgs::augment_args, TimeoutArgs::augment_args],
        "url" => &[UrlArgs::augment_args, UrlRuleArgs::augment_args],
        "sandbox" => &[SandboxArgs::augment_args],
        _ => &[],
    };
    groups.iter().fold(Command::new(""), |all, group| group(all))
}

/// Every command. Its flags and their help are made when it is the one that is used: to make all
/// of them takes most of the time to start.
fn commands() -> [Command; 11] {
    [
        Command::new("run").about("Run a deploy command, and post how it goes").defer(run),
        Command::new("create").about("Post one status").defer(create),
        Command::new("list").about("List a deployment's statuses, newest first").defer(list),
        Command::new("finish")
            .about("Close what an interrupted run left open")
            .defer(|finish| with_flags(finish, help::FINISH)),
        Command::new("sweep")
            .about("Close the deployments that dead runs left open")
            .defer(|sweep| with_flags(sweep, help::SWEEP)),
        Command::new("delete")
            .about("Delete an environment's deployments that are no longer needed")
            .defer(|delete| with_flags(delete, help::DELETE)),
        Command::new("wait").about("Wait until a deployment ends, and print its URL").defer(wait),
        Command::new("url")
            .about("Print the URL that run would find in a log")
            .defer(|url| with_flags(url, help::URL)),
        Command::new("sandbox")
            .about("Serve a local stand-in of GitHub's deployments API")
            .defer(sandbox),
        Command::new("completions").about("Print a shell's completions").defer(completions),
        Command::new("man").about("Print the manual page").defer(man),
    ]
}

fn with_flags(command: Command, examples: &'static str) -> Command {
    let flags = flags_of(command.get_name());
    let command = command.args(help::arranged(flags.get_arguments().cloned()));
    let epilogue = help::epilogue(&command, examples);
    command.after_help(examples).after_long_help(epilogue)
}

fn run(command: Command) -> Command {
    with_flags(command, help::RUN).arg(arguments()).override_usage(
        "deployment-status run [OPTIONS] -- COMMAND [ARG]...\n       \
         deployment-status run [OPTIONS] --run SCRIPT",
    )
}

fn create(command: Command) -> Command {
    with_flags(command, help::CREATE).arg(json("Print JSON instead of a table"))
}

fn list(command: Command) -> Command {
    with_flags(command, help::LIST).arg(json("Print JSON instead of a table"))
}

fn wait(command: Command) -> Command {
    with_flags(command, help::WAIT).arg(json("Print JSON instead of the URL"))
}

fn sandbox(command: Command) -> Command {
    let examples = format!("{FAULTS_HELP}\n\n{SANDBOX_EXAMPLES}");
    with_flags(command, SANDBOX_EXAMPLES)
        .after_long_help(help::epilogue(&Command::new("sandbox"), &examples))
}

fn completions(command: Command) -> Command {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(value_parser!(Shell))
        .help("The shell that they are for");
    command.after_help(help::COMPLETIONS).arg(shell)
}

fn man(command: Command) -> Command {
    let name = Arg::new("command")
        .value_name("COMMAND")
        .help("The command that it is about [default: the whole program]");
    command.after_help(help::MAN).arg(name)
}

fn arguments() -> Arg {
    Arg::new("arguments")
        .value_name("COMMAND")
        .value_parser(value_parser!(OsString))
        .action(ArgAction::Append)
        .num_args(1..)
        .last(true)
        .help("The command to run, and its arguments")
}

fn verbose() -> Arg {
    Arg::new("verbose")
        .long("verbose")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("Print each request, its answer and its timing")
}

fn json(about: &'static str) -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help_heading("Output").help(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_nothing_wrong_with_the_flags() {
        program().debug_assert();
    }

    #[test]
    fn an_input_is_of_the_commands_that_have_its_flag() {
        assert!(inputs_of("run").contains(&"grace_period".to_owned()));
        assert!(!inputs_of("list").contains(&"grace_period".to_owned()));
        assert_eq!(inputs_of("url"), ["url_pattern", "url_key"]);
        assert!(inputs_of("sandbox").is_empty());
    }
}
