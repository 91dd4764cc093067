//! Lists in pages, with `Link` where there are others.
//! <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use http::StatusCode;
use serde_json::Value;
use url::form_urlencoded;

use super::error_response::Response;
use super::faults::Overrides;
use super::request::Request;
use super::store::Repository;

const DEFAULT_PER_PAGE: usize = 30;
const MAX_PER_PAGE: usize = 100;

/// Answers with the page that the request asks for; only its items are given to `render`.
pub(super) fn page<T>(
    request: &Request,
    repository: &Repository,
    overrides: &Overrides,
    items: &[T],
    render: impl FnOnce(&[T]) -> Value,
) -> Response {
    let number = |name| request.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let per_page = number("per_page").filter(|count| *count > 0).unwrap_or(DEFAULT_PER_PAGE);
    let per_page = per_page.min(MAX_PER_PAGE);
    let page = number("page").filter(|page| *page > 0).unwrap_or(1);
    let start = (page - 1).saturating_mul(per_page).min(items.len());
    let end = start.saturating_add(per_page).min(items.len());
    let response = Response::json(StatusCode::OK, &render(&items[start..end]));

    let links = match &overrides.link {
        Some(origin) => {
            vec![format!("<{}>; rel=\"next\"", page_url(request, origin, repository.id, 2))]
        }
        None => links(request, repository.id, page, items.len().div_ceil(per_page).max(1)),
    };
    if links.is_empty() { response } else { response.with("link", links.join(", ")) }
}

fn links(request: &Request, repository: u64, page: usize, last: usize) -> Vec<String> {
    let link = |page: usize, relation: &str| {
        format!("<{}>; rel=\"{relation}\"", page_url(request, &request.base, repository, page))
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(link((page - 1).min(last), "prev"));
    }
    if page < last {
        links.extend([link(page + 1, "next"), link(last, "last")]);
    }
    if page > 1 {
        links.push(link(1, "first"));
    }
    links
}

/// GitHub's links name the repository by its id.
fn page_url(request: &Request, base: &str, repository: u64, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(request.query.iter().filter(|(name, _)| name != "page"));
    let query = query.append_pair("page", &page.to_string()).finish();
    format!("{base}/repositories/{repository}{}?{query}", request.subpath)
}
