//! Whether whoever has a URL has rights by it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::super::data::labels::{SHORT_SIGNATURES, SIGNATURES};
use crate::redact::holds_token;

/// A token of a well-known kind is not shorter.
const MIN_TOKEN: usize = 16;

/// A URL that gives rights: a signature, a key or a token in its query, its fragment or its path.
pub(in super::super) fn is_signed(url: &str) -> bool {
    // A host may hold an escape, too.
    let body = decoded(url.split_once("://").map_or(url, |(_, body)| body));
    let Some(at) = body.find(['/', '?', '#', ';']) else { return false };
    let behind_host = &body[at..];
    if !behind_host.contains(['=', '_', '-', '.', '%']) && behind_host.len() < MIN_TOKEN {
        return false;
    }
    let behind_host = decoded(behind_host);
    let mut parts = behind_host.split(['?', '&', ';', '#', '/']);
    holds_token(&behind_host)
        || parts.any(|part| part.split_once('=').is_some_and(|(key, _)| names_a_secret(key)))
}

fn names_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SIGNATURES.iter().any(|part| key.contains(part))
        || SHORT_SIGNATURES.contains(&key.as_str())
        || key.ends_with("_key")
        || key.ends_with("-key")
}

/// The text with its percent-escapes resolved, once.
pub(in super::super) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_url_is_told_from_a_plain_one() {
        for signed in [
            "x?X-Amz-Signature=1",
            "x?a=1&sig=2",
            "x?code=2==",
            "x?x-vercel-protection-bypass=1",
            "?_vercel_share=1",
            "#access_token=1&x=2",
            "#/a?token=1",
            "?x-api-key=1",
            "?subscription-key=1",
            "?accesskey=1",
            "?authkey=1",
            "?AWSAccessKeyId=1",
            "?pwd=1",
            "?passwd=1",
            "?pass=1",
            "?hmac=1",
            "?session=1",
            "?ticket=1",
            "?otp=1",
            "a;jsessionid=1",
            "?t%6Fken=1",
            "?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "x-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "hook/sk_live_0123456789abcdef",
            "?Key-Pair-Id=1",
            "?PHPSESSID=1",
            "hook/ghp_0123456789abcdefABCDEF",
            "?x=glpat-0123456789abcdefghij",
        ] {
            assert!(is_signed(&format!("https://a.example/{signed}")), "{signed}");
        }
        for plain in [
            "x?preview_theme_id=1&keyboard=2",
            "",
            "x?a=b",
            "my-session",
            "sk-agency-homepage-of-mine",
            "passes/1",
            "?page=2#keys",
        ] {
            assert!(!is_signed(&format!("https://a.example/{plain}")), "{plain}");
        }
        assert!(!is_signed("https://token.example"));
        assert!(is_signed("https://a.example%3Bjsessionid=1"));
    }

    #[test]
    fn escapes_are_resolved_once() {
        assert_eq!(decoded("a%20b%2520%zz%"), "a b%20%zz%");
    }
}
