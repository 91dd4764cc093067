//! What is known of vendors' hosts, as one table: a name more teaches it a new one.
//! It holds no rule and no words; a host that is not here is judged by what it looks like.

use std::collections::HashMap;
use std::iter;
use std::sync::LazyLock;

use super::super::quick_hash::QuickHash;

/// What lives on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// What customers deploy.
    App,
    /// The same, where https is not given: load balancers and buckets.
    PlainApp,
    /// What customers deploy, each under a path of one host.
    PathApp,
    /// Pages of customers among many other things: words must say that it is one.
    Shared,
    /// A customer's machine, by a name that stands for its address.
    Machine,
    /// The vendor's own pages: dashboards, documentation, registries, APIs.
    Own,
}

/// A host or its end. `*` stands for a label or for the rest of one. The longest that fits decides;
/// an app's line needs a name in front of it, its bare host is the vendor's own.
pub(in super::super) type Line = (&'static str, Kind);

use Kind::{App, Machine, Own, PathApp, PlainApp, Shared};

/// Sorted by name within a kind. A new one comes with a line in the tests of `tools`.
const LISTS: [(Kind, &str); 6] = [
    (
        App,
        "acquia-sites.com, adaptable.app, amazonlightsail.com, amplifyapp.com, ampt.app, \
         apigw.tencentcs.com, apigw.yandexcloud.net, app.beam.cloud, app.cloud.gov, \
         app.github.dev, appdomain.cloud, appspot.com, appwrite.network, awsapprunner.com, \
         azurecontainer.io, azurecontainerapps.io, azureedge.net, azurefd.net, \
         azurestaticapps.net, azurewebsites.net, b-cdn.net, back4app.io, begin.app, \
         bolt.host, boxfuse.io, bubbleapps.io, catalystserverless.com, \
         cfapps.*.hana.ondemand.com, cfapps.io, chromatic.com, clawcloudrun.com, \
         cleverapps.io, cloudapp.azure.com, cloudapps.digital, cloudfront.net, \
         cloudfunctions.net, cloudtype.app, clvrcld.net, code.run, \
         containers.yandexcloud.net, contentstackapps.com, convex.cloud, convex.site, \
         coolify.app, cos-website.*.myqcloud.com, csb.app, cyclic.app, databricksapps.com, \
         deno.dev, deno.net, deta.app, deta.dev, devtunnels.ms, dokku.me, doserverless.co, \
         edgecompute.app, edgeone.app, edgeone.dev, edgio.link, encr.app, evennode.com, \
         execute-api.*.amazonaws.com, execute-api.*.amazonaws.com.cn, expo.app, fcapp.run, \
         fermyon.app, fermyon.tech, firebaseapp.com, fly.dev, framer.app, framer.website, \
         genez.io, gigalixirapp.com, gitbook.io, github.io, gitlab.io, gitpod.io, glitch.me, \
         globeapp.dev, gradio.live, hasura.app, herokuapp.com, hf.space, hosted.app, \
         hostingersite.com, ic0.app, icp0.io, kinsta.app, kinsta.cloud, kinsta.page, \
         koyeb.app, lagoon.site, lambda-url.*.on.aws, laravel.cloud, layer0.link, \
         leapcell.app, leapcell.dev, lhr.life, loca.lt, localtunnel.me, lovable.app, \
         meteorapp.com, mintlify.app, modal.run, mybluemix.net, myshopify.com, myshopify.dev, \
         neocities.org, netlify.app, netlify.com, ngrok-free.app, ngrok.app, ngrok.io, \
         nhost.run, nip.io, northflank.app, now.sh, observablehq.cloud, okteto.dev, \
         okteto.net, on-fleek.app, on-forge.com, ondigitalocean.app, onporter.run, \
         onrender.com, openshiftapps.com, oss-website-*.aliyuncs.com, pages.dev, \
         pantheonsite.io, platform.sh, platformsh.site, preview.app.github.dev, \
         pythonanywhere.com, qovery.com, qovery.io, quarto.pub, r2.dev, railway.app, \
         readme.io, readthedocs.io, repl.co, replit.app, \
         replit.dev, rhcloud.com, run.app, scalingo.io, scapp.io, sealos.run, sevalla.app, \
         sevalla.page, shinyapps.io, shuttle.app, shuttleapp.rs, shw.io, softr.app, sslip.io, \
         stackblitz.io, stormkit.dev, streamlit.app, streamlitapp.com, supabase.co, surge.sh, \
         tcloudbaseapp.com, tiiny.site, trafficmanager.net, trycloudflare.com, ts.net, \
         up.railway.app, upsun.app, upsunapp.com, val.run, vapor-farm-*.com, vercel.app, \
         vercel.run, vusercontent.net, wasmer.app, waypoint.run, web.app, \
         web.core.windows.net, web.val.run, webcontainer.io, webflow.io, \
         website.yandexcloud.net, wixsite.com, workers.dev, wpengine.com, \
         wpenginepowered.com, zeabur.app, zerops.app, zocomputer.io",
    ),
    (
        PlainApp,
        "*.elb.amazonaws.com, elasticbeanstalk.com, elb.*.amazonaws.com, \
         s3-website-*.amazonaws.com, s3-website.*.amazonaws.com",
    ),
    (PathApp, "connect.posit.cloud, functions.yandexcloud.net"),
    (
        Shared,
        "app.snowflake.com, huggingface.co, s3.amazonaws.com, storage.googleapis.com, \
         storage.yandexcloud.net",
    ),
    (
        Machine,
        "*.compute.amazonaws.com, compute-*.amazonaws.com, ip.linodeusercontent.com, members.linode.com",
    ),
    (
        Own,
        "admin.shopify.com, aka.ms, algolia.com, aliyun.com, aliyuncs.com, alpinelinux.org, \
         amazon.com, amazonaws.com, amazonaws.com.cn, amazoncognito.com, amplify.aws, \
         anaconda.com, anaconda.org, angular.io, answers.netlify.com, api.netlify.com, \
         apollographql.com, app.netlify.com, apple.com, appsync-api.*.amazonaws.com, appwrite.io, \
         arbiscan.io, archlinux.org, argoproj.io, artifacthub.io, asana.com, astral.sh, \
         astro.build, atlassian.com, atlassian.net, auth0.com, awsstatic.com, azmk8s.io, \
         azure.com, azurecr.io, azuredatabricks.net, babeljs.io, basescan.org, beam.cloud, bit.ly, \
         bitbucket.org, blockscout.com, browserstack.com, bscscan.com, bugsnag.com, buildkite.com, \
         bun.com, bun.sh, bunny.net, caniuse.com, checklyhq.com, chkly.link, chromium.org, \
         circleci.com, clever-cloud.com, clickup.com, clojars.org, cloudflare.com, \
         cloudflareaccess.com, cloudflarestorage.com, cncf.io, cocoapods.org, codecov.io, \
         conda.io, crates.io, cutt.ly, cypress.io, dash.deno.com, dash.zeabur.com, databricks.com, \
         datadoghq.com, debian.org, deno.com, deno.land, depot.dev, dequeuniversity.com, \
         deta.space, dev.to, digitalocean.com, discord.com, discord.gg, djangoproject.com, \
         docker.com, docker.io, docs.netlify.com, docusaurus.io, edgio.app, encore.cloud, \
         encore.dev, env0.com, eslint.org, etherscan.io, expo.io, facebook.com, fastly.com, \
         fermyon.com, figma.com, fluxcd.io, fly.io, forms.gle, gatsby.dev, gatsbyjs.com, \
         gatsbyjs.org, gcr.io, getcomposer.org, ghcr.io, gigalixir.com, git.io, github.com, \
         githubusercontent.com, gitlab.com, go.dev, gohugo.io, golang.org, goo.gl, google.com, \
         googleapis.com, goproxy.cn, goproxy.io, gradle.com, gradle.org, grafana.com, grafana.net, \
         harness.io, hashicorp.com, helm.sh, heroku.com, hetzner.com, hex.pm, honeycomb.io, \
         huaweicloud.com, intercom.com, jekyllrb.com, jetbrains.com, jfrog.io, jsdelivr.net, \
         json-schema.org, jsr.io, k8s.io, koyeb.com, kubernetes.io, lambdatest.com, laravel.com, \
         letsencrypt.org, linear.app, linkedin.com, linode.com, lnkd.in, loggly.com, logz.io, \
         medium.com, microsoft.com, microsoftonline.com, mkdocs.org, mlflow.org, modal.com, \
         monday.com, mozilla.org, myqcloud.com, newrelic.com, nextjs.org, ngrok.com, nodejs.org, \
         notion.so, npmjs.com, npmjs.org, npmmirror.com, nuget.org, nuxt.com, nx.app, nx.dev, \
         octopus.app, octopus.com, okteto.com, ollama.ai, ollama.com, open-vsx.org, opsgenie.com, \
         ovh.com, packagist.org, pagerduty.com, papertrailapp.com, percy.io, php.net, pkg.dev, \
         playwright.dev, pnpm.io, polygonscan.com, posthog.com, pris.ly, prisma.io, pub.dev, \
         pulumi.com, pypa.io, pypi.org, python.org, pythonhosted.org, quay.io, railway.com, rb.gy, \
         react.dev, reactjs.org, readthedocs.org, reddit.com, redhat.com, remix.run, render.com, \
         replicate.com, rollbar.com, rollupjs.org, ruby-lang.org, rubygems.org, rubyonrails.org, \
         rust-lang.org, sass-lang.com, saucelabs.com, scaleway.com, scalingo.com, scalr.io, \
         schema.org, scm.*.azurewebsites.net, scm.azurewebsites.net, segment.com, sentry.io, \
         serverless.com, shopify.com, shopify.dev, sigstore.dev, slack.com, snowflake.com, \
         snowflakecomputing.com, snowtrace.io, snyk.io, solscan.io, sonarcloud.io, \
         sonarsource.com, sonatype.com, spacelift.io, sphinx-doc.org, spring.io, \
         stackoverflow.com, starkscan.co, statuspage.io, storybook.js.org, supabase.com, \
         surveymonkey.com, svelte.dev, symfony.com, t.co, t.me, tailwindcss.com, telegram.org, \
         tencent.com, tencentcloud.com, terraform.io, tinyurl.com, travis-ci.com, travis-ci.org, \
         trello.com, tronscan.org, turbo.build, turborepo.dev, turborepo.org, twitter.com, \
         typeform.com, ubuntu.com, unpkg.com, url.cn, vercel.com, vercel.link, visualstudio.com, \
         vite.dev, vitejs.dev, volta.sh, vuejs.org, vultr.com, w3.org, wandb.ai, wasmer.io, \
         web.dev, webpack.js.org, windows.net, wordpress.org, x.com, yandex.cloud, yandex.ru, \
         yandexcloud.net, yarnpkg.com, youtube.com, zeit.co, zendesk.com",
    ),
];

/// All that is known of vendors.
pub(in super::super) static VENDORS: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let lines = |(kind, list): (Kind, &'static str)| {
        list.split(',').map(move |pattern| (pattern.trim(), kind))
    };
    LISTS.into_iter().flat_map(lines).collect()
});

