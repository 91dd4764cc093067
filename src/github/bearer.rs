//! A token as the `Authorization` header carries it.

use http::HeaderValue;

use crate::redact::Secret;

/// A token that a header can carry.
#[derive(Clone)]
pub(super) struct Bearer(Secret);

impl Bearer {
    pub(super) fn new(token: Secret) -> Option<Self> {
        token.expose().bytes().all(|byte| byte.is_ascii_graphic()).then_some(Self(token))
    }

    pub(super) fn header(&self) -> HeaderValue {
        let text = format!("Bearer {}", self.0.expose());
        let mut value = HeaderValue::from_str(&text).expect("a bearer is printable ASCII");
        value.set_sensitive(true);
        value
    }

    /// <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>
    pub(super) fn is_of_an_installation(&self) -> bool {
        self.0.expose().starts_with("ghs_")
    }
}
