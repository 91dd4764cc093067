//! Which words are about a URL: those on its line, else those on the lines above.
//! What they weigh is not its business.

use super::candidates::Candidate;
use super::escapes::strip;
use super::stream::Window;
use super::vocabulary::MOST;
use super::words::{self, Said};

/// What a line above counts that says that something went well.
const WENT_WELL: i32 = 2;

/// What the words around a host without a scheme say.
pub(super) fn about_host(candidate: &Candidate<'_>) -> Said {
    let mut said = words::before(candidate.before);
    if candidate.after.trim_start().starts_with("(custom domain") {
        said.add("custom domain", MOST);
    }
    said
}

/// What the words around a URL say: on its line; if they say nothing, above it. Less than is
/// `wanted` need not be looked for.
pub(super) fn about(candidate: &Candidate<'_>, window: &Window<'_>, wanted: i32) -> Said {
    let mut said = words::before(candidate.before);
    said.join(words::behind(candidate.after));
    if !said.words.is_empty() {
        return said;
    }
    let stands_alone = words::is_bullet(candidate.before) && words::is_bullet(candidate.after);
    if stands_alone {
        said.add("alone on its line", 1);
        if window.is_near_end && window.below.trim_ascii().is_empty() {
            said.add("the last line", 1);
        }
    }
    said.join(above(window, stands_alone, wanted - said.points));
    said
}

/// What the three lines above say. A line with a URL is about that one, so it is passed over.
fn above(window: &Window<'_>, stands_alone: bool, wanted: i32) -> Said {
    let above: Vec<_> =
        lines(window.above).rev().filter(|line| !line.trim_ascii().is_empty()).collect();
    for line in above.into_iter().take(3) {
        let line = strip(line);
        if line.contains("://") {
            continue;
        }
        if stands_alone || line.trim_end().ends_with(':') {
            let said = words::before(&line);
            if !said.words.is_empty() {
                return said;
            }
        }
        if wanted <= WENT_WELL && words::went_well(&line) {
            return Said { points: WENT_WELL, words: vec!["it went well"] };
        }
    }
    Said::default()
}

/// Pieces of text, as line ends and `\r` divide them.
pub(super) fn lines(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r'))
}
