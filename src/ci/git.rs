//! What the local git repository says: its HEAD, and whom it calls `origin`.
//! It asks git and never fails: no git, no repository or no remote are absence.

use std::process::{Command, Stdio};

use url::Url;

use crate::deployment::Slug;
use crate::env::Variables;

/// The commit that is checked out.
pub(crate) fn head(variables: &Variables) -> Option<String> {
    ask(variables, &["rev-parse", "--verify", "--quiet", "HEAD"])
}

/// The address of the remote `origin`.
pub(crate) fn origin(variables: &Variables) -> Option<String> {
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

fn ask(variables: &Variables, arguments: &[&str]) -> Option<String> {
    let answer = Command::new("git")
        .args(arguments)
        .env_clear()
        .envs(variables.iter())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let line = String::from_utf8(answer.stdout).ok()?.trim().to_owned();
    (answer.status.success() && !line.is_empty()).then_some(line)
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
        assert_eq!(origin(&variables).as_deref(), Some("git@github.com:octo/app.git"));
    }
}
