//! A GitHub App's key, and the short-lived tokens that it signs.
//! It never touches the network, and never shows the key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::json;

use crate::secret::Secret;

/// GitHub takes no token that says it was issued in its future.
const CLOCK_DRIFT: Duration = Duration::from_secs(60);

/// GitHub takes at most ten minutes; half of that forgives a clock that runs fast.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

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

    /// Signs a JSON Web Token with which the App speaks for itself.
    /// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>
    pub(super) fn sign(&self, app_id: &str, now: SystemTime) -> Secret {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let header = json!({ "alg": "RS256", "typ": "JWT" });
        let claims = json!({
            "iat": now.saturating_sub(CLOCK_DRIFT).as_secs(),
            "exp": (now + LIFETIME).as_secs(),
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
