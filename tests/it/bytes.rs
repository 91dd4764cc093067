//! Bytes go through untouched, at once, in order, and in little memory.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::wrapped::{Started, folder, script};

/// The goal is 16 MiB; an unoptimized build with a sandbox inside may have a little more.
#[cfg(target_os = "linux")]
const MOST_KIB: u64 = 20 * 1024;

/// 16 MiB that no text would be.
fn noise() -> Vec<u8> {
    let mut state = 1_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(16 << 20).collect()
}

/// Our peak memory, asked by the command at its end.
#[cfg(target_os = "linux")]
const PEAK: &str = "echo err $(grep VmHWM /proc/$PPID/status) >&2";

#[cfg(target_os = "linux")]
#[track_caller]
fn assert_little_memory(stderr_line: &str) {
    let peak: u64 =
        stderr_line.split(' ').nth(2).and_then(|kib| kib.parse().ok()).expect("it is a figure");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

#[test]
fn both_streams_are_untouched() {
    let folder = folder();
    let (sent, out, err) =
        (folder.path().join("sent"), folder.path().join("out"), folder.path().join("err"));
    fs::write(&sent, noise()).unwrap();
    let mut command =
        script("cat \"$SENT\" & cat \"$SENT\" >&2; wait").variable("SENT", sent.to_str().unwrap());
    command = command.under("exec \"$@\" 2>\"$ERR\"").variable("ERR", err.to_str().unwrap());
    let mut command = command.to_command();
    command.stdout(File::create(&out).unwrap());
    assert_eq!(Started::from(command).finish().code(), 0);
    let (sent, out, err) =
        (fs::read(sent).unwrap(), fs::read(out).unwrap(), fs::read(err).unwrap());
    assert!(out == sent, "{} bytes of {}", out.len(), sent.len());
    // Our own lines stand before and after.
    let start = err.windows(64).position(|window| *window == sent[..64]).expect("it begins");
    assert!(err[start..].starts_with(&sent), "{} bytes of {}", err.len(), sent.len());
}

#[test]
fn a_pipe_gets_every_byte_too() {
    let folder = folder();
    let file = folder.path().join("sent");
    let sent = noise();
    fs::write(&file, &sent).unwrap();
    let ran = script("cat \"$SENT\"").variable("SENT", file.to_str().unwrap()).run();
    assert!(ran.stdout == sent, "{} bytes of {}", ran.stdout.len(), sent.len());
}

#[cfg(target_os = "linux")]
#[test]
fn one_endless_line_needs_no_memory() {
    let mut run = script(&format!("head -c 100000000 /dev/zero; {PEAK}")).start();
    let mut rest = run.stdout.take().unwrap();
    let read = std::io::copy(&mut rest, &mut std::io::sink()).unwrap();
    assert_eq!(read, 100_000_000);
    assert_little_memory(run.finish().err_lines()[0]);
}

#[test]
fn a_prompt_without_a_newline_appears_as_it_is_written() {
    let mut run = script("printf 'Password: '; read answer; echo \"got $answer\"").start();
    let mut prompt = [0; 10];
    run.stdout.as_mut().unwrap().read_exact(&mut prompt).unwrap();
    assert_eq!(&prompt, b"Password: ");
    run.stdin.take().unwrap().write_all(b"sesame\n").unwrap();
    assert_eq!(run.finish().text(), "got sesame\n");
}

#[test]
fn stdout_and_stderr_stay_apart() {
    let ran = script("echo out; echo err >&2").run();
    assert_eq!(ran.text(), "out\n");
    assert_eq!(ran.err_lines(), ["err"]);
}

#[test]
fn order_is_kept_where_both_are_one_file() {
    let ran = script(
        "i=0; while [ $i -lt 5000 ]; do echo n$i; i=$((i+1)); echo n$i >&2; i=$((i+1)); done",
    )
    .under("exec \"$@\" 2>&1")
    .run();
    let lines: Vec<&str> = ran.text().lines().filter(|line| line.starts_with('n')).collect();
    assert_eq!(lines.len(), 5000 * 2 / 2);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(*line, format!("n{index}"));
    }
}

#[test]
fn what_is_written_last_is_not_lost() {
    for _ in 0..20 {
        let ran = script("printf 'no newline'; kill -9 $$").run();
        assert_eq!(ran.text(), "no newline");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_closes_its_streams_keeps_nobody_busy() {
    let folder = folder();
    let stat = folder.path().join("stat");
    let ran = script("exec >&- 2>&-; sleep 1; cat /proc/$PPID/stat > \"$STAT\"")
        .variable("STAT", stat.to_str().unwrap())
        .run();
    assert_eq!(ran.code(), 0);
    let stat = fs::read_to_string(stat).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    assert!(ticks < 20, "{ticks} ticks of the processor in one second");
}

#[test]
fn the_command_sees_no_terminal() {
    let ran = script("test -t 1 || test -t 2; echo $?").run();
    assert_eq!(ran.text(), "1\n");
}

#[test]
fn a_file_is_appended_to_as_it_was_opened() {
    let folder = folder();
    let log = folder.path().join("log");
    fs::write(&log, "before\n").unwrap();
    let mut command = script("echo one; echo two").to_command();
    command.stdout(File::options().append(true).open(&log).unwrap()).stderr(Stdio::null());
    assert_eq!(Started::from(command).finish().code(), 0);
    assert_eq!(fs::read_to_string(log).unwrap(), "before\none\ntwo\n");
}
