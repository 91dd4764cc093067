//! Whether an announcement in the midst of noise is found.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use crate::textures::{TEXTURES, Texture};
use crate::{BINARY, role};

/// How much noise hides an announcement, half of it on either side.
const NOISE: usize = 10_000_000;

/// What is hidden.
const HIDDEN: &str = "https://hello.example.com";

pub(crate) fn measure() -> io::Result<()> {
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

/// Writes noise with an announcement in its midst.
pub(crate) fn write(texture: &Texture) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let noise = texture.bytes(NOISE / 2);
    stdout.write_all(&noise)?;
    writeln!(stdout, "Your site is live at {HIDDEN}")?;
    stdout.write_all(&noise)
}
