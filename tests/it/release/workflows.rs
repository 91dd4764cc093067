//! What the release workflows may do, by their text.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Whoever may sign as the workflow runs nothing that others wrote, or it could sign too.
#[test]
fn a_job_that_may_sign_compiles_and_installs_nothing() {
    let mut seen = 0;
    for (workflow, job) in jobs() {
        if !job.contains("id-token: write") || job.contains("uses: ./.github/workflows/") {
            continue;
        }
        seen += 1;
        for others in
            ["cargo install", "cargo build", "cargo test", "cargo package", "npm ", "pip "]
        {
            assert!(
                !job.contains(others),
                "{workflow} runs `{others}` in a job that may sign:\n{job}"
            );
        }
        if job.contains("cargo publish") {
            assert!(job.contains("--no-verify"), "{workflow}: to verify a package is to build it");
        }
    }
    assert_eq!(seen, 3);
}

/// A job that is left out leaves out all that need it, unless they say when they run.
#[test]
fn a_job_after_one_that_may_be_left_out_says_when_it_runs() {
    for (workflow, job) in jobs() {
        if job.contains("\n    needs: ") && !job.contains("\n    needs: [build, materials]") {
            assert!(job.contains("\n    if: "), "{workflow}:\n{job}");
        }
    }
}

#[test]
fn what_publishes_waits_for_an_approval() {
    for (workflow, job) in jobs() {
        let publishes = ["publish.sh", "move-major.sh", "cargo publish"];
        if publishes.iter().any(|call| job.contains(call)) {
            assert!(job.contains("\n    environment: release\n"), "{workflow}:\n{job}");
        }
    }
    let images = read("images.yml");
    assert!(images.contains("\n    needs: approve\n"), "images are pushed without an approval");
}

#[test]
fn each_release_script_is_used() {
    let all: String = ["release.yml", "images.yml"].map(read).concat();
    for script in fs::read_dir(Path::new(ROOT).join(".github/release")).expect("it is there") {
        let name = script.expect("it can be read").file_name().to_string_lossy().into_owned();
        assert!(all.contains(&name) || name == "newest.sh", "nobody runs {name}");
    }
}

/// The jobs of both workflows, each with the workflow's name.
fn jobs() -> Vec<(&'static str, String)> {
    let mut jobs = Vec::new();
    for workflow in ["release.yml", "images.yml"] {
        let text = read(workflow);
        let (_, text) = text.split_once("\njobs:\n").expect("it has jobs");
        for line in text.lines() {
            let is_name = line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
            if is_name && !line.trim_start().starts_with('#') {
                jobs.push((workflow, String::new()));
            }
            let (_, job) = jobs.last_mut().expect("the first line names a job");
            job.extend([line, "\n"]);
        }
    }
    jobs
}

fn read(workflow: &str) -> String {
    let path = Path::new(ROOT).join(".github/workflows").join(workflow);
    fs::read_to_string(path).expect("the workflow is there")
}
