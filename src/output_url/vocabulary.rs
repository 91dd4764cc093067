//! What words near a URL weigh. They are the general knowledge of this room, and hold for tools
//! that nobody here has seen; what is known of single vendors is kept elsewhere.

use std::sync::LazyLock;

use super::lexicon::Lexicon;

/// What good words can say together, so that no chatter outweighs a bad one.
pub(super) const MOST: i32 = 5;

/// Words and pairs of words before a URL. The good ones add up, to [`MOST`]; of the bad ones the
/// worst counts.
pub(super) static BEFORE: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        (5, "deployed to, published to"),
        (
            4,
            "accessible at, available at, available shortly, custom domain, deployed at, exposed at, \
             hosted at, live at, live on, now at, published at, reachable at, ready \
             at, view it at",
        ),
        (
            3,
            "available on, cname, default host, default hostname, deployed, deployed on, dns name, \
             endpoint, endpoints, forwarding, fqdn, frontend, hosted, live, now on, peek, preview, prod, \
             production, project url, published, review app, route, routes, running at, served \
             at, target url, uri, url, urls, view at, website",
        ),
        (
            2,
            "address, available, browse, default domain, demo, domain, domains, exposed, host, \
             hostname, launched, online, page, project page, reachable, ready, running, running \
             on, served, serving, site, staging, storybook, visit",
        ),
        (
            1,
            "access, alias, api endpoint, app, application, channel, deploying, deployment, dev, draft, edge, \
             environment, external, hosting, http, https, invoke, launch, link, load \
             balancer, open, primary, public, publish, redirects to, release, service, share, \
             space, success, target, theme, tunnel, unique, view, web",
        ),
        // These have a say, and say nothing: no line above is asked.
        (
            0,
            "api, author, backend, build, owner, project, region, stack, team, your docs, your documentation",
        ),
        (-1, "base, browser, info, publishing, run, server url, test"),
        (
            -2,
            "bundle, check, code, curl, go to, internal, note, npm, openapi, opening, playground, \
             resource, review, server, starting, swagger, update, uploaded, view deployment",
        ),
        (
            -3,
            "asset, assets, bucket, cdn, certificate, developer, documentation, example, \
             expected, format, health, healthcheck, homepage, image, listening, manifest, \
             organization, plan, progress, provider, proxy, restart, rpc, scheme, servers, spec, status, \
             storage, stream, such as, syncing, talking, template",
        ),
        (
            -4,
            "account, analysis, blog, cache, callback, checkout, cluster, confirm, connect, \
             delete, email, error, errors, explorer, failed, fetch, fetching, follow, installing, \
             job, linked, metrics, more, network, notice, overview, package, packages, powered, \
             redirect, redirecting, reference, requires, result, results, scan, scope, see, \
             signed, subject, trace, tracking, upload, using, verify, waiting, wandb, warn, \
             warning, websocket",
        ),
        (
            -5,
            "activate, announcement, article, artifact, artifacts, ask, audience, auth, build url, \
             commit, community, configure, connecting, coverage, details, diff, docs, edit, git, \
             invite, job url, join, local, mail, migrate, migration, nameserver, pipeline, \
             policy, pull, push, pushed, quality gate, read, register, requesting, resolved, \
             retrying, run url, sbom, schema, source, star, token, track, unable, uploading, \
             upstream, web interface, workflow, workflow url",
        ),
        (
            -6,
            "admin, approval, approve, attestation, authenticate, authorize, billing, bug, bugs, \
             build details, build log, build logs, changelog, clone, cloning, console, contact, \
             control plane, copyright, customize, dashboard, database, db, deploy log, deployment \
             details, deployment logs, deprecated, discord, donate, download, downloaded, \
             downloading, editor, error code, faq, feedback, funding, guide, help, inspect, \
             inspector, issue, issuer, issues, learn, license, log, log in, log stream, login, \
             logs, manage, mirror, monitor, monitoring, more details, more info, more \
             information, permalink, portal, privacy, project console, provenance, pulling, \
             pushing, queue, refer to, registry, release notes, repo, report, reports, \
             repository, settings, sign in, sigstore, slack, sponsor, subscribe, support, survey, \
             terms, transparency, troubleshoot, troubleshooting, tutorial, twitter, update \
             available, upgrade, view build, view job, view live, view run, view the build, \
             vulnerabilities, watch, webhook, wiki",
        ),
    ])
});

/// Words behind a URL.
pub(super) static BEHIND: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        (3, "deployed, deployed to, is available, is live, is now live, is online, is ready"),
        (2, "in your browser, is served, is up"),
        (1, "wildcard"),
    ])
});

/// Purposes that a deployed app does not have: `https://… to log in`, `… for details`.
pub(super) static PURPOSES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[(
        -5,
        "activate, authenticate, authorize, check, configure, continue, create, debug, \
             details, documentation, enable, finish, help, info, information, install, \
             instructions, learn, log, login, logs, manage, migrate, monitor, more, options, \
             read, register, report, see, sign, support, track, troubleshooting, update, upgrade, \
             usage, verify, watch",
    )])
});

/// Words of a heading, or of the line above, that do not name what follows but say that it went
/// well.
pub(super) static WENT_WELL: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[(
        2,
        "complete, completed, deployed, done, finished, live, published, ready, succeeded, \
             success, successful, successfully",
    )])
});

/// Words that say that a deploy failed, wherever they stand in a line.
pub(super) static FAILED: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[(
        -5,
        "build failed, deploy aborted, deploy failed, deployment aborted, deployment failed, \
             deployment has failed, error deploying, failed deploying, failed to deploy, failed to \
             publish, publish failed, push failed, push rejected, staging failed",
    )])
});
