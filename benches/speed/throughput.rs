//! How fast the command's output is forwarded, beside `tee`, and what searching it costs.

use std::fs;
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::textures::{Kind, TEXTURES, Texture};
use crate::{in_sandbox, median, role};

/// How much the command writes.
const VOLUME: usize = 2 << 30;

/// Rounds of each, one after the other, so that a noisy machine is noisy for all of them.
const ROUNDS: usize = 5;

/// How much of a texture is written.
const TEXTURE: usize = 128 << 20;
const GIGABYTES: f64 = 0.134;

/// What the scan of a gigabyte may cost, in seconds of one processor.
const MAX_CPU: f64 = 5.0;

/// Short log lines, with URL detection on.
pub(crate) fn measure_lines() -> io::Result<()> {
    let (mut tee, mut run, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let mut source = role("flood").stdout(Stdio::piped()).spawn()?;
        let taken = source.stdout.take().expect("stdout is a pipe");
        Command::new("tee").stdin(taken).stdout(Stdio::null()).status()?;
        source.wait()?;
        tee.push(begun.elapsed());

        let begun = Instant::now();
        let mut wrapped = in_sandbox("flood")?.stdout(Stdio::null()).spawn()?;
        peak = peak.max(peak_memory(&mut wrapped)?);
        run.push(begun.elapsed());
    }
    let (tee, run) = (median(tee), median(run));
    println!("{} GiB of short lines, median of {ROUNDS}", VOLUME >> 30);
    println!("  tee              {:>7.2} s", tee.as_secs_f64());
    println!(
        "  run              {:>7.2} s, {:.2} times tee (goal: 1)",
        run.as_secs_f64(),
        run.as_secs_f64() / tee.as_secs_f64()
    );
    println!("  peak memory      {:>7.1} MiB (goal: 16)", f64::from(peak) / 1024.0);
    Ok(())
}

/// What one texture took.
#[derive(Default)]
struct Measured {
    /// In seconds.
    tee: Vec<f64>,
    /// As often as `tee` in the same round.
    run: Vec<f64>,
    without_scan: Vec<f64>,
    /// In seconds of one processor for a gigabyte.
    cpu: Vec<f64>,
}

impl Measured {
    fn of(texture: &Texture) -> io::Result<Self> {
        let mut measured = Self::default();
        for _ in 0..ROUNDS {
            let tee = through_tee(texture.name)?.as_secs_f64();
            let (run, cpu) = through_run(texture.name, true)?;
            let (without_scan, _) = through_run(texture.name, false)?;
            measured.tee.push(tee);
            measured.run.push(run.as_secs_f64() / tee);
            measured.without_scan.push(without_scan.as_secs_f64() / tee);
            measured.cpu.push(cpu / GIGABYTES);
        }
        Ok(measured)
    }
}

/// Each texture, with and without URL detection.
pub(crate) fn measure_textures() -> io::Result<()> {
    println!("{} MiB of each texture, median of {ROUNDS}", TEXTURE >> 20);
    println!("  texture          tee [s]  run [times tee]  without scan [times tee]  CPU [s/GB]");
    let (mut ratios, mut dear) = (Vec::new(), Vec::new());
    for texture in &TEXTURES {
        let Measured { tee, run, without_scan, cpu } = Measured::of(texture)?;
        let [tee, run, without_scan, cpu] = [tee, run, without_scan, cpu].map(median);
        println!(
            "  {:<16} {tee:>7.3}  {run:>15.2}  {without_scan:>24.2}  {cpu:>10.2}",
            texture.name
        );
        ratios.push((texture.kind, run));
        if cpu > MAX_CPU {
            dear.push(texture.name);
        }
    }
    let of = |kind| ratios.iter().filter(move |(other, _)| *other == kind).map(|(_, ratio)| *ratio);
    println!(
        "  real: median {:.2} (goal: 1.25), worst {:.2} (goal: 3); adversarial: worst {:.2} (goal: 10)",
        median(of(Kind::Real).collect()),
        of(Kind::Real).fold(0.0, f64::max),
        of(Kind::Adversarial).fold(0.0, f64::max)
    );
    assert!(dear.is_empty(), "more than {MAX_CPU} s/GB: {dear:?}");
    Ok(())
}

fn through_tee(name: &str) -> io::Result<Duration> {
    let begun = Instant::now();
    let mut source = role(name).stdout(Stdio::piped()).spawn()?;
    let taken = source.stdout.take().expect("stdout is a pipe");
    Command::new("tee").stdin(taken).stdout(Stdio::null()).status()?;
    source.wait()?;
    Ok(begun.elapsed())
}

/// How long it took, and how many seconds of a processor we used ourselves.
fn through_run(name: &str, detects: bool) -> io::Result<(Duration, f64)> {
    let begun = Instant::now();
    let mut wrapped = in_sandbox(name)?;
    if !detects {
        wrapped.env("INPUT_DETECT_URL", "false");
    }
    let mut wrapped = wrapped.stdout(Stdio::null()).spawn()?;
    let path = format!("/proc/{}/stat", wrapped.id());
    let mut ticks = 0;
    while wrapped.try_wait()?.is_none() {
        let stat = fs::read_to_string(&path).unwrap_or_default();
        let fields =
            stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_ascii_whitespace();
        let used: u32 = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
        ticks = ticks.max(used);
        thread::sleep(Duration::from_millis(2));
    }
    Ok((begun.elapsed(), f64::from(ticks) / 100.0))
}

/// The most that it had resident, in KiB, read from /proc while it lives.
fn peak_memory(child: &mut Child) -> io::Result<u32> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        thread::sleep(Duration::from_millis(20));
    }
    Ok(peak)
}

/// Writes short log lines, with a URL now and then, as fast as they are taken.
pub(crate) fn flood() -> io::Result<()> {
    let block: Vec<u8> = (0..)
        .flat_map(|number| {
            let url = if number % 50 == 0 { " see https://docs.example.com/step" } else { "" };
            format!("[12:34:56] step {number}: copied assets/chunk-{number:08x}.js in 12 ms{url}\n")
                .into_bytes()
        })
        .take(64 * 1024)
        .collect();
    let mut stdout = io::stdout().lock();
    for _ in 0..VOLUME / block.len() {
        stdout.write_all(&block)?;
    }
    Ok(())
}

pub(crate) fn write(texture: &Texture) -> io::Result<()> {
    let block = texture.bytes(1 << 20);
    let mut stdout = io::stdout().lock();
    for _ in 0..TEXTURE / block.len() {
        stdout.write_all(&block)?;
    }
    Ok(())
}