/// A table of vendors, for quick look-up.
#[derive(Clone, Debug)]
pub(in super::super) struct Vendors {
    plain: HashMap<&'static str, Kind, QuickHash>,
    /// With what follows the last star, which most hosts do not end in.
    starred: Vec<(&'static str, Line)>,
}

impl Vendors {
    pub(in super::super) fn new(lines: &[Line]) -> Self {
        let (starred, plain): (Vec<_>, Vec<_>) =
            lines.iter().copied().partition(|(pattern, _)| pattern.contains('*'));
        let tail =
            |pattern: &'static str| &pattern[pattern.rfind('*').map_or(0, |star| star + 1)..];
        let starred = starred.into_iter().map(|line| (tail(line.0), line)).collect();
        Self { plain: plain.into_iter().collect(), starred }
    }

    /// The line that fits a host best.
    pub(in super::super) fn line_for(&self, host: &str) -> Option<Line> {
        let mut ends = iter::successors(Some(host), |end| end.split_once('.').map(|(_, end)| end));
        let plain = ends.find_map(|end| self.plain.get_key_value(end));
        let plain = plain.map(|(pattern, kind)| (*pattern, *kind));
        let starred =
            self.starred.iter().filter(|(tail, line)| host.ends_with(tail) && fits(line, host));
        let starred = starred.map(|(_, line)| *line);
        let (pattern, kind) =
            plain.into_iter().chain(starred).max_by_key(|(pattern, _)| pattern.len())?;
        let is_bare = matches!(kind, App | Machine | PlainApp)
            && pattern.split('.').count() == host.split('.').count();
        Some((pattern, if is_bare { Own } else { kind }))
    }
}

/// Whether the last labels of a host are those of a line.
pub(in super::super) fn fits(&(pattern, _): &Line, host: &str) -> bool {
    let mut labels = host.rsplit('.');
    pattern.rsplit('.').all(|wanted| {
        labels.next().is_some_and(|label| match wanted.strip_suffix('*') {
            Some(start) => label.starts_with(start),
            None => label == wanted,
        })
    })
}
