//! Input `shell`: which program runs a script, and how.
//! Nothing is run or looked for here, but for Git's bash on Windows.

use std::path::{Path, PathBuf};

use super::Shell;
use crate::variables::Variables;

pub(super) const A_SHELL: &str =
    "`bash`, `sh`, `pwsh`, `cmd`, or a program with `{0}` for the script's file";

/// Reads the name of a shell, or a template.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
pub(super) fn shell(text: &str, variables: &Variables) -> Option<Shell> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let template = match text {
        "bash" => {
            let mut template: Vec<String> =
                words(&["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"]);
            template[0] = bash(variables);
            template
        }
        "sh" => words(&["sh", "-e", "{0}"]),
        "pwsh" | "powershell" => words(&[text, "-command", ". '{0}'"]),
        "cmd" => words(&["cmd", "/D", "/E:ON", "/V:OFF", "/C", "CALL", "{0}"]),
        "python" => words(&["python", "{0}"]),
        _ => split(text).filter(|words| words.iter().skip(1).any(|word| word.contains("{0}")))?,
    };
    let extension = extension(&template[0]);
    Some(Shell { template, extension })
}

/// What the default is, which no text has to say.
pub(super) fn default(variables: &Variables) -> Shell {
    shell("bash", variables).expect("`bash` is a shell")
}

/// On Windows Git's bash. The `bash.exe` of `System32` is WSL's: another system with other files.
fn bash(variables: &Variables) -> String {
    let git = cfg!(windows).then(|| git_bash(variables)).flatten();
    git.map_or_else(|| "bash".to_owned(), |path| path.to_string_lossy().into_owned())
}

/// `GIT\cmd\git.exe` on the PATH says where `GIT\bin\bash.exe` is.
fn git_bash(variables: &Variables) -> Option<PathBuf> {
    let beside_git =
        variables.raw("PATH").into_iter().flat_map(std::env::split_paths).filter_map(|directory| {
            let is_git = directory.join("git.exe").is_file();
            is_git.then(|| directory.parent().map(Path::to_owned)).flatten()
        });
    let installed = ["ProgramFiles", "ProgramW6432"]
        .into_iter()
        .filter_map(|name| variables.raw(name).map(|directory| Path::new(directory).join("Git")));
    beside_git
        .chain(installed)
        .map(|git| git.join("bin").join("bash.exe"))
        .find(|bash| bash.is_file())
}

fn extension(program: &str) -> &'static str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
    match name.strip_suffix(".exe").unwrap_or(&name) {
        "bash" | "sh" | "dash" | "zsh" | "ksh" => ".sh",
        "pwsh" | "powershell" => ".ps1",
        "cmd" => ".cmd",
        "python" | "python3" => ".py",
        _ => "",
    }
}

/// Splits at blanks outside of quotes. None where a quote is left open.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&[&str], &str)>) {
        let found = shell(text, &Variables::default());
        let found = found.as_ref().map(|shell| (shell.template.as_slice(), shell.extension));
        let expected = expected.map(|(template, extension)| {
            (template.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), extension)
        });
        assert_eq!(found, expected.as_ref().map(|(words, end)| (words.as_slice(), *end)));
    }

    #[test]
    #[cfg(unix)]
    fn bash_runs_as_the_runner_has_it() {
        let template = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"];

        check("bash", Some((&template, ".sh")));
    }

    #[test]
    fn the_other_shells_are_known_by_name() {
        check("sh", Some((&["sh", "-e", "{0}"], ".sh")));
        check("pwsh", Some((&["pwsh", "-command", ". '{0}'"], ".ps1")));
        let cmd = ["cmd", "/D", "/E:ON", "/V:OFF", "/C", "CALL", "{0}"];
        check("cmd", Some((&cmd, ".cmd")));
    }

    #[test]
    fn any_program_with_a_place_for_the_script_will_do() {
        check("/bin/bash -ex {0}", Some((&["/bin/bash", "-ex", "{0}"], ".sh")));
        check("'my perl' -w \"{0}\"", Some((&["my perl", "-w", "{0}"], "")));
        check("perl", None);
        check("{0}", None);
        check("perl '{0}", None);
    }
}
