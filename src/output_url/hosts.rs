//! What a host and a path look like, with or without knowing the vendor.
//! It reads names only: nothing is resolved or asked.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::candidates::path_of;
use super::vendors::{Kind, Line, line_for};

/// What an address says, in points and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) points: i32,
    pub(super) why: Vec<String>,
}

/// No label outweighs it.
const NEVER: i32 = -20;

/// First labels of hosts that are not somebody's app.
const FRONT_LABELS: &[(&str, i32)] = &[
    ("account", -6),
    ("accounts", -6),
    ("admin", -5),
    ("api", -2),
    ("app", -1),
    ("argocd", -5),
    ("artifactory", -6),
    ("assets", -4),
    ("auth", -6),
    ("blog", -4),
    ("cdn", -4),
    ("ci", -5),
    ("cloud", -3),
    ("community", -5),
    ("console", -6),
    ("dash", -6),
    ("dashboard", -6),
    ("developer", -5),
    ("developers", -5),
    ("devcenter", -6),
    ("dl", -6),
    ("doc", -3),
    ("docs", -3),
    ("download", -6),
    ("downloads", -6),
    ("files", -4),
    ("forum", -6),
    ("git", -6),
    ("gitlab", -6),
    ("go", -3),
    ("grafana", -5),
    ("harbor", -6),
    ("help", -6),
    ("id", -6),
    ("jenkins", -6),
    ("jira", -6),
    ("learn", -6),
    ("login", -6),
    ("mail", -6),
    ("manage", -6),
    ("maven", -6),
    ("mirror", -6),
    ("mirrors", -6),
    ("nexus", -6),
    ("npm", -6),
    ("oauth", -6),
    ("packages", -6),
    ("portal", -6),
    ("prometheus", -5),
    ("proxy", -4),
    ("pypi", -6),
    ("registry", -6),
    ("repo", -6),
    ("repo1", -6),
    ("sentry", -6),
    ("sonar", -6),
    ("sonarqube", -6),
    ("sso", -6),
    ("static", -3),
    ("status", -5),
    ("support", -6),
    ("telemetry", -6),
    ("vault", -6),
    ("wiki", -6),
];

/// Segments of the paths of dashboards, build pages and the like.
const PATH_SEGMENTS: &[&str] = &[
    "account",
    "accounts",
    "actions",
    "activate",
    "admin",
    "applications",
    "apps",
    "auth",
    "authorize",
    "billing",
    "blob",
    "build",
    "builds",
    "changelog",
    "checkout",
    "commit",
    "commits",
    "console",
    "dashboard",
    "dashboards",
    "deployments",
    "deploys",
    "device",
    "doc",
    "docs",
    "documentation",
    "download",
    "downloads",
    "faq",
    "guide",
    "guides",
    "help",
    "install",
    "instances",
    "invitations",
    "issues",
    "jobs",
    "login",
    "logs",
    "machines",
    "merge_requests",
    "monitoring",
    "oauth",
    "oauth2",
    "org",
    "organizations",
    "orgs",
    "overview",
    "pipelines",
    "pricing",
    "project",
    "projects",
    "pull",
    "pulls",
    "register",
    "registry",
    "releases",
    "reports",
    "repos",
    "services",
    "settings",
    "signin",
    "signup",
    "sites",
    "status",
    "support",
    "team",
    "teams",
    "tokens",
    "troubleshooting",
    "tree",
    "upgrade",
    "usage",
    "verify",
    "wiki",
    "workspaces",
];

/// Ends of files that a deploy fetches, and of what is no page.
const FILES: &[&str] = &[
    ".7z", ".apk", ".bz2", ".crate", ".css", ".deb", ".exe", ".gem", ".git", ".gz", ".ico", ".ipa",
    ".jar", ".jpg", ".js", ".json", ".lock", ".map", ".md", ".mjs", ".pdf", ".png", ".pom", ".rpm",
    ".sh", ".svg", ".tar", ".tgz", ".toml", ".txt", ".wasm", ".whl", ".woff", ".woff2", ".xml",
    ".xz", ".yaml", ".yml", ".zip",
];

