//! Appends to the files that the runner reads. One may be a pipe, whose reader may not come.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::stderr::takes_more;

/// How long a reader that is slow is waited for.
const READER_LIMIT: Duration = Duration::from_secs(1);

/// Appends to a file of the runner's on a line of its own, whatever the command left there.
///
/// # Errors
/// When the file cannot be read or written, or it is a pipe that nobody reads.
pub(crate) fn append(path: &Path, text: &str) -> io::Result<()> {
    let is_file = path.metadata().map_or(true, |metadata| metadata.is_file());
    let mut options = OpenOptions::new();
    options.read(is_file).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;

        let nonblock = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(nonblock.cast_signed());
    }
    let mut file = options.open(path)?;
    // A pipe or a terminal has no last line to look at.
    let separator = if !is_file || ends_with_newline(&mut file)? { "" } else { "\n" };
    write(&file, format!("{separator}{text}").as_bytes())
}

fn write(mut file: &File, mut bytes: &[u8]) -> io::Result<()> {
    let until = Instant::now() + READER_LIMIT;
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) if err.kind() == io::ErrorKind::WouldBlock => {
                let left = until.saturating_duration_since(Instant::now());
                if !takes_more(file, left) {
                    return Err(err);
                }
            }
            Err(err) => return Err(err),
        }
    }
    Ok(())
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
    fn what_a_command_left_open_is_closed_before_we_append() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outputs");
        std::fs::write(&path, "a=1").unwrap();
        append(&path, "b=2\n").unwrap();
        append(&path, "c=3\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a=1\nb=2\nc=3\n");
    }
}
