//! Every secret that flags and variables hold, whether it will be used or not.
//! None is validated: a value that is refused is kept out of the messages as well.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::variables::{
    ENTERPRISE_TOKENS, INPUT, PLUGIN, RUNNER_TOKENS, TOKENS, in_json, proxies, with_prefix,
};
use crate::cli::InputTexts;
use crate::env::{Variables, names_a_secret};
use crate::redact::{Redactor, Secret};

/// The inputs that are secrets, as fields of [`InputTexts`].
const SECRET_INPUTS: [&str; 2] = ["token", "app_private_key"];

/// Shorter texts would be found in anything; in bytes.
const SHORTEST: usize = 6;

/// Our own secrets, which no message of ours shows.
pub(crate) fn secrets(variables: &Variables, texts: &InputTexts) -> Redactor {
    redactor(&own(variables, texts))
}

/// What no URL and no description may hold: our own secrets, and the value of every variable whose
/// name ends as a secret's does. In messages such a value is shown: it may be a common word.
pub(crate) fn public_secrets(variables: &Variables, texts: &InputTexts) -> Redactor {
    let mut found = own(variables, texts);
    let inputs = [with_prefix(variables, INPUT), with_prefix(variables, PLUGIN)];
    let is_input = |name: &str| {
        inputs.iter().flat_map(|inputs| inputs.values().flatten()).any(|input| input.source == name)
    };
    found.extend(variables.iter().filter_map(|(name, value)| {
        let name = name.to_str()?;
        // An input of ours, such as `url-key`, is a secret only by its own rule.
        let is_secret = names_a_secret(name) && !is_input(name);
        Some(value.to_str()?.trim().to_owned()).filter(|_| is_secret)
    }));
    redactor(&found)
}

/// What a usage error may not quote: our own secrets, and what was written where a token belongs,
/// as in `--token= ghs_...`.
pub(crate) fn secrets_of_argv(variables: &Variables, argv: &[OsString]) -> Redactor {
    let mut found = own(variables, &InputTexts::default());
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    for (place, word) in words.iter().enumerate() {
        let next = || words.get(place + 1).map(ToString::to_string);
        match word.split_once('=') {
            Some((name, value)) if names_a_secret(name) && value.is_empty() => found.extend(next()),
            Some((name, value)) if names_a_secret(name) => found.push(value.to_owned()),
            None if word.starts_with('-') && names_a_secret(word) => found.extend(next()),
            Some(_) | None => {}
        }
        // `Authorization: Bearer ...`, a header for another program.
        let mut parts = word.split_whitespace().skip_while(|part| {
            !["bearer", "basic", "token"].iter().any(|scheme| part.eq_ignore_ascii_case(scheme))
        });
        found.extend(parts.nth(1).map(str::to_owned));
    }
    redactor(&found)
}

fn own(variables: &Variables, texts: &InputTexts) -> Vec<String> {
    let is_own = |name: &str| {
        [TOKENS, ENTERPRISE_TOKENS, RUNNER_TOKENS]
            .iter()
            .flatten()
            .any(|own| name.eq_ignore_ascii_case(own))
    };
    let mut found: Vec<String> = variables
        .iter()
        .filter_map(|(name, value)| name.to_str().filter(|name| is_own(name)).and(value.to_str()))
        .map(str::to_owned)
        .collect();
    let layers = [
        with_prefix(variables, INPUT),
        in_json(variables).unwrap_or_default(),
        with_prefix(variables, PLUGIN),
    ];
    for (name, spellings) in layers.into_iter().flatten() {
        if SECRET_INPUTS.contains(&name.as_str()) {
            found.extend(spellings.into_iter().filter_map(|spelling| spelling.text));
        }
    }
    let flags = [&texts.common.token, &texts.common.app_private_key];
    found.extend(flags.into_iter().flatten().cloned());
    // A key is seldom quoted whole.
    let lines: Vec<String> = found
        .iter()
        .flat_map(|key| key.replace("\\n", "\n").lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.starts_with("-----"))
        .collect();
    found.extend(lines);
    found.extend(proxies(variables).secrets().iter().map(|secret| secret.expose().to_owned()));
    found
}

