//! Names in hosts, paths and queries that tell what a URL leads to, whoever the vendor is.
//! They are lists and look-ups; the judgment is made elsewhere.

use std::sync::LazyLock;

use super::lexicon::Lexicon;

/// First labels of hosts that are seldom somebody's app.
static FRONT_LABELS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        (
            -6,
            "account, accounts, console, dash, devcenter, dl, download, downloads, git, gitlab, \
             harbor, id, jenkins, jira, login, mail, manage, maven, mirror, mirrors, nexus, npm, \
             oauth, packages, pypi, registry, repo, repo1, sentry, sonar, sonarqube, sso, \
             telemetry, vault",
        ),
        (-5, "argocd, assets, auth, cdn, ci, files, prometheus, proxy"),
        // People deploy such pages too; plain words make up for it.
        (
            -3,
            "admin, blog, cloud, community, dashboard, developer, doc, docs, forum, go, grafana, \
             help, learn, portal, static, status, support, wiki",
        ),
        (-2, "api"),
        (-1, "app"),
    ])
});

/// Segments of the paths of dashboards, build pages and the like.
static SEGMENTS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[(
        -3,
        "account, accounts, actions, activate, admin, applications, apps, auth, authorize, \
             billing, blob, build, builds, changelog, checkout, commit, commits, console, \
             dashboard, deployments, deploys, device, doc, docs, documentation, download, \
             downloads, faq, guide, guides, help, install, instances, invitations, issues, jobs, \
             login, logs, machines, merge_requests, monitoring, oauth, oauth2, org, \
             organizations, orgs, overview, package, packages, pipelines, pricing, project, projects, pull, pulls, \
             register, registry, releases, reports, repos, services, settings, signin, signup, \
             sites, status, support, team, teams, tokens, tree, troubleshooting, upgrade, usage, \
             verify, wiki, workspaces",
    )])
});

/// Ends of files that a deploy fetches, and of what is no page.
static FILES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[(
        -6,
        "7z, apk, bz2, crate, css, deb, exe, gem, git, gz, ico, ipa, jar, jpg, js, json, \
             lock, map, md, mjs, pdf, png, pom, rpm, sh, svg, tar, tgz, toml, txt, wasm, whl, \
             woff, woff2, xml, xz, yaml, yml, zip",
    )])
});

/// Keys of a query that make a URL a secret: parts of their names, and whole ones.
const SIGNATURES: &[&str] = &["credential", "jwt", "password", "secret", "signature", "token"];
const SHORT_SIGNATURES: &[&str] = &["apikey", "api_key", "api-key", "auth", "code", "key", "sig"];

/// What a host's first label counts.
pub(super) fn front_label(label: &str) -> Option<(&'static str, i32)> {
    FRONT_LABELS.get(label)
}

/// The kind of file that a path in lower case ends in, and what it counts.
pub(super) fn file(path: &str) -> Option<(&'static str, i32)> {
    let (_, end) = path.rsplit_once('.')?;
    FILES.get(end)
}

/// The first segment of a path in lower case that an app's front page does not have.
pub(super) fn inner_segment(path: &str) -> Option<(&'static str, i32)> {
    path.split('/').find_map(|segment| SEGMENTS.get(segment))
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
        assert_eq!(inner_segment("/o/projects/1"), Some(("projects", -3)));
        assert_eq!(inner_segment("/myproject/"), None);
        assert_eq!(file("/a.tgz"), Some(("tgz", -6)));
        assert_eq!(file("/v1.2/a"), None);
    }
}
