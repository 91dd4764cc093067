//! Names in hosts, paths, queries, headers and environments that tell what a URL leads to, whoever
//! the vendor is. They are lists: the judgment is made elsewhere.

use super::phrase_table::Lists;

/// First labels of hosts that are seldom somebody's app.
pub(in super::super) const FRONT_LABELS: &Lists = &[
    (
        -6,
        "account, accounts, analytics, apt, bamboo, bitbucket, bugs, buildkite, collector, \
         console, consul, crates, dash, deb, devcenter, dl, download, downloads, drone, \
         errors, feeds, get, git, gitea, github, gitlab, gpg, harbor, hooks, id, ingest, \
         jenkins, jira, keys, keyserver, kudu, login, mail, manage, maven, metrics, mirror, \
         mirrors, mlflow, nexus, nomad, npm, oauth, octopus, otel, packages, pkg, ppa, pypi, \
         registry, repo, repo1, rpm, rubygems, s3, schema, schemas, sentry, sonar, sonarqube, \
         sqs, sso, storage, teamcity, telemetry, terraform, tfe, tracker, update, updates, \
         vault, webhook, webhooks, yum",
    ),
    (
        -5,
        "adfs, airflow, alertmanager, argocd, assets, auth, cdn, ci, database, db, dns, \
         files, idp, imap, keycloak, kibana, ldap, mongo, mysql, ns1, ns2, ntp, okta, \
         postgres, prometheus, proxy, rabbitmq, rancher, redis, rollbar, runner, runners, \
         smtp, vpn, ws, wss",
    ),
    (
        -3,
        "admin, cloud, community, dashboard, developer, doc, docs, forum, go, grafana, \
         help, learn, portal, static, status, support, wiki",
    ),
    (-2, "api, backend, blog, graphql"),
    (-1, "app"),
];

/// Segments of the paths of dashboards, build pages and the like.
pub(in super::super) const SEGMENTS: &Lists = &[(
    -3,
    "account, accounts, actions, activate, admin, advisories, announcements, \
         applications, apps, archive, article, articles, artifact, artifacts, audits, auth, \
         authorize, billing, blob, blobs, blog, browse, build, builds, callback, changelog, \
         checkout, cluster, clusters, commit, commits, compare, console, cve, dashboard, \
         deployment, deployments, deploys, device, diff, discussions, doc, docs, \
         documentation, download, downloads, error, errors, execution, executions, \
         experiment, experiments, faq, forms, graphiql, graphql, guide, guides, health, \
         healthcheck, healthz, help, inspect, install, instances, invitations, issue, issues, job, \
         joblist, jobs, kb, l, legal, license, licenses, livez, logging, login, logs, machines, \
         manifests, manual, merge-requests, merge_requests, metrics, monitoring, namespaces, \
         news, nodes, oauth, oauth-callback, oauth2, openapi, org, organizations, orgs, \
         overview, package, packages, phpmyadmin, pipeline, pipelines, pods, pricing, \
         privacy, project, projects, pull, pulls, r, readyz, reference, register, registry, \
         release, releases, reports, repos, rpc, rules, run, runs, security, services, \
         settings, signin, signup, simple, sites, stack, stacks, status, \
         support, survey, surveys, swagger, tag, tags, task, tasks, team, teams, terms, \
         testing, tokens, trace, traces, tree, troubleshoot, troubleshooting, tutorial, \
         tutorials, ui, updates, upgrade, usage, verify, warnings, webhook, webhooks, \
         wiki, workspaces, wp-admin",
)];

/// Those of paths that only machines ask for, also where people deploy.
pub(in super::super) const MACHINE_SEGMENTS: &[&str] = &[
    "callback",
    "health",
    "healthcheck",
    "healthz",
    "livez",
    "metrics",
    "readyz",
    "webhook",
    "webhooks",
];

/// Ends of files that a deploy fetches, and of what is no page.
pub(in super::super) const FILES: &Lists = &[(
    -6,
    "7z, apk, bz2, crate, css, deb, exe, gem, git, gz, ico, ipa, jar, jpg, js, json, \
         lock, map, md, mjs, pdf, png, pom, rpm, sh, svg, tar, tgz, toml, txt, wasm, whl, \
         woff, woff2, xml, xz, yaml, yml, zip",
)];

