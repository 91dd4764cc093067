//! Appends to the files that the runner reads.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

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
    fn what_a_command_left_open_is_closed_before_we_append() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outputs");
        std::fs::write(&path, "a=1").unwrap();
        append(&path, "b=2\n").unwrap();
        append(&path, "c=3\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a=1\nb=2\nc=3\n");
    }
}
