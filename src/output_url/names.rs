//! Names in hosts, paths and queries that tell what a URL leads to, whoever the vendor is.
//! They are lists alone; what they count is said beside them.

/// First labels of hosts that are no app of somebody's.
const OTHERS: &[&str] = &[
    "account",
    "accounts",
    "console",
    "dash",
    "dashboard",
    "devcenter",
    "dl",
    "download",
    "downloads",
    "forum",
    "git",
    "gitlab",
    "harbor",
    "help",
    "id",
    "jenkins",
    "jira",
    "learn",
    "login",
    "mail",
    "manage",
    "maven",
    "mirror",
    "mirrors",
    "nexus",
    "npm",
    "oauth",
    "packages",
    "portal",
    "pypi",
    "registry",
    "repo",
    "repo1",
    "sentry",
    "sonar",
    "sonarqube",
    "sso",
    "support",
    "telemetry",
    "vault",
    "wiki",
];

/// First labels that are seldom one.
const SELDOM: &[&str] = &[
    "admin",
    "argocd",
    "assets",
    "auth",
    "blog",
    "cdn",
    "ci",
    "community",
    "developer",
    "files",
    "grafana",
    "prometheus",
    "proxy",
    "status",
];

/// First labels that need good words beside them.
const DOUBTFUL: &[&str] = &["cloud", "doc", "docs", "go", "static"];

/// Segments of the paths of dashboards, build pages and the like.
const SEGMENTS: &[&str] = &[
    "account",
    "accounts",
    "actions",
    "activate",
    "admin",
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
    "deploys",
    "device",
    "doc",
    "docs",
    "download",
    "downloads",
    "faq",
    "guide",
    "guides",
    "help",
    "install",
    "instances",
    "issues",
    "jobs",
    "login",
    "logs",
    "machines",
    "monitoring",
    "oauth",
    "oauth2",
    "org",
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
    "tree",
    "upgrade",
    "usage",
    "verify",
    "wiki",
    "workspaces",
];
const LONG_SEGMENTS: &[&str] = &[
    "applications",
    "deployments",
    "documentation",
    "invitations",
    "merge_requests",
    "organizations",
    "troubleshooting",
];

/// Ends of files that a deploy fetches, and of what is no page.
const FILES: &[&str] = &[
    ".7z", ".apk", ".bz2", ".crate", ".css", ".deb", ".exe", ".gem", ".git", ".gz", ".ico", ".ipa",
    ".jar", ".jpg", ".js", ".json", ".lock", ".map", ".md", ".mjs", ".pdf", ".png", ".pom", ".rpm",
    ".sh", ".svg", ".tar", ".tgz", ".toml", ".txt", ".wasm", ".whl", ".woff", ".woff2", ".xml",
    ".xz", ".yaml", ".yml", ".zip",
];

/// Keys of a query that make a URL a secret: parts of their names, and whole ones.
const SIGNATURES: &[&str] = &["credential", "jwt", "password", "secret", "signature", "token"];
const SHORT_SIGNATURES: &[&str] = &["apikey", "api_key", "api-key", "auth", "code", "key", "sig"];

/// What a host's first label counts.
pub(super) fn front_label(label: &str) -> Option<(&'static str, i32)> {
    let lists =
        [(OTHERS, -6), (SELDOM, -5), (DOUBTFUL, -3), (&["api"][..], -2), (&["app"][..], -1)];
    lists.into_iter().find_map(|(list, points)| Some((member(list, label)?, points)))
}

/// The kind of file that a path in lower case ends in.
pub(super) fn file(path: &str) -> Option<&'static str> {
    let (_, end) = path.rsplit_once('.')?;
    FILES.iter().find(|file| file[1..] == *end).copied()
}

/// The first segment of a path in lower case that an app's front page does not have.
pub(super) fn inner_segment(path: &str) -> Option<&'static str> {
    let lists = [SEGMENTS, LONG_SEGMENTS];
    path.split('/').find_map(|segment| lists.iter().find_map(|list| member(list, segment)))
}

/// A query that gives rights to whoever has the URL.
pub(super) fn is_signed(url: &str) -> bool {
    let Some((_, query)) = url.split_once('?') else { return false };
    query.split(['&', ';', '#']).any(|pair| {
        let key = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        SIGNATURES.iter().any(|part| key.contains(part))
            || SHORT_SIGNATURES.contains(&key.as_str())
            || key.ends_with("_key")
    })
}

fn member(list: &[&'static str], word: &str) -> Option<&'static str> {
    list.iter().find(|member| **member == word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_url_is_told_from_a_plain_one() {
        assert!(is_signed("https://a.example/x?X-Amz-Signature=1"));
        assert!(is_signed("https://a.example/x?a=1&sig=2"));
        assert!(is_signed("https://a.example/x?code=2=="));
        assert!(!is_signed("https://a.example/x?preview_theme_id=1&keyboard=2"));
    }

    #[test]
    fn names_are_whole_words() {
        assert_eq!(front_label("docs"), Some(("docs", -3)));
        assert_eq!(front_label("docsearch"), None);
        assert_eq!(inner_segment("/o/projects/1"), Some("projects"));
        assert_eq!(inner_segment("/myproject/"), None);
        assert_eq!(file("/a.tgz"), Some(".tgz"));
        assert_eq!(file("/v1.2/a"), None);
    }
}
