//! Everything that we say ourselves: marked lines on stderr, annotations and files of the runner.
//! Nobody else prints, and nobody else's words become a workflow command.

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How our lines begin where the runner does not read annotations.
const MARK: &str = "deployment-status: ";

/// How much a person is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Notice,
    Warning,
    Error,
}

/// Our own lines. While it buffers, lines wait until the command has written its last byte.
#[derive(Debug)]
pub(crate) struct Console {
    /// The runner turns `::error::` lines into annotations.
    has_annotations: bool,
    is_verbose: bool,
    buffered: RefCell<Vec<String>>,
    is_buffering: Cell<bool>,
    /// The command left a line open, which ours must not continue.
    is_midline: Cell<bool>,
}

impl Console {
    pub(crate) fn new(has_annotations: bool, is_verbose: bool) -> Self {
        Self {
            has_annotations,
            is_verbose,
            buffered: RefCell::default(),
            is_buffering: Cell::default(),
            is_midline: Cell::default(),
        }
    }

    /// Says one thing that nobody has to act on.
    pub(crate) fn info(&self, text: &str) {
        for line in text.lines() {
            self.write(format!("{MARK}{}", printable(line)));
        }
    }

    /// Says what only a person who looks for a cause wants to know.
    pub(crate) fn debug(&self, text: &str) {
        if self.is_verbose {
            self.info(text);
        }
    }

    /// Says what needs a person, as an annotation where the runner shows them.
    pub(crate) fn annotate(&self, level: Level, text: &str) {
        self.write(annotation(self.has_annotations, level, text));
    }

    /// Keeps our lines back, so that they do not mix with the command's.
    pub(crate) fn buffer(&self) {
        self.is_buffering.set(true);
    }

    /// Writes what was buffered, on lines of their own.
    pub(crate) fn flush(&self, line_left_open: bool) {
        if self.is_buffering.replace(false) {
            self.is_midline.set(line_left_open);
            self.buffered.take().into_iter().for_each(|line| self.write(line));
        }
    }

    fn write(&self, line: String) {
        if self.is_buffering.get() {
            self.buffered.borrow_mut().push(line);
        } else {
            let separator = if self.is_midline.replace(false) { "\n" } else { "" };
            write_to_stderr(&format!("{separator}{line}\n"));
        }
    }
}

/// Tells what is wrong before anything else is known of the place that we run in.
pub(crate) fn print_error(has_annotations: bool, text: &str) {
    write_to_stderr(&format!("{}\n", annotation(has_annotations, Level::Error, text)));
}

/// Says at once what cannot wait for the command's last byte.
pub(crate) fn log_now(text: &str) {
    for line in text.lines() {
        write_to_stderr(&format!("{MARK}{}\n", printable(line)));
    }
}

/// Writes a line of a log that is a command's whole purpose, as it is.
pub(crate) fn log(line: &str) {
    write_to_stderr(&format!("{line}\n"));
}

/// Writes a command's result, which is for programs.
///
/// # Errors
/// When stdout is closed or full.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// `::error title=…::text`, or `deployment-status: error: text` with the rest of the lines below.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
fn annotation(for_runner: bool, level: Level, text: &str) -> String {
    let word = match level {
        Level::Notice => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    if for_runner {
        let data = text.lines().map(printable).collect::<Vec<_>>().join("\n");
        return format!("::{word} title=deployment-status::{}", escaped(&data));
    }
    let mut lines = text.lines().map(printable);
    let first = lines.next().unwrap_or_default();
    lines.fold(format!("{MARK}{word}: {first}"), |all, line| format!("{all}\n{MARK}{line}"))
}

/// What a workflow command's data needs: the runner undoes it.
fn escaped(data: &str) -> String {
    data.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// One line without control characters, which could start a command or repaint a terminal, and
/// without the older kind of workflow command, which runners obey anywhere in a line.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
pub(crate) fn printable(line: &str) -> String {
    let line: String = line.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    line.replace("##[", "## [").replace("##vso[", "## vso[")
}

/// Nobody may be reading: a line is lost rather than waited for, and only the first one waits.
fn write_to_stderr(text: &str) {
    static IS_STUCK: AtomicBool = AtomicBool::new(false);
    for piece in text.as_bytes().chunks(PIECE) {
        let limit = if IS_STUCK.load(Ordering::Relaxed) { Duration::ZERO } else { STDERR_LIMIT };
        let takes_more = stderr_takes_more(limit);
        IS_STUCK.store(!takes_more, Ordering::Relaxed);
        if !takes_more || io::stderr().write_all(piece).is_err() {
            return;
        }
    }
}

/// How long a line waits for a reader of stderr.
const STDERR_LIMIT: Duration = Duration::from_secs(1);

/// A pipe that polls as writable takes this much without blocking (POSIX's `PIPE_BUF`, at least).
const PIECE: usize = 512;

#[cfg(unix)]
fn stderr_takes_more(limit: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let limit = Timespec::try_from(limit).expect("the limit is short");
    let stderr = io::stderr();
    let mut fds = [PollFd::new(&stderr, PollFlags::OUT)];
    poll(&mut fds, Some(&limit)).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
fn stderr_takes_more(_: Duration) -> bool {
    true
}

/// Appends to a file of the runner's on a line of its own, whatever the command left there.
///
/// # Errors
/// When the file cannot be read or written.
pub(crate) fn append(path: &Path, text: &str) -> io::Result<()> {
    let is_file = path.metadata().map_or(true, |metadata| metadata.is_file());
    let mut file = OpenOptions::new().read(is_file).append(true).create(true).open(path)?;
    // A pipe or a terminal has no last line to look at.
    let separator = if !is_file || ends_with_newline(&mut file)? { "" } else { "\n" };
    file.write_all(format!("{separator}{text}").as_bytes())
}

fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_one_line_that_nobody_can_break_out_of() {
        let text = "GitHub said `100%\u{1b}[31m`\r::error::x\nhelp: y";
        assert_eq!(
            annotation(true, Level::Warning, text),
            "::warning title=deployment-status::GitHub said `100%25\u{FFFD}[31m`\u{FFFD}::error::x%0Ahelp: y"
        );
    }

    #[test]
    fn no_quoted_text_is_a_command_of_the_older_kind() {
        assert_eq!(
            printable("a ##[set-output name=x]y ##vso[z"),
            "a ## [set-output name=x]y ## vso[z"
        );
    }

    #[test]
    fn elsewhere_every_line_is_marked() {
        assert_eq!(
            annotation(false, Level::Error, "cannot start:\n  A is bad\n::error::B"),
            "deployment-status: error: cannot start:\ndeployment-status:   A is bad\ndeployment-status: ::error::B"
        );
    }

    #[test]
    fn what_a_command_left_open_is_closed_before_we_append() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outputs");
        std::fs::write(&path, "a=1").unwrap();
        append(&path, "b=2\n").unwrap();
        append(&path, "c=3\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a=1\nb=2\nc=3\n");
    }
}
