//! What the pages show on a terminal is what a terminal shows.
//! `UPDATE_EXPECT=1` rewrites the pages.

use expect_test::expect_file;
use regex::Regex;

use crate::machine::{Machine, PUBLISHED};
use crate::shown::{Block, ROOT, pages};

/// So that what is shown does not change with the time of day.
const WHEN: &str = "2026-01-02T03:04:05Z";
const HOW_LONG: &str = "12s";

#[test]
fn what_is_shown_on_a_terminal_has_been_run() {
    for page in pages() {
        let mut text = page.text.clone();
        for block in page.blocks().iter().filter(|block| block.is("console")) {
            text = text.replace(&block.text, &played(block));
        }
        expect_file![format!("{ROOT}/{}", page.path)].assert_eq(&text);
    }
}

/// Each command of the block with what it says, on a machine of its own.
fn played(block: &Block) -> String {
    let machine = Machine::new();
    machine.script("checkout/deploy.log", "");
    std::fs::write(machine.path("checkout/deploy.log"), LOG).expect("it can be written");
    let commands = block.text.lines().filter_map(|line| line.strip_prefix("$ "));
    commands
        .map(|command| {
            let ours = command.replace("cargo run --release --", "deployment-status");
            format!("$ {command}\n{}", timeless(&machine.sh(&ours).said))
        })
        .collect()
}

/// For the pages that read a log.
const LOG: &str = "\
Uploading 14 files
Preview: https://shop-4f2a.vercel.app
Inspect: https://vercel.com/octo/shop/4f2a
";

fn timeless(said: &str) -> String {
    let instant = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("this is a pattern");
    let duration = Regex::new(r"\b(in|after) \d+s\b").expect("this is a pattern");
    let said = instant.replace_all(said, WHEN);
    duration.replace_all(&said, format!("$1 {HOW_LONG}")).into_owned()
}

#[test]
fn every_output_of_the_action_is_in_the_readme() {
    let read = |page| std::fs::read_to_string(format!("{ROOT}/{page}")).expect("it is there");
    let (action, readme) = (read("action.yml"), read("README.md"));
    let (_, outputs) = action.split_once("\noutputs:\n").expect("there are outputs");
    let (outputs, _) = outputs.split_once("\nruns:\n").expect("the action runs something");
    let lines = outputs.lines().filter(|line| !line.starts_with("   "));
    for name in lines.filter_map(|line| line.trim().strip_suffix(':')) {
        assert!(readme.contains(&format!("\n| `{name}` |")), "README.md has no row for `{name}`");
    }
}

#[test]
fn every_module_is_on_the_map() {
    let map = std::fs::read_to_string(format!("{ROOT}/ARCHITECTURE.md")).expect("it is there");
    for entry in std::fs::read_dir(format!("{ROOT}/src")).expect("there is source").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let module = name.trim_end_matches(".rs");
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md has no module `{module}`");
    }
}

#[test]
fn the_picture_shows_what_a_terminal_shows() {
    let machine = Machine::new();
    let script = format!("echo 'Uploading 14 files'\necho '{PUBLISHED}'");
    machine.script("checkout/deploy.sh", &script);
    let command = "deployment-status run --sandbox --environment production -- ./deploy.sh";

    let said = timeless(&machine.sh(command).said);

    let svg = picture(&format!("$ {command}\n{said}"));
    expect_file![format!("{ROOT}/docs/terminal.svg")].assert_eq(&svg);
}

const LINE_HEIGHT: usize = 22;
const MARGIN: usize = 20;
const WIDTH: usize = 980;

/// A terminal as SVG, with GitHub's colors for states.
fn picture(lines: &str) -> String {
    let height = lines.lines().count() * LINE_HEIGHT + 2 * MARGIN;
    let texts: String = (1..)
        .zip(lines.lines())
        .map(|(number, line)| {
            let y = MARGIN + number * LINE_HEIGHT - 6;
            let color = color(line);
            let line = line.replace('&', "&amp;").replace('<', "&lt;");
            format!("<text x=\"{MARGIN}\" y=\"{y}\" fill=\"{color}\">{line}</text>\n")
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" \
         font-size=\"14\" xml:space=\"preserve\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\" fill=\"#0d1117\"/>\n{texts}</svg>\n"
    )
}

fn color(line: &str) -> &'static str {
    match line {
        _ if line.starts_with("$ ") => "#58a6ff",
        _ if line.contains("  success  ") => "#3fb950",
        _ if line.contains("  pending  ") => "#d29922",
        _ if line.starts_with("deployment-status: ") => "#8b949e",
        _ => "#e6edf3",
    }
}
