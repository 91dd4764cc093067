//! Refusals that no permission changes.

use expect_test::expect;

use super::super::Caller;
use super::{refused, refused_as};

#[test]
fn a_token_without_single_sign_on() {
    let sso =
        ("x-github-sso", "required; url=https://github.com/orgs/octo/sso?authorization_request=A1");
    let body = r#"{"message":"Resource protected by organization SAML enforcement."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Resource protected by organization SAML enforcement (request C0DE:1234)
        help: authorize the token for the organization's single sign-on: https://github.com/orgs/octo/sso?authorization_request=A1
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[sso], body));
}

#[test]
fn a_runner_that_is_not_on_the_allow_list() {
    let body = r#"{"message":"Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource (request C0DE:1234)
        help: add this machine's address to the organization's IP allow list, or use a runner that is on it
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[], body));
}

#[test]
fn an_archived_repository() {
    let body = r#"{"message":"Repository was archived so is read-only."}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 403 Forbidden: Repository was archived so is read-only (request C0DE:1234)
        help: unarchive `octo/shop`: nothing can be posted to it as it is
        GiveUp
    "#]]
    .assert_eq(&refused(403, &[], body));
}

/// The remedy for a 403 with this message.
fn remedy(message: &str) -> String {
    let text = refused(403, &[], &format!(r#"{{"message":"{message}"}}"#));
    let (_, help) = text.split_once("help: ").expect("there is a remedy");
    help.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn what_no_permission_mends_has_a_remedy_of_its_own() {
    let messages = [
        "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
        "Your account is locked due to a billing issue.",
        "The job was not started because recent account payments have failed or your spending limit needs to be increased.",
        "Upgrade to GitHub Pro or make this repository public to enable this feature.",
        "Sorry. Your account was suspended.",
        "Repository access blocked",
        "Repository `octo/shop` is disabled. Please ask the owner to check their account.",
        "At least one email address must be verified to do that.",
        "This organization requires two-factor authentication.",
        "Although you appear to have the correct authorization credentials, the `octo` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited.",
        "`octo` forbids access via a personal access token (classic).",
    ];
    let remedies: Vec<String> = messages.into_iter().map(remedy).collect();
    expect![[r#"
        authorize the token for the organization's single sign-on: on https://github.com/settings/tokens, "Configure SSO"
        whoever pays for the repository's account has to settle its billing: https://github.com/settings/billing
        whoever pays for the repository's account has to settle its billing: https://github.com/settings/billing
        the repository's plan does not have this: upgrade it, or make the repository public
        unsuspend the account, or the App's installation
        GitHub has blocked the repository: its owner has to write to https://support.github.com
        GitHub has blocked the repository: its owner has to write to https://support.github.com
        verify an e-mail address of the account that the token belongs to: https://github.com/settings/emails
        turn two-factor authentication on for the account that the token belongs to
        an owner of the organization has to approve the application that the token was made with
        use a kind of token that the organization allows, or a GitHub App (`app-id`, `app-private-key`)"#]].assert_eq(&remedies.join("\n"));
}

#[test]
fn the_help_for_a_token_of_an_hour_names_one_that_is_renewed() {
    let body = r#"{"message":"Bad credentials"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 401 Unauthorized: Bad credentials (request C0DE:1234)
        help: the token is wrong, revoked or expired: a job's own token ends with the job, and a GitHub App's after an hour; set `app-id` and `app-private-key` instead of such a token, and it is renewed as long as the deploy takes
        GiveUp
    "#]].assert_eq(&refused_as(Caller::InstallationToken, 401, &[], body));
}
