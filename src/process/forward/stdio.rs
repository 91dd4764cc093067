//! Our own stdout and stderr as plain files, and what a pipe's state is without waiting for it.
//! The flags of what we share with others are left as they are.

pub(super) use self::system::{await_writable, is_one_file, is_readable, stderr, stdout};

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, PipeReader};
    use std::os::fd::{AsFd as _, BorrowedFd};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

    pub(in super::super) fn stdout() -> io::Result<File> {
        Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
    }

    pub(in super::super) fn stderr() -> io::Result<File> {
        Ok(io::stderr().as_fd().try_clone_to_owned()?.into())
    }

    pub(in super::super) fn is_one_file() -> bool {
        let identity =
            |fd: BorrowedFd<'_>| rustix::fs::fstat(fd).ok().map(|stat| (stat.st_dev, stat.st_ino));
        let stdout = identity(io::stdout().as_fd());
        stdout.is_some() && stdout == identity(io::stderr().as_fd())
    }

    /// There are bytes, or it is the end.
    pub(in super::super) fn is_readable(pipe: &PipeReader) -> bool {
        poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&AT_ONCE)).is_ok_and(|ready| ready > 0)
    }

    pub(in super::super) fn await_writable(sink: &File) -> io::Result<()> {
        match poll(&mut [PollFd::new(sink, PollFlags::OUT)], None) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(err) => Err(err.into()),
        }
    }
}

#[cfg(windows)]
mod system {
    use std::fs::File;
    use std::io::{self, PipeReader};
    use std::os::windows::io::AsHandle as _;

    pub(in super::super) fn stdout() -> io::Result<File> {
        Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
    }

    pub(in super::super) fn stderr() -> io::Result<File> {
        Ok(io::stderr().as_handle().try_clone_to_owned()?.into())
    }

    // Windows does not say without unsafe code. Two pipes lose nothing but the order.
    pub(in super::super) fn is_one_file() -> bool {
        false
    }

    // Nor this. A read might wait, so nothing is read ahead.
    pub(in super::super) fn is_readable(_: &PipeReader) -> bool {
        false
    }

    pub(in super::super) fn await_writable(_: &File) -> io::Result<()> {
        std::thread::yield_now();
        Ok(())
    }
}
