//! Our own stdout or stderr, and what the command has written to it.

use std::fs::File;
use std::io::{self, Write as _};

use super::{LineState, stdio};

/// Our own stdout or stderr; no file once it was closed on us.
pub(super) struct Sink {
    file: Option<File>,
    /// Our own lines go to the same file.
    is_ours: bool,
    line_state: LineState,
}

impl Sink {
    pub(super) fn new(file: File, is_ours: bool, line_state: LineState) -> Self {
        Self { file: Some(file), is_ours, line_state }
    }

    /// Writes all, or nothing more once the file was closed on us.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let Self { file: sink, is_ours, line_state } = self;
        line_state.while_writing(|| {
            let Some(file) = sink else { return };
            line_state.set_line_open(*is_ours, bytes.last() != Some(&b'\n'));
            if write_all(file, bytes).is_err() {
                // The deploy goes on, and its output is still observed.
                *sink = None;
                line_state.set_line_open(*is_ours, false);
            }
        });
    }
}

fn write_all(sink: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match sink.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            // The file is shared with others, and so is its flag, which is not ours to change.
            Err(err) if err.kind() == io::ErrorKind::WouldBlock => stdio::await_writable(sink)?,
            Err(err) => return Err(err),
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::fd::OwnedFd;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_silence_and_an_open_line_are_known_while_the_command_runs() {
        let (_reader, writer) = io::pipe().unwrap();
        let line_state = LineState::new(|| ());
        let mut sink = Sink::new(File::from(OwnedFd::from(writer)), true, line_state.clone());
        assert!(!line_state.is_line_open());

        thread::sleep(Duration::from_millis(20));
        assert!(line_state.silent_for() >= Duration::from_millis(20));
        sink.write(b"Uploading");
        assert!(line_state.is_line_open());
        assert!(line_state.silent_for() < Duration::from_millis(20));
        sink.write(b" done\n");
        assert!(!line_state.is_line_open());
    }
}
