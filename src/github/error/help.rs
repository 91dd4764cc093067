//! The remedy for a refusal, in the words of the file or setting where it is applied.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::message::Message;
use super::{Caller, Operation, RequestContext};
use crate::github::operation::Permission;
use crate::github::quote::quote;

const A_TOKEN: &str = "set `token: ${{ github.token }}`";

const FOR_A_PAGE: &str = "check `api-url`: on GitHub Enterprise Server it ends in `/api/v3`";

pub(super) const FOR_DNS: &str =
    "check `api-url` and this machine's DNS; behind a proxy, set HTTPS_PROXY";

pub(super) fn for_a_refusal(
    context: &RequestContext,
    status: StatusCode,
    headers: &HeaderMap,
    message: &Message,
) -> Option<String> {
    match status.as_u16() {
        400..500 if is_a_page(headers) => Some(FOR_A_PAGE.to_owned()),
        401 => Some(for_401(context)),
        403 => Some(for_403(context, headers, message)),
        404 => Some(for_404(context, headers, message)),
        409 => for_409(message).map(str::to_owned),
        422 => for_422(message).map(str::to_owned),
        500.. => outage(context).map(str::to_owned),
        _ => None,
    }
}

pub(super) fn for_a_limit(context: &RequestContext) -> Option<&'static str> {
    match context.caller {
        Caller::Token | Caller::InstallationToken | Caller::Nobody => {
            Some("authenticate as a GitHub App (`app-id`, `app-private-key`): it has its own limit")
        }
        Caller::App => None,
    }
}

pub(super) fn for_a_timeout(context: &RequestContext, sent: bool) -> Option<&'static str> {
    if sent { outage(context) } else { Some(for_no_connection(context)) }
}

pub(super) fn for_a_proxy(wants_a_password: bool) -> &'static str {
    if wants_a_password {
        "put the proxy's user name and password into HTTPS_PROXY: `http://USER:PASSWORD@HOST:PORT`"
    } else {
        "check HTTPS_PROXY, or add the host to NO_PROXY"
    }
}

pub(super) fn for_no_connection(context: &RequestContext) -> &'static str {
    match context.proxy {
        Some(_) => for_a_proxy(false),
        None => "check `api-url` and the firewall; behind a proxy, set HTTPS_PROXY",
    }
}

/// An answer that GitHub would not give: a page for people, or one without GitHub's own header.
pub(super) fn for_another_server(headers: &HeaderMap) -> Option<&'static str> {
    if is_a_page(headers) {
        return Some(FOR_A_PAGE);
    }
    (!headers.contains_key("x-github-request-id"))
        .then_some("check `api-url`: this does not look like GitHub's API")
}

fn is_a_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn for_401(context: &RequestContext) -> String {
    match context.caller {
        Caller::Token => "the token is wrong, revoked or expired: in a workflow set \
                           `token: ${{ github.token }}`"
            .to_owned(),
        Caller::InstallationToken => {
            "the token is wrong, revoked or expired: a job's own token ends with the job, and a \
             GitHub App's after an hour; set `app-id` and `app-private-key` instead of such a \
             token, and it is renewed as long as the deploy takes"
                .to_owned()
        }
        Caller::App => "check that `app-private-key` is a key of the App `app-id`, and this \
                         machine's clock"
            .to_owned(),
        Caller::Nobody => A_TOKEN.to_owned(),
    }
}

fn for_403(context: &RequestContext, headers: &HeaderMap, message: &Message) -> String {
    if let Some(url) = single_sign_on(headers) {
        return format!("authorize the token for the organization's single sign-on: {url}");
    }
    let repository = context.repository;
    if message.mentions("archived") {
        return format!("unarchive `{repository}`: nothing can be posted to it as it is");
    }
    NO_PERMISSION_HELPS
        .iter()
        .find(|(words, _)| words.iter().any(|words| message.mentions(words)))
        .map_or_else(|| for_a_permission(context, headers, message), |(_, help)| (*help).to_owned())
}

/// Refusals that no permission changes: words of GitHub's message in lower case, and the remedy.
const NO_PERMISSION_HELPS: &[(&[&str], &str)] = &[
    (
        &["saml enforcement", "single sign-on", "sso authorization"],
        "authorize the token for the organization's single sign-on: on \
         https://github.com/settings/tokens, \"Configure SSO\"",
    ),
    (
        &["ip allow list"],
        "add this machine's address to the organization's IP allow list, or use a runner that is \
         on it",
    ),
    (
        &["upgrade to github", "feature is not available", "your plan"],
        "the repository's plan does not have this: upgrade it, or make the repository public",
    ),
    (&["suspended"], "unsuspend the account, or the App's installation"),
    (
        &["access blocked", "is disabled", "has been disabled", "dmca", "terms of service"],
        "GitHub has blocked the repository: its owner has to write to \
         https://support.github.com",
    ),
    (
        &["email must be verified", "verified email", "verify your email", "email address must be"],
        "verify an e-mail address of the account that the token belongs to: \
         https://github.com/settings/emails",
    ),
    (
        &["two-factor", "2fa"],
        "turn two-factor authentication on for the account that the token belongs to",
    ),
    (
        &["oauth app access restrictions", "third-party application"],
        "an owner of the organization has to approve the application that the token was made with",
    ),
    (
        &["forbids access via"],
        "use a kind of token that the organization allows, or a GitHub App (`app-id`, \
         `app-private-key`)",
    ),
    (
        &["billing", "payments have failed", "payment method", "spending limit"],
        "whoever pays for the repository's account has to settle its billing: \
         https://github.com/settings/billing",
    ),
];

