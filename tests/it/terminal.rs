//! Under a controlling terminal the command is in its foreground, as it would be without us.
//! `script` gives us a terminal, of which the test has the keyboard and the screen.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::executable;
use crate::wrapped::{PATIENCE, Started, await_end, folder, script};

const CTRL_C: &str = "\x03";
pub(crate) const CTRL_Z: &str = "\x1a";

/// Waits in small steps, since a shell runs its traps between commands.
const WAIT: &str = "while :; do sleep 0.05; done";

/// The same with one child all the time: a stop between a shell's `vfork` and `exec` stops only the
/// child, without us too.
pub(crate) const STOPPABLE: &str = "sleep 60 & echo '> ready'; while :; do wait; done";

/// Runs a line of shell on a terminal, with `$M` as what marks a line of the test's.
pub(crate) fn terminal(line: &str) -> Started {
    let mut command = Command::new("timeout");
    command
        .args(["60", "script", "--quiet", "--return", "--command", line, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
        .env("SHELL", "/bin/sh")
        .env("M", ">")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Started::from(command)
}

/// The shell line that is us round a script.
pub(crate) fn ours(deploy: &str, options: &[(&str, &str)]) -> String {
    let wrapped =
        options.iter().fold(script(deploy), |wrapped, (name, value)| wrapped.option(name, value));
    let command = wrapped.to_command();
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''")))
        .collect::<Vec<_>>()
        .join(" ")
}

fn on_a_terminal(deploy: &str) -> Started {
    terminal(&format!("exec {}", ours(deploy, &[])))
}

/// An interactive shell, in which `./job` is us round a script.
pub(crate) fn interactive(directory: &Path, deploy: &str, options: &[(&str, &str)]) -> Started {
    let job = ours(deploy, options);
    executable::write(&directory.join("job"), &format!("#!/bin/sh\nexec {job}\n"));
    let mut run = terminal(&format!(
        "cd '{}' && PS1= exec bash --norc --noprofile --noediting -i",
        directory.display()
    ));
    run.press("echo \"$M shell\"\n");
    assert_eq!(run.mark(), "shell");
    run
}

impl Started {
    pub(crate) fn press(&mut self, keys: &str) {
        let keyboard = self.stdin.as_mut().expect("it is still open");
        keyboard.write_all(keys.as_bytes()).expect("the terminal is there");
    }

    /// The next marked line, among what the terminal echoes and we say.
    pub(crate) fn mark(&mut self) -> String {
        loop {
            let mut bytes = Vec::new();
            let screen = self.stdout.as_mut().expect("stdout is read here");
            let read = std::io::BufRead::read_until(screen, b'\n', &mut bytes);
            assert!(read.expect("the screen can be read") > 0, "the terminal is gone");
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if let Some((_, line)) = line.rsplit_once("> ") {
                return line.to_owned();
            }
        }
    }

    fn marked_pids(&mut self) -> Vec<Pid> {
        let line = self.mark();
        line.split(' ')
            .map(|pid| Pid::from_raw(pid.parse().expect("it is a pid")).expect("no pid is 0"))
            .collect()
    }
}

#[test]
fn ctrl_c_reaches_the_command_once_and_its_exit_code_counts() {
    let mut run =
        on_a_terminal(&format!("trap 'echo \"> int\"; exit 3' INT; echo '> ready'; {WAIT}"));
    assert_eq!(run.mark(), "ready");
    run.press(CTRL_C);
    assert_eq!(run.mark(), "int");
    let ran = run.finish();
    assert_eq!(ran.code(), 3);
    assert!(!ran.text().contains("> int"), "{}", ran.text());
}

#[test]
fn a_command_that_ctrl_c_ends_was_cancelled() {
    let mut run = on_a_terminal("echo '> ready'; exec sleep 60");
    assert_eq!(run.mark(), "ready");
    run.press(CTRL_C);
    let ran = run.finish();
    assert_eq!(ran.code(), 130);
    assert!(ran.text().contains("Cancelled after"), "{}", ran.text());
}

/// Ctrl-C reaches a script's shell, too, which goes by what has ended its command.
#[test]
fn a_script_does_not_go_on_after_ctrl_c() {
    for shell in ["bash", "dash", "sh"] {
        let line = format!("{}; echo '> went on'", ours("echo '> ready'; exec sleep 60", &[]));
        let quoted = line.replace('\'', r"'\''");
        let mut run = terminal(&format!("exec {shell} -c '{quoted}'"));
        assert_eq!(run.mark(), "ready");
        run.press(CTRL_C);
        let ran = run.finish();
        assert_eq!(ran.code(), 130, "{shell}");
        assert!(!ran.text().contains("> went on"), "{shell}: {}", ran.text());
    }
}

/// There nobody presses keys: the shell is the job's, and goes by the exit code.
#[test]
fn on_a_ci_the_shell_of_the_job_goes_on_after_ctrl_c() {
    let line = format!("BUILDKITE=true {}", ours("echo '> ready'; exec sleep 60", &[]));
    let mut run = terminal(&format!("{line}; echo \"$M exit code $?\""));
    assert_eq!(run.mark(), "ready");
    run.press(CTRL_C);
    assert_eq!(run.mark(), "exit code 130");
}

#[test]
fn the_modes_of_the_terminal_are_restored_where_the_command_was_killed() {
    let deploy = "stty raw -echo </dev/tty; kill -KILL $$";
    let mut run = terminal(&format!("{}; stty -a; echo \"$M end\"", ours(deploy, &[])));
    let mut modes = String::new();
    while !modes.contains("> end") {
        let screen = run.stdout.as_mut().expect("stdout is read here");
        assert!(std::io::BufRead::read_line(screen, &mut modes).expect("it is text") > 0);
    }
    assert!(modes.contains(" icanon ") && modes.contains(" echo "), "{modes}");
}

#[test]
fn the_command_leads_the_foreground_group() {
    let mut run = on_a_terminal(
        "set -- $(sed 's/.*) //' /proc/$$/stat); echo \"> $$ $3 $6\"; \
         set -- $(sed 's/.*) //' /proc/$PPID/stat); echo \"> $3\"",
    );
    let groups = run.marked_pids();
    assert_eq!(groups, [groups[0]; 3], "its pid, its group, the foreground");
    assert_ne!(run.marked_pids(), [groups[0]]);
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn a_sigterm_to_us_reaches_the_command_and_its_children_once() {
    let mut run = on_a_terminal(&format!(
        "trap 'echo \"> outer\"; wait; exit' TERM; \
         (trap 'sleep 0.3; echo \"> inner\"; exit' TERM; {WAIT}) & \
         echo \"> $PPID $!\"; {WAIT}"
    ));
    let pids = run.marked_pids();
    // The traps are set.
    std::thread::sleep(Duration::from_millis(200));
    kill_process(pids[0], Signal::TERM).unwrap();
    assert_eq!(run.mark(), "outer");
    assert_eq!(run.mark(), "inner");
    await_end(pids[0], PATIENCE);
    await_end(pids[1], Duration::ZERO);
    let ran = run.finish();
    assert_eq!(ran.code(), 143);
    assert!(!ran.text().contains("> "), "{}", ran.text());
}

#[test]
fn a_timeout_ends_what_the_command_started() {
    let line = ours("sleep 60 & echo \"> $!\"; wait", &[("timeout", "1s")]);
    let mut run = terminal(&format!("exec {line}"));
    let background = run.marked_pids();
    assert_eq!(run.finish().code(), 124);
    await_end(background[0], Duration::ZERO);
}

#[test]
fn a_command_reads_the_terminal_although_its_stdin_is_a_pipe() {
    let deploy = "echo '> ready'; bash -c 'read -s answer </dev/tty; echo \"> got $answer\"'; cat";
    let mut run = terminal(&format!("echo piped | {}; true", ours(deploy, &[])));
    assert_eq!(run.mark(), "ready");
    run.press("sesame\n");
    assert_eq!(run.mark(), "got sesame");
    let ran = run.finish();
    assert_eq!(ran.code(), 0);
    assert!(ran.text().contains("piped"), "{}", ran.text());
}

#[test]
fn the_terminal_is_ours_again_at_the_end() {
    for deploy in ["true", "exit 3", "sleep 60 >/dev/null 2>&1 & exit 0"] {
        let read = "read answer; echo \"$M got $answer\"";
        let mut run = terminal(&format!("{}; {read}", ours(deploy, &[])));
        run.press("sesame\n");
        assert_eq!(run.mark(), "got sesame", "{deploy}");
    }
    let missing = ours("x", &[]).replace("'sh' '-c'", "/no/such/program");
    let mut run = terminal(&format!("{missing}; read answer; echo \"$M got $answer\""));
    run.press("sesame\n");
    assert_eq!(run.mark(), "got sesame");
}

#[test]
fn output_passes_where_only_the_foreground_may_write() {
    let mut run = terminal(&format!("stty tostop; {}", ours("echo '> written'", &[])));
    assert_eq!(run.mark(), "written");
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn the_command_sees_the_window_change() {
    let mut run = on_a_terminal(&format!(
        "trap 'echo \"> $(stty size)\"' WINCH; stty rows 7 cols 77 </dev/tty & {WAIT}"
    ));
    assert_eq!(run.mark(), "7 77");
    run.press(CTRL_C);
    assert_eq!(run.finish().code(), 130);
}

#[test]
fn ctrl_z_stops_the_job_and_fg_continues_it() {
    let folder = folder();
    let deploy = format!("trap 'echo \"> continued\"' CONT; {STOPPABLE}");
    let mut run = interactive(folder.path(), &deploy, &[]);
    run.press("./job\n");
    assert_eq!(run.mark(), "ready");
    for _ in 0..2 {
        run.press(CTRL_Z);
        run.press("echo \"$M $(jobs -s | wc -l)\"\n");
        assert_eq!(run.mark(), "1", "the shell has its terminal back, and a stopped job");
        run.press("fg\n");
        assert_eq!(run.mark(), "continued");
    }
    run.press(CTRL_C);
    run.press("echo \"$M $?\"\n");
    assert_eq!(run.mark(), "130");
    run.press("exit\n");
}

#[test]
fn a_stopped_job_continues_in_the_background() {
    let folder = folder();
    let traps = "trap 'trap - CONT; echo \"> continued\"' CONT; trap 'echo \"> term\"; exit' TERM";
    let mut run = interactive(folder.path(), &format!("{traps}; {STOPPABLE}"), &[]);
    run.press("./job\n");
    assert_eq!(run.mark(), "ready");
    run.press(CTRL_Z);
    run.press("bg\n");
    assert_eq!(run.mark(), "continued");
    run.press("echo \"$M shell\"\n");
    assert_eq!(run.mark(), "shell");
    run.press("kill %1; wait %1; echo \"$M $?\"\n");
    assert_eq!(run.mark(), "term");
    assert_eq!(run.mark(), "143");
    run.press("exit\n");
}

#[test]
fn a_background_job_reads_the_terminal_once_it_is_in_front() {
    let folder = folder();
    let deploy = "read answer </dev/tty; echo \"> got $answer\"";
    let mut run = interactive(folder.path(), deploy, &[]);
    run.press("./job &\n");
    run.press("until [ \"$(jobs -s)\" ]; do sleep 0.05; done; echo \"$M stopped\"\n");
    assert_eq!(run.mark(), "stopped");
    run.press("fg\n");
    run.press("sesame\n");
    assert_eq!(run.mark(), "got sesame");
    run.press("exit\n");
}

/// Without a shell that could continue us, Ctrl-Z does nothing, as without us.
#[test]
fn ctrl_z_in_a_session_without_job_control_is_survived() {
    let mut run = on_a_terminal("sleep 1 & echo '> ready'; wait; echo '> done'");
    assert_eq!(run.mark(), "ready");
    run.press(CTRL_Z);
    assert_eq!(run.mark(), "done");
    assert_eq!(run.finish().code(), 0);
}
