//! What a request asks for: which repository, which thing in it.
//! It judges the path alone; whether the thing exists is the model's business.

use http::Method;
use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use url::form_urlencoded;

use crate::deployment::Slug;

/// A GitHub Enterprise Server has its API below this path.
const ENTERPRISE_PREFIX: &str = "/api/v3";

/// Its value `aside` marks a request that is no part of the play.
const ASIDE: &str = "x-sandbox";

/// The head of a request, understood.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// As it was asked for, with its query.
    pub(super) written: String,
    pub(super) authorization: Option<String>,
    pub(super) api_version: Option<String>,
    /// The request comes from somebody who sets the scene or looks on: no fault strikes it, and
    /// it needs no rights.
    pub(super) is_aside: bool,
    /// The origin that the client knows us by, and the prefix that it used.
    pub(super) base: String,
    pub(super) prefix: &'static str,
    /// The path below the repository, with the slash that it begins with.
    pub(super) below: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) repository: Option<RepositoryName>,
    pub(super) place: Place,
}

/// How a path names a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RepositoryName {
    Slug {
        owner: String,
        name: String,
    },
    /// `/repositories/ID`, where GitHub sends those who know a repository by its old name.
    Id(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Repository,
    Deployments,
    Deployment(u64),
    Statuses(u64),
    Status(u64, u64),
    Installation,
    AccessTokens(u64),
    Unknown,
}

impl Call {
    pub(super) fn read(parts: &Parts, own_address: &str) -> Self {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let path = parts.uri.path();
        let (prefix, inner) = match path.strip_prefix(ENTERPRISE_PREFIX) {
            Some(inner) if inner.starts_with('/') => (ENTERPRISE_PREFIX, inner),
            Some(_) | None => ("", path),
        };
        let (repository, place) = read_path(inner);
        let query = parts.uri.query().unwrap_or_default();
        Self {
            method: parts.method.clone(),
            written: parts.uri.path_and_query().map_or_else(|| path.into(), ToString::to_string),
            authorization: header(AUTHORIZATION.as_str()).map(str::to_owned),
            is_aside: header(ASIDE) == Some("aside"),
            api_version: header("x-github-api-version").map(str::to_owned),
            base: format!("http://{}{prefix}", header(HOST.as_str()).unwrap_or(own_address)),
            prefix,
            below: below_repository(inner),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            repository,
            place,
        }
    }

    /// The value of a query parameter; a blank one is absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

fn read_path(path: &str) -> (Option<RepositoryName>, Place) {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["repos", owner, name, rest @ ..] => {
            let named = Slug::parse(&format!("{owner}/{name}")).map(|_| RepositoryName::Slug {
                owner: (*owner).to_owned(),
                name: (*name).to_owned(),
            });
            let place = if named.is_some() { read_place(rest) } else { Place::Unknown };
            (named, place)
        }
        ["repositories", id, rest @ ..] => id
            .parse()
            .map_or((None, Place::Unknown), |id| (Some(RepositoryName::Id(id)), read_place(rest))),
        ["app", "installations", id, "access_tokens"] => {
            (None, id.parse().map_or(Place::Unknown, Place::AccessTokens))
        }
        _ => (None, Place::Unknown),
    }
}

/// `/deployments` of `/repos/OWNER/NAME/deployments`.
fn below_repository(path: &str) -> String {
    let named_in = if path.starts_with("/repositories/") { 2 } else { 3 };
    path.match_indices('/').nth(named_in).map_or("", |(start, _)| &path[start..]).to_owned()
}

fn read_place(parts: &[&str]) -> Place {
    let number = |text: &str| text.parse::<u64>().ok();
    let place = match parts {
        [] => Some(Place::Repository),
        ["installation"] => Some(Place::Installation),
        ["deployments"] => Some(Place::Deployments),
        ["deployments", id] => number(id).map(Place::Deployment),
        ["deployments", id, "statuses"] => number(id).map(Place::Statuses),
        ["deployments", id, "statuses", status] => {
            number(id).zip(number(status)).map(|(id, status)| Place::Status(id, status))
        }
        _ => None,
    };
    place.unwrap_or(Place::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Place) {
        assert_eq!(read_path(path).1, expected);
    }

    #[test]
    fn paths_name_places() {
        check("/repos/o/r", Place::Repository);
        check("/repos/o/r/deployments", Place::Deployments);
        check("/repos/o/r/deployments/42", Place::Deployment(42));
        check("/repos/o/r/deployments/42/statuses", Place::Statuses(42));
        check("/repos/o/r/deployments/42/statuses/7", Place::Status(42, 7));
        check("/repositories/9/deployments/42/statuses", Place::Statuses(42));
        check("/app/installations/3/access_tokens", Place::AccessTokens(3));
    }

    #[test]
    fn a_path_goes_on_below_its_repository() {
        assert_eq!(
            below_repository("/repos/deployments/deployments/deployments/1"),
            "/deployments/1"
        );
        assert_eq!(below_repository("/repositories/9/deployments"), "/deployments");
        assert_eq!(below_repository("/repos/o/r"), "");
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in ["/", "/repos/o", "/repos/o/r/", "/repos/o/r/deployments/latest", "/user"] {
            check(path, Place::Unknown);
        }
    }
}
