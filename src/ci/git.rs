//! What the local git repository says: its HEAD, and whom it calls `origin`.
//! No git, no repository and no remote are absence; a checkout that git refuses is quoted.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

use crate::deployment::Slug;
use crate::env::{Variables, names_a_secret};

/// A git that takes longer hangs on a network file system, or on a lock.
const LIMIT: Duration = Duration::from_secs(3);

/// What an ended git has written is there by then.
const READ_LIMIT: Duration = Duration::from_millis(500);

/// One line is shorter; in bytes.
const MAX_TEXT: u64 = 64 << 10;

/// How often it is looked whether git has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// The commit that is checked out.
pub(crate) fn head(variables: &Variables) -> Option<String> {
    ask(variables, &["rev-parse", "--verify", "--quiet", "HEAD"]).ok().flatten()
}

/// The address of the remote `origin`.
///
/// # Errors
/// In git's own words, when there is a checkout that it refuses to read.
pub(crate) fn origin(variables: &Variables) -> Result<Option<String>, String> {
    ask(variables, &["config", "--get", "remote.origin.url"])
}

/// The repository that a remote's address means on this host, such as `github.com`.
pub(crate) fn slug_at(host: &str, remote: &str) -> Option<Slug> {
    let (found, path) = host_and_path(remote)?;
    if !found.eq_ignore_ascii_case(host) {
        return None;
    }
    let path = path.trim_matches('/');
    Slug::parse(path.strip_suffix(".git").unwrap_or(path))
}

/// The same on github.com or one of the hosts of ghe.com.
pub(crate) fn slug_on_github(remote: &str) -> Option<Slug> {
    let (host, _) = host_and_path(remote)?;
    let host = host.to_ascii_lowercase();
    (host == "github.com" || host.ends_with(".ghe.com")).then(|| slug_at(&host, remote)).flatten()
}

/// The host of a remote's address, as the address has it.
pub(crate) fn host(remote: &str) -> Option<String> {
    host_and_path(remote).map(|(host, _)| host)
}

/// One line of git's, or nothing.
fn ask(variables: &Variables, arguments: &[&str]) -> Result<Option<String>, String> {
    let mut command = Command::new("git");
    // git needs no credential for what we ask, nor a proxy, whose address may hold one.
    command.args(arguments).env_clear().envs(variables.iter().filter(|(name, _)| {
        let name = name.to_string_lossy();
        !names_a_secret(&name) && !name.to_ascii_lowercase().ends_with("proxy")
    }));
    trust_any_owner(&mut command, variables);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return Ok(None) };
    let stdout = child.stdout.take().and_then(read_beside);
    let stderr = child.stderr.take().and_then(read_beside);
    let has_succeeded = ends_in_time(&mut child);
    let text = |read: Option<Receiver<String>>| {
        read.and_then(|read| read.recv_timeout(READ_LIMIT).ok()).unwrap_or_default()
    };
    let (line, complaint) = (text(stdout), text(stderr));
    let line = line.trim();
    match has_succeeded {
        Some(true) if !line.is_empty() => Ok(Some(line.to_owned())),
        Some(false) if complaint.contains("dubious ownership") => {
            let quoted = complaint.lines().map(str::trim).find(|line| !line.is_empty());
            Err(quoted.unwrap_or_default().to_owned())
        }
        _ => Ok(None),
    }
}

/// Reads a pipe to its end on a thread of its own: what a hung git, or a process that git left
/// behind, holds open is not waited for.
fn read_beside(pipe: impl Read + Send + 'static) -> Option<Receiver<String>> {
    let (sender, receiver) = channel();
    let read = move || {
        let mut text = String::new();
        // Nobody may be waiting any more.
        let _ = pipe.take(MAX_TEXT).read_to_string(&mut text).map(|_| sender.send(text));
    };
    thread::Builder::new().spawn(read).ok()?;
    Some(receiver)
}

/// In containers a checkout often belongs to another user than the one that we run as. What we ask
/// runs nothing of the checkout's.
/// <https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory>
fn trust_any_owner(command: &mut Command, variables: &Variables) {
    let count: u32 =
        variables.get("GIT_CONFIG_COUNT").and_then(|text| text.parse().ok()).unwrap_or_default();
    command
        .env("GIT_CONFIG_COUNT", count.saturating_add(1).to_string())
        .env(format!("GIT_CONFIG_KEY_{count}"), "safe.directory")
        .env(format!("GIT_CONFIG_VALUE_{count}"), "*");
}

