//! Logs of a few lines with one URL, which stands as `@`.

use super::tools::check;

const URL: &str = "https://a.example.com";

/// Each of these lines announces the URL.
#[track_caller]
pub(super) fn found(lines: &[&str]) {
    for line in lines {
        check(&format!("{line}\n").replace('@', URL), URL);
    }
}

/// None of these lines does.
#[track_caller]
pub(super) fn none(lines: &[&str]) {
    for line in lines {
        check(&format!("{line}\n").replace('@', URL), None);
    }
}
