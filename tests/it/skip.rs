//! Tests that this machine cannot run: they say so, and fail where `REQUIRE_TOOLS=1` is set.

pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("REQUIRE_TOOLS").is_none_or(|value| value != "1"), "skipped: {why}");
    eprintln!("!!! SKIPPED: {why}");
}
