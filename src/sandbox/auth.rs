//! Who may do what: tokens, their grants, and the tokens that an App mints for itself.
//! It checks no signature; an App's JWT is read, not verified.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::error_response::{self, Reply, epoch_seconds};

/// GitHub refuses a JWT that lives longer.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
const MAX_JWT_LIFE: Duration = Duration::from_mins(10);

/// How long an installation's token lives.
const TOKEN_LIFE: Duration = Duration::from_hours(1);

/// A token and what it may do.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    token: String,
    right: Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Write,
}

impl Grant {
    /// Reads `TOKEN:read` or `TOKEN:write`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let right = |word| match word {
            "read" => Some(Right::Read),
            "write" => Some(Right::Write),
            _ => None,
        };
        let grant = text.rsplit_once(':').and_then(|(token, word)| {
            let token = token.to_owned();
            right(word).filter(|_| !token.is_empty()).map(|right| Self { token, right })
        });
        // The text may hold a real token, so it is not repeated.
        grant.ok_or_else(|| "expected `TOKEN:read` or `TOKEN:write`".to_owned())
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***:{:?}", self.right)
    }
}

/// Every token that is known, if any is.
#[derive(Debug)]
pub(super) struct Rights {
    /// Without any, every token may write.
    grants: Vec<Grant>,
    minted: Vec<(Grant, SystemTime)>,
}

impl Rights {
    pub(super) fn new(grants: Vec<Grant>) -> Self {
        Self { grants, minted: Vec::new() }
    }

    /// What the bearer of this `Authorization` may do.
    pub(super) fn of(&self, authorization: Option<&str>) -> Result<Right, Reply> {
        let Some(authorization) = authorization else {
            return Err(error_response::unauthorized("Requires authentication"));
        };
        let token = token(authorization).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| error_response::unauthorized("Bad credentials"))?;
        if let Some((grant, until)) = self.minted.iter().find(|(grant, _)| grant.token == token) {
            let lives = *until > SystemTime::now();
            return lives
                .then_some(grant.right)
                .ok_or_else(|| error_response::unauthorized("Bad credentials"));
        }
        if self.grants.is_empty() {
            return Ok(Right::Write);
        }
        let grant = self.grants.iter().find(|grant| grant.token == token);
        grant
            .map(|grant| grant.right)
            .ok_or_else(|| error_response::unauthorized("Bad credentials"))
    }

    /// Makes a token that may write, and says until when: an hour, unless `life` says otherwise.
    pub(super) fn mint(&mut self, life: Option<Duration>) -> (String, SystemTime) {
        let until = SystemTime::now() + life.unwrap_or(TOKEN_LIFE);
        let token: String = std::iter::repeat_with(fastrand::alphanumeric).take(36).collect();
        let token = format!("ghs_{token}");
        self.minted.push((Grant { token: token.clone(), right: Right::Write }, until));
        (token, until)
    }
}

/// Refuses whoever does not come with an App's JWT.
pub(super) fn check_jwt(authorization: Option<&str>) -> Result<(), Reply> {
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
    } else if expires > now + MAX_JWT_LIFE.as_secs() {
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

    fn right(rights: &Rights, authorization: Option<&str>) -> Result<Right, u16> {
        rights.of(authorization).map_err(|reply| reply.status.as_u16())
    }

    #[test]
    fn any_token_may_write_where_nothing_was_granted() {
        let rights = Rights::new(Vec::new());
        assert_eq!(right(&rights, Some("token x")), Ok(Right::Write));
        assert_eq!(right(&rights, Some("Bearer x")), Ok(Right::Write));
        assert_eq!(right(&rights, Some("Basic eDp5")), Ok(Right::Write));
        assert_eq!(right(&rights, None), Err(401));
    }

    #[test]
    fn only_granted_and_minted_tokens_count_once_something_was_granted() {
        let mut rights = Rights::new(vec![Grant::parse("a:b:read").expect("it is a grant")]);
        let (minted, _) = rights.mint(None);
        let (expired, _) = rights.mint(Some(Duration::ZERO));
        assert_eq!(right(&rights, Some("Bearer a:b")), Ok(Right::Read));
        assert_eq!(right(&rights, Some("Bearer x")), Err(401));
        assert_eq!(right(&rights, Some(&format!("Bearer {minted}"))), Ok(Right::Write));
        assert_eq!(right(&rights, Some(&format!("Bearer {expired}"))), Err(401));
    }

    #[test]
    fn a_grant_names_a_token_and_a_right() {
        let refusal = Err("expected `TOKEN:read` or `TOKEN:write`".to_owned());
        assert_eq!(Grant::parse("abc"), refusal);
        assert_eq!(Grant::parse("abc:admin"), refusal);
        assert_eq!(Grant::parse(":write"), refusal);
    }
}
