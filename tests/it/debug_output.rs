//! `RUNNER_DEBUG=1` and `--verbose` show each request, its answer, its duration and its id.

use regex::Regex;

use crate::github::FakeGithub;
use crate::step::Step;

/// What `run` writes to stderr, in an environment with this variable, and with this flag.
fn stderr(variables: &[(&str, &str)], flags: &[&str]) -> String {
    let github = FakeGithub::start(&["--deployment", "42"]);
    let arguments = [&["run", "--deployment-id=42"], flags, &["--", "sh", "-c", "exit 3"]].concat();
    let path = std::env::var_os("PATH").expect("tests have a PATH");
    let step = Step::of(&github).arguments(&arguments).variable("PATH", path).variables(variables);
    let (code, _, stderr) = step.outcome();
    assert_eq!(code, Some(3), "{stderr}");
    stderr
}

/// How many posts of a status are shown, each with all that belongs to it.
fn shown(stderr: &str) -> usize {
    let request = Regex::new(
        r"(?m)^deployment-status: POST http://127\.0\.0\.1:\d+/repos/octo/app/deployments/42/statuses: 201 Created \(request [0-9A-Fa-f:]+\) \[\d.*s\]$",
    );
    request.expect("it is good").find_iter(stderr).count()
}

#[test]
fn the_runners_debug_mode_shows_each_request() {
    let stderr = stderr(&[("RUNNER_DEBUG", "1")], &[]);
    assert_eq!(shown(&stderr), 2, "{stderr}");
}

#[test]
fn the_flag_shows_each_request() {
    let stderr = stderr(&[], &["--verbose"]);
    assert_eq!(shown(&stderr), 2, "{stderr}");
}

#[test]
fn without_either_no_request_is_shown() {
    for variables in [&[][..], &[("RUNNER_DEBUG", "0")], &[("RUNNER_DEBUG", "")]] {
        let stderr = stderr(variables, &[]);
        assert!(!stderr.contains("POST"), "{variables:?}: {stderr}");
    }
}

/// Its first status is answered while the command has a line open.
#[test]
fn a_debug_line_does_not_cut_an_open_line_of_the_commands() {
    let github = FakeGithub::start(&["--deployment", "42", "--fault", "next post: delay 3500ms"]);
    let path = std::env::var_os("PATH").expect("tests have a PATH");
    let script = "printf Uploading >&2; sleep 1.5; echo ' done' >&2; sleep 0.2; echo more >&2";
    let arguments = ["run", "--verbose", "--deployment-id=42", "--", "sh", "-c", script];
    let step = Step::of(&github).arguments(&arguments).variable("PATH", path);

    let (code, _, stderr) = step.outcome();

    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(shown(&stderr), 2, "{stderr}");
    assert!(stderr.contains("\nUploading done\n"), "{stderr}");
}
