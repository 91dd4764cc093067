//! The commit that a ref names.

use ring::digest;

/// A SHA is itself; any other ref has one SHA, made from its name, that never changes.
pub(super) fn of(git_ref: &str) -> String {
    let is_sha = git_ref.len() == 40 && git_ref.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sha {
        return git_ref.to_ascii_lowercase();
    }
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, git_ref.as_bytes());
    let nibbles = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}
