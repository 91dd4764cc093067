//! A list's pages, one after the other, on our own origin only and in bounded memory.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::header::{ETAG, LINK};
use http::{HeaderMap, StatusCode};
use octocrab::etag::Etagged;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, SeqAccess, Visitor};
use tokio::time::Instant;
use url::Url;

use super::Github;
use super::error::ApiError;
use super::operation::Operation;
use super::request::{ApiRequest, ApiResponse};

/// A page of a hundred deployments takes some 300 KiB; in bytes.
pub(super) const MAX_PAGE: usize = 4 << 20;

/// Five thousand entries are enough to act on.
const MAX_PAGES: usize = 50;

/// More entries on one page than GitHub ever sends are refused.
const MAX_ENTRIES: usize = 1000;

/// What is kept of all pages together; in bytes. Five thousand entries of GitHub's take a third.
const MAX_LIST: usize = 8 << 20;

impl Github {
    pub(super) fn pages<T>(
        &self,
        operation: Operation<'static>,
        first: ApiRequest,
        size: fn(&T) -> usize,
    ) -> Pages<'_, T> {
        Pages {
            github: self,
            operation,
            next: Some(first),
            seen: Vec::new(),
            size,
            left: MAX_LIST,
            is_cut: false,
        }
    }

    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        operation: Operation<'_>,
        request: &ApiRequest,
        limit: Duration,
    ) -> Result<(Vec<T>, ApiResponse), ApiError> {
        let answer = self.call(operation, request, limit).await?;
        let Entries(entries) = self.read(operation, &answer)?;
        Ok((entries, answer))
    }

    pub(super) async fn page_unless<T: DeserializeOwned>(
        &self,
        operation: Operation<'_>,
        request: &ApiRequest,
        limit: Duration,
    ) -> Result<Etagged<Vec<T>>, ApiError> {
        let answer = self.call(operation, request, limit).await?;
        let value = match answer.status {
            StatusCode::NOT_MODIFIED => None,
            _ => Some(self.read(operation, &answer).map(|Entries(entries)| entries)?),
        };
        let etag = answer.headers.get(ETAG).and_then(|tag| tag.to_str().ok()?.parse().ok());
        Ok(Etagged { etag, value })
    }
}

/// A list that is read page by page, [`MAX_PAGES`] at most.
pub(crate) struct Pages<'a, T> {
    github: &'a Github,
    operation: Operation<'static>,
    next: Option<ApiRequest>,
    /// The URLs of the pages that were read: one that comes again ends the list.
    seen: Vec<Url>,
    /// What an entry takes in memory; in bytes.
    size: fn(&T) -> usize,
    /// Of [`MAX_LIST`].
    left: usize,
    is_cut: bool,
}

/// What was read of a list.
pub(crate) struct Listed<T> {
    pub(crate) entries: Vec<T>,
    /// More entries follow: what is not among these may exist all the same.
    pub(crate) is_cut: bool,
}

impl<T: DeserializeOwned> Pages<'_, T> {
    /// The next page, as GitHub orders it (newest first), tried until the deadline. None at the
    /// end of the list. After an error the same page can be asked for again.
    pub(crate) async fn next(&mut self, deadline: Instant) -> Result<Option<Vec<T>>, ApiError> {
        let Some(request) = &self.next else { return Ok(None) };
        let (github, operation) = (self.github, self.operation);
        let (page, answer) =
            github.reading(deadline, |limit| github.page(operation, request, limit)).await?;
        let link = next_link(&answer.headers).and_then(|link| answer.url.join(link).ok());
        let url = link.map(|link| answer.own(&github.context(operation), link)).transpose()?;
        let taken = page.iter().map(self.size).sum();
        self.left = self.left.checked_sub(taken).ok_or_else(|| {
            let why = format!("GitHub's list is larger than {} MiB", MAX_LIST >> 20);
            ApiError::hopeless(&github.context(operation), &why)
        })?;
        let read = self.next.take().map(|request| request.url);
        self.seen.extend(read);
        let is_last = url.is_none();
        self.next = url
            .filter(|url| self.seen.len() < MAX_PAGES && !self.seen.contains(url))
            .map(|url| ApiRequest { max_answer: MAX_PAGE, ..ApiRequest::get(url) });
        if self.next.is_none() && !is_last {
            self.is_cut = true;
            (github.shared.observer.waiting)(&format!(
                "GitHub's list has no end after {} pages ({operation}): what follows is not looked \
                 at",
                self.seen.len()
            ));
        }
        Ok(Some(page))
    }

    /// The list went on after the last page that was read.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// All pages, each tried until the deadline.
    pub(super) async fn collect(mut self, deadline: Instant) -> Result<Listed<T>, ApiError> {
        let mut entries = Vec::new();
        while let Some(page) = self.next(deadline).await? {
            entries.extend(page);
        }
        Ok(Listed { entries, is_cut: self.is_cut })
    }
}

/// The entries of one page, [`MAX_ENTRIES`] at most.
pub(super) struct Entries<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor(PhantomData)).map(Self)
    }
}

struct EntriesVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            if entries.len() == MAX_ENTRIES {
                return Err(A::Error::custom("too many entries"));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// The `Link` header's target for `rel="next"`.
/// <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>
pub(super) fn next_link(headers: &HeaderMap) -> Option<&str> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|value| value.split('<').skip(1)).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters
            .split([';', ','])
            .any(|parameter| matches!(parameter.trim(), r#"rel="next""# | "rel=next"));
        is_next.then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::proptest;

    use super::*;

    #[track_caller]
    fn check(links: &[&str], expected: Option<&str>) {
        let headers = links
            .iter()
            .map(|&link| (LINK, HeaderValue::from_str(link).expect("this is a header's value")))
            .collect();
        assert_eq!(next_link(&headers), expected, "{links:?}");
    }

    #[test]
    fn the_next_page_is_found_among_the_links() {
        check(
            &[r#"<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next""#],
            Some("https://h/a?page=3"),
        );
        check(&[r#"<https://h/a?b=1,2;c>; title="x"; rel=next"#], Some("https://h/a?b=1,2;c"));
        check(&[r#"<https://h/1>; rel="last""#, r#"</2>; rel="next""#], Some("/2"));
        check(&[r#"<https://h/1>; rel="last""#], None);
        check(&["", "<", "next", r#"; rel="next""#], None);
    }

    proptest! {
        #[test]
        fn no_link_is_too_odd(link in "[ -~]*") {
            let headers = [(LINK, HeaderValue::from_str(&link).expect("this is printable"))];
            next_link(&headers.into_iter().collect());
        }
    }
}
