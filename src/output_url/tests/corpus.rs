//! How well detection does on real logs, where they are at hand.
//! It asserts a floor; what it prints is the measure.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::ansi;
use super::super::data::vendors::{Line, VENDORS, Vendors, fits};
use super::super::detect::Detector;
use super::super::extract::url;

/// A log, and what a person would pick in it.
#[derive(Debug, Deserialize)]
struct Log {
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    stdout: Vec<u8>,
    #[serde(skip)]
    stderr: Vec<u8>,
    tool: String,
    expected_url: Option<String>,
    also_acceptable: Vec<String>,
    #[serde(default)]
    stderr_file: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    Missed,
}

#[test]
fn real_logs_give_the_url_that_a_person_would_pick() {
    let logs = logs();
    if logs.is_empty() {
        let missing = "there is no folder `shared/url-corpus` beside the project";
        assert!(env::var("REQUIRE_TOOLS").as_deref() != Ok("1"), "{missing}");
        eprintln!("SKIPPED, real logs are not judged: {missing}");
        return;
    }

    let all = score("all vendors known", &logs, |_| VENDORS.to_vec());
    score("leave one tool family out", &logs, |log| without_the_family_of(log, &logs));
    score("no vendor known", &logs, |_| Vec::new());

    assert!(all.right * 100 >= logs.len() * 98, "fewer than 98 of 100 right");
    assert_eq!(all.wrong, 0, "some are wrong");
}

struct Score {
    right: usize,
    wrong: usize,
}

fn score(title: &str, logs: &[Log], table: impl Fn(&Log) -> Vec<Line>) -> Score {
    let mut verdicts = Vec::new();
    for log in logs {
        let found = detect(log, &Vendors::new(&table(log)));
        let verdict = log.judge(found.as_deref());
        if verdict != Verdict::Right {
            println!("  {verdict:?}: {}: {found:?}, expected {:?}", log.name, log.expected_url);
        }
        verdicts.push(verdict);
    }
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    let (right, wrong, missed) =
        (count(Verdict::Right), count(Verdict::Wrong), count(Verdict::Missed));
    println!("{title}: {right} of {} right, {wrong} wrong, {missed} missed", logs.len());
    Score { right, wrong }
}

impl Log {
    fn judge(&self, found: Option<&str>) -> Verdict {
        let same = |a: &str, b: &str| normal(a) == normal(b);
        match (found, &self.expected_url) {
            (None, None) => Verdict::Right,
            (None, Some(_)) => Verdict::Missed,
            (Some(found), expected) => {
                let mut good = expected.iter().chain(&self.also_acceptable);
                if good.any(|url| same(url, found)) { Verdict::Right } else { Verdict::Wrong }
            }
        }
    }
}

fn normal(url: &str) -> String {
    let host = url::host_of(url);
    url.trim_end_matches('/').replacen(host, &host.to_lowercase(), 1)
}

fn detect(log: &Log, vendors: &Vendors) -> Option<String> {
    [&log.stdout, &log.stderr].into_iter().find_map(|stream| {
        let mut detector = Detector::new(vendors.clone(), false);
        stream.chunks(7).for_each(|chunk| detector.observe(chunk));
        detector.finish();
        detector.winner().map(|best| best.url.clone())
    })
}

/// The vendors without those on whose hosts a log of this tool family mentions a URL.
fn without_the_family_of(log: &Log, logs: &[Log]) -> Vec<Line> {
    let family = |log: &Log| log.tool.split(' ').next().unwrap_or_default().to_owned();
    let mut known = BTreeSet::new();
    for other in logs.iter().filter(|other| family(other) == family(log)) {
        let text = ansi::strip(
            &other.stdout.iter().map(|b| if *b < b' ' { b' ' } else { *b }).collect::<Vec<_>>(),
        )
        .into_owned();
        let urls = url::urls(&text).into_iter().map(|found| found.text.to_owned());
        let expected = other.expected_url.iter().chain(&other.also_acceptable).cloned();
        for found in urls.chain(expected) {
            let host = url::host_of(&found).to_lowercase();
            known.extend(
                VENDORS.iter().filter(|line| fits(line, &host)).map(|(pattern, _)| *pattern),
            );
        }
    }
    VENDORS.iter().filter(|(pattern, _)| !known.contains(pattern)).copied().collect()
}

fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let near = ["../shared/url-corpus", "../../shared/url-corpus"];
    near.iter().map(|path| root.join(path)).find(|path| path.is_dir())
}

fn logs() -> Vec<Log> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut logs = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a sidecar is text");
        let mut log: Log = serde_json::from_str(&text).expect("a sidecar is JSON");
        log.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        log.stdout = fs::read(path.with_extension("log")).expect("a log stands beside");
        log.stderr = log.stderr_file.as_ref().map_or_else(Vec::new, |file| {
            fs::read(folder.join(file)).expect("stderr stands beside")
        });
        logs.push(log);
    }
    logs.sort_by(|a, b| a.name.cmp(&b.name));
    logs
}
