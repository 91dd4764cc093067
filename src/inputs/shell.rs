//! Input `shell`: which program runs a script, and how.
//! Nothing is run here; only bash is looked for.

use std::path::Path;

use crate::env::Variables;
use crate::process::script::Shell;

pub(super) const A_SHELL: &str =
    "`bash`, `sh`, `pwsh`, `powershell`, `cmd`, or a program with `{0}` for the script's file";

/// Why a shell cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoShell {
    /// Neither a name that we know nor a template.
    NotUnderstood,
    /// Windows has no bash but WSL's, which is another system with other files.
    NoGitBash,
}

/// What to do where Windows has no bash.
pub(super) const NO_GIT_BASH: &str = "there is no Git for Windows, whose bash runs scripts: \
     install it from https://gitforwindows.org, or set `shell` to `pwsh`, `powershell` or `cmd`";

/// The note where scripts run by `sh` because there is no bash.
pub(super) const NO_BASH: &str =
    "there is no bash on the PATH, so `sh` runs the script: set `shell` to `sh` to say so";

/// The shell where none was asked for: bash, or else `sh`. The flag says that it is `sh`.
pub(super) fn default_shell(variables: &Variables) -> Result<(Shell, bool), NoShell> {
    let is_sh = cfg!(not(windows)) && !has_bash(variables);
    Ok((shell(if is_sh { "sh" } else { "bash" }, variables)?, is_sh))
}

/// Reads the name of a shell, or a template.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
pub(super) fn shell(text: &str, variables: &Variables) -> Result<Shell, NoShell> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let template = match text {
        "bash" => {
            let git = || git_bash(variables).ok_or(NoShell::NoGitBash);
            let bash = if cfg!(windows) { git()? } else { text.to_owned() };
            [vec![bash], words(&["--noprofile", "--norc", "-eo", "pipefail", "{0}"])].concat()
        }
        "sh" => words(&["sh", "-e", "{0}"]),
        "pwsh" | "powershell" => words(&[text, "-command", ". '{0}'"]),
        "cmd" => words(&["cmd", "/D", "/E:ON", "/V:OFF", "/C", "CALL", "{0}"]),
        "python" => words(&["python", "{0}"]),
        _ => split(text)
            .filter(|words| words.iter().skip(1).any(|word| word.contains("{0}")))
            .ok_or(NoShell::NotUnderstood)?,
    };
    let extension = extension(&template[0]);
    Ok(Shell { template, extension })
}

/// Where the PATH is not set, programs are looked for in the system's directories.
fn has_bash(variables: &Variables) -> bool {
    let path = variables.raw("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin".as_ref());
    std::env::split_paths(path).any(|directory| is_executable(&directory.join("bash")))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
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
        let found = shell(text, &Variables::default()).ok();
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
        check("powershell", Some((&["powershell", "-command", ". '{0}'"], ".ps1")));
        let cmd = ["cmd", "/D", "/E:ON", "/V:OFF", "/C", "CALL", "{0}"];
        check("cmd", Some((&cmd, ".cmd")));
        check("python", Some((&["python", "{0}"], ".py")));
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
    #[cfg(unix)]
    fn without_bash_it_is_sh_unless_a_shell_was_asked_for() {
        use std::os::unix::fs::PermissionsExt;

        let directory = tempfile::tempdir().unwrap();
        let bash = directory.path().join("bash");
        let path = || Variables::new([("PATH".into(), directory.path().into())]);
        let program =
            || default_shell(&path()).map(|(shell, is_sh)| (shell.template[0].clone(), is_sh));

        assert_eq!(program(), Ok(("sh".to_owned(), true)));
        std::fs::write(&bash, "").unwrap();
        assert_eq!(program(), Ok(("sh".to_owned(), true)));
        std::fs::set_permissions(&bash, PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(program(), Ok(("bash".to_owned(), false)));
        std::fs::remove_file(&bash).unwrap();
        assert_eq!(
            shell("bash", &path()).map(|shell| shell.template[0].clone()),
            Ok("bash".to_owned())
        );
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
