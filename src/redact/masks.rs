//! The values that the command asks the Actions runner to mask, read from its output as it
//! streams: `::add-mask::VALUE` at a line's beginning, `##[add-mask]VALUE` anywhere in it. As for
//! the runner, case and properties do not matter, `\r` ends a line too, and each line of a value is
//! a mask.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log>

use memchr::{memchr, memmem, memrchr};

use super::Secret;

/// What both generations of the command have in common.
const NAME: &str = "add-mask";

/// How a command of each generation begins.
const MARK: &[u8] = b"::";
const OLD_MARK: &[u8] = b"##[";

/// A longer line is no mask, in bytes: it bounds the memory.
const MAX_LINE: usize = 64 * 1024;

/// More values than this are not kept.
const MAX_MASKS: usize = 1000;

/// Collects the masks of one stream in bounded memory; how the bytes are cut does not matter.
#[derive(Debug, Default)]
pub(crate) struct MaskScanner {
    /// The line that has no end yet.
    open_line: Vec<u8>,
    masks: Vec<Secret>,
}

impl MaskScanner {
    pub(crate) fn observe(&mut self, bytes: &[u8]) {
        let Some(first_end) = memchr(b'\n', bytes) else {
            self.extend_open_line(bytes);
            return;
        };
        self.extend_open_line(&bytes[..first_end]);
        let line = std::mem::take(&mut self.open_line);
        self.read_line(&line);
        let last_end = memrchr(b'\n', bytes).unwrap_or(first_end);
        let lines = &bytes[first_end..=last_end];
        if has_mark(lines) {
            lines.split(|&byte| byte == b'\n').for_each(|line| self.read_line(line));
        }
        self.extend_open_line(&bytes[last_end + 1..]);
    }

    /// The masks so far, with that of a last line without an end.
    pub(crate) fn masks(&self) -> Vec<Secret> {
        let mut masks = self.masks.clone();
        masks.extend(masks_in(&self.open_line));
        masks
    }

    fn extend_open_line(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.open_line.len();
        self.open_line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn read_line(&mut self, line: &[u8]) {
        if self.masks.len() < MAX_MASKS {
            self.masks.extend(masks_in(line));
        }
    }
}

fn has_mark(text: &[u8]) -> bool {
    memmem::find(text, MARK).is_some() || memmem::find(text, OLD_MARK).is_some()
}

fn masks_in(line: &[u8]) -> Vec<Secret> {
    if !has_mark(line) {
        return Vec::new();
    }
    let line = String::from_utf8_lossy(line);
    let values = line.split('\r').filter_map(value_in);
    values.flat_map(|value| with_its_lines(&value)).collect()
}

fn value_in(line: &str) -> Option<String> {
    let line = line.trim();
    let (command, value) = match line.strip_prefix("::") {
        Some(rest) => rest.split_once("::")?,
        None => line.split_once("##[")?.1.split_once(']')?,
    };
    let name = command.split(' ').next().unwrap_or_default();
    let unescaped = || {
        let value = value.replace("%0D", "\r").replace("%0A", "\n");
        value.replace("%3B", ";").replace("%5D", "]").replace("%25", "%")
    };
    name.eq_ignore_ascii_case(NAME).then(unescaped)
}

/// The value and, where it has several, each of its lines.
fn with_its_lines(value: &str) -> Vec<Secret> {
    let mut found: Vec<&str> = value.split(['\r', '\n']).collect();
    if found.len() > 1 {
        found.push(value);
    }
    let found = found.into_iter().map(str::trim).filter(|text| !text.is_empty());
    found.map(Secret::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "::add-mask::one\nplain\r\n  ::add-mask::t%25wo\r\nx ##[add-mask]three\n\
        see ::add-mask::nothing\n::add-mask::\n::ADD-Mask x=1::four\n##[ADD-MASK x=1]five%5D\n\
        50%\r::add-mask::six%0Aseven\n::add-mask::eight";

    fn masks(piece: usize) -> Vec<String> {
        let mut scanner = MaskScanner::default();
        OUTPUT.as_bytes().chunks(piece).for_each(|bytes| scanner.observe(bytes));
        scanner.masks().iter().map(|mask| mask.expose().to_owned()).collect()
    }

    #[test]
    fn masks_are_read_wherever_the_bytes_are_cut() {
        for piece in 1..=OUTPUT.len() {
            let expected =
                ["one", "t%wo", "three", "four", "five]", "six", "seven", "six\nseven", "eight"];
            assert_eq!(masks(piece), expected, "pieces of {piece}");
        }
    }

    #[test]
    fn an_endless_line_is_bounded() {
        let mut scanner = MaskScanner::default();
        (0..10).for_each(|_| scanner.observe(&vec![b'x'; MAX_LINE]));
        assert_eq!(scanner.open_line.len(), MAX_LINE);
    }
}
