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
use super::sandbox_args::FAULTS_HELP;
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
    program.subcommands(commands()).help_expected(true)
}

/// The names of every input, as fields of [`InputTexts`].
pub(crate) fn input_names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| names(&InputTexts::augment_args(Command::new(""))));
    &NAMES
}

/// The names of the inputs that are flags of this command.
pub(crate) fn inputs_of(command: &str) -> Vec<String> {
    let command = commands().into_iter().find(|known| known.get_name() == command);
    let own = command.map(|command| names(&command)).unwrap_or_default();
    own.into_iter().filter(|name| input_names().contains(name)).collect()
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

fn commands() -> [Command; 11] {
    [
        run(),
        create(),
        list(),
        finish(),
        sweep(),
        delete(),
        wait(),
        with(
            "url",
            "Print the URL that run would find in a log",
            help::URL,
            &[UrlArgs::augment_args, UrlRuleArgs::augment_args],
        ),
        with(
            "sandbox",
            "Serve a local stand-in of GitHub's deployments API",
            FAULTS_HELP,
            &[SandboxArgs::augment_args],
        ),
        completions(),
        man(),
    ]
}

fn with(
    name: &'static str,
    about: &'static str,
    examples: &'static str,
    groups: &[Group],
) -> Command {
    let all = groups.iter().fold(Command::new(name), |command, group| group(command));
    let command = Command::new(name).about(about).after_help(examples);
    let args = help::arranged(all.get_arguments().cloned());
    command.args(args).after_long_help(help::epilogue(&all, examples))
}

fn run() -> Command {
    let groups: [Group; 6] = [
        RunArgs::augment_args,
        CommonArgs::augment_args,
        StatusArgs::augment_args,
        CloseArgs::augment_args,
        UrlRuleArgs::augment_args,
        TimeoutArgs::augment_args,
    ];
    with("run", "Run a deploy command, and post how it goes", help::RUN, &groups)
        .arg(arguments())
        .override_usage(
            "deployment-status run [OPTIONS] -- COMMAND [ARG]...\n       \
             deployment-status run [OPTIONS] --run SCRIPT",
        )
}

fn create() -> Command {
    let groups: [Group; 4] = [
        StateArgs::augment_args,
        CommonArgs::augment_args,
        StatusArgs::augment_args,
        CloseArgs::augment_args,
    ];
    with("create", "Post one status", help::CREATE, &groups)
        .arg(json("Print JSON instead of a table"))
}

fn list() -> Command {
    let about = "List a deployment's statuses, newest first";
    with("list", about, help::LIST, &[CommonArgs::augment_args])
        .arg(json("Print JSON instead of a table"))
}

fn finish() -> Command {
    let groups: [Group; 3] =
        [StateArgs::augment_args, CommonArgs::augment_args, CloseArgs::augment_args];
    with("finish", "Close what an interrupted run left open", help::FINISH, &groups)
}

fn sweep() -> Command {
    let groups: [Group; 2] = [CommonArgs::augment_args, SelectArgs::augment_args];
    with("sweep", "Close the deployments that dead runs left open", help::SWEEP, &groups)
}

fn delete() -> Command {
    let groups: [Group; 4] = [
        CommonArgs::augment_args,
        StateArgs::augment_args,
        SelectArgs::augment_args,
        DeleteArgs::augment_args,
    ];
    let about = "Delete an environment's deployments that are no longer needed";
    with("delete", about, help::DELETE, &groups)
}

fn wait() -> Command {
    let groups: [Group; 2] = [CommonArgs::augment_args, TimeoutArgs::augment_args];
    with("wait", "Wait until a deployment ends, and print its URL", help::WAIT, &groups)
        .arg(json("Print JSON instead of the URL"))
}

fn completions() -> Command {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(value_parser!(Shell))
        .help("The shell that they are for");
    let about = "Print a shell's completions";
    Command::new("completions").about(about).after_help(help::COMPLETIONS).arg(shell)
}

fn man() -> Command {
    let command = Arg::new("command")
        .value_name("COMMAND")
        .help("The command that it is about [default: the whole program]");
    Command::new("man").about("Print the manual page").after_help(help::MAN).arg(command)
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
