//! Lines as a terminal shows them in the end: what a `\r` has overwritten is none.

use memchr::memrchr;

/// The lines of some bytes from the last to the first, and where they begin.
pub(super) fn rows_upwards(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    // What stands before the line itself, and will be overwritten by it.
    let mut end = memrchr(b'\n', bytes);
    std::iter::from_fn(move || {
        let row_end = end?;
        let start = memrchr(b'\n', &bytes[..row_end]);
        end = start;
        let start = start.map_or(0, |at| at + 1);
        let row = &bytes[start..row_end];
        let row = &row[..row.iter().rposition(|byte| *byte != b'\r').map_or(0, |at| at + 1)];
        let shown = memrchr(b'\r', row).map_or(0, |at| at + 1);
        Some((start, &row[shown..]))
    })
}

/// The lines of some bytes as they are shown in the end.
pub(super) fn rows(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|row| {
        let row = &row[..row.iter().rposition(|byte| *byte != b'\r').map_or(0, |at| at + 1)];
        &row[memrchr(b'\r', row).map_or(0, |at| at + 1)..]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overwritten_is_no_line() {
        let bytes = b"a\r\nb1\rb2\r\n\nworking\r";
        let upwards: Vec<_> = rows_upwards(bytes).collect();
        assert_eq!(upwards, [(10, &b""[..]), (3, b"b2"), (0, b"a")]);
        assert_eq!(rows(b"a\r\nb1\rb2\n").collect::<Vec<_>>(), [&b"a"[..], b"b2", b""]);
    }
}
