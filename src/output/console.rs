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

/// How to ask for it while a command runs, and when a line of ours was written last.
static WHILE_RUNNING: Mutex<(Option<OpenLine>, Option<Instant>)> = Mutex::new((None, None));

/// From now on [`log_now`] begins a new line where the command has left one open.
pub(crate) fn watch_open_line(open_line: impl Fn() -> Option<Duration> + Send + 'static) {
    let mut state = WHILE_RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    *state = (Some(Box::new(open_line)), None);
}

/// Says at once what cannot wait for the command's last byte.
pub(crate) fn log_now(text: &str) {
    let mut state = WHILE_RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let (open_line, last) = &mut *state;
    let silent = open_line.as_ref().and_then(|open_line| open_line());
    // Our own last line has ended the command's, unless it has written since.
    let is_open = silent.is_some_and(|silent| last.is_none_or(|last| silent < last.elapsed()));
    let separator = if is_open { "\n" } else { "" };
    let lines = text.lines().map(|line| format!("{MARK}{}\n", printable(line)));
    write_to_stderr(&format!("{separator}{}", lines.collect::<String>()));
    *last = Some(Instant::now());
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
