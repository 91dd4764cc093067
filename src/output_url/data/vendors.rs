//! What is known of vendors' hosts, as one table: a name more teaches it a new one.
//! It holds no rule and no words; a host that is not here is judged by what it looks like.

use std::collections::HashMap;
use std::iter;
use std::sync::LazyLock;

use super::super::flood::QuickHash;

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
    /// The vendor's own pages: dashboards, documentation, registries, APIs.
    Own,
}

/// A host or its end. `*` stands for a label or for the rest of one. The longest that fits decides;
/// an app's line needs a name in front of it, its bare host is the vendor's own.
pub(in super::super) type Line = (&'static str, Kind);

use Kind::{App, Own, PathApp, PlainApp, Shared};

/// Sorted by name within a kind. A new one comes with a line in the tests of `tools`.
const LISTS: [(Kind, &str); 5] = [
    (
        App,
        "adaptable.app, amazonlightsail.com, amplifyapp.com, apigw.yandexcloud.net, \
         app.beam.cloud, app.github.dev, appdomain.cloud, appspot.com, appwrite.network, \
         awsapprunner.com, azurecontainer.io, azurecontainerapps.io, azureedge.net, azurefd.net, \
         azurestaticapps.net, azurewebsites.net, b-cdn.net, back4app.io, boxfuse.io, \
         catalystserverless.com, cfapps.*.hana.ondemand.com, cfapps.io, chromatic.com, \
         cleverapps.io, cloudapp.azure.com, cloudapps.digital, cloudfront.net, \
         cloudfunctions.net, cloudtype.app, clvrcld.net, code.run, containers.yandexcloud.net, \
         contentstackapps.com, convex.cloud, convex.site, csb.app, cyclic.app, deno.dev, \
         deno.net, deta.app, deta.dev, devtunnels.ms, doserverless.co, edgecompute.app, \
         edgeone.app, edgeone.dev, edgio.link, encr.app, evennode.com, \
         execute-api.*.amazonaws.com, execute-api.*.amazonaws.com.cn, expo.app, fcapp.run, \
         fermyon.app, fermyon.tech, firebaseapp.com, fly.dev, \
         genez.io, gigalixirapp.com, github.io, gitlab.io, glitch.me, globeapp.dev, gradio.live, \
         hasura.app, herokuapp.com, hf.space, hosted.app, ic0.app, icp0.io, kinsta.app, \
         kinsta.page, koyeb.app, lagoon.site, lambda-url.*.on.aws, layer0.link, leapcell.app, \
         leapcell.dev, lhr.life, loca.lt, localtunnel.me, meteorapp.com, modal.run, \
         mybluemix.net, myshopify.com, myshopify.dev, neocities.org, netlify.app, netlify.com, \
         ngrok-free.app, ngrok.app, ngrok.io, nhost.run, nip.io, northflank.app, now.sh, \
         okteto.dev, okteto.net, on-fleek.app, ondigitalocean.app, onporter.run, onrender.com, \
         openshiftapps.com, pages.dev, pantheonsite.io, platform.sh, platformsh.site, \
         pythonanywhere.com, qovery.com, qovery.io, quarto.pub, railway.app, readthedocs.io, \
         repl.co, replit.app, replit.dev, rhcloud.com, run.app, scalingo.io, scapp.io, \
         sevalla.app, shinyapps.io, shuttle.app, shuttleapp.rs, shw.io, sslip.io, stackblitz.io, \
         stormkit.dev, streamlit.app, streamlitapp.com, supabase.co, surge.sh, tiiny.site, \
         trafficmanager.net, trycloudflare.com, ts.net, up.railway.app, upsun.app, upsunapp.com, \
         val.run, vapor-farm-*.com, vercel.app, vercel.run, wasmer.app, waypoint.run, web.app, \
         web.core.windows.net, webflow.io, website.yandexcloud.net, workers.dev, wpengine.com, \
         wpenginepowered.com, zeabur.app, zerops.app",
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
        Own,
        "admin.shopify.com, aka.ms, algolia.com, amazon.com, amazonaws.com, amazonaws.com.cn, \
         anaconda.org, angular.io, answers.netlify.com, api.netlify.com, apollographql.com, \
         app.netlify.com, apple.com, appwrite.io, artifacthub.io, atlassian.com, atlassian.net, \
         auth0.com, azmk8s.io, azure.com, azurecr.io, beam.cloud, bit.ly, bitbucket.org, \
         buildkite.com, bunny.net, circleci.com, clever-cloud.com, clojars.org, cloudflare.com, \
         cocoapods.org, codecov.io, crates.io, dash.deno.com, dash.zeabur.com, datadoghq.com, \
         deno.com, deno.land, deta.space, dev.to, digitalocean.com, discord.com, discord.gg, \
         docker.com, docker.io, docs.netlify.com, docusaurus.io, edgio.app, encore.cloud, \
         encore.dev, eslint.org, expo.io, facebook.com, fastly.com, fermyon.com, \
         fly.io, gatsby.dev, gatsbyjs.com, gatsbyjs.org, gcr.io, getcomposer.org, ghcr.io, \
         gigalixir.com, git.io, github.com, githubusercontent.com, gitlab.com, goo.gl, \
         google.com, googleapis.com, gradle.com, gradle.org, hashicorp.com, heroku.com, hex.pm, \
         jetbrains.com, jfrog.io, jsdelivr.net, json-schema.org, jsr.io, k8s.io, koyeb.com, \
         kubernetes.io, letsencrypt.org, linkedin.com, medium.com, microsoft.com, \
         microsoftonline.com, modal.com, nextjs.org, ngrok.com, nodejs.org, npmjs.com, npmjs.org, \
         nuget.org, nuxt.com, okteto.com, open-vsx.org, packagist.org, percy.io, pkg.dev, \
         pnpm.io, pris.ly, prisma.io, pub.dev, pulumi.com, pypi.org, python.org, \
         pythonhosted.org, quay.io, railway.com, react.dev, reactjs.org, readthedocs.org, \
         reddit.com, render.com, replicate.com, rollupjs.org, rubygems.org, scalingo.com, \
         schema.org, scm.*.azurewebsites.net, scm.azurewebsites.net, sentry.io, serverless.com, shopify.com, shopify.dev, \
         sigstore.dev, slack.com, sonarcloud.io, sonatype.com, spring.io, stackoverflow.com, \
         storybook.js.org, supabase.com, t.me, telegram.org, terraform.io, travis-ci.com, \
         travis-ci.org, twitter.com, unpkg.com, vercel.com, vercel.link, visualstudio.com, \
         vitejs.dev, vuejs.org, w3.org, wandb.ai, wasmer.io, webpack.js.org, windows.net, \
         wordpress.org, x.com, yandexcloud.net, yarnpkg.com, youtube.com, zeit.co",
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
    starred: Vec<Line>,
}

impl Vendors {
    pub(in super::super) fn new(lines: &[Line]) -> Self {
        let (starred, plain): (Vec<_>, Vec<_>) =
            lines.iter().copied().partition(|(pattern, _)| pattern.contains('*'));
        Self { plain: plain.into_iter().collect(), starred }
    }

    /// The line that fits a host best.
    pub(in super::super) fn line_for(&self, host: &str) -> Option<Line> {
        let mut ends = iter::successors(Some(host), |end| end.split_once('.').map(|(_, end)| end));
        let plain = ends.find_map(|end| self.plain.get_key_value(end));
        let plain = plain.map(|(pattern, kind)| (*pattern, *kind));
        let starred = self.starred.iter().copied().filter(|line| fits(line, host));
        let (pattern, kind) =
            plain.into_iter().chain(starred).max_by_key(|(pattern, _)| pattern.len())?;
        let is_bare =
            matches!(kind, App | PlainApp) && pattern.split('.').count() == host.split('.').count();
        Some((pattern, if is_bare { Own } else { kind }))
    }
}

/// Whether the last labels of a host are those of a line.
pub(in super::super) fn fits(&(pattern, _): &Line, host: &str) -> bool {
    let tail = &pattern[pattern.rfind('*').map_or(0, |star| star + 1)..];
    if !host.ends_with(tail) {
        return false;
    }
    let mut labels = host.rsplit('.');
    pattern.rsplit('.').all(|wanted| {
        labels.next().is_some_and(|label| match wanted.strip_suffix('*') {
            Some(start) => label.starts_with(start),
            None => label == wanted,
        })
    })
}