/// Keys of a query that make a URL a secret. Parts of names, but for the short ones.
const SIGNATURES: &[&str] = &["credential", "jwt", "password", "secret", "signature", "token"];
const SHORT_SIGNATURES: &[&str] = &["apikey", "api_key", "api-key", "auth", "code", "key", "sig"];

/// Judges an address by its host and path.
pub(super) fn look(url: &str, host: &str, table: &[Line]) -> Look {
    let mut look = Look { points: 0, why: Vec::new() };
    let host = host.trim_end_matches('.');
    let vendor = line_for(host, table);
    match vendor {
        Some((pattern, Kind::App | Kind::PlainApp)) => {
            look.judge_name(host, pattern);
        }
        Some((pattern, Kind::Own)) => {
            look.add(NEVER, || format!("`{pattern}` is a vendor's own"));
            return look;
        }
        None => look.judge_host(host),
    }
    let path = path_of(url);
    if path.len() > 1 {
        look.judge_path(path, vendor.is_some());
    }
    look
}

/// A query that gives rights to whoever has the URL.
pub(super) fn is_signed(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.split(['&', ';', '#']).any(|pair| {
        let key = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        SIGNATURES.iter().any(|part| key.contains(part))
            || SHORT_SIGNATURES.contains(&key.as_str())
            || key.ends_with("_key")
    })
}

/// Whether a host is served over http.
pub(super) fn is_plain(host: &str, table: &[Line]) -> bool {
    line_for(host, table).is_some_and(|(_, kind)| kind == Kind::PlainApp)
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why.as_slice() {
            [] => f.write_str("a host like any other"),
            why => f.write_str(&why.join(", ")),
        }
    }
}

impl Look {
    fn add(&mut self, points: i32, why: impl FnOnce() -> String) {
        self.points += points;
        self.why.push(format!("{} ({points:+})", why()));
    }

    /// A vendor keeps the plain names under its domain for itself: `docs.platform.sh`.
    fn judge_name(&mut self, host: &str, pattern: &str) {
        let names = host.split('.').count() - pattern.split('.').count();
        let first = host.split('.').next().unwrap_or_default();
        let is_front = FRONT_LABELS.iter().any(|(label, points)| *label == first && *points < -2);
        if names == 1 && (is_front || first == "www") {
            self.add(NEVER, || format!("`{first}.{pattern}` is a vendor's own"));
        } else {
            self.add(4, || format!("`{pattern}` hosts what people deploy"));
        }
    }

    fn judge_host(&mut self, host: &str) {
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            return match address {
                _ if is_metadata(address) => self.add(NEVER, || "a metadata service".to_owned()),
                _ if is_local(address) => self.add(-2, || "a private address".to_owned()),
                IpAddr::V4(_) | IpAddr::V6(_) => self.add(-1, || "a bare address".to_owned()),
            };
        }
        if host == "localhost" || host.ends_with(".localhost") {
            return self.add(-2, || "this very machine".to_owned());
        }
        let (first, rest) = host.split_once('.').unwrap_or((host, ""));
        let is_inside = [".local", ".internal", ".svc", ".lan", ".invalid", ".arpa"];
        if rest.is_empty() || is_inside.iter().any(|end| host.ends_with(end)) {
            return self.add(-4, || "a name that is known inside a network only".to_owned());
        }
        let front = FRONT_LABELS.iter().find(|(label, _)| *label == first);
        if let Some((label, points)) = front {
            self.add(*points, || format!("a host called `{label}`"));
        } else if rest.contains('.') && first.contains('-') {
            self.add(1, || format!("`{first}` is a name under somebody's domain"));
        }
    }

    fn judge_path(&mut self, path: &str, is_app: bool) {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let lower = path.to_ascii_lowercase();
        if let Some(end) = FILES.iter().find(|end| lower.ends_with(*end)) {
            return self.add(-6, || format!("a `{end}` file"));
        }
        let known = |segment: &&str| PATH_SEGMENTS.contains(segment);
        if let Some(segment) = lower.split('/').find(known) {
            let points = if is_app { -1 } else { -3 };
            self.add(points, || format!("`/{segment}` in its path"));
        }
    }
}

fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4 == Ipv4Addr::UNSPECIFIED,
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6 == Ipv6Addr::UNSPECIFIED,
    }
}
