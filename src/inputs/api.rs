//! The inputs for the API's address, the repository and the credentials.
//! A token is never shown, and never sent to a host that it was not given for.

use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use super::errors::Validator;
use super::raw::RawInputs;
use super::values::{A_NUMBER, number};
use super::variables::{ENTERPRISE_TOKENS, TOKENS, proxies};
use crate::ci::git;
use crate::ci::{Ci, Kind};
use crate::deployment::Slug;
use crate::github::{Api, App, Credentials, Key, is_loopback};
use crate::redact::Secret;

const PUBLIC_API: &str = "https://api.github.com";

const AN_API_URL: &str =
    "an https URL (http on loopback only) without credentials, query and fragment";
const A_SLUG: &str = "`owner/name`";

/// Reads where statuses go. None where that is wrong or not known.
pub(super) fn api(
    raw_inputs: &RawInputs,
    ci: &Ci,
    token_is_read_only: bool,
    validator: &mut Validator<'_>,
) -> Option<Api> {
    let url = api_url(raw_inputs, ci, validator);
    let repository = repository(raw_inputs, ci, url.as_ref(), validator);
    let credentials = credentials(raw_inputs, ci, url.as_ref(), token_is_read_only, validator);
    let path = |name| raw_inputs.variables.raw(name).map(PathBuf::from);
    Some(Api {
        url: url?,
        repository: repository?,
        credentials: credentials?,
        proxies: proxies(&raw_inputs.variables),
        certificate_file: path("SSL_CERT_FILE"),
        certificate_directory: path("SSL_CERT_DIR"),
    })
}

fn api_url(raw_inputs: &RawInputs, ci: &Ci, validator: &mut Validator<'_>) -> Option<Url> {
    let text = raw_inputs.texts.common.api_url.as_deref();
    if text.is_some() {
        return validator.input("api-url", text, AN_API_URL, parse_api_url);
    }
    if ci.kind == Some(Kind::Gitea) {
        validator.add(
            "this is Gitea or Forgejo, which has no GitHub deployments: set `--api-url` or \
             INPUT_API_URL to the API of the GitHub that is meant",
        );
        return None;
    }
    let text = validator.variable("GITHUB_API_URL").unwrap_or(PUBLIC_API);
    let url = parse_api_url(text);
    if url.is_none() {
        validator.refuse("GITHUB_API_URL", text, AN_API_URL);
    }
    url
}

fn parse_api_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    let is_private = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if !has_host
        || !is_private
        || has_credentials
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return None;
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Some(url)
}

/// The host that people see: `github.com` for `api.github.com`.
fn web_host(api: &Url) -> &str {
    let host = api.host_str().unwrap_or_default();
    host.strip_prefix("api.").filter(|_| is_githubs_own(host)).unwrap_or(host)
}

fn is_githubs_own(host: &str) -> bool {
    host == "api.github.com" || host.starts_with("api.") && host.ends_with(".ghe.com")
}

fn repository(
    raw_inputs: &RawInputs,
    ci: &Ci,
    api: Option<&Url>,
    validator: &mut Validator<'_>,
) -> Option<Slug> {
    let text = raw_inputs.texts.common.repository.as_deref();
    if text.is_some() {
        return validator.input("repository", text, A_SLUG, Slug::parse);
    }
    // Gitea's and Forgejo's own is none of GitHub's.
    if ci.kind != Some(Kind::Gitea)
        && let Some(text) = validator.variable("GITHUB_REPOSITORY")
    {
        let slug = Slug::parse(text);
        if slug.is_none() {
            validator.refuse("GITHUB_REPOSITORY", text, A_SLUG);
        }
        return slug;
    }
    let host = api.map_or("github.com", web_host);
    let at_host = |remote: &str| git::slug_at(host, remote);
    let of_ci = ci.repository.clone().or_else(|| at_host(ci.remote.as_deref()?));
    if of_ci.is_some() {
        return of_ci;
    }
    let origin = git::origin(&raw_inputs.variables);
    let found = origin.as_ref().ok().and_then(|origin| at_host(origin.as_deref()?));
    if found.is_none() {
        let why = match &origin {
            Ok(None) => String::new(),
            Ok(Some(origin)) => match git::host(origin) {
                Some(elsewhere) if !elsewhere.eq_ignore_ascii_case(host) => {
                    format!(" (`origin` is on `{}`, not on `{host}`)", validator.quoted(&elsewhere))
                }
                _ => format!(" (`origin` is `{}`)", validator.quoted(origin)),
            },
            Err(refusal) => format!(" (git says: {})", validator.quoted(refusal)),
        };
        validator.add(format!(
            "the repository is not known{why}: set `--repository`, INPUT_REPOSITORY or \
             GITHUB_REPOSITORY to `owner/name`"
        ));
    }
    found
}

