//! argv in, the command and its flags out.
//! It checks no input: flags are texts here, as variables are.

mod answers;
mod args;
mod commands;
mod help;
mod sandbox_args;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use clap_complete::Shell;

pub(crate) use args::InputTexts;
#[cfg(test)]
pub(crate) use commands::default_of;
pub(crate) use commands::{input_names, inputs_of};
pub(crate) use sandbox_args::SandboxArgs;

/// What argv says.
pub(crate) struct Cli {
    /// None where no sub-command was given.
    pub(crate) subcommand: Option<Subcommand>,
    /// The inputs that were given as flags: names as in [`InputTexts`], and what was written.
    pub(crate) flags: Vec<(String, String)>,
    /// The command after `--`.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) verbose: bool,
}

/// The sub-commands, with what is theirs alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subcommand {
    Run,
    Create { json: bool },
    List { json: bool },
    Finish,
    Sweep,
    Delete,
    Wait { json: bool },
    Url(UrlArgs),
    Sandbox(SandboxArgs),
}

impl Subcommand {
    /// The word on the command line, and in the input `command`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Create { .. } => "create",
            Self::List { .. } => "list",
            Self::Finish => "finish",
            Self::Sweep => "sweep",
            Self::Delete => "delete",
            Self::Wait { .. } => "wait",
            Self::Url(_) => "url",
            Self::Sandbox(_) => "sandbox",
        }
    }
}

/// What `url` reads.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[group(skip)]
pub(crate) struct UrlArgs {
    /// Show every candidate and why it won or lost
    #[arg(long)]
    pub(crate) explain: bool,
    /// Logs to read, one after the other [default: stdin]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Why there is nothing to do.
#[derive(Debug)]
pub(crate) enum CliExit {
    /// Help, the version, completions or a manual page: for stdout, exit 0.
    Help(String),
    /// A usage error, without the word `error`: for stderr, exit 125. It may quote arguments.
    Usage(String),
}

impl Cli {
    /// Reads argv, the program's name first. Help has colors where `has_colors`.
    pub(crate) fn parse(
        argv: impl IntoIterator<Item = OsString>,
        has_colors: bool,
    ) -> Result<Self, CliExit> {
        let program = commands::program();
        let argv = booleans_joined(argv.into_iter().collect(), &program);
        if argv.get(1).is_some_and(|word| word == "version") {
            return Err(CliExit::Help(program.render_version()));
        }
        let matches = program
            .clone()
            .try_get_matches_from(&argv)
            .map_err(|err| answers::exit(err, &argv, &program, has_colors))?;
        Self::from_matches(&matches, program)
    }

    fn from_matches(matches: &ArgMatches, program: Command) -> Result<Self, CliExit> {
        let mut flags = flags(matches);
        let mut arguments = arguments(matches);
        let verbose = matches.get_flag("verbose");
        let Some((name, own)) = matches.subcommand() else {
            return Ok(Self { subcommand: None, flags, arguments, verbose });
        };
        flags.append(&mut self::flags(own));
        arguments.append(&mut self::arguments(own));
        let json = || own.get_flag("json");
        let subcommand = match name {
            "run" => Subcommand::Run,
            "create" => Subcommand::Create { json: json() },
            "list" => Subcommand::List { json: json() },
            "finish" => Subcommand::Finish,
            "sweep" => Subcommand::Sweep,
            "delete" => Subcommand::Delete,
            "wait" => Subcommand::Wait { json: json() },
            "url" => Subcommand::Url(UrlArgs::from_arg_matches(own).expect("clap has read them")),
            "sandbox" => {
                let sandbox_args = SandboxArgs::from_arg_matches(own);
                Subcommand::Sandbox(sandbox_args.expect("clap has read them"))
            }
            "completions" => {
                let shell = own.get_one("shell").copied().expect("clap requires a shell");
                return Err(CliExit::Help(completions(shell, program)));
            }
            _ => return Err(manual(own.get_one("command").map(String::as_str), program)),
        };
        Ok(Self { subcommand: Some(subcommand), flags, arguments, verbose })
    }
}

/// The inputs that were given as flags of this command.
fn flags(matches: &ArgMatches) -> Vec<(String, String)> {
    let text = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
    let names = input_names().iter();
    names.filter_map(|name| Some((name.clone(), text(name)?))).collect()
}

fn arguments(matches: &ArgMatches) -> Vec<OsString> {
    let found = matches.try_get_many::<OsString>("arguments").ok().flatten();
    found.into_iter().flatten().cloned().collect()
}

/// What a user may mean for a boolean, whether we take it or not.
const BOOLEANS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "1", "0"];

/// `--strict true` becomes `--strict=true`: a boolean flag takes the next word only if that is
/// one, so that `--sandbox echo hi` is no value `echo`.
fn booleans_joined(argv: Vec<OsString>, program: &Command) -> Vec<OsString> {
    let is_flag = |word: &OsString| {
        let name = word.to_str().and_then(|word| word.strip_prefix("--"));
        program.get_arguments().any(|arg| arg.is_require_equals_set() && arg.get_long() == name)
    };
    let is_boolean =
        |word: &OsString| BOOLEANS.iter().any(|boolean| word.eq_ignore_ascii_case(boolean));
    let end = argv.iter().position(|word| word == "--").unwrap_or(argv.len());
    let mut joined: Vec<OsString> = Vec::with_capacity(argv.len());
    for (place, word) in argv.into_iter().enumerate() {
        match joined.last_mut() {
            Some(flag) if place < end && is_flag(flag) && is_boolean(&word) => {
                flag.push("=");
                flag.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn completions(shell: Shell, mut program: Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, "deployment-status", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page of the program, or of one of its commands.
fn manual(name: Option<&str>, mut program: Command) -> CliExit {
    program.build();
    let command = match name {
        Some(name) => program.find_subcommand(name).cloned(),
        None => Some(program.clone()),
    };
    let Some(command) = command else {
        return CliExit::Usage(answers::no_such_command(name.unwrap_or_default(), &program));
    };
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command).render(&mut page);
    written.expect("memory takes every byte");
    CliExit::Help(String::from_utf8_lossy(&page).into_owned())
}
