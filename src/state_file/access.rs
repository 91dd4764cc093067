//! Which files are ours to read.

#[cfg(unix)]
pub(super) use self::unix::{open, user};
#[cfg(not(unix))]
pub(super) use self::windows::{open, user};

#[cfg(unix)]
mod unix {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    pub(crate) fn user() -> String {
        rustix::process::getuid().as_raw().to_string()
    }

    /// Opens a file that is ours alone; a link or another user's file is refused.
    pub(crate) fn open(path: &Path) -> io::Result<File> {
        let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let flags = i32::try_from(no_follow.bits()).expect("open flags fit an int");
        let file = OpenOptions::new().read(true).append(true).custom_flags(flags).open(path)?;
        let metadata = file.metadata()?;
        let is_ours = metadata.is_file()
            && metadata.uid() == rustix::process::getuid().as_raw()
            && metadata.mode().trailing_zeros() >= 6;
        if is_ours { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

#[cfg(not(unix))]
mod windows {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    /// The temp directory is the user's own.
    pub(crate) fn user() -> String {
        "user".to_owned()
    }

    pub(crate) fn open(path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).open(path)
    }
}
