//! Our own lines: marked on stderr, or a command's result on stdout. Nothing else prints.

use std::cell::{Cell, RefCell};
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use super::annotations::{Level, hide, printable, set_colors};
use super::annotations::{MARK, annotation};
pub(crate) use super::runner_files::append;
pub(crate) use super::status_line::{erase_status_line, set_status_line};
use super::{status_line, stderr};

/// Our own lines. While it buffers, lines wait until the command has written its last byte.
#[derive(Debug)]
pub(crate) struct Console {
    /// The runner turns `::error::` lines into annotations.
    has_annotations: bool,
    is_verbose: bool,
    buffered: RefCell<String>,
    is_buffering: Cell<bool>,
}

impl Console {
    pub(crate) fn new(has_annotations: bool, is_verbose: bool) -> Self {
        Self {
            has_annotations,
            is_verbose,
            buffered: RefCell::default(),
            is_buffering: Cell::default(),
        }
    }

    /// Says one thing that nobody has to act on.
    pub(crate) fn info(&self, text: &str) {
        for line in text.lines() {
            self.write(&format!("{MARK}{}", printable(line)));
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
        self.write(&annotation(self.has_annotations, level, text));
    }

    /// Writes a result to stdout, or warns: what was posted stays posted.
    pub(crate) fn print_or_warn(&self, text: &str) {
        if let Err(unwritten) = print(text) {
            self.annotate(Level::Warning, &unwritten.to_string());
        }
    }

    /// Keeps our lines back, so that they do not mix with the command's.
    pub(crate) fn buffer(&self) {
        self.is_buffering.set(true);
    }

    /// Writes what was buffered, on lines of their own: the command has written its last byte.
    pub(crate) fn flush(&self) {
        if self.is_buffering.replace(false) {
            WhileRunning::with(|state| {
                state.is_over = true;
                state.write(&self.buffered.take());
            });
        }
    }

    fn write(&self, line: &str) {
        let line = format!("{line}\n");
        if self.is_buffering.get() {
            self.buffered.borrow_mut().push_str(&line);
        } else {
            WhileRunning::with(|state| state.write(&line));
        }
    }
}

/// Shows a line on a terminal while `is_quiet` holds, until anything else is written; false where
/// it is not shown.
pub(crate) fn show_status_line(text: &str, is_quiet: impl FnOnce() -> bool) -> bool {
    status_line::show(&format!("{MARK}{}", printable(text)), is_quiet)
}

/// Writes what is wrong where there is no [`Console`] yet.
pub(crate) fn print_error(has_annotations: bool, text: &str) {
    write_to_stderr(&format!("{}\n", annotation(has_annotations, Level::Error, text)));
}

/// Where the command has left a line open on our stderr: for how long it has written nothing.
type OpenLine = Box<dyn Fn() -> Option<Duration> + Send>;

/// What our lines go by while a command runs.
struct WhileRunning {
    open_line: Option<OpenLine>,
    /// When a line of ours was written last.
    last: Option<Instant>,
    /// Whole lines that wait for the end of the command's, or for its last byte.
    waiting: String,
    is_over: bool,
}

static WHILE_RUNNING: Mutex<WhileRunning> = Mutex::new(WhileRunning::NONE);

impl WhileRunning {
    const NONE: Self = Self { open_line: None, last: None, waiting: String::new(), is_over: false };

    fn with<T>(change: impl FnOnce(&mut Self) -> T) -> T {
        change(&mut WHILE_RUNNING.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The command has left a line open.
    fn is_line_open(&self) -> bool {
        let silent = self.open_line.as_ref().and_then(|open_line| open_line());
        // Our own last line has ended the command's, unless it has written since.
        silent.is_some_and(|silent| self.last.is_none_or(|last| silent < last.elapsed()))
    }

    /// Writes whole lines, after those that wait, on a new line where the command left one open.
    fn write(&mut self, lines: &str) {
        let lines = std::mem::take(&mut self.waiting) + lines;
        if !lines.is_empty() {
            let separator = if self.is_line_open() { "\n" } else { "" };
            write_to_stderr(&format!("{separator}{lines}"));
            self.last = Some(Instant::now());
        }
    }
}

/// From now on lines of ours heed where the command has left one open.
pub(crate) fn watch_open_line(open_line: impl Fn() -> Option<Duration> + Send + 'static) {
    WhileRunning::with(|state| {
        *state = WhileRunning { open_line: Some(Box::new(open_line)), ..WhileRunning::NONE };
    });
}

/// Says at once what cannot wait, on a new line where the command has left one open.
pub(crate) fn log_now(text: &str) {
    let lines = marked(text);
    WhileRunning::with(|state| state.write(&lines));
}

/// Says what can wait until the command has ended its line.
pub(crate) fn log_between_lines(text: &str) {
    let lines = marked(text);
    WhileRunning::with(|state| {
        state.waiting += &lines;
        if state.is_over || !state.is_line_open() {
            state.write("");
        }
    });
}

fn marked(text: &str) -> String {
    text.lines().map(|line| format!("{MARK}{}\n", printable(line))).collect()
}

/// Writes a line of a log that is a command's whole purpose, as it is.
pub(crate) fn log(line: &str) {
    write_to_stderr(&format!("{line}\n"));
}

/// A line that nobody reads is lost.
fn write_to_stderr(text: &str) {
    erase_status_line();
    stderr::write_to_stderr(text);
}

/// Writes what a command was asked for to stdout. A reader that left has seen enough.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(text: &str) -> io::Result<()> {
    erase_status_line();
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(io::Error::new(error.kind(), format!("cannot write to stdout: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
