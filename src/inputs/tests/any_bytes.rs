//! Whatever variables and argv hold, we neither panic nor show a secret.

use std::ffi::OsString;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::cli::{Cli, CliExit, Subcommand, input_names};
use crate::env::Variables;
use crate::inputs::{Inputs, RawInputs, secrets_of_argv, url_rule};

const TOKEN: &str = "ghp_0123456789abcdef";

/// Any text, now and then with our token in it.
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
    let inputs = input_names().iter().flat_map(|name| {
        let name = name.to_ascii_uppercase();
        [format!("INPUT_{name}"), format!("PLUGIN_{}", name.replace('_', "-"))]
    });
    let others = [
        "DEPLOYMENT_STATUS_INPUTS",
        "GITHUB_API_URL",
        "GITHUB_EVENT_PATH",
        "GITHUB_REPOSITORY",
        "HTTPS_PROXY",
        "NPM_TOKEN",
    ];
    let names: Vec<String> = inputs.chain(others.map(str::to_owned)).collect();
    proptest::sample::select(names)
}

/// A command, an option, a value or anything else.
fn any_argument() -> impl Strategy<Value = OsString> {
    let names = input_names().iter().map(|name| format!("--{}", name.replace('_', "-")));
    let words = ["run", "create", "list", "finish", "sweep", "delete", "wait", "url", "sandbox"];
    let others = ["man", "help", "completions", "bash", "--", "--json", "-h", "./deploy.sh"];
    let words = words.into_iter().chain(others).map(str::to_owned);
    let known: Vec<String> = names.chain(words).collect();
    let known = proptest::sample::select(known);
    let glued = (known.clone(), any_value()).prop_map(|(name, value)| {
        let mut word = OsString::from(name);
        word.push("=");
        word.push(value);
        word
    });
    prop_oneof![known.prop_map(OsString::from), glued, any_value()]
}

/// The same cases on every run, in well under a second.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_102),
        ..ProptestConfig::default()
    }
}

/// Checks what was given, and what is said of it.
fn check(cli: Cli, variables: Variables) -> Result<(), TestCaseError> {
    let raw_inputs = RawInputs::new(cli, variables);
    let subcommand = raw_inputs.subcommand();
    let checked = subcommand.and_then(|subcommand| match subcommand {
        Subcommand::Url(_) | Subcommand::Sandbox(_) => url_rule(raw_inputs).map(|_| ()),
        _ => Inputs::check(raw_inputs, &subcommand).map(|_| ()),
    });
    if let Err(errors) = checked {
        let message = errors.to_string();
        prop_assert!(!message.contains(TOKEN), "{message}");
        let mut lines = message.split('\n');
        prop_assert_eq!(lines.next(), Some("cannot start:"));
        prop_assert!(lines.all(|line| line.starts_with("  ") && !line.contains(char::is_control)));
    }
    Ok(())
}

/// Our own secret and a commit come first, so that they are found; git is not asked.
fn variables(any: impl IntoIterator<Item = (String, OsString)>) -> Variables {
    let first = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SHA", "6dcb09b5"),
        ("GITHUB_TOKEN", TOKEN),
        ("GIT_DIR", "/nonexistent"),
    ];
    let owned = |(name, value): (&str, &str)| (OsString::from(name), OsString::from(value));
    let any = any.into_iter().map(|(name, value)| (OsString::from(name), value));
    let last = ("GITHUB_REPOSITORY", "octo/app");
    Variables::new(first.map(owned).into_iter().chain(any).chain([owned(last)]))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_bytes_of_a_variable_make_us_panic_or_show_the_token(
        any in proptest::collection::vec((any_name(), any_value()), 0..12),
    ) {
        let argv = ["deployment-status", "--", "true"].map(OsString::from);
        check(Cli::parse(argv, false).expect("argv is good"), variables(any))?;
    }

    #[test]
    fn no_bytes_of_argv_make_us_panic_or_show_the_token(
        any in proptest::collection::vec(any_argument(), 0..6),
    ) {
        let argv: Vec<_> = [OsString::from("deployment-status")].into_iter().chain(any).collect();
        let variables = variables([]);
        let misplaced = secrets_of_argv(&variables, &argv);
        match Cli::parse(argv, false) {
            Ok(cli) => check(cli, variables)?,
            Err(CliExit::Usage(text)) => {
                let text = misplaced.redact_all(&text);
                prop_assert!(!text.contains(TOKEN), "{text}");
            }
            Err(CliExit::Help(_)) => {}
        }
    }
}
