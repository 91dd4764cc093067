//! Tokens and their permissions: granted on the command line, or created for an App.
//! It checks no signature; an App's JWT is decoded, not verified.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::error_response::{self, Response};
use super::time::epoch_seconds;

/// GitHub refuses a JWT whose lifetime is longer.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
const MAX_JWT_LIFETIME: Duration = Duration::from_mins(10);

/// The lifetime of an installation's token.
const TOKEN_LIFETIME: Duration = Duration::from_hours(1);

/// A token and what it may do.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    token: String,
    permission: Permission,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// Reads everything.
    Read,
    /// Reads and writes deployments and nothing else, as a workflow's `permissions: deployments:
    /// write`.
    Deployments,
    /// Reads everything and writes deployments.
    Write,
    /// Administers too: environments may be deleted.
    Admin,
}

impl Permission {
    /// Whether it grants this, such as `deployments=write`, in the words of GitHub's header.
    pub(super) fn allows(self, needed: &str) -> bool {
        match self {
            Self::Read => needed.ends_with("=read"),
            Self::Deployments => needed.starts_with("deployments=") || needed == "metadata=read",
            Self::Write => needed != "administration=write",
            Self::Admin => true,
        }
    }
}

impl Grant {
    /// Reads `TOKEN:PERMISSION`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let permission = |word| match word {
            "read" => Some(Permission::Read),
            "deployments" => Some(Permission::Deployments),
            "write" => Some(Permission::Write),
            "admin" => Some(Permission::Admin),
            _ => None,
        };
        let grant = text.rsplit_once(':').filter(|(token, _)| !token.is_empty());
        let grant = grant.and_then(|(token, word)| {
            permission(word).map(|permission| Self { token: token.to_owned(), permission })
        });
        // The text may hold a real token, so it is not repeated.
        grant.ok_or_else(|| {
            "expected `TOKEN:read`, `TOKEN:deployments`, `TOKEN:write` or `TOKEN:admin`".to_owned()
        })
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***:{:?}", self.permission)
    }
}

/// Every known token.
#[derive(Debug)]
pub(super) struct Tokens {
    /// Without any, every token may do everything.
    grants: Vec<Grant>,
    installation_tokens: Vec<(Grant, SystemTime)>,
}

impl Tokens {
    pub(super) fn new(grants: Vec<Grant>) -> Self {
        Self { grants, installation_tokens: Vec::new() }
    }

    /// What the bearer of this `Authorization` may do.
    pub(super) fn permission(&self, authorization: Option<&str>) -> Result<Permission, Response> {
        let Some(authorization) = authorization else {
            return Err(error_response::unauthorized("Requires authentication"));
        };
        let token = token(authorization).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| error_response::unauthorized("Bad credentials"))?;
        if let Some((grant, until)) =
            self.installation_tokens.iter().find(|(grant, _)| grant.token == token)
        {
            let is_valid = *until > SystemTime::now();
            return is_valid
                .then_some(grant.permission)
                .ok_or_else(|| error_response::unauthorized("Bad credentials"));
        }
        if self.grants.is_empty() {
            return Ok(Permission::Admin);
        }
        let grant = self.grants.iter().find(|grant| grant.token == token);
        grant
            .map(|grant| grant.permission)
            .ok_or_else(|| error_response::unauthorized("Bad credentials"))
    }

    /// Creates a token that may write; gives it and its expiry, after an hour unless `lifetime` is
    /// given.
    pub(super) fn create_installation_token(
        &mut self,
        lifetime: Option<Duration>,
    ) -> (String, SystemTime) {
        let until = SystemTime::now() + lifetime.unwrap_or(TOKEN_LIFETIME);
        let token: String = std::iter::repeat_with(fastrand::alphanumeric).take(36).collect();
        let token = format!("ghs_{token}");
        self.installation_tokens
            .push((Grant { token: token.clone(), permission: Permission::Write }, until));
        (token, until)
    }
}

/// Rejects an authorization that is no App's JWT.
pub(super) fn check_jwt(authorization: Option<&str>) -> Result<(), Response> {
    let undecodable = || error_response::unauthorized("A JSON web token could not be decoded");
    let token = authorization.and_then(token).ok_or_else(undecodable)?;
    let parts: Vec<&str> = token.split('.').collect();
    let [_, claims, _] = parts.as_slice() else {
        return Err(undecodable());
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).ok();
    let claims: Value =
        claims.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(undecodable)?;
    let now = epoch_seconds(SystemTime::now());
    let expires = claims["exp"].as_u64().unwrap_or_default();
    if claims["iss"].is_null() {
        Err(error_response::unauthorized("'Issuer' claim ('iss') must be an Integer"))
    } else if expires <= now {
        Err(error_response::unauthorized(
            "'Expiration time' claim ('exp') must be a numeric value representing the future time \
             at which the assertion expires",
        ))
    } else if expires > now + MAX_JWT_LIFETIME.as_secs() {
        Err(error_response::unauthorized(
            "'Expiration time' claim ('exp') is too far in the future",
        ))
    } else {
        Ok(())
    }
}

/// The token in `Bearer TOKEN`, `token TOKEN` or Basic's password.
pub(super) fn token(authorization: &str) -> Option<String> {
    let (scheme, rest) = authorization.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        return decoded.split_once(':').map(|(_, password)| password.to_owned());
    }
    let is_known = ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_known.then(|| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(tokens: &Tokens, authorization: Option<&str>) -> Result<Permission, u16> {
        tokens.permission(authorization).map_err(|response| response.status.as_u16())
    }

    #[test]
    fn any_token_may_do_everything_where_nothing_was_granted() {
        let tokens = Tokens::new(Vec::new());
        assert_eq!(permission(&tokens, Some("token x")), Ok(Permission::Admin));
        assert_eq!(permission(&tokens, Some("Bearer x")), Ok(Permission::Admin));
        assert_eq!(permission(&tokens, Some("Basic eDp5")), Ok(Permission::Admin));
        assert_eq!(permission(&tokens, None), Err(401));
    }

    #[test]
    fn only_granted_and_minted_tokens_count_once_something_was_granted() {
        let mut tokens = Tokens::new(vec![Grant::parse("a:b:read").expect("it is a grant")]);
        let (installed, _) = tokens.create_installation_token(None);
        let (expired, _) = tokens.create_installation_token(Some(Duration::ZERO));
        assert_eq!(permission(&tokens, Some("Bearer a:b")), Ok(Permission::Read));
        assert_eq!(permission(&tokens, Some("Bearer x")), Err(401));
        assert_eq!(
            permission(&tokens, Some(&format!("Bearer {installed}"))),
            Ok(Permission::Write)
        );
        assert_eq!(permission(&tokens, Some(&format!("Bearer {expired}"))), Err(401));
    }

    #[test]
    fn a_permission_allows_what_its_name_says() {
        let needs =
            ["deployments=read", "deployments=write", "actions=read", "administration=write"];
        let allowed = |permission: Permission| needs.map(|needed| permission.allows(needed));
        assert_eq!(allowed(Permission::Read), [true, false, true, false]);
        assert_eq!(allowed(Permission::Deployments), [true, true, false, false]);
        assert_eq!(allowed(Permission::Write), [true, true, true, false]);
        assert_eq!(allowed(Permission::Admin), [true; 4]);
    }

    #[test]
    fn a_grant_names_a_token_and_a_right() {
        for text in ["abc", "abc:owner", ":write", ""] {
            let why = Grant::parse(text).expect_err("it is refused");
            assert!(why.starts_with("expected `TOKEN:read`, "), "{why}");
        }
        assert!(Grant::parse("abc:admin").is_ok());
    }
}