/// Keys of a query or a fragment that make a URL a secret: parts of their names, and whole ones.
pub(in super::super) const SIGNATURES: &[&str] = &[
    "accesskey",
    "access-key",
    "access_key",
    "apikey",
    "api-key",
    "api_key",
    "authkey",
    "auth-key",
    "auth_key",
    "bypass",
    "credential",
    "hmac",
    "jwt",
    "key-pair-id",
    "passwd",
    "password",
    "secret",
    "session",
    "signature",
    "subscription-key",
    "ticket",
    "token",
];
pub(in super::super) const SHORT_SIGNATURES: &[&str] =
    &["_vercel_share", "auth", "code", "key", "otp", "pass", "phpsessid", "pwd", "sid", "sig"];

/// Names of HTTP headers, as traces print them.
pub(in super::super) const HEADERS: &[&str] = &[
    "accept",
    "access-control-allow-origin",
    "alt-svc",
    "authority",
    "cf-ray",
    "content-location",
    "content-security-policy",
    "content-security-policy-report-only",
    "cookie",
    "etag",
    "expect-ct",
    "host",
    "link",
    "location",
    "nel",
    "origin",
    "permissions-policy",
    "refer",
    "referer",
    "referrer-policy",
    "report-to",
    "reporting-endpoints",
    "server",
    "set-cookie",
    "strict-transport-security",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
];

/// Beginnings of variables that every CI job has, and that name somebody else's pages.
pub(in super::super) const AMBIENT_VARIABLES: &[&str] = &[
    "ACTIONS_",
    "AGENT_",
    "APPVEYOR_",
    "ARTIFACTORY_",
    "AWS_",
    "AZURE_",
    "BITBUCKET_",
    "BITRISE_",
    "BUILDKITE_",
    "BUILD_",
    "CIRCLE_",
    "CI_",
    "CODEBUILD_",
    "CODECOV_",
    "DATABASE_",
    "DD_",
    "DOCKER_",
    "DRONE_",
    "ENDPOINT_URL_",
    "FORGEJO_",
    "GITEA_",
    "GITHUB_",
    "GITLAB_",
    "GIT_",
    "GOPROXY",
    "HOMEBREW_",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "INPUT_",
    "JENKINS_",
    "KUBERNETES_",
    "MONGO",
    "NEXUS_",
    "NODEJS_",
    "NPM_",
    "OTEL_",
    "PIP_",
    "PLUGIN_",
    "REDIS_",
    "REGISTRY_",
    "RUNNER_",
    "SENTRY_",
    "SLACK_",
    "SONAR_",
    "SYSTEM_",
    "TEAMCITY_",
    "TRAVIS_",
    "VAULT_",
    "WEBHOOK_",
    "http_proxy",
    "https_proxy",
    "npm_",
];

/// Whole labels of what somebody would visit first.
pub(in super::super) const APP_LABELS: &[&str] =
    &["app", "application", "client", "site", "ui", "web", "webapp", "website"];

/// Ends of words that are files.
pub(in super::super) const FILE_ENDS: &[&str] = &[
    "bin", "cfg", "conf", "css", "env", "go", "gz", "html", "jar", "java", "js", "json", "jsx",
    "kt", "lock", "log", "md", "mjs", "php", "png", "py", "rb", "rs", "svg", "tar", "tf", "tgz",
    "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml", "zip",
];

/// Signs that stand directly before what was deployed, in every language.
pub(in super::super) const MARKS: &[(&str, i32)] = &[
    ("🌐", 2),
    ("🌍", 2),
    ("🌎", 2),
    ("🌏", 2),
    ("🔗", 2),
    ("🚀", 2),
    ("👉", 2),
    ("🖥", 1),
    ("🏠", 1),
    ("➜", 1),
];

/// Signs of a line that says that something went well.
pub(in super::super) const WELL_MARKS: &[&str] = &["✅", "✔", "✓", "🎉", "✨", "🚀"];
