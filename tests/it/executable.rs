//! Programs that tests write.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes an executable file. A process of its own does it: a file that this process has open for
/// writing while another thread starts a program could not be run ("text file busy").
pub(crate) fn write(path: &Path, text: &str) {
    let mut child = Command::new("/bin/sh")
        .args(["-c", "cat >\"$0\" && chmod 755 \"$0\""])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    stdin.write_all(text.as_bytes()).expect("the shell reads");
    drop(stdin);
    assert!(child.wait().is_ok_and(|status| status.success()), "{} is not written", path.display());
}
