//! A GitHub App's private key, as it travels through secrets and variables.
//! It shows nothing of the key, and leaves the mathematics to whoever signs with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::secret::Secret;

/// PEM's own.
const LINE: usize = 64;

pub(super) const A_PRIVATE_KEY: &str =
    "PEM, from `-----BEGIN RSA PRIVATE KEY-----` to `-----END RSA PRIVATE KEY-----`";

/// Reads a key whose line ends are real, written as `\n`, or have become blanks on the way.
pub(super) fn private_key(text: &str) -> Option<Secret> {
    let text = text.replace("\\r", "").replace("\\n", "\n");
    ["RSA PRIVATE KEY", "PRIVATE KEY"].iter().find_map(|label| {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let body = text.trim().strip_prefix(&begin)?.strip_suffix(&end)?;
        let body: String = body.split_whitespace().collect();
        if body.is_empty() || STANDARD.decode(&body).is_err() {
            return None;
        }
        let lines: Vec<&str> =
            (0..body.len()).step_by(LINE).map(|at| &body[at..body.len().min(at + LINE)]).collect();
        Some(Secret::new(format!("{begin}\n{}\n{end}\n", lines.join("\n"))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(private_key(text).as_ref().map(Secret::expose), expected);
    }

    #[test]
    fn line_ends_may_be_real_or_escaped_or_blanks() {
        check(KEY, Some(KEY));
        check(&KEY.replace('\n', "\r\n"), Some(KEY));
        check(&KEY.replace('\n', "\\n"), Some(KEY));
        check(&KEY.replace('\n', "\\r\\n"), Some(KEY));
        check(&KEY.replace('\n', " "), Some(KEY));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        check("", None);
        check("hunter2", None);
        check(&KEY.replace("AAAA", "A*A"), None);
        check(&KEY.replace("AAAA", "é"), None);
        check(&KEY.replace("AAAA", ""), None);
        check(&KEY.replace("RSA PRIVATE", "PUBLIC"), None);
        check(&KEY.replace("RSA PRIVATE", "ENCRYPTED PRIVATE"), None);
    }
}
