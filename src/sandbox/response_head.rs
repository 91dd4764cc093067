//! The head of a response: the headers that GitHub sends with each, and the body in its shape.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::error_response::{self, Response};
use super::faults::BodyShape;
use super::rate_limit::Usage;
use super::throttled_body::ThrottledBody;

/// Makes it HTTP; `served` is the number of the request.
pub(super) fn complete(
    response: Response,
    shape: BodyShape,
    usage: Usage,
    served: u64,
) -> http::Response<ThrottledBody> {
    let Response { status, headers: own_headers, body } = response;
    let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let mut http_response = http::Response::new(if has_body {
        shaped(body, shape, status)
    } else {
        ThrottledBody::whole(String::new())
    });
    *http_response.status_mut() = status;
    let headers = http_response.headers_mut();
    let mut set_header = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set_header("server", "github.com".to_owned());
    set_header("x-github-request-id", format!("5A4D:{:X}:{served:06X}", fastrand::u32(..)));
    set_header("x-github-media-type", "github.v3; format=json".to_owned());
    set_header("x-github-api-version-selected", "2022-11-28".to_owned());
    set_header("x-ratelimit-limit", usage.limit.to_string());
    set_header("x-ratelimit-used", usage.used.to_string());
    set_header("x-ratelimit-remaining", usage.remaining.to_string());
    set_header("x-ratelimit-reset", usage.reset.to_string());
    set_header("x-ratelimit-resource", "core".to_owned());
    if has_body {
        set_header(CONTENT_TYPE.as_str(), "application/json; charset=utf-8".to_owned());
    }
    for (name, value) in own_headers {
        set_header(name, value);
    }
    if has_body && matches!(shape, BodyShape::Html) {
        set_header(CONTENT_TYPE.as_str(), "text/html; charset=utf-8".to_owned());
    }
    http_response
}

fn shaped(body: String, shape: BodyShape, status: StatusCode) -> ThrottledBody {
    match shape {
        BodyShape::Whole => ThrottledBody::whole(body),
        BodyShape::Truncated => ThrottledBody::truncated(&body),
        BodyShape::Html => ThrottledBody::whole(error_response::html_error(status).body),
        BodyShape::Empty => ThrottledBody::whole(String::new()),
        BodyShape::WrongType => {
            ThrottledBody::whole(r#"{"id":"one","state":7,"url":null}"#.to_owned())
        }
        BodyShape::Trickled(over) => ThrottledBody::trickled(body, over),
    }
}
