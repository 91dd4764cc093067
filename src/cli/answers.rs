//! What is answered to a command line that cannot be read: what is wrong, and the line as it should
//! be. What is quoted may hold secrets; `main` hides them.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::CliExit;

/// How alike two words must be for one to be offered for the other, from 0 to 1: clap's own figure.
/// Two neighboring letters that changed places are as alike.
const ALIKE: f64 = 0.7;

/// Help and the version are no errors.
pub(super) fn exit(
    mut err: clap::Error,
    argv: &[OsString],
    program: &Command,
    has_colors: bool,
) -> CliExit {
    if !err.use_stderr() {
        let text = err.render();
        let plain = || text.to_string();
        return CliExit::Help(if has_colors { text.ansi().to_string() } else { plain() });
    }
    if matches!(err.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand)
        && let Some(text) = misplaced(&err, argv, program)
    {
        return CliExit::Usage(sanitize(&text, argv));
    }
    // clap offers to write a mistyped option behind `--`, where it would be run.
    err.remove(ContextKind::Suggested);
    let text = err.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    CliExit::Usage(sanitize(text, argv))
}

/// The answer to a word that is no option: a mistyped command, or a command to run without `--`.
fn misplaced(err: &clap::Error, argv: &[OsString], program: &Command) -> Option<String> {
    let word =
        [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].into_iter().find_map(|kind| {
            match err.get(kind) {
                Some(ContextValue::String(word)) => Some(word.clone()),
                _ => None,
            }
        })?;
    if word.starts_with('-') {
        return None;
    }
    let place = (1..argv.len()).find(|place| {
        argv[*place].to_string_lossy() == word && !takes_value(&argv[place - 1], program)
    })?;
    let command = argv[1..place].iter().find_map(|word| program.find_subcommand(word));
    match command {
        None => {
            let text = no_such_command(&word, program);
            let is_a_command = nearest(&word, program).is_some()
                || argv.iter().any(|word| word == "--" || word == "help");
            let program = "To run a program, write it after `--`";
            let line = || as_it_should_be(program, argv, place);
            Some(if is_a_command { text } else { format!("{text}\n\n{}", line()) })
        }
        Some(command) if command.get_name() == "run" => {
            let why = format!("`{word}` is no option: the command to run stands after `--`");
            Some(as_it_should_be(&why, argv, place))
        }
        Some(_) => None,
    }
}

/// Whether the word after this one is its value.
fn takes_value(word: &OsString, program: &Command) -> bool {
    let name = word.to_str().and_then(|word| word.strip_prefix("--"));
    let option = program.get_arguments().find(|arg| name.is_some() && arg.get_long() == name);
    option.is_some_and(|arg| arg.get_action().takes_values() && !arg.is_require_equals_set())
}

/// `why`, and the line with `--` before the word at `place`.
fn as_it_should_be(why: &str, argv: &[OsString], place: usize) -> String {
    let (before, after) = argv.split_at(place);
    let before = before.iter().skip(1).map(|word| quoted(&word.to_string_lossy()));
    let after = after.iter().map(|word| quoted(&word.to_string_lossy()));
    let words = ["deployment-status".to_owned()].into_iter().chain(before);
    let line = words.chain(["--".to_owned()]).chain(after).collect::<Vec<_>>().join(" ");
    format!("{why}:\n  {line}")
}

/// Names the nearest command, or all of them.
pub(super) fn no_such_command(word: &str, program: &Command) -> String {
    if let Some(name) = nearest(word, program) {
        return format!("there is no command `{word}`: did you mean `{name}`?");
    }
    let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
    format!("there is no command `{word}`: the commands are {}", names.join(", "))
}

fn nearest<'a>(word: &str, program: &'a Command) -> Option<&'a str> {
    let likeness = |name: &str| {
        let is_swapped = word.len() == name.len() && strsim::osa_distance(word, name) == 1;
        strsim::jaro(word, name).max(if is_swapped { 1.0 } else { 0.0 })
    };
    let names = program.get_subcommands().map(Command::get_name);
    names
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|name| likeness(name) > ALIKE && !word.contains(['/', '.']))
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Arguments are quoted as they are; a line end in one would begin a line of its own.
fn sanitize(text: &str, argv: &[OsString]) -> String {
    let arguments = argv.iter().map(|argument| argument.to_string_lossy());
    arguments.filter(|argument| argument.contains(char::is_control)).fold(
        text.to_owned(),
        |text, argument| {
            let lines = argument.split(char::is_control).filter(|line| !line.is_empty());
            text.replace(argument.as_ref(), &lines.collect::<Vec<_>>().join(" "))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    #[track_caller]
    fn answer(line: &str) -> String {
        let argv = ["deployment-status"].into_iter().chain(line.split(' ')).map(OsString::from);
        match Cli::parse(argv, false) {
            Err(CliExit::Usage(text)) => text,
            Err(CliExit::Help(text)) => panic!("help is no usage error: {text}"),
            Ok(_) => panic!("`{line}` is read"),
        }
    }

    #[test]
    fn a_command_without_the_dashes_is_answered_with_the_line_as_it_should_be() {
        assert!(
            answer("run ./deploy.sh --fast")
                .ends_with("\n  deployment-status run -- ./deploy.sh --fast")
        );
        assert!(
            answer("run --sandbox echo hi")
                .ends_with("\n  deployment-status run --sandbox -- echo hi")
        );
        assert!(answer("./deploy.sh a&b").ends_with("\n  deployment-status -- ./deploy.sh 'a&b'"));
    }

    #[test]
    fn the_word_that_is_meant_is_no_options_value() {
        assert!(
            answer("run --environment deploy --strict deploy")
                .ends_with("\n  deployment-status run --environment deploy --strict -- deploy")
        );
        assert!(answer("help lst").contains("did you mean `list`?"));
    }

    #[test]
    fn a_mistyped_command_is_answered_with_the_nearest_one() {
        assert_eq!(answer("lst"), "there is no command `lst`: did you mean `list`?");
        assert_eq!(answer("rnu -- x"), "there is no command `rnu`: did you mean `run`?");
        assert!(answer("deploy now").ends_with("\n  deployment-status -- deploy now"));
        assert!(!answer("xyz -- x").contains("To run"));
        assert!(!answer("help nosuch").contains("To run"));
    }

    #[test]
    fn a_mistyped_option_is_answered_with_the_nearest_one_alone() {
        let text = answer("run --enviroment x -- y");

        assert!(text.contains("'--environment'"), "{text}");
        assert!(!text.contains("-- --enviroment"), "{text}");
        assert!(!text.starts_with("error"), "{text}");
    }
}