/// Whether it succeeded; None where it had to be killed.
fn ends_in_time(child: &mut Child) -> Option<bool> {
    let until = Instant::now() + LIMIT;
    while Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => thread::sleep(POLL_INTERVAL),
            Err(_) => return None,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Splits `https://HOST/PATH`, `ssh://git@HOST:22/PATH` and `git@HOST:PATH`.
fn host_and_path(remote: &str) -> Option<(String, String)> {
    let (host, path) = if remote.contains("://") {
        let url = Url::parse(remote).ok()?;
        (url.host_str()?.to_owned(), url.path().to_owned())
    } else {
        let (login, path) = remote.split_once(':')?;
        let host = login.rsplit('@').next()?;
        (host.to_owned(), path.to_owned())
    };
    // GitHub's ways in that do not bear its name.
    let host = match host.as_str() {
        "ssh.github.com" | "www.github.com" => "github.com".to_owned(),
        _ => host,
    };
    Some((host, path))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(remote: &str, slug: Option<&str>) {
        assert_eq!(slug_on_github(remote).map(|slug| slug.to_string()).as_deref(), slug);
    }

    #[test]
    fn a_remote_is_read_in_each_of_its_forms() {
        check("https://github.com/octo/app.git", Some("octo/app"));
        check("https://user:secret@GitHub.com/octo/app/", Some("octo/app"));
        check("git@github.com:octo/app.git", Some("octo/app"));
        check("ssh://git@ssh.github.com:443/octo/app.git", Some("octo/app"));
        check("git://github.com/octo/app.js", Some("octo/app.js"));
        check("git@octo.ghe.com:octo/app", Some("octo/app"));
    }

    #[test]
    fn a_remote_elsewhere_is_none_of_ours() {
        check("https://gitlab.com/octo/app.git", None);
        check("https://github.com.evil.example/octo/app", None);
        check("https://github.com/octo", None);
        check("../app", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn no_remote_makes_us_panic(remote in "\\PC*|(\\w+://)?(.*@)?github.com[:/].*") {
            let _ = slug_on_github(&remote);
        }
    }

    #[test]
    fn a_server_of_its_own_is_known_by_its_host() {
        let slug = slug_at("ghe.example", "git@ghe.example:octo/app.git").unwrap();

        assert_eq!(slug.to_string(), "octo/app");
    }

    #[test]
    fn a_repository_says_what_is_checked_out_and_where_it_is_from() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().to_str().unwrap();
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-C", path];
            assert!(Command::new("git").args(identity).args(arguments).status().unwrap().success());
        };
        git(&["init", "--quiet"]);
        git(&["remote", "add", "origin", "git@github.com:octo/app.git"]);
        let path_of_git = std::env::var("PATH").unwrap();
        let dot_git = format!("{path}/.git");
        let variables = [("PATH", path_of_git.as_str()), ("GIT_DIR", dot_git.as_str())].into();

        assert_eq!(head(&variables), None);
        git(&["commit", "--quiet", "--allow-empty", "--message", "First"]);
        assert_eq!(head(&variables).map(|sha| sha.len()), Some(40));
        assert_eq!(origin(&variables), Ok(Some("git@github.com:octo/app.git".to_owned())));
    }

    /// What a stand-in of git makes us answer. It is asked with these variables.
    #[cfg(unix)]
    fn origin_of(script: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = tempfile::tempdir().unwrap();
        let git = directory.path().join("git");
        std::fs::write(&git, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", directory.path().display(), std::env::var("PATH").unwrap());
        let pairs = [("PATH", path.as_str())];
        let all = pairs.iter().chain(variables);
        origin(&Variables::new(all.map(|(name, value)| (name.into(), value.into()))))
    }

    #[cfg(unix)]
    #[test]
    fn git_sees_no_token_and_may_read_anybodys_checkout() {
        let variables = [
            ("GITHUB_TOKEN", "ghp_x"),
            ("https_proxy", "http://me:hunter2@proxy.example"),
            ("INPUT_APP-PRIVATE-KEY", "pem"),
            ("HOME", "/root"),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "a.b"),
            ("GIT_CONFIG_VALUE_0", "c"),
        ];
        let seen = origin_of("env | grep -E '^(GI|INPUT|HOME)' | sort | tr '\\n' ' '", &variables);
        let expected = "GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=a.b GIT_CONFIG_KEY_1=safe.directory \
                        GIT_CONFIG_VALUE_0=c GIT_CONFIG_VALUE_1=* HOME=/root";
        assert_eq!(seen, Ok(Some(expected.to_owned())));
    }

    #[cfg(unix)]
    #[test]
    fn a_checkout_that_git_refuses_is_quoted_and_what_is_not_there_is_absent() {
        let refusal = "fatal: detected dubious ownership in repository at '/app'";
        assert_eq!(
            origin_of(&format!("echo \"{refusal}\" >&2; exit 128"), &[]),
            Err(refusal.to_owned())
        );
        assert_eq!(origin_of("echo 'fatal: not a git repository' >&2; exit 128", &[]), Ok(None));
        assert_eq!(origin_of("exit 1", &[]), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn a_git_that_hangs_is_not_waited_for() {
        let begun = Instant::now();
        assert_eq!(origin_of("exec sleep 60", &[]), Ok(None));
        assert!(begun.elapsed() < LIMIT * 3);
    }

    #[cfg(unix)]
    #[test]
    fn what_git_left_behind_is_not_waited_for() {
        assert_eq!(origin_of("sleep 3 & echo x", &[]), Ok(None));
    }
}
