//! Whoever reads our stdout may be slow, gone or stuck: signals, timers and the deploy go on.

use std::fs::{self, File};
use std::io::{PipeReader, Read as _, pipe};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal};

use crate::wrapped::{PATIENCE, Started, await_end, await_that, folder, script};

/// A command that fills any pipe, and says so in a file once it has begun.
const FLOOD: &str = "echo $$ > \"$PID\"; exec yes";

fn await_flood(file: &Path) -> Pid {
    let text = || fs::read_to_string(file).unwrap_or_default();
    await_that("the flood begins", PATIENCE, || text().ends_with('\n'));
    text().trim().parse().ok().and_then(Pid::from_raw).expect("it is a pid")
}

#[test]
fn a_closed_stdout_does_not_stop_the_deploy() {
    let folder = folder();
    let done = folder.path().join("done");
    let mut run = script("echo first; read go; i=0; while [ $i -lt 2000 ]; do echo more; i=$((i+1)); done; echo deployed > \"$DONE\"; exit 6")
        .variable("DONE", done.to_str().unwrap())
        .start();
    assert_eq!(run.line(), "first");
    drop(run.stdout.take());
    assert_eq!(run.finish().code(), 6);
    assert_eq!(fs::read_to_string(done).unwrap(), "deployed\n");
}

#[test]
fn a_stdout_that_nobody_reads_delays_no_signal() {
    let folder = folder();
    let pid = folder.path().join("pid");
    let mut run = script(FLOOD).variable("PID", pid.to_str().unwrap()).start();
    await_flood(&pid);
    let signaled = Instant::now();
    run.signal(Signal::TERM);
    assert_eq!(run.wait().code(), Some(143));
    assert!(signaled.elapsed() < Duration::from_secs(5), "{:?}", signaled.elapsed());
}

#[test]
fn a_stdout_that_nobody_reads_delays_no_timeout() {
    let folder = folder();
    let pid = folder.path().join("pid");
    let mut run =
        script(FLOOD).variable("PID", pid.to_str().unwrap()).option("timeout", "1s").start();
    let flood = await_flood(&pid);
    await_end(flood, Duration::from_secs(6));
    // The rest is still to be had, and then comes the end.
    let mut rest = Vec::new();
    run.stdout.as_mut().unwrap().read_to_end(&mut rest).unwrap();
    assert!(rest.starts_with(b"y\ny\n"));
    assert_eq!(run.finish().code(), 124);
}

#[test]
fn a_slow_reader_gets_everything_after_a_normal_end() {
    let mut run = script("echo $$; head -c 120000 /dev/zero; exec true").start();
    let command = run.pid_line();
    await_end(command, PATIENCE);
    // Longer than we wait before the status is posted.
    std::thread::sleep(Duration::from_millis(2500));
    let mut rest = Vec::new();
    run.stdout.as_mut().unwrap().read_to_end(&mut rest).unwrap();
    assert_eq!(rest.len(), 120_000);
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn a_reader_that_is_stuck_at_the_end_delays_no_signal() {
    let folder = folder();
    let outputs = folder.path().join("outputs");
    let mut run =
        script("head -c 120000 /dev/zero").option("outputs", outputs.to_str().unwrap()).start();
    let text = || fs::read_to_string(&outputs).unwrap_or_default();
    await_that("it has been posted", PATIENCE, || text().contains("EXIT_CODE=0"));
    run.signal(Signal::INT);
    // It was posted as a success, and stays one.
    assert_eq!(run.wait().code(), Some(0));
}

#[test]
fn a_reader_that_takes_little_at_a_time_slows_the_command_and_loses_nothing() {
    let mut run = script("i=0; while [ $i -lt 4000 ]; do echo $i 0123456789012345678901234567890123456789; i=$((i+1)); done").start();
    let mut stdout = run.stdout.take().unwrap().into_inner();
    let (mut all, mut some) = (Vec::new(), [0; 777]);
    loop {
        match stdout.read(&mut some).unwrap() {
            0 => break,
            read => all.extend_from_slice(&some[..read]),
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let text = String::from_utf8(all).unwrap();
    assert_eq!(text.lines().count(), 4000);
    assert!(text.lines().enumerate().all(|(i, line)| line.starts_with(&format!("{i} "))));
    assert_eq!(run.finish().code(), 0);
}

fn read_all(mut pipe: PipeReader) -> Vec<u8> {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).expect("a pipe can be read");
    bytes
}

#[test]
fn a_stdout_that_does_not_block_loses_no_byte_and_stays_so() {
    let (reader, writer) = pipe().unwrap();
    let flags = fcntl_getfl(&writer).unwrap();
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
    let mut command = script("head -c 1000000 /dev/zero; exit 2").to_command();
    command.stdout(writer.try_clone().unwrap());
    let run = Started::from(command);
    // The pipe is full, and a write answers EAGAIN, long before this thread begins to read.
    let still = writer.try_clone().unwrap();
    drop(writer);
    let end = std::thread::spawn(move || run.finish().code());
    let keeps = fcntl_getfl(&still).unwrap().contains(OFlags::NONBLOCK);
    drop(still);
    assert!(keeps, "the flag belongs to whoever set it");
    // `to_command` keeps no copy of the writer's end, or this would never come back.
    assert_eq!(read_all(reader).len(), 1_000_000);
    assert_eq!(end.join().unwrap(), 2);
}

#[test]
fn a_full_disk_does_not_stop_the_deploy() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let mut command = script("head -c 1000000 /dev/zero; exit 4").to_command();
    command.stdout(full);
    assert_eq!(Started::from(command).finish().code(), 4);
}
