//! Every secret that flags and variables hold, whether it will be used or not.
//! It judges none of them: what must not be shown need not be right.

use url::Url;

use super::api::{ENTERPRISE_TOKENS, TOKENS, proxies};
use crate::cli::InputTexts;
use crate::env::Variables;
use crate::redact::{Redactor, Secret};

/// What the runner itself signs in with.
const RUNNERS: [&str; 2] = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];

/// Inputs, as the variables' names end where hyphens are underscores.
const INPUTS: [&str; 4] =
    ["INPUT_TOKEN", "INPUT_APP_PRIVATE_KEY", "PLUGIN_TOKEN", "PLUGIN_APP_PRIVATE_KEY"];

/// Shorter texts would be found in anything; in bytes.
const SHORTEST: usize = 6;

pub(crate) fn secrets(variables: &Variables, raw: &InputTexts) -> Redactor {
    let is_secret = |name: &str| {
        [TOKENS, ENTERPRISE_TOKENS, RUNNERS].concat().contains(&name) || INPUTS.contains(&name)
    };
    let of_variables = variables.iter().filter_map(|(name, value)| {
        let name = name.to_str()?.to_ascii_uppercase().replace('-', "_");
        Some(value.to_str()?.trim()).filter(|_| is_secret(&name))
    });
    let of_flags = [&raw.common.token, &raw.common.app_private_key].into_iter().flatten();
    let mut found: Vec<String> =
        of_variables.chain(of_flags.map(|text| text.trim())).map(str::to_owned).collect();
    // A key is seldom quoted whole.
    let lines: Vec<String> = found
        .iter()
        .flat_map(|key| key.replace("\\n", "\n").lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.starts_with("-----"))
        .collect();
    found.extend(lines);
    let proxies = proxies(variables);
    for proxy in [proxies.https, proxies.http, proxies.all].into_iter().flatten() {
        let url = Url::parse(proxy.expose()).ok();
        found.extend(url.and_then(|url| url.password().map(str::to_owned)));
    }
    found.retain(|text| text.len() >= SHORTEST);
    // The longest first, lest a shorter one leave the rest of it to be seen.
    found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    found.dedup();
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
}
