//! The names of the variables that hold inputs, and what they hold.
//! No value is validated here.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use serde_json::Value;

use crate::cli::input_names;
use crate::env::Variables;
use crate::github::Proxies;
use crate::redact::Secret;

/// The strongest prefix, as [`normalized`]; GitHub's runner writes it.
pub(super) const INPUT: &str = "input_";
/// The weakest one, which Drone and Woodpecker write.
pub(super) const PLUGIN: &str = "plugin_";

/// A JSON object of inputs and their texts: how `action.yml` hands over what is set, since GitHub
/// gives composite actions no `INPUT_` variables. It stands between the two prefixes.
pub(super) const JSON: &str = "DEPLOYMENT_STATUS_INPUTS";

/// For github.com, ghe.com and the runner's own GitHub.
pub(super) const TOKENS: [&str; 2] = ["GITHUB_TOKEN", "GH_TOKEN"];
/// For every other host, as GitHub's own command line has it.
pub(super) const ENTERPRISE_TOKENS: [&str; 2] = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
/// What the runner itself signs in with.
pub(super) const RUNNER_TOKENS: [&str; 2] =
    ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];

/// What we set for the command, and a surrounding run of ours may have set for us.
const FOR_THE_COMMAND: [&str; 3] =
    ["DEPLOYMENT_ID", "DEPLOYMENT_ENVIRONMENT", "DEPLOYMENT_URL_FILE"];

/// One place where an input was found, and its text.
pub(super) struct Spelling {
    pub(super) source: String,
    /// None where it is not UTF-8.
    pub(super) text: Option<String>,
}

/// What was found, by the input's name as a field of [`crate::cli::InputTexts`].
pub(super) type Spellings = BTreeMap<String, Vec<Spelling>>;

/// The variables with this prefix that are inputs.
pub(super) fn with_prefix(variables: &Variables, prefix: &str) -> Spellings {
    let mut found = Spellings::new();
    for (variable, value) in variables.iter() {
        if let Some(written) = variable.to_str()
            && let Some(name) = normalized(written).strip_prefix(prefix)
            && is_input(name)
        {
            let text = value.to_str().map(|text| text.trim().to_owned());
            found
                .entry(name.to_owned())
                .or_default()
                .push(Spelling { source: written.to_owned(), text });
        }
    }
    found
}

/// The inputs in the variable [`JSON`]; names that are no inputs are ignored.
///
/// # Errors
/// The end of a sentence that says what is wrong with it, which never quotes it.
pub(super) fn in_json(variables: &Variables) -> Result<Spellings, String> {
    let mut found = Spellings::new();
    let Some(value) = variables.raw(JSON) else { return Ok(found) };
    let text = value.to_str().ok_or("is not UTF-8")?;
    let wrong = "is no JSON object of inputs and their texts";
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return Err(wrong.to_owned());
    };
    for (written, value) in object {
        let name = normalized(&written);
        if !is_input(&name) {
            continue;
        }
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.trim().to_owned(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(format!("has no text for {}", hyphened(&name)));
            }
        };
        let source = format!("the input {}", hyphened(&name));
        found.entry(name).or_default().push(Spelling { source, text: Some(text) });
    }
    Ok(found)
}

/// The proxies, by the variables that every client reads; the lower-case name comes first.
pub(super) fn proxies(variables: &Variables) -> Proxies {
    let either =
        |lower: &str| variables.get(lower).or_else(|| variables.get(&lower.to_ascii_uppercase()));
    Proxies {
        https: either("https_proxy").map(Secret::new),
        http: either("http_proxy").map(Secret::new),
        all: either("all_proxy").map(Secret::new),
        none: either("no_proxy").map(str::to_owned),
    }
}

/// Whether the command must not see this variable: it gives us an input, which may be the token,
/// or is what `run` sets for its own command.
pub(super) fn is_ours(variable: &OsStr) -> bool {
    let Some(written) = variable.to_str() else { return false };
    let name = normalized(written);
    let gives_input =
        [INPUT, PLUGIN].iter().any(|prefix| name.strip_prefix(prefix).is_some_and(is_input));
    let is_same =
        |other: &&str| written == *other || cfg!(windows) && written.eq_ignore_ascii_case(other);
    gives_input || [JSON].iter().chain(&FOR_THE_COMMAND).any(is_same)
}

fn is_input(name: &str) -> bool {
    input_names().iter().any(|known| known == name)
}

/// Hyphen and underscore are the same, and so is the case.
pub(super) fn normalized(written: &str) -> String {
    written.to_ascii_lowercase().replace('-', "_")
}

pub(super) fn hyphened(name: &str) -> String {
    name.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_in_another_case_is_the_users_own_where_case_counts() {
        assert!(is_ours("DEPLOYMENT_ID".as_ref()));
        assert_eq!(is_ours("deployment_id".as_ref()), cfg!(windows));
    }
}
