//! What wrapping costs, beside `tee` and a bare run in the same call: `cargo bench`.
//! It claims nothing on its own: every figure stands beside its yardstick.

mod textures;

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use textures::{Kind, TEXTURES, Texture};

const BINARY: &str = env!("CARGO_BIN_EXE_deployment-status");

/// Set for the process that plays the deploy command.
const ROLE: &str = "SPEED_ROLE";

/// How much the command writes.
const VOLUME: usize = 2 << 30;

/// Rounds of each, one after the other, so that a noisy machine is noisy for all of them.
const ROUNDS: usize = 5;
const STARTS: usize = 100;
const TICKS: usize = 2000;

/// How much of a texture is written, in rounds of which the quickest counts.
const TEXTURE: usize = 128 << 20;
const GIGABYTES: f64 = 0.134;
const TEXTURE_ROUNDS: usize = 3;

/// How much noise hides an announcement, half of it on either side.
const NOISE: usize = 10_000_000;

/// What the scan of a gigabyte may cost, in seconds of one processor.
const MAX_CPU: f64 = 5.0;

fn main() -> io::Result<()> {
    match env::var(ROLE).as_deref() {
        Ok("flood") => flood(),
        Ok("tick") => tick(),
        Ok(role) => write_texture(role),
        Err(_) => {
            starting()?;
            piping()?;
            scanning()?;
            hiding()?;
            waiting()
        }
    }
}

