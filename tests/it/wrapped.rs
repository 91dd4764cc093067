//! Our binary round a command, signaled and watched as a CI does it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::signal_dispositions::reset_ignored_signals;

/// No test may take longer, even on a loaded machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// `deployment-status run --sandbox -- COMMAND`, in an environment of its own.
pub(crate) struct Wrapped {
    has_sandbox: bool,
    options: Vec<String>,
    command: Vec<String>,
    above: Option<String>,
    variables: Vec<(String, String)>,
}

/// Wraps `sh -c SCRIPT`.
pub(crate) fn script(script: &str) -> Wrapped {
    wrapped(&["sh", "-c", script])
}

pub(crate) fn wrapped(command: &[&str]) -> Wrapped {
    Wrapped {
        has_sandbox: true,
        options: Vec::new(),
        command: command.iter().map(|&word| word.to_owned()).collect(),
        above: None,
        variables: Vec::new(),
    }
}

impl Wrapped {
    pub(crate) fn option(mut self, name: &str, value: &str) -> Self {
        self.options.extend([format!("--{name}"), value.to_owned()]);
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn without_sandbox(mut self) -> Self {
        self.has_sandbox = false;
        self
    }

    /// Puts a shell above us, whose `"$@"` we are.
    pub(crate) fn under(mut self, script: &str) -> Self {
        self.above = Some(script.to_owned());
        self
    }

    pub(crate) fn to_command(&self) -> Command {
        reset_ignored_signals();
        let binary = env!("CARGO_BIN_EXE_deployment-status");
        let mut command = match &self.above {
            None => Command::new(binary),
            Some(script) => {
                let mut shell = Command::new("bash");
                shell.args(["-c", script, "bash", binary]);
                shell
            }
        };
        command
            .arg("run")
            .args(self.has_sandbox.then_some("--sandbox"))
            .args(&self.options)
            .arg("--")
            .args(&self.command)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn start(&self) -> Started {
        Started::from(self.to_command())
    }

    pub(crate) fn run(&self) -> Ran {
        self.start().finish()
    }
}

/// What runs, until it is dropped.
pub(crate) struct Started {
    child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: Option<BufReader<ChildStdout>>,
    stderr: Option<JoinHandle<String>>,
}

impl From<Command> for Started {
    fn from(mut command: Command) -> Self {
        let mut child = command.spawn().expect("our binary starts");
        let stderr = child.stderr.take().map(|mut stderr| {
            thread::spawn(move || {
                let mut text = Vec::new();
                stderr.read_to_end(&mut text).expect("stderr can be read");
                String::from_utf8_lossy(&text).into_owned()
            })
        });
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Self { child, stdin, stdout, stderr }
    }
}

impl Started {
    /// Waits for the next line on stdout.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.stdout.as_mut().expect("stdout is read here");
        stdout.read_line(&mut line).expect("stdout is text");
        line.trim_end().to_owned()
    }

    /// Waits for a line that is a pid.
    pub(crate) fn pid_line(&mut self) -> Pid {
        let line = self.line();
        Pid::from_raw(line.parse().unwrap_or_else(|_| panic!("`{line}` is no pid")))
            .expect("no pid is 0")
    }

    /// Ours, or that of the shell above us.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("we are still there");
    }

    /// Reads to the end of stdout, and waits for ours.
    pub(crate) fn finish(mut self) -> Ran {
        drop(self.stdin.take());
        let stdout = self.stdout.take().map(|mut stdout| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                stdout.read_to_end(&mut bytes).expect("stdout can be read");
                bytes
            })
        });
        let status = self.wait();
        Ran {
            status,
            stdout: stdout.map(joined).unwrap_or_default(),
            stderr: self.stderr.take().map(joined).unwrap_or_default(),
        }
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "still running after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().expect("the reader did not panic")
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Ran {
    status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn code(&self) -> i32 {
        let Some(code) = self.status.code() else {
            panic!("ended by signal {:?}: {}", self.status.signal(), self.stderr)
        };
        code
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("stdout is text")
    }

    /// What the command itself wrote to stderr, where its lines begin with `err`.
    pub(crate) fn err_lines(&self) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.starts_with("err")).collect()
    }
}

/// There is such a process, and it is more than a zombie.
pub(crate) fn lives(pid: Pid) -> bool {
    if !cfg!(target_os = "linux") {
        return test_kill_process(pid).is_ok();
    }
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
}

/// Waits for a process's end, at most for `limit`.
#[track_caller]
pub(crate) fn await_end(pid: Pid, limit: Duration) {
    await_that(&format!("{pid} ends"), limit, || !lives(pid));
}

/// Waits until something holds, at most for `limit`.
#[track_caller]
pub(crate) fn await_that(what: &str, limit: Duration, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A process that the test's deploy left behind, ended with the test.
pub(crate) struct LeftBehind(pub(crate) Pid);

impl Drop for LeftBehind {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::KILL);
    }
}

/// A folder of its own for a test's files.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("there is a place for temporary files")
}
