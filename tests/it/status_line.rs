//! A command that is silent on a terminal shows that it runs, in a line that disturbs nobody.
//! `heartbeat` says when it is shown; where it may not be, a line of the log comes instead.

use std::io::Read as _;

use crate::terminal::{CTRL_Z, STOPPABLE, interactive, ours, terminal};
use crate::wrapped::{Started, folder};

const SOON: &[(&str, &str)] = &[("heartbeat", "1s")];

/// How the line is drawn: behind the cursor, which stays where it is.
const BEGIN: &str = "\x1b7\x1b[?7l\x1b[K";
const END: &str = "\x1b[?7h\x1b8";
const ERASE: &str = "\x1b[K";

/// Waits until the test presses the return key.
const READ: &str = "read go </dev/tty";

impl Started {
    /// All that the terminal shows until there is such a text.
    fn until(&mut self, text: &str) -> String {
        let mut shown = Vec::new();
        while !shown.ends_with(text.as_bytes()) {
            let mut byte = [0];
            let screen = self.stdout.as_mut().expect("stdout is read here");
            let read = screen.read(&mut byte).expect("the screen can be read");
            assert!(read > 0, "no `{text}` in {:?}", String::from_utf8_lossy(&shown));
            shown.push(byte[0]);
        }
        String::from_utf8_lossy(&shown).into_owned()
    }
}

#[test]
fn a_silent_command_has_one_line_that_is_gone_before_its_next_byte() {
    let deploy = format!("echo begun; {READ}; echo ended; printf open");
    let mut run = terminal(&format!("exec {}", ours(&deploy, SOON)));

    let first = run.until(END);
    let second = run.until(END);
    run.press("\n");
    let rest = run.finish();

    let drawn = first.split_at(first.find(BEGIN).unwrap()).1;
    assert!(first.ends_with(&format!("begun\r\n{drawn}")), "{first:?}");
    let line = "deployment-status: deploying to sandbox, s, no output for s";
    for shown in [drawn, &second] {
        let line = format!("{BEGIN}{line}{END}").replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(shown.replace(|c: char| c.is_ascii_digit(), ""), line);
    }
    assert_ne!(drawn, second, "the time goes on");
    let ended = format!("\r\n{ERASE}ended\r\nopen\r\ndeployment-status: ");
    assert!(rest.text().starts_with(&ended), "{:?}", rest.text());
    assert_eq!(rest.code(), 0);
}

#[test]
fn a_prompt_that_did_not_pass_through_us_stays() {
    let deploy = format!("printf 'Sure? ' >/dev/tty; {READ}; echo got $go");
    let mut run = terminal(&format!("exec {}", ours(&deploy, SOON)));

    let asked = run.until(END);
    run.press("sesame\n");
    let answered = run.until("got sesame");

    assert!(asked.contains(&format!("Sure? {BEGIN}")), "{asked:?}");
    assert!(answered.ends_with(&format!("\r\n{ERASE}got sesame")), "{answered:?}");
    assert_eq!(run.finish().code(), 0);
}

#[test]
fn nothing_is_drawn_where_it_could_disturb() {
    let cases = [
        ("", "printf 'Sure? '"),
        ("", "printf 'Sure? ' >&2"),
        ("", "stty -echo </dev/tty"),
        ("", "stty -icanon </dev/tty"),
        ("CI=true", "true"),
        ("JENKINS_URL=https://ci.example.com BUILD_URL=https://ci.example.com/1", "true"),
        ("TERM=dumb", "true"),
    ];
    let mut runs = cases.map(|(variables, begin)| {
        terminal(&format!("exec env {variables} {}", ours(&format!("{begin}; {READ}"), SOON)))
    });
    for (run, case) in runs.iter_mut().zip(cases) {
        let shown = run.until("the command has been running for");
        assert!(!shown.contains(BEGIN), "{case:?}: {shown:?}");
        run.press("\n");
    }
    for (run, case) in runs.into_iter().zip(cases) {
        let rest = run.finish();
        assert_eq!(rest.code(), 0, "{case:?}");
        assert!(!rest.text().contains(BEGIN), "{case:?}: {}", rest.text());
    }
}

#[test]
fn the_line_is_gone_before_a_stop_and_stays_so_in_the_background() {
    let folder = folder();
    let mut run = interactive(folder.path(), STOPPABLE, SOON);
    run.press("./job\n");
    run.until(END);

    run.press(CTRL_Z);
    let stopped = run.until("Stopped");
    run.press("bg\n");
    let background = run.until("the command has been running for");
    run.press("fg\n");
    let foreground = run.until(END);
    run.press("\x03");
    run.press("echo \"$M $?\"\n");

    let last = stopped.rfind(BEGIN).unwrap_or_default();
    assert!(stopped[last..].trim_start_matches(BEGIN).contains(ERASE), "{stopped:?}");
    assert!(!background.contains(BEGIN), "{background:?}");
    assert!(foreground.contains(BEGIN), "{foreground:?}");
    assert_eq!(run.mark(), "130");
    run.press("exit\n");
}
