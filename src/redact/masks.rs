//! The values that the command asks the Actions runner to mask, read from its output as it
//! streams: `::add-mask::VALUE` at a line's beginning, `##[add-mask]VALUE` anywhere in it.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log>

use memchr::{memchr, memmem, memrchr};

use super::Secret;

/// What both generations of the command have in common.
const NAME: &[u8] = b"add-mask";

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
        if memmem::find(lines, NAME).is_some() {
            lines.split(|&byte| byte == b'\n').for_each(|line| self.read_line(line));
        }
        self.extend_open_line(&bytes[last_end + 1..]);
    }

    /// The masks so far, with that of a last line without an end.
    pub(crate) fn masks(&self) -> Vec<Secret> {
        let mut masks = self.masks.clone();
        masks.extend(mask_in(&self.open_line));
        masks
    }

    fn extend_open_line(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.open_line.len();
        self.open_line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn read_line(&mut self, line: &[u8]) {
        if self.masks.len() < MAX_MASKS {
            self.masks.extend(mask_in(line));
        }
    }
}

fn mask_in(line: &[u8]) -> Option<Secret> {
    memmem::find(line, NAME)?;
    let line = String::from_utf8_lossy(line);
    let line = line.trim();
    let value = match line.strip_prefix("::add-mask::") {
        Some(value) => value,
        None => line.split_once("##[add-mask]")?.1,
    };
    let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let value = value.trim();
    (!value.is_empty()).then(|| Secret::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "::add-mask::one\nplain\r\n  ::add-mask::t%25wo\r\nx ##[add-mask]three\n\
        see ::add-mask::nothing\n::add-mask::\n::add-mask::four";

    fn masks(piece: usize) -> Vec<String> {
        let mut scanner = MaskScanner::default();
        OUTPUT.as_bytes().chunks(piece).for_each(|bytes| scanner.observe(bytes));
        scanner.masks().iter().map(|mask| mask.expose().to_owned()).collect()
    }

    #[test]
    fn masks_are_read_wherever_the_bytes_are_cut() {
        for piece in 1..=OUTPUT.len() {
            assert_eq!(masks(piece), ["one", "t%wo", "three", "four"], "pieces of {piece}");
        }
    }

    #[test]
    fn an_endless_line_is_bounded() {
        let mut scanner = MaskScanner::default();
        (0..10).for_each(|_| scanner.observe(&vec![b'x'; MAX_LINE]));
        assert_eq!(scanner.open_line.len(), MAX_LINE);
    }
}