fn for_a_permission(context: &RequestContext, headers: &HeaderMap, message: &Message) -> String {
    let Permission { name, level } = context.operation.permission();
    let repository = context.repository;
    let titled =
        format!("{}{}: {level}", name[..1].to_ascii_uppercase(), name[1..].replace('-', " "));
    match context.caller {
        Caller::App => format!(
            "give the App the repository permission `{titled}`, and accept it where the App is \
             installed"
        ),
        Caller::Token if message.mentions("personal access token") => {
            format!("give the token the repository permission `{titled}` for `{repository}`")
        }
        Caller::Token if headers.contains_key("x-oauth-scopes") && name == "deployments" => {
            format!(
                "give the token the scope `repo_deployment` (`repo` where `{repository}` is \
                 private)"
            )
        }
        Caller::Token if headers.contains_key("x-oauth-scopes") => {
            "give the token the scope `repo`".to_owned()
        }
        // A job's own token can never have it.
        Caller::Token | Caller::InstallationToken if name == "administration" => format!(
            "use a token that may administer `{repository}`: a GitHub App or a personal access \
             token with the repository permission `{titled}`"
        ),
        Caller::Token | Caller::InstallationToken => {
            format!("give the job `permissions: {}`", permissions(headers, name, level))
        }
        Caller::Nobody => A_TOKEN.to_owned(),
    }
}

/// The permissions that GitHub would have accepted (`deployments=write`), as YAML.
fn permissions(headers: &HeaderMap, name: &str, level: &str) -> String {
    let accepted = headers
        .get("x-accepted-github-permissions")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let pairs: Vec<String> = accepted
        .split(',')
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, level)| is_word(name) && is_word(level))
        .map(|(name, level)| format!("{}: {level}", name.replace('_', "-")))
        .collect();
    match pairs.as_slice() {
        [] => format!("{name}: {level}"),
        [one] => one.clone(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// <https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso>
fn single_sign_on(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("x-github-sso")?.to_str().ok()?;
    let (_, url) = value.split_once("url=")?;
    url.starts_with("https://").then(|| quote(url))
}

fn for_404(context: &RequestContext, headers: &HeaderMap, message: &Message) -> String {
    let repository = context.repository;
    let permission = context.operation.permission();
    if message.to_string().is_empty()
        && let Some(help) = for_another_server(headers)
    {
        return help.to_owned();
    }
    match (context.operation, context.caller) {
        (Operation::FindInstallation, _) => {
            format!("install the App on `{repository}`, or set `app-installation-id`")
        }
        (Operation::MintToken, _) => "check `app-installation-id`, or leave it out".to_owned(),
        (_, Caller::Nobody) => A_TOKEN.to_owned(),
        (_, Caller::Token | Caller::InstallationToken | Caller::App)
            if permission.name != "deployments" =>
        {
            format!("check `repository` (`{repository}`), and that the token may see it")
        }
        (_, Caller::Token | Caller::InstallationToken) => format!(
            "check `deployment-id` and `repository` (`{repository}`), and that the token may see \
             it: `permissions: deployments: write`"
        ),
        (_, Caller::App) => format!(
            "check `deployment-id` and `repository` (`{repository}`), and that the App may see it"
        ),
    }
}

fn for_409(message: &Message) -> Option<&'static str> {
    if message.mentions("merg") {
        return Some("merge the default branch into the ref, or leave `auto-merge` out");
    }
    let is_of_checks = ["status check", "context"].iter().any(|words| message.mentions(words));
    is_of_checks.then_some(
        "deploy when the checks are green, or name in `required-contexts` only those that must be",
    )
}

fn for_422(message: &Message) -> Option<&'static str> {
    if message.mentions("no ref found") {
        return Some("push it first: `ref` is a branch, a tag or a commit that GitHub knows");
    }
    if message.mentions("http(s)") || message.mentions("_url") {
        return Some("`environment-url`, `target-url` and `log-url` are http or https URLs");
    }
    message.mentions("description").then_some("shorten the input `description`")
}

fn outage(context: &RequestContext) -> Option<&'static str> {
    let is_public = context.host == "github.com" || context.host.ends_with(".github.com");
    is_public.then_some("see https://www.githubstatus.com")
}
