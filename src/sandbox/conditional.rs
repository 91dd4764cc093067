//! Conditional requests: an `ETag` on what was read, and 304 without a body where it is unchanged.
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>

use http::{Method, StatusCode};
use ring::digest::{self, Context};

use super::error_response::Response;
use super::request::Request;

/// Adds the `ETag` to a successful GET, or makes it a 304 if the client has the same already.
pub(super) fn apply(request: &Request, response: Response) -> Response {
    if request.method != Method::GET || response.status != StatusCode::OK {
        return response;
    }
    let tag = entity_tag(&response);
    let known = request.if_none_match.as_deref().unwrap_or_default();
    let response = if is_match(known, &tag) {
        Response { status: StatusCode::NOT_MODIFIED, body: String::new(), ..response }
    } else {
        response
    };
    response.with("etag", tag).with("cache-control", "private, max-age=60, s-maxage=60")
}

/// A strong validator: it changes with each byte of the body and of the headers, such as `Link`.
fn entity_tag(response: &Response) -> String {
    let mut context = Context::new(&digest::SHA256);
    for (name, value) in &response.headers {
        context.update(format!("{name}: {value}\n").as_bytes());
    }
    context.update(response.body.as_bytes());
    let digest = context.finish();
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Compares weakly, as `If-None-Match` does.
/// <https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match>
fn is_match(if_none_match: &str, tag: &str) -> bool {
    let mut known = if_none_match.split(',').map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_tag_matches_in_a_list_weakly_or_by_a_star() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(is_match(known, "\"a\""), "{known}");
        }
        for known in ["", "\"b\"", "a", "\"a"] {
            assert!(!is_match(known, "\"a\""), "{known}");
        }
    }

    #[test]
    fn an_entity_tag_changes_with_the_body_and_with_the_links() {
        let response = |body: &str| Response {
            status: StatusCode::OK,
            headers: Vec::new(),
            body: body.to_owned(),
        };
        let tag = entity_tag(&response("[1]"));
        assert_eq!(tag, entity_tag(&response("[1]")));
        assert_ne!(tag, entity_tag(&response("[2]")));
        assert_ne!(tag, entity_tag(&response("[1]").with("link", "<x>; rel=\"next\"")));
    }
}
