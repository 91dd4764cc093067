//! The recipes name what exists, and do what they say.

mod actions;
mod checklists;
mod contributing;
mod fragments;
mod images;
mod lint;
mod migrating;
mod others;
mod outages;
mod previews;
mod step;
mod urls;
mod verifying;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::help::printed;
use crate::machine::Machine;
use crate::shown::{ROOT, blocks, claimed, pages, read};

const COMMANDS: [&str; 9] =
    ["run", "create", "list", "finish", "sweep", "delete", "wait", "url", "sandbox"];

/// A tool that is called so prints this at its end, and a person would pick this URL.
struct Tool(&'static str, &'static str, &'static str);

/// The first that fits a line is meant.
const TOOLS: [Tool; 11] = [
    Tool("--environment-url", "done", "https://shop.example.com"),
    Tool(
        "wrangler deploy",
        "Deployed shop triggers (1.2 sec)\n  https://shop.octo.workers.dev",
        "https://shop.octo.workers.dev",
    ),
    Tool(
        "wrangler pages",
        "Deployment complete! Take a peek over at https://4f2a.shop.pages.dev",
        "https://4f2a.shop.pages.dev",
    ),
    Tool(
        "vercel",
        "Inspect: https://vercel.com/octo/shop/4f2a\nhttps://shop-4f2a.vercel.app",
        "https://shop-4f2a.vercel.app",
    ),
    Tool(
        "--json",
        r#"{"logs": "https://app.netlify.com/projects/shop/deploys/4f2a",
            "deploy_url": "https://4f2a--shop.netlify.app", "url": "https://shop.netlify.app"}"#,
        "https://shop.netlify.app",
    ),
    Tool(
        "netlify",
        "Build logs: https://app.netlify.com/projects/shop/deploys/4f2a\n\
         Website draft URL: https://4f2a--shop.netlify.app",
        "https://4f2a--shop.netlify.app",
    ),
    Tool(
        "hosting:channel",
        "Hosting URL: https://shop.web.app\n\
         Channel URL (shop): https://shop--pr-7-4f2a.web.app [expires 2026-12-01 10:00:00]",
        "https://shop--pr-7-4f2a.web.app",
    ),
    Tool(
        "firebase",
        "Project Console: https://console.firebase.google.com/project/shop/overview\n\
         Hosting URL: https://shop.web.app",
        "https://shop.web.app",
    ),
    Tool(
        "flyctl",
        "Watch your deployment at https://fly.io/apps/shop/monitoring\n\
         Visit your newly deployed app at https://shop.fly.dev/",
        "https://shop.fly.dev/",
    ),
    Tool("terraform", "https://shop.example.com", "https://shop.example.com"),
    Tool("make release", "released to https://shop.example.com", "https://shop.example.com"),
];

#[test]
fn every_input_of_a_recipe_exists() {
    let inputs = inputs();
    for block in blocks().iter().filter(|block| block.is("yaml")) {
        for step in step::all(&block.text) {
            for (name, _) in step.with {
                assert!(inputs.contains(&name), "{}: there is no input `{name}`", block.place());
            }
        }
    }
}

#[test]
fn every_flag_that_is_shown_exists() {
    let call = Regex::new(r"deployment-status (?:\w+ )?(?:--|list|finish).*").expect("a pattern");
    let flag = Regex::new(r"--[a-z][a-z-]*").expect("a pattern");
    for page in pages() {
        for (number, line) in (1..).zip(page.text.lines()) {
            for call in call.find_iter(line) {
                let ours = call.as_str().split(" -- ").next().unwrap_or_default();
                let ours = ours.split('`').next().unwrap_or_default();
                let verb = COMMANDS.iter().find(|verb| ours.split(' ').nth(1) == Some(**verb));
                let help = help(verb.unwrap_or(&"run"));
                for flag in flag.find_iter(ours) {
                    let is_documented = help.contains(&format!("{} ", flag.as_str()))
                        || help.contains(&format!("{}\n", flag.as_str()));
                    assert!(is_documented, "{}:{number}: there is no {}", page.path, flag.as_str());
                }
            }
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let pages = pages();
    for page in &pages {
        for target in link.captures_iter(&page.text).map(|found| found[1].to_owned()) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            if target.starts_with("https://") {
                continue;
            }
            let folder = Path::new(&page.path).parent().expect("a page lies somewhere");
            let path = match file {
                "" => Path::new(ROOT).join(&page.path),
                file => Path::new(ROOT).join(folder).join(file),
            };
            let text =
                fs::read(&path).unwrap_or_else(|why| panic!("{}: {target}: {why}", page.path));
            let text = String::from_utf8_lossy(&text);
            let has_anchor = anchor.is_empty()
                || text.lines().any(|line| line.starts_with('#') && as_anchor(line) == anchor);
            assert!(has_anchor, "{}: {target} has no such heading", page.path);
        }
    }
}

/// As GitHub makes them from headings.
fn as_anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_');
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn what_is_said_of_us_beside_our_peers_is_tested() {
    let held = Regex::new(r"`([a-z_/]+)::([a-z0-9_]+)`").expect("a pattern");
    let page = read("docs/comparison.md");
    let mut rows = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what")) {
        assert!(held.is_match(row), "no test holds: {row}");
        for found in held.captures_iter(row) {
            let tests = read(&format!("tests/it/{}.rs", &found[1]));
            let name = format!("fn {}()", &found[2]);
            assert!(tests.contains(&name), "{} has no {name}", &found[1]);
        }
        rows += 1;
    }
    assert!(rows > 0, "the table is gone");
}

/// Each heading is a piece of a message that we, or GitHub, say.
#[test]
fn every_message_of_the_troubleshooting_is_said() {
    let source: String = texts_below(&Path::new(ROOT).join("src"));
    let continued = Regex::new(r"\\\n\s*").expect("a pattern");
    let source = continued.replace_all(&source, "");
    let page = read("docs/troubleshooting.md");
    let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
    for heading in
        headings.filter(|heading| !heading.starts_with("The ") && !heading.starts_with("Older "))
    {
        assert!(source.contains(heading), "nobody says `{heading}`");
    }
}

fn texts_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("our folders can be read").flatten();
    let texts = entries.map(|entry| match entry.path() {
        path if path.is_dir() => texts_below(&path),
        path => fs::read_to_string(path).unwrap_or_default(),
    });
    texts.collect()
}

#[test]
fn each_tools_line_finds_the_url_that_the_tool_prints() {
    for block in claimed("recipes::each_tools_line_finds_the_url_that_the_tool_prints") {
        let Tool(_, prints, url) = TOOLS
            .into_iter()
            .find(|Tool(call, ..)| block.text.contains(call))
            .unwrap_or_else(|| panic!("{}: no tool is called so", block.place()));
        let machine = Machine::new();
        for name in ["npx", "flyctl", "kubectl", "terraform", "make"] {
            machine.tool(name, prints);
        }

        let ran = machine.sh(&block.text);

        assert_eq!(ran.code, Some(0), "{}: {}", block.place(), ran.said);
        let expected = Some(("success".to_owned(), url.to_owned()));
        assert_eq!(machine.latest(), expected, "{}: {}", block.place(), ran.said);
    }
}

fn inputs() -> BTreeSet<String> {
    let action = read("action.yml");
    let (_, inputs) = action.split_once("\ninputs:\n").expect("there are inputs");
    let (inputs, _) = inputs.split_once("\noutputs:\n").expect("there are outputs");
    let names = inputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    names.filter(|name| !name.starts_with(' ')).map(str::to_owned).collect()
}

fn help(command: &str) -> String {
    printed(&[command, "--help"])
}