fn redactor(found: &[String]) -> Redactor {
    let found: BTreeSet<&str> =
        found.iter().map(|text| text.trim()).filter(|text| text.len() >= SHORTEST).collect();
    Redactor::new(found.into_iter().map(Secret::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(variables: &Variables, text: &str) -> String {
        secrets(variables, &InputTexts::default()).redact(text)
    }

    #[test]
    fn tokens_are_hidden_under_every_spelling_of_their_names() {
        for name in ["INPUT_TOKEN", "plugin_token", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN"] {
            assert_eq!(hidden(&[(name, "ghp_secret")].into(), "a ghp_secret"), "a ***");
        }
    }

    #[test]
    fn a_key_is_hidden_line_by_line() {
        let key = "-----BEGIN PRIVATE KEY-----\\nAAAABBBB\\nCCCCDDDD\\n-----END PRIVATE KEY-----";

        let hidden = hidden(&[("INPUT_APP-PRIVATE-KEY", key)].into(), "CCCCDDDD");

        assert_eq!(hidden, "***");
    }

    #[test]
    fn the_password_of_a_proxy_is_hidden() {
        let variables = [("https_proxy", "http://me:hunter22@proxy.example")].into();

        assert_eq!(hidden(&variables, "hunter22"), "***");
    }

    #[test]
    fn a_token_that_begins_as_another_is_hidden_whole() {
        let variables = [("GITHUB_TOKEN", "secret"), ("INPUT_TOKEN", "secret-and-more")].into();

        assert_eq!(hidden(&variables, "secret-and-more"), "***");
    }

    #[test]
    fn the_token_of_the_json_is_hidden() {
        let variables = [("DEPLOYMENT_STATUS_INPUTS", r#"{"token": "hunter22"}"#)].into();

        assert_eq!(hidden(&variables, "hunter22"), "***");
    }

    #[test]
    fn a_proxys_password_may_hold_what_ends_a_host() {
        for proxy in ["http://me:hunt@er/22@proxy.example:8080", "me:hunt@er/22@proxy.example"] {
            assert_eq!(hidden(&[("HTTP_PROXY", proxy)].into(), "a hunt@er/22 b"), "a *** b");
        }
        let variables = [("HTTP_PROXY", "http://me:hunt%40er22@proxy.example")].into();
        assert_eq!(hidden(&variables, "hunt@er22 hunt%40er22"), "*** ***");
    }

    #[test]
    fn what_a_name_calls_a_secret_is_kept_from_the_public_and_shown_in_messages() {
        let variables: Variables = [
            ("npm_config_//registry.example/:_authToken", "hunter22"),
            ("SOME_KEY", "deploy"),
            ("SHORT_KEY", "abc"),
            ("INPUT_URL_KEY", "/outputs/url"),
        ]
        .into();
        let public = public_secrets(&variables, &InputTexts::default());

        assert!(public.matches("https://x.example/?a=hunter22"));
        assert!(public.matches("https://deploy.example"));
        assert!(!public.matches("https://abc.example/outputs/url"));
        assert_eq!(hidden(&variables, "deploy"), "deploy");
    }

    #[test]
    fn a_token_in_the_wrong_place_of_argv_is_hidden() {
        let hidden = |line: &[&str]| {
            let argv: Vec<_> = line.iter().map(OsString::from).collect();
            secrets_of_argv(&Variables::default(), &argv).redact(&line.join(" "))
        };

        assert_eq!(hidden(&["--token=", "hunter22"]), "--token= ***");
        assert_eq!(hidden(&["--tokn", "x", "NPM_TOKEN=hunter22"]), "--tokn x NPM_TOKEN=***");
        assert_eq!(hidden(&["run", "--app-private-key", "hunter22"]), "run --app-private-key ***");
        assert_eq!(
            hidden(&["-H", "Authorization: Bearer hunter22"]),
            "-H Authorization: Bearer ***"
        );
    }
}
