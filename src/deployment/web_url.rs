//! A URL that GitHub may show to everybody.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Longer URLs are cut by browsers and proxies, so none is reported.
const MAX_URL: usize = 2048;

/// An http(s) URL with a host, of at most [`MAX_URL`] characters and without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct WebUrl(String);

impl TryFrom<String> for WebUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected an http or https URL")
    }
}

impl WebUrl {
    /// Reads a URL as browsers do; user name and password are removed. What is no web page or has no
    /// host is none. <https://url.spec.whatwg.org/>
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        // A browser would take the first name of the path for the host that is missing.
        let is_without_host = text.split_once(':').is_none_or(|(_, rest)| {
            rest.trim_start_matches(['/', '\\']).is_empty() || rest.starts_with("///")
        });
        if !is_plain || is_without_host {
            return None;
        }
        let mut url = Url::parse(text).ok()?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return None;
        }
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        let normal = String::from(url);
        // Nobody writes the slash of an empty path.
        let is_bare = normal.strip_suffix('/').is_some_and(|bare| bare.eq_ignore_ascii_case(text));
        let written = if is_bare { text.to_ascii_lowercase() } else { normal };
        (written.chars().count() <= MAX_URL).then_some(Self(written))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(WebUrl::parse(text).as_ref().map(WebUrl::as_str), expected);
    }

    #[test]
    fn a_url_is_kept_as_it_was_written() {
        check("https://hello.example.com", Some("https://hello.example.com"));
        check("https://hello.example.com/", Some("https://hello.example.com/"));
        check("http://[::1]:8080/a?b=c#d", Some("http://[::1]:8080/a?b=c#d"));
    }

    #[test]
    fn what_github_would_refuse_is_mended() {
        check("HTTPS://Hello.example.com", Some("https://hello.example.com"));
        check("https:/example.com/a", Some("https://example.com/a"));
        check("https:example.com/a", Some("https://example.com/a"));
        check("https:\\\\example.com\\a", Some("https://example.com/a"));
        check("https://münchen.example/ä", Some("https://xn--mnchen-3ya.example/%C3%A4"));
    }

    #[test]
    fn credentials_are_removed() {
        check("https://me:secret@x.example/a", Some("https://x.example/a"));
        check("https://token@x.example", Some("https://x.example/"));
    }

    #[test]
    fn what_is_no_web_page_is_refused() {
        for text in [
            "",
            "x.example",
            "ftp://x.example",
            "https://",
            "https://a b.example",
            "https:",
            "https:///app",
            "https:////app",
            "https:/",
            "https://?a",
        ] {
            check(text, None);
        }
        check(&format!("https://x.example/{}", "a".repeat(MAX_URL)), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_a_short_web_url_without_credentials(text in any::<String>()) {
            for text in [text.clone(), format!("https://{text}"), format!("http://a:{text}@b/{text}")] {
                if let Some(url) = WebUrl::parse(&text) {
                    let read = Url::parse(url.as_str()).expect("it is a URL");
                    assert!(read.username().is_empty() && read.password().is_none());
                    assert!(url.as_str().chars().count() <= MAX_URL);
                }
            }
        }
    }
}
