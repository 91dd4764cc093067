//! What wrangler says for programs, where the user has asked it to: `WRANGLER_OUTPUT_FILE_PATH`.
//! It reads text that somebody else has read from the file.

use serde::Deserialize;

use super::super::Found;
use super::super::gate::declare;
use crate::deployment::WebUrl;
use crate::redact::Redactor;

/// One line of wrangler's output file, as far as it concerns us.
/// <https://developers.cloudflare.com/workers/wrangler/system-environment-variables/>
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    /// `pages-deploy` and `pages-deploy-detailed`.
    url: Option<String>,
    /// `version-upload`.
    preview_url: Option<String>,
    /// `deploy`: URLs, and routes without a scheme.
    targets: Option<Vec<String>>,
}

/// The URL of the last deploy in the file; lines that are not JSON are passed over.
pub(crate) fn from_wrangler(text: &str, secrets: &Redactor) -> Option<Found> {
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
    let url = entries.filter_map(Entry::declared).next_back()?;
    Some(declare(Ok(url), secrets))
}

impl Entry {
    fn declared(self) -> Option<WebUrl> {
        match self.kind.as_str() {
            "deploy" => self.targets?.iter().find_map(|target| WebUrl::parse(target)),
            "pages-deploy" | "pages-deploy-detailed" => WebUrl::parse(&self.url?),
            "version-upload" => WebUrl::parse(&self.preview_url?),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secret;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = from_wrangler(text, &Redactor::default());
        assert_eq!(found.and_then(|found| found.url).as_ref().map(WebUrl::as_str), expected);
    }

    #[test]
    fn a_secret_is_not_reported() {
        let secrets = Redactor::new(vec![Secret::new("s3cr3t-value")]);
        let pages = r#"{"type":"pages-deploy","url":"https://h.p.pages.dev/?a=s3cr3t%2Dvalue"}"#;
        let found = from_wrangler(pages, &secrets).expect("wrangler has declared something");
        assert!(found.url.is_none() && found.warning.is_some());
    }

    #[test]
    fn the_last_deploy_counts() {
        let session = r#"{"type":"wrangler-session","version":1}"#;
        let deploy = r#"{"type":"deploy","targets":["a.example/*","https://w.s.workers.dev"]}"#;
        let pages = r#"{"type":"pages-deploy-detailed","url":"https://h.p.pages.dev","alias":"https://b.p.pages.dev"}"#;
        let upload = r#"{"type":"version-upload","preview_url":"https://1-w.s.workers.dev"}"#;
        check(session, None);
        check(&[session, pages, deploy].join("\n"), Some("https://w.s.workers.dev"));
        check(&[deploy, "no JSON", pages].join("\n"), Some("https://h.p.pages.dev"));
        check(upload, Some("https://1-w.s.workers.dev"));
    }
}
