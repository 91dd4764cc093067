//! With a terminal on stdin the command hears its keyboard itself. `script` gives us a terminal.

use std::io::Write as _;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::wrapped::{PATIENCE, Started, await_end, script};

const CTRL_C: &[u8] = b"\x03";

/// Runs a script on a terminal, of which the scene has the keyboard and the screen.
fn on_a_terminal(deploy: &str) -> Started {
    let inner = script(deploy).to_command();
    let words: Vec<String> = std::iter::once(inner.get_program())
        .chain(inner.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''")))
        .collect();
    let line = format!("exec {}", words.join(" "));
    let mut command = Command::new("script");
    command
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Started::from(command)
}

/// The next line that the deploy has written, among what the terminal echoes.
fn line(run: &mut Started) -> String {
    loop {
        let line = run.line();
        if let Some((_, line)) = line.rsplit_once("> ") {
            return line.to_owned();
        }
    }
}

#[test]
fn ctrl_c_is_heard_once() {
    let mut run = on_a_terminal(
        "trap 'echo \"> told\"' INT; trap 'echo \"> term\"; exit' TERM; echo '> ready'; while :; do sleep 0.05; done",
    );
    assert_eq!(line(&mut run), "ready");
    run.stdin.as_mut().unwrap().write_all(CTRL_C).unwrap();
    assert_eq!(line(&mut run), "told");
    // And then, halfway through its grace, what no keyboard sends.
    assert_eq!(line(&mut run), "term");
    assert_eq!(run.finish().code(), 130);
}

#[test]
fn the_command_stays_in_our_group() {
    let mut run = on_a_terminal(
        "group() { sed 's/.*) //' /proc/$1/stat | cut -d' ' -f3; }; echo \"> $(group $$) $(group $PPID)\"",
    );
    let groups = line(&mut run);
    let (command, ours) = groups.split_once(' ').expect("two groups are told");
    assert_eq!(command, ours);
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn a_sigterm_goes_to_the_command_alone() {
    let mut run = on_a_terminal(
        "trap 'echo \"> term\"; exit' TERM; (trap 'echo \"> inner\"' TERM; while :; do sleep 0.05; done) & \
         echo \"> $PPID $!\"; while :; do sleep 0.05; done",
    );
    let pids = line(&mut run);
    let pid = |word: Option<&str>| Pid::from_raw(word.unwrap().parse().unwrap()).unwrap();
    let (ours, inner) = (pid(pids.split(' ').next()), pid(pids.split(' ').nth(1)));
    kill_process(ours, Signal::TERM).unwrap();
    assert_eq!(line(&mut run), "term");
    await_end(ours, PATIENCE);
    let _ = kill_process(inner, Signal::KILL);
    assert_eq!(run.finish().code(), 143);
}
