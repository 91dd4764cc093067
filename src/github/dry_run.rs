//! `--dry-run`: what would change something is printed and not sent.

use super::Github;
use super::request::ApiRequest;

impl Github {
    /// Prints the request's method, path and body where nothing is to be sent; true then.
    pub(super) fn prints(&self, request: &ApiRequest) -> bool {
        let Some(print) = self.shared.observer.would_send else { return false };
        let ApiRequest { method, url, body, .. } = request;
        let body = body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        print(&format!("{method} {}{body}\n", url.path()));
        true
    }
}
