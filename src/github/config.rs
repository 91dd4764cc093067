//! Where GitHub is, who we are there, and the way to it.
//! It checks nothing: `inputs` makes these values from what the user gave.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::app_jwt::Key;
use crate::deployment::Slug;
use crate::redact::Secret;

/// Where GitHub is, and who we are there.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// https, or http on loopback; may have a path (`https://HOST/api/v3`), which does not end in
    /// a slash unless it is the root.
    pub(crate) url: Url,
    pub(crate) repository: Slug,
    pub(crate) credentials: Credentials,
    pub(crate) proxies: Proxies,
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`: roots beside the built-in and the system's.
    pub(crate) certificate_file: Option<PathBuf>,
    pub(crate) certificate_directory: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    Token(Secret),
    App(App),
    /// A fork's pull request, or Dependabot: nothing can be posted, and nobody can mend it.
    Missing,
}

/// A GitHub App's identity.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// The numeric id or the client id.
    pub(crate) id: String,
    pub(crate) private_key: Arc<Key>,
    /// None is looked up from the repository.
    pub(crate) installation: Option<u64>,
}

/// The values of `HTTPS_PROXY` and its siblings, either case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    pub(crate) https: Option<Secret>,
    pub(crate) http: Option<Secret>,
    pub(crate) all: Option<Secret>,
    pub(crate) none: Option<String>,
}

/// What a user name or password cannot hold as it is; `%` begins what is encoded already.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The value of a proxy's variable in its parts. Passwords stand there raw more often than not, so
/// what comes before the last `@` is user name and password, whatever they hold.
#[derive(Debug)]
pub(super) struct ProxyUrl<'a> {
    /// With `://`; empty where there is none.
    scheme: &'a str,
    credentials: Option<(&'a str, &'a str)>,
    host: &'a str,
}

impl<'a> ProxyUrl<'a> {
    pub(super) fn split(text: &'a str) -> Self {
        let scheme = text.find("://").map_or(0, |at| at + 3);
        let (scheme, rest) = text.split_at(scheme);
        let (credentials, host) = match rest.rsplit_once('@') {
            Some((credentials, host)) => {
                (Some(credentials.split_once(':').unwrap_or((credentials, ""))), host)
            }
            None => (None, rest),
        };
        Self { scheme, credentials, host }
    }

    /// The URL with what no URL can hold percent-encoded.
    pub(super) fn encoded(&self) -> String {
        let Self { scheme, credentials, host } = self;
        let encode = |text| utf8_percent_encode(text, ENCODED);
        match credentials {
            Some((user, "")) => format!("{scheme}{}@{host}", encode(user)),
            Some((user, password)) => {
                format!("{scheme}{}:{}@{host}", encode(user), encode(password))
            }
            None => format!("{scheme}{host}"),
        }
    }
}

impl Proxies {
    /// Every spelling in which a proxy's credentials may appear in a text.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let Self { https, http, all, none: _ } = self;
        let mut found = Vec::new();
        for proxy in [https, http, all].into_iter().flatten() {
            let Some((user, password)) = ProxyUrl::split(proxy.expose()).credentials else {
                continue;
            };
            let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
            let encoded = utf8_percent_encode(password, ENCODED).to_string();
            let basic = BASE64_STANDARD.encode(format!("{}:{}", decode(user), decode(password)));
            found.extend([password.to_owned(), decode(password), encoded, basic]);
        }
        found.into_iter().filter(|text| !text.is_empty()).map(Secret::new).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::*;

    #[track_caller]
    fn check(proxy: &str, encoded: &str, secrets: &[&str]) {
        assert_eq!(ProxyUrl::split(proxy).encoded(), encoded);
        let proxies = Proxies { all: Some(Secret::new(proxy)), ..Proxies::default() };
        let found = proxies.secrets();
        let found: Vec<&str> = found.iter().map(Secret::expose).collect();
        for secret in secrets {
            assert!(found.contains(secret), "{secret} in {found:?}");
        }
        assert_eq!(secrets.is_empty(), found.is_empty());
    }

    #[test]
    fn a_password_may_stand_there_raw() {
        check("http://u:p@ss/w?rd@proxy:1", "http://u:p%40ss%2Fw%3Frd@proxy:1", &["p@ss/w?rd"]);
        check("http://u:p%40ss@proxy:1", "http://u:p%40ss@proxy:1", &["p%40ss", "p@ss"]);
        check("u:p:q@proxy", "u:p:q@proxy", &["p:q", "dTpwOnE="]);
        check("http://u@proxy", "http://u@proxy", &["dTo="]);
        check("http://proxy:3128/", "http://proxy:3128/", &[]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_split(text in ".*") {
            let proxies = Proxies { all: Some(Secret::new(text.clone())), ..Proxies::default() };
            proxies.secrets();
            ProxyUrl::split(&text).encoded();
        }
    }
}