/// Writes short log lines, with a URL now and then, as fast as they are taken.
fn flood() -> io::Result<()> {
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

/// Writes the time, a line each millisecond.
fn tick() -> io::Result<()> {
    for _ in 0..TICKS {
        writeln!(io::stdout(), "{}", now().as_nanos())?;
        io::stdout().flush()?;
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970")
}

/// Start-up: `--version`, and a whole `run -- true` against a sandbox, beside a bare `true`.
fn starting() -> io::Result<()> {
    let sandbox = Sandbox::start()?;
    let took = |command: &mut Command| -> io::Result<Duration> {
        let begun = Instant::now();
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        assert!(status.success(), "{command:?}");
        Ok(begun.elapsed())
    };
    let (mut bare, mut version, mut wrapped) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        bare.push(took(&mut Command::new("true"))?);
        version.push(took(Command::new(BINARY).arg("--version"))?);
        wrapped.push(took(sandbox.run().arg("true"))?);
    }
    let (bare, version, wrapped) = (median(bare), median(version), median(wrapped));
    println!("start-up, median of {STARTS}");
    println!("  true             {:>7.2} ms", milliseconds(bare));
    println!("  --version        {:>7.2} ms", milliseconds(version));
    println!(
        "  run -- true      {:>7.2} ms, {:.2} ms more than bare (goal: 10), two requests included",
        milliseconds(wrapped),
        milliseconds(wrapped.saturating_sub(bare))
    );
    Ok(())
}

/// Throughput with URL detection on, beside `tee`.
fn piping() -> io::Result<()> {
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

/// Throughput of each texture, beside `tee`, and what the scan costs.
fn scanning() -> io::Result<()> {
    println!("{} MiB of each texture, best of {TEXTURE_ROUNDS}", TEXTURE >> 20);
    println!("  texture          tee [s]  run [times tee]  without scan [times tee]  CPU [s/GB]");
    let (mut ratios, mut dear) = (Vec::new(), Vec::new());
    for texture in &TEXTURES {
        let best = |mut measure: Box<dyn FnMut() -> io::Result<Duration> + '_>| {
            (0..TEXTURE_ROUNDS)
                .map(|_| measure())
                .collect::<io::Result<Vec<_>>>()
                .map(|all| all.into_iter().min().unwrap_or_default().as_secs_f64())
        };
        let mut cpu = f64::MAX;
        let tee = best(Box::new(|| through_tee(texture.name)))?;
        let run = best(Box::new(|| {
            let (took, used) = through_run(texture.name, true)?;
            cpu = cpu.min(used);
            Ok(took)
        }))?;
        let blind = best(Box::new(|| Ok(through_run(texture.name, false)?.0)))?;
        let cpu = cpu / GIGABYTES;
        println!(
            "  {:<16} {tee:>7.3}  {:>15.2}  {:>24.2}  {cpu:>10.2}",
            texture.name,
            run / tee,
            blind / tee
        );
        ratios.push((texture.kind, run / tee));
        if cpu > MAX_CPU {
            dear.push(texture.name);
        }
    }
    let of = |kind| {
        let mut some: Vec<_> =
            ratios.iter().filter(|(other, _)| *other == kind).map(|(_, ratio)| *ratio).collect();
        some.sort_by(f64::total_cmp);
        (some[some.len() / 2], some[some.len() - 1])
    };
    let ((median, worst), (_, hostile)) = (of(Kind::Real), of(Kind::Adversarial));
    println!(
        "  real: median {median:.2} (goal: 1.25), worst {worst:.2} (goal: 3); adversarial: worst {hostile:.2} (goal: 10)"
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

/// An announcement in the midst of noise is found.
fn hiding() -> io::Result<()> {
    println!("an announcement in {} MB of noise", NOISE / 1_000_000);
    let mut lost = Vec::new();
    for texture in &TEXTURES {
        let name = format!("hidden {}", texture.name);
        let mut child = role(&name).stdout(Stdio::piped()).spawn()?;
        let log = child.stdout.take().expect("stdout is a pipe");
        let found = Command::new(BINARY).arg("url").stdin(log).output()?;
        child.wait()?;
        let found = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        println!("  {:<16} {found}", texture.name);
        if found != HIDDEN {
            lost.push(texture.name);
        }
    }
    // Where every line announces a URL, the last one wins.
    lost.retain(|name| *name != "announcements");
    assert!(lost.is_empty(), "lost in {lost:?}");
    Ok(())
}

/// What is hidden.
const HIDDEN: &str = "https://hello.example.com";

/// Writes a texture, or noise with an announcement in its midst.
fn write_texture(role: &str) -> io::Result<()> {
    let (name, is_hiding) = role.strip_prefix("hidden ").map_or((role, false), |name| (name, true));
    let texture =
        TEXTURES.iter().find(|texture| texture.name == name).expect("there is such a texture");
    let mut stdout = io::stdout().lock();
    if is_hiding {
        let noise = texture.bytes(NOISE / 2);
        stdout.write_all(&noise)?;
        writeln!(stdout, "Your site is live at {HIDDEN}")?;
        return stdout.write_all(&noise);
    }
    let block = Texture::bytes(texture, 1 << 20);
    for _ in 0..TEXTURE / block.len() {
        stdout.write_all(&block)?;
    }
    Ok(())
}

/// How much later one short line arrives than from the command alone.
fn waiting() -> io::Result<()> {
    let direct = delay(&mut role("tick"))?;
    let wrapped = delay(&mut in_sandbox("tick")?)?;
    println!("one short line, median of {TICKS}");
    println!("  alone            {:>7.3} ms", milliseconds(direct));
    println!(
        "  run              {:>7.3} ms, {:.3} ms more (goal: 1)",
        milliseconds(wrapped),
        milliseconds(wrapped.saturating_sub(direct))
    );
    Ok(())
}

fn delay(command: &mut Command) -> io::Result<Duration> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut delays = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines() {
        let arrived = now();
        let sent: u64 = line?.parse().expect("a tick is a number");
        delays.push(arrived.saturating_sub(Duration::from_nanos(sent)));
    }
    child.wait()?;
    Ok(median(delays))
}

/// This program, playing the command.
fn role(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.env(ROLE, name);
    command
}

fn in_sandbox(name: &str) -> io::Result<Command> {
    let mut command = Command::new(BINARY);
    command.args(["run", "--sandbox", "--"]).arg(env::current_exe()?);
    command.env(ROLE, name).stderr(Stdio::null());
    Ok(command)
}

/// The most that it had resident, in KiB, as Linux tells while it lives.
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

fn median(mut values: Vec<Duration>) -> Duration {
    values.sort_unstable();
    values[values.len() / 2]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A sandbox with one deployment; it goes when this is dropped.
struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(BINARY)
            .args(["sandbox", "--deployment", "42"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout is a pipe")).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }

    fn run(&self) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(["run", "--deployment-id", "42", "--"])
            .env("GITHUB_API_URL", &self.url)
            .env("GITHUB_REPOSITORY", "octo/app")
            .env("GITHUB_TOKEN", "token");
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
