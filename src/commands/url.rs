//! `deployment-status url`: the URL that `run` would report, read from a log.
//! It runs nothing and sends nothing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::output_url::{self, Rule, Scanner};
use crate::redact::Redactor;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// Reads the files, or stdin where there are none, as one stream; writes the URL, or with
/// `explain` every candidate, to `answer`. The exit code is 1 where there is no URL.
pub(crate) fn run(
    files: &[PathBuf],
    rule: &Rule,
    explain: bool,
    redactor: &Redactor,
    answer: &mut impl Write,
    warn: impl FnOnce(&str),
) -> anyhow::Result<ExitCode> {
    let mut scanner = if explain { Scanner::explaining(rule) } else { Scanner::new(rule) };
    read(files, &mut scanner)?;
    scanner.finish();

    let found = output_url::find(rule, &scanner, &Scanner::new(rule), redactor);

    if explain {
        let text = output_url::explain(rule, &scanner, &found);
        answer.write_all(redactor.redact(&text).as_bytes())?;
    } else if let Some(url) = &found.url {
        writeln!(answer, "{url}")?;
    }
    if let Some(warning) = &found.warning {
        warn(warning);
    }
    Ok(if found.url.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn read(files: &[PathBuf], scanner: &mut Scanner) -> anyhow::Result<()> {
    if files.is_empty() {
        return feed(io::stdin().lock(), scanner).context("cannot read stdin");
    }
    for file in files {
        let cannot = || format!("cannot read `{}`", file.display());
        feed(File::open(file).with_context(cannot)?, scanner).with_context(cannot)?;
        // The last line of one file and the first of the next are two.
        scanner.observe(b"\n");
    }
    Ok(())
}

fn feed(mut log: impl Read, scanner: &mut Scanner) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match log.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => scanner.observe(&piece[..length]),
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
}
