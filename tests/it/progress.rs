//! A command that goes through many deployments shows how far it is.

use std::process::{Command, Stdio};

use crate::github::FakeGithub;
use crate::step::Step;

#[test]
fn on_a_terminal_the_progress_is_one_line_that_is_replaced() {
    let fault = "every get to statuses: delay 250ms";
    let github = FakeGithub::start(&["--age", "7h", "--fault", fault]);
    for _ in 0..4 {
        github.deployment("qa");
    }
    let sweep = || Step::of(&github).arguments(&["sweep"]);

    let screen = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} sweep", env!("CARGO_BIN_EXE_deployment-status")))
        .arg("/dev/null")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("tests have a PATH"))
        .env("SHELL", "/bin/sh")
        .envs(sweep().variables)
        .stdin(Stdio::null())
        .output()
        .expect("there is a terminal");

    let screen = String::from_utf8_lossy(&screen.stdout);
    let counter = "\u{1b}7\u{1b}[?7l\u{1b}[Kdeployment-status: 3 of 4 deployments were looked at\u{1b}[?7h\u{1b}8";
    assert!(screen.contains(counter), "{screen:?}");
    assert!(screen.contains("\u{1b}8\u{1b}[Kdeployment-status: 4 deployments were"), "{screen:?}");
    assert!(!sweep().outcome().2.contains('\u{1b}'), "no terminal, no escapes");
}
