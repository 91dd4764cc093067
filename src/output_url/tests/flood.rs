//! What is announced in the midst of a flood is found, whatever the flood is made of.

use super::super::{Rule, Scanner, find};
use crate::deployment::WebUrl;
use crate::redact::Redactor;

/// Enough for a limit of work per block to show.
const NOISE: usize = 1_000_000;

const ANNOUNCED: &str = "https://hello.example.com";

#[track_caller]
fn check(noise: impl Fn(usize) -> String) {
    let mut scanner = Scanner::new(&Rule::Detect);
    for from in [0, NOISE] {
        let (mut number, mut length) = (from, 0);
        while length < NOISE {
            let line = noise(number);
            scanner.observe(line.as_bytes());
            (number, length) = (number + 1, length + line.len());
        }
        if from == 0 {
            scanner.observe(format!("Your site is live at {ANNOUNCED}\n").as_bytes());
        }
    }
    scanner.finish();
    let found = find(&Rule::Detect, &scanner, &Scanner::new(&Rule::Nothing), &Redactor::default());
    assert_eq!(found.url.as_ref().map(WebUrl::as_str), Some(ANNOUNCED), "in: {}", noise(0));
}

/// A number that looks random.
fn mixed(number: usize) -> u64 {
    (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24
}

#[test]
fn an_announcement_is_found_between_urls() {
    check(|n| format!("https://{:x}.example.com/{n:x}\n", mixed(n)));
    check(|n| format!("GET https://registry.example.com/{:x} 200\n", mixed(n)));
    check(|n| format!("https://{:x}.example.com/ ", mixed(n)).repeat(40) + "\n");
}

#[test]
fn an_announcement_is_found_between_words_that_announce() {
    check(|n| format!("host url route deployed to domain endpoint live at {:x}\n", mixed(n)));
    check(|n| format!("deployed to {:x}.example.com url host\n", mixed(n)));
    check(|n| format!("Error: the request {n} failed, see the url of the host\n"));
}
