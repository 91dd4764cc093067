//! What is known of vendors' hosts, as one table: a line teaches it a new one.
//! It holds no rule and no words; a host that is not here is judged by what it looks like.

/// What lives on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What customers deploy.
    App,
    /// The same, where https is not given: load balancers and buckets.
    PlainApp,
    /// The vendor's own pages: dashboards, documentation, registries, APIs.
    Own,
}

/// A host or its end. `*` stands for a label or for the rest of one. The longest that fits decides;
/// an app's line needs a name in front of it, its bare host is the vendor's own.
pub(super) type Line = (&'static str, Kind);

use Kind::{App, Own, PlainApp};

/// Sorted by name within a kind. A new line comes with one in the tests of `tools`.
pub(super) const VENDORS: &[Line] = &[
    ("*.elb.amazonaws.com", PlainApp),
    ("amplifyapp.com", App),
    ("app.beam.cloud", App),
    ("appdomain.cloud", App),
    ("appspot.com", App),
    ("awsapprunner.com", App),
    ("azurecontainer.io", App),
    ("azurecontainerapps.io", App),
    ("azurefd.net", App),
    ("azurestaticapps.net", App),
    ("azurewebsites.net", App),
    ("boxfuse.io", App),
    ("cfapps.*.hana.ondemand.com", App),
    ("cfapps.io", App),
    ("chromatic.com", App),
    ("cleverapps.io", App),
    ("cloudapp.azure.com", App),
    ("cloudapps.digital", App),
    ("cloudfront.net", App),
    ("cloudfunctions.net", App),
    ("code.run", App),
    ("contentstackapps.com", App),
    ("convex.cloud", App),
    ("convex.site", App),
    ("csb.app", App),
    ("deno.dev", App),
    ("deno.net", App),
    ("deta.app", App),
    ("deta.dev", App),
    ("edgecompute.app", App),
    ("edgio.link", App),
    ("elasticbeanstalk.com", PlainApp),
    ("elb.*.amazonaws.com", PlainApp),
    ("execute-api.*.amazonaws.com", App),
    ("execute-api.*.amazonaws.com.cn", App),
    ("expo.app", App),
    ("fermyon.app", App),
    ("fermyon.tech", App),
    ("firebaseapp.com", App),
    ("fly.dev", App),
    ("genez.io", App),
    ("gigalixirapp.com", App),
    ("github.io", App),
    ("gitlab.io", App),
    ("glitch.me", App),
    ("gradio.live", App),
    ("hasura.app", App),
    ("herokuapp.com", App),
    ("hf.space", App),
    ("hosted.app", App),
    ("koyeb.app", App),
    ("lagoon.site", App),
    ("lambda-url.*.on.aws", App),
    ("layer0.link", App),
    ("lhr.life", App),
    ("loca.lt", App),
    ("modal.run", App),
    ("mybluemix.net", App),
    ("myshopify.com", App),
    ("myshopify.dev", App),
    ("neocities.org", App),
    ("netlify.app", App),
    ("netlify.com", App),
    ("ngrok-free.app", App),
    ("ngrok.app", App),
    ("ngrok.io", App),
    ("northflank.app", App),
    ("now.sh", App),
    ("ondigitalocean.app", App),
    ("onrender.com", App),
    ("pages.dev", App),
    ("pantheonsite.io", App),
    ("platform.sh", App),
    ("platformsh.site", App),
    ("pythonanywhere.com", App),
    ("qovery.io", App),
    ("quarto.pub", App),
    ("railway.app", App),
    ("readthedocs.io", App),
    ("repl.co", App),
    ("replit.app", App),
    ("run.app", App),
    ("s3-website-*.amazonaws.com", PlainApp),
    ("s3-website.*.amazonaws.com", PlainApp),
    ("scalingo.io", App),
    ("scapp.io", App),
    ("shinyapps.io", App),
    ("shuttle.app", App),
    ("shuttleapp.rs", App),
    ("shw.io", App),
    ("stormkit.dev", App),
    ("streamlit.app", App),
    ("streamlitapp.com", App),
    ("supabase.co", App),
    ("surge.sh", App),
    ("tiiny.site", App),
    ("trafficmanager.net", App),
    ("trycloudflare.com", App),
    ("ts.net", App),
    ("up.railway.app", App),
    ("upsun.app", App),
    ("upsunapp.com", App),
    ("vercel.app", App),
    ("vercel.run", App),
    ("wasmer.app", App),
    ("waypoint.run", App),
    ("web.app", App),
    ("web.core.windows.net", App),
    ("workers.dev", App),
    ("wpengine.com", App),
    ("wpenginepowered.com", App),
    ("zeabur.app", App),
    ("zerops.app", App),
    // Vendors' own.
    ("admin.shopify.com", Own),
    ("aka.ms", Own),
    ("algolia.com", Own),
    ("amazon.com", Own),
    ("amazonaws.com", Own),
    ("amazonaws.com.cn", Own),
    ("anaconda.org", Own),
    ("api.netlify.com", Own),
    ("apollographql.com", Own),
    ("app.netlify.com", Own),
    ("apple.com", Own),
    ("artifacthub.io", Own),
    ("atlassian.com", Own),
    ("atlassian.net", Own),
    ("auth0.com", Own),
    ("azmk8s.io", Own),
    ("azure.com", Own),
    ("azurecr.io", Own),
    ("beam.cloud", Own),
    ("bit.ly", Own),
    ("bitbucket.org", Own),
    ("buildkite.com", Own),
    ("circleci.com", Own),
    ("clever-cloud.com", Own),
    ("clojars.org", Own),
    ("cloudflare.com", Own),
    ("cocoapods.org", Own),
    ("codecov.io", Own),
    ("crates.io", Own),
    ("dash.deno.com", Own),
    ("deno.com", Own),
    ("deno.land", Own),
    ("digitalocean.com", Own),
    ("discord.com", Own),
    ("discord.gg", Own),
    ("docker.com", Own),
    ("docker.io", Own),
    ("docusaurus.io", Own),
    ("eslint.org", Own),
    ("fastly.com", Own),
    ("fly.io", Own),
    ("gatsby.dev", Own),
    ("gatsbyjs.com", Own),
    ("gcr.io", Own),
    ("ghcr.io", Own),
    ("git.io", Own),
    ("github.com", Own),
    ("githubusercontent.com", Own),
    ("gitlab.com", Own),
    ("goo.gl", Own),
    ("google.com", Own),
    ("googleapis.com", Own),
    ("gradle.com", Own),
    ("gradle.org", Own),
    ("hashicorp.com", Own),
    ("heroku.com", Own),
    ("hex.pm", Own),
    ("jetbrains.com", Own),
    ("jfrog.io", Own),
    ("jsdelivr.net", Own),
    ("json-schema.org", Own),
    ("jsr.io", Own),
    ("k8s.io", Own),
    ("kubernetes.io", Own),
    ("letsencrypt.org", Own),
    ("microsoft.com", Own),
    ("microsoftonline.com", Own),
    ("modal.com", Own),
    ("nextjs.org", Own),
    ("ngrok.com", Own),
    ("nodejs.org", Own),
    ("npmjs.com", Own),
    ("npmjs.org", Own),
    ("nuget.org", Own),
    ("nuxt.com", Own),
    ("okteto.com", Own),
    ("open-vsx.org", Own),
    ("packagist.org", Own),
    ("percy.io", Own),
    ("pkg.dev", Own),
    ("pnpm.io", Own),
    ("pris.ly", Own),
    ("prisma.io", Own),
    ("pub.dev", Own),
    ("pulumi.com", Own),
    ("pypi.org", Own),
    ("pythonhosted.org", Own),
    ("quay.io", Own),
    ("railway.com", Own),
    ("render.com", Own),
    ("rubygems.org", Own),
    ("scalingo.com", Own),
    ("schema.org", Own),
    ("scm.azurewebsites.net", Own),
    ("sentry.io", Own),
    ("serverless.com", Own),
    ("shopify.com", Own),
    ("shopify.dev", Own),
    ("sigstore.dev", Own),
    ("slack.com", Own),
    ("sonarcloud.io", Own),
    ("sonatype.com", Own),
    ("spring.io", Own),
    ("stackoverflow.com", Own),
    ("storybook.js.org", Own),
    ("supabase.com", Own),
    ("terraform.io", Own),
    ("unpkg.com", Own),
    ("vercel.com", Own),
    ("vercel.link", Own),
    ("visualstudio.com", Own),
    ("vitejs.dev", Own),
    ("w3.org", Own),
    ("wandb.ai", Own),
    ("wasmer.io", Own),
    ("windows.net", Own),
    ("wordpress.org", Own),
    ("x.com", Own),
    ("yarnpkg.com", Own),
    ("youtube.com", Own),
    ("zeit.co", Own),
];

/// A table of vendors, sorted for look-up.
#[derive(Clone, Debug)]
pub(super) struct Vendors(Vec<Line>);

impl Vendors {
    pub(super) fn new(lines: &[Line]) -> Self {
        let mut lines = lines.to_vec();
        lines.sort_by_key(|(pattern, _)| last_letters(pattern));
        Self(lines)
    }

    /// The line that fits a host best.
    pub(super) fn line_for(&self, host: &str) -> Option<Line> {
        let end = last_letters(host);
        let from = self.0.partition_point(|(pattern, _)| last_letters(pattern) < end);
        let near = self.0[from..].iter().take_while(|(pattern, _)| last_letters(pattern) == end);
        let fitting = near.filter(|line| fits(line, host));
        let (pattern, kind) = fitting.max_by_key(|(pattern, _)| pattern.len())?;
        let is_bare = pattern.split('.').count() == host.split('.').count();
        Some((pattern, if is_bare { Own } else { *kind }))
    }
}

fn last_letters(host: &str) -> Option<[u8; 3]> {
    host.as_bytes().last_chunk().copied()
}

/// Whether the last labels of a host are those of a line.
pub(super) fn fits(&(pattern, _): &Line, host: &str) -> bool {
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
