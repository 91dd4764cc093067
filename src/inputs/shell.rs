//! Input `shell`: which program runs a script, and how.
//! Nothing is run or looked for here, but for Git's bash on Windows.

use std::path::Path;

use super::Shell;
use crate::env::Variables;

pub(super) const A_SHELL: &str =
    "`bash`, `sh`, `pwsh`, `cmd`, or a program with `{0}` for the script's file";

pub(super) const DEFAULT: &str = "bash";

/// Reads the name of a shell, or a template. None also where Windows has no bash but WSL's.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
pub(super) fn shell(text: &str, variables: &Variables) -> Option<Shell> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let template = match text {
        "bash" => {
            let bash = if cfg!(windows) { git_bash(variables)? } else { text.to_owned() };
            [vec![bash], words(&["--noprofile", "--norc", "-eo", "pipefail", "{0}"])].concat()
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

/// `GIT\cmd\git.exe` on the PATH says where `GIT\bin\bash.exe` is. The `bash.exe` of `System32` is
/// WSL's: another system with other files.
fn git_bash(variables: &Variables) -> Option<String> {
    let path = variables.raw("PATH").unwrap_or_default();
    let beside_git = std::env::split_paths(path)
        .filter(|directory| directory.join("git.exe").is_file())
        .filter_map(|directory| directory.parent().map(Path::to_owned));
    let installed = ["ProgramFiles", "ProgramW6432"]
        .into_iter()
        .filter_map(|name| variables.raw(name).map(|programs| Path::new(programs).join("Git")));
    let bash = beside_git
        .chain(installed)
        .map(|git| git.join("bin").join("bash.exe"))
        .find(|bash| bash.is_file())?;
    bash.to_str().map(str::to_owned)
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

    #[test]
    fn on_windows_bash_is_gits() {
        let directory = tempfile::tempdir().unwrap();
        let here = |path: &str| directory.path().join(path);
        for path in ["System32/bash.exe", "Git/cmd/git.exe", "Git/bin/bash.exe"] {
            std::fs::create_dir_all(here(path).parent().unwrap()).unwrap();
            std::fs::write(here(path), "").unwrap();
        }
        let path = std::env::join_paths([here("System32"), here("Git/cmd")]).unwrap();
        let variables = |path| Variables::new([("PATH".into(), path)]);

        let bash = git_bash(&variables(path)).unwrap();

        assert_eq!(Path::new(&bash), here("Git").join("bin").join("bash.exe"));
        assert_eq!(git_bash(&variables(here("System32").into())), None);
    }
}
