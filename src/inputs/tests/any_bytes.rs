//! Whatever the variables hold, we neither panic nor tell a secret.

use std::ffi::OsString;

use proptest::prelude::*;

use crate::cli::Cli;
use crate::env::Variables;
use crate::inputs::{Inputs, RawInputs};

const TOKEN: &str = "ghp_0123456789abcdef";

/// Text that came from anywhere, now and then with our token in it.
fn any_text() -> impl Strategy<Value = String> {
    let glued =
        ("\\PC{0,9}", "\\PC{0,9}").prop_map(|(before, after)| [&before, TOKEN, &after].concat());
    prop_oneof![any::<String>(), "[-0-9a-z:/{}\"\\[\\], ]{0,40}", glued]
}

#[cfg(unix)]
fn any_value() -> impl Strategy<Value = OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    prop_oneof![
        any_text().prop_map(|text| text.replace('\0', "").into()),
        proptest::collection::vec(1..=u8::MAX, 0..40).prop_map(OsString::from_vec),
    ]
}

#[cfg(not(unix))]
fn any_value() -> impl Strategy<Value = OsString> {
    any_text().prop_map(OsString::from)
}

/// One of our inputs' variables, or one of those that inputs fall back to.
fn any_name() -> impl Strategy<Value = String> {
    let inputs = crate::inputs::raw::names().into_iter().flat_map(|name| {
        let name = name.to_ascii_uppercase();
        [format!("INPUT_{name}"), format!("PLUGIN_{}", name.replace('_', "-"))]
    });
    let others = ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "HTTPS_PROXY"];
    let names: Vec<String> = inputs.chain(others.map(str::to_owned)).collect();
    proptest::sample::select(names)
}

proptest! {
    #[test]
    fn no_bytes_make_us_panic_or_tell_the_token(
        variables in proptest::collection::vec((any_name(), any_value()), 0..12),
    ) {
        // Our own secrets and no repository of git's come first, so that they are the ones found.
        let first = [("GITHUB_TOKEN", TOKEN), ("GIT_DIR", "/nonexistent")];
        let first = first.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let rest = variables.into_iter().map(|(name, value)| (name.into(), value));
        let variables = Variables::new(first.into_iter().chain(rest));
        let argv = ["deployment-status", "--", "true"].map(OsString::from);
        let raw_inputs = RawInputs::new(Cli::parse(argv).expect("argv is good"), variables);

        let told = raw_inputs.subcommand().and_then(|subcommand| Inputs::check(raw_inputs, &subcommand).map(|_| ()));

        if let Err(errors) = told {
            let message = errors.to_string();
            prop_assert!(!message.contains(TOKEN), "{message}");
            let mut lines = message.split('\n');
            prop_assert_eq!(lines.next(), Some("cannot start:"));
            prop_assert!(lines.all(|line| line.starts_with("  ") && !line.contains(char::is_control)));
        }
    }
}
