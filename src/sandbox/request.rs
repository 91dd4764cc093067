//! The head of a request: which repository and endpoint it names, and its headers.
//! It reads the path alone; whether the resource exists is up to the store.

mod control;

use http::Method;
use http::header::{AUTHORIZATION, HOST, IF_NONE_MATCH};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

pub(super) use control::Control;

use crate::deployment::Slug;

/// A GitHub Enterprise Server has its API below this path.
const ENTERPRISE_PREFIX: &str = "/api/v3";

const CONTROL_HEADER: &str = "x-sandbox";

/// The head of a request, parsed.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The path and query, as they were sent.
    pub(super) target: String,
    pub(super) authorization: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) if_none_match: Option<String>,
    pub(super) control: Control,
    /// Why the request cannot be understood.
    pub(super) problem: Option<String>,
    /// The origin and prefix that the client used, for the URLs of the response.
    pub(super) base: String,
    pub(super) prefix: &'static str,
    /// The path below the repository, with the slash that it begins with.
    pub(super) subpath: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) repository: Option<RepositoryName>,
    pub(super) endpoint: Endpoint,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Repository,
    Deployments,
    Deployment(u64),
    Statuses(u64),
    Status(u64, u64),
    Environments,
    /// By its name, without percent-encoding.
    Environment(String),
    WorkflowRun(u64),
    PullRequest(u64),
    Installation,
    AccessTokens(u64),
    Unknown,
}

impl Request {
    pub(super) fn read(parts: &Parts, own_address: &str) -> Self {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let path = parts.uri.path();
        let (prefix, inner) = match path.strip_prefix(ENTERPRISE_PREFIX) {
            Some(inner) if inner.starts_with('/') => (ENTERPRISE_PREFIX, inner),
            Some(_) | None => ("", path),
        };
        let (repository, endpoint) = read_path(inner);
        let query = parts.uri.query().unwrap_or_default();
        let (control, problem) = match header(CONTROL_HEADER).map(Control::parse) {
            None => (Control::default(), None),
            Some(Ok(control)) => (control, None),
            Some(Err(problem)) => (Control::default(), Some(problem)),
        };
        Self {
            method: parts.method.clone(),
            target: parts.uri.path_and_query().map_or_else(|| path.into(), ToString::to_string),
            authorization: header(AUTHORIZATION.as_str()).map(str::to_owned),
            if_none_match: header(IF_NONE_MATCH.as_str()).map(str::to_owned),
            control,
            problem,
            api_version: header("x-github-api-version").map(str::to_owned),
            base: format!("http://{}{prefix}", header(HOST.as_str()).unwrap_or(own_address)),
            prefix,
            subpath: below_repository(inner),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            repository,
            endpoint,
        }
    }

    /// The permission that it needs, in the words of `X-Accepted-GitHub-Permissions`.
    pub(super) fn needed_permission(&self) -> &'static str {
        let reads = self.method == Method::GET;
        match self.endpoint {
            Endpoint::Repository
            | Endpoint::Installation
            | Endpoint::AccessTokens(_)
            | Endpoint::Unknown => "metadata=read",
            Endpoint::Environments | Endpoint::Environment(_) if !reads => "administration=write",
            Endpoint::Environments | Endpoint::Environment(_) | Endpoint::WorkflowRun(_) => {
                "actions=read"
            }
            Endpoint::PullRequest(_) => "pull_requests=read",
            Endpoint::Deployments
            | Endpoint::Deployment(_)
            | Endpoint::Statuses(_)
            | Endpoint::Status(..) => {
                if reads {
                    "deployments=read"
                } else {
                    "deployments=write"
                }
            }
        }
    }

    /// The value of a query parameter; a blank one is absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

fn read_path(path: &str) -> (Option<RepositoryName>, Endpoint) {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["repos", owner, name, rest @ ..] => {
            let named = Slug::parse(&format!("{owner}/{name}")).map(|_| RepositoryName::Slug {
                owner: (*owner).to_owned(),
                name: (*name).to_owned(),
            });
            let endpoint = if named.is_some() { read_place(rest) } else { Endpoint::Unknown };
            (named, endpoint)
        }
        ["repositories", id, rest @ ..] => id.parse().map_or((None, Endpoint::Unknown), |id| {
            (Some(RepositoryName::Id(id)), read_place(rest))
        }),
        ["app", "installations", id, "access_tokens"] => {
            (None, id.parse().map_or(Endpoint::Unknown, Endpoint::AccessTokens))
        }
        _ => (None, Endpoint::Unknown),
    }
}

/// `/deployments` of `/repos/OWNER/NAME/deployments`.
fn below_repository(path: &str) -> String {
    let named_in = if path.starts_with("/repositories/") { 2 } else { 3 };
    path.match_indices('/').nth(named_in).map_or("", |(start, _)| &path[start..]).to_owned()
}

fn read_place(parts: &[&str]) -> Endpoint {
    let number = |text: &str| text.parse::<u64>().ok();
    let endpoint = match parts {
        [] => Some(Endpoint::Repository),
        ["installation"] => Some(Endpoint::Installation),
        ["deployments"] => Some(Endpoint::Deployments),
        ["deployments", id] => number(id).map(Endpoint::Deployment),
        ["deployments", id, "statuses"] => number(id).map(Endpoint::Statuses),
        ["deployments", id, "statuses", status] => {
            number(id).zip(number(status)).map(|(id, status)| Endpoint::Status(id, status))
        }
        ["environments"] => Some(Endpoint::Environments),
        ["environments", name] => {
            let name = percent_decode_str(name).decode_utf8().ok();
            name.filter(|name| !name.is_empty()).map(|name| Endpoint::Environment(name.into()))
        }
        ["actions", "runs", id] => number(id).map(Endpoint::WorkflowRun),
        ["pulls", id] => number(id).map(Endpoint::PullRequest),
        _ => None,
    };
    endpoint.unwrap_or(Endpoint::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &Endpoint) {
        assert_eq!(read_path(path).1, *expected);
    }

    #[test]
    fn paths_name_endpoints() {
        check("/repos/o/r", &Endpoint::Repository);
        check("/repos/o/r/deployments", &Endpoint::Deployments);
        check("/repos/o/r/deployments/42", &Endpoint::Deployment(42));
        check("/repos/o/r/deployments/42/statuses", &Endpoint::Statuses(42));
        check("/repos/o/r/deployments/42/statuses/7", &Endpoint::Status(42, 7));
        check("/repos/o/r/actions/runs/9", &Endpoint::WorkflowRun(9));
        check("/repos/o/r/pulls/7", &Endpoint::PullRequest(7));
        check("/repositories/9/deployments/42/statuses", &Endpoint::Statuses(42));
        check("/app/installations/3/access_tokens", &Endpoint::AccessTokens(3));
    }

    #[test]
    fn an_environments_name_is_one_segment_with_percent_encoding() {
        let environment = |name: &str| Endpoint::Environment(name.to_owned());
        check("/repos/o/r/environments", &Endpoint::Environments);
        check("/repos/o/r/environments/qa", &environment("qa"));
        check("/repos/o/r/environments/review%2Fpr-7+%C3%BC%20", &environment("review/pr-7+ü "));
        check("/repos/o/r/environments/review/pr-7", &Endpoint::Unknown);
        check("/repos/o/r/environments/%FF", &Endpoint::Unknown);
        check("/repos/o/r/environments/", &Endpoint::Unknown);
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
            check(path, &Endpoint::Unknown);
        }
    }
}
