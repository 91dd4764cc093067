//! A GitHub App's key, and the short-lived tokens that it signs.
//! It never touches the network, and never shows the key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::json;

use crate::redact::Secret;

/// Tokens are dated back by this, since GitHub refuses one from the future of its own clock.
const CLOCK_DRIFT: Duration = Duration::from_mins(1);

/// GitHub takes at most ten minutes; half of that forgives a clock that runs fast.
const LIFETIME: Duration = Duration::from_mins(5);

/// An RSA key that can sign for a GitHub App.
#[derive(Debug)]
pub(crate) struct Key(KeyPair);

impl Key {
    /// Reads PEM as GitHub hands it out (PKCS#1) or as openssl converts it (PKCS#8), with real or
    /// `\n`-escaped line ends. The error says what was expected, and shows nothing of the key.
    pub(crate) fn parse(pem: &str) -> Result<Self, &'static str> {
        let (label, body) = block(pem)?;
        let body: String = body.split_whitespace().collect();
        let der = BASE64_STANDARD.decode(body).map_err(
            |_| "its text is damaged: paste the whole file that GitHub gave, from BEGIN to END",
        )?;
        let key = match label.as_str() {
            "RSA PRIVATE KEY" => KeyPair::from_der(&der),
            "PRIVATE KEY" => KeyPair::from_pkcs8(&der),
            _ => return Err("expected a block `-----BEGIN RSA PRIVATE KEY-----` without password"),
        };
        key.map(Self).map_err(|_| "expected an RSA key of 2048 to 8192 bits")
    }

    /// Signs a JSON Web Token that authenticates the App itself, not an installation.
    /// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>
    pub(super) fn sign(&self, app_id: &str, now: SystemTime) -> Secret {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let header = json!({ "alg": "RS256", "typ": "JWT" });
        let claims = json!({
            "exp": (now + LIFETIME).as_secs(),
            "iat": now.saturating_sub(CLOCK_DRIFT).as_secs(),
            "iss": app_id,
        });
        let text =
            [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .expect("the signature is as long as the key's modulus");
        Secret::new(format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// The label and the base64 text of the first PEM block.
fn block(pem: &str) -> Result<(String, String), &'static str> {
    let absent = "expected PEM: `-----BEGIN RSA PRIVATE KEY-----` and what follows";
    let pem = pem.replace("\\r", "").replace("\\n", "\n");
    let (_, rest) = pem.split_once("-----BEGIN ").ok_or(absent)?;
    let (label, rest) = rest.split_once("-----").ok_or(absent)?;
    let (body, _) = rest.split_once("-----END ").ok_or(absent)?;
    Ok((label.to_owned(), body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PKCS1: &str = include_str!("fixtures/app-key.pem");

    /// What precedes a 2048-bit PKCS#1 key in PKCS#8: version, algorithm, lengths.
    const PKCS8_HEAD: &[u8] =
        b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82\x04\xa7";

    fn pkcs8() -> String {
        let (_, body) = block(PKCS1).expect("the fixture is PEM");
        let body: String = body.split_whitespace().collect();
        let der = BASE64_STANDARD.decode(body).expect("the fixture is base64");
        let mut head = PKCS8_HEAD.to_vec();
        for (position, length) in [(2, der.len() + 22), (24, der.len())] {
            let length = u16::try_from(length).expect("a key is short").to_be_bytes();
            head[position..position + 2].copy_from_slice(&length);
        }
        let der = BASE64_STANDARD.encode([head, der].concat());
        format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n")
    }

    #[test]
    fn a_token_is_signed_as_openssl_signs_it() {
        let key = Key::parse(PKCS1).expect("the fixture is a key");
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);

        let token = key.sign("Iv1.abc", now);

        // printf %s HEAD.CLAIMS | openssl dgst -sha256 -sign app-key.pem | basenc --base64url
        assert_eq!(
            token.expose(),
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.\
             eyJleHAiOjE3MDAwMDAzMDAsImlhdCI6MTY5OTk5OTk0MCwiaXNzIjoiSXYxLmFiYyJ9.\
             Xf1Goq450NZy7n7KD1Ey_xhTZiwMqlT7437GESMTYQThhxRrqG6GdMZIR6nKurEvvJuUTOJzV9pQ_SksRD73eXoO\
             5wVqHR2QobAam_SvehlXoC3d0Yo7BGV27g3g02wugr-xFoLHj4V1nACB9ooL_XXtXxUtYqtWy0LM41WiFbemmj2H\
             PPu3g8rzHergAF7tUABrncJeV9qFamZe-tgvaOYXAKYVdZ5vDrzoCsBMwwEo3Wk5EwC1nBznTAMSBxo8_c5vVkPl\
             1Fg-j4O2y6a41fl8uCBikXYXDx08kEI2oBHlrfgU2JJK40lfJlVb2xmoNACzP6PdPzrKClQEkMGGBQ"
        );
    }

    #[test]
    fn a_key_may_come_in_any_wrapping() {
        let wrapped = [
            PKCS1.to_owned(),
            PKCS1.replace('\n', "\\n"),
            PKCS1.replace('\n', "\\r\\n"),
            PKCS1.replace('\n', "\r\n"),
            PKCS1.replace('\n', " "),
            pkcs8(),
        ];
        for pem in wrapped {
            assert!(Key::parse(&pem).is_ok(), "{pem}");
        }
    }

    #[test]
    fn what_is_no_key_is_named_without_being_shown() {
        let cut = PKCS1.replace("MIIE", "");
        let damaged = PKCS1.replace("MIIE", "!MIIE");
        let certificate = include_str!("fixtures/ca.pem");
        let elliptic = include_str!("fixtures/server-key.pem");
        let shown = ["", "ghp_hunter2", certificate, elliptic, &cut, &damaged]
            .map(|pem| Key::parse(pem).expect_err("this is no key"));
        expect_test::expect![[r#"
            expected PEM: `-----BEGIN RSA PRIVATE KEY-----` and what follows
            expected PEM: `-----BEGIN RSA PRIVATE KEY-----` and what follows
            expected a block `-----BEGIN RSA PRIVATE KEY-----` without password
            expected an RSA key of 2048 to 8192 bits
            expected an RSA key of 2048 to 8192 bits
            its text is damaged: paste the whole file that GitHub gave, from BEGIN to END"#]]
        .assert_eq(&shown.join("\n"));
    }
}