/// An App wins over a token. Where nobody can mend it, nothing is missed.
fn credentials(
    raw_inputs: &RawInputs,
    ci: &Ci,
    api: Option<&Url>,
    token_is_read_only: bool,
    validator: &mut Validator<'_>,
) -> Option<Credentials> {
    let common = &raw_inputs.texts.common;
    match (&common.app_id, &common.app_private_key, &common.app_installation_id) {
        (Some(_), Some(_), _) => return app(raw_inputs, validator).map(Credentials::App),
        (None, None, None) => {}
        _ if token_is_read_only => {}
        (id, key, _) => {
            let missing = [("app-id", id), ("app-private-key", key)];
            for (name, _) in missing.iter().filter(|(_, value)| value.is_none()) {
                validator.add(format!(
                    "{name} is not set: a GitHub App needs app-id and app-private-key"
                ));
            }
            return None;
        }
    }
    match token(raw_inputs, ci, api, validator) {
        Some((source, text)) => {
            let is_token = text.bytes().all(|byte| byte.is_ascii_graphic());
            if !is_token {
                validator.add(format!(
                    "{source} holds a blank or a character that no token has: expected one token"
                ));
            }
            is_token.then(|| Credentials::Token(Secret::new(text)))
        }
        None if token_is_read_only => Some(Credentials::Missing),
        None => {
            validator.add(no_token(raw_inputs, ci, api));
            None
        }
    }
}

/// What would help. A token that is there but meant for another host is named.
fn no_token(raw_inputs: &RawInputs, ci: &Ci, api: Option<&Url>) -> String {
    let names = token_variables(raw_inputs, ci, api);
    let host = api.and_then(Url::host_str).unwrap_or("GitHub");
    let held = [TOKENS, ENTERPRISE_TOKENS]
        .concat()
        .into_iter()
        .find(|name| !names.contains(name) && raw_inputs.variables.get(name).is_some())
        .map(|name| format!(" ({name} is not meant for {host})"))
        .unwrap_or_default();
    format!(
        "there is no token{held}: set `--token` or one of INPUT_TOKEN, {}; or app-id and \
         app-private-key",
        names.join(", ")
    )
}

fn app(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<App> {
    let common = &raw_inputs.texts.common;
    let accepted = "the App's id or client id";
    let id = validator.input("app-id", common.app_id.as_deref(), accepted, |text| {
        let is_id = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        is_id.then(|| text.to_owned())
    });
    let text = common.app_installation_id.as_deref();
    let installation = validator.input("app-installation-id", text, A_NUMBER, number);
    let key = Key::parse(common.app_private_key.as_deref()?);
    if let Err(why) = &key {
        let source = raw_inputs.source("app-private-key");
        validator.add(format!("{source} is no private key: {why}"));
    }
    Some(App { id: id?, private_key: Arc::new(key.ok()?), installation })
}

/// The token and where it was found.
fn token(
    raw_inputs: &RawInputs,
    ci: &Ci,
    api: Option<&Url>,
    validator: &mut Validator<'_>,
) -> Option<(String, String)> {
    if let Some(token) = &raw_inputs.texts.common.token {
        return Some((raw_inputs.source("token"), token.clone()));
    }
    let mut names = token_variables(raw_inputs, ci, api).into_iter();
    names.find_map(|name| Some((name.to_owned(), validator.variable(name)?.to_owned())))
}

/// The variables that may hold a token for this API; all of them where that is wrong.
fn token_variables(raw_inputs: &RawInputs, ci: &Ci, api: Option<&Url>) -> Vec<&'static str> {
    let mut names = match api {
        Some(api) if is_githubs(api, raw_inputs) => TOKENS.to_vec(),
        Some(_) => ENTERPRISE_TOKENS.to_vec(),
        None => [TOKENS, ENTERPRISE_TOKENS].concat(),
    };
    // Gitea's runner has a GITHUB_TOKEN too, and it is Gitea's.
    names.retain(|name| ci.kind != Some(Kind::Gitea) || *name != "GITHUB_TOKEN");
    names
}

/// Whether `GITHUB_TOKEN` is meant for this API.
fn is_githubs(api: &Url, raw_inputs: &RawInputs) -> bool {
    let own = raw_inputs.variables.get("GITHUB_API_URL").and_then(|text| Url::parse(text).ok());
    api.host_str().is_some_and(is_githubs_own) || own.is_some_and(|own| own.host() == api.host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_url_has_no_credentials() {
        for text in ["https://me@github.example", "https://:secret@github.example"] {
            assert_eq!(parse_api_url(text), None, "{text}");
        }
    }
}
