//! The last lines of deploy scripts in their authors' own words, and of tools beside the deploy.

use super::lines::{found, none};
use super::tools::check;

#[test]
fn people_announce_in_many_words() {
    found(&[
        "Done! Check it out: @",
        "Open @ in your browser",
        "Your app is up and running at @",
        "Server started at @",
        "🎉 All done. See it live: @",
        "App: @",
        "Site → @",
        "Application URL ......... @",
        "Visit @ to see your app",
        "Deployment finished. Your site: @",
        "==> Website URL: @",
        "* Frontend: @",
        "- Web UI: @",
        "Environment: @",
        "Base URL: @",
        "Load balancer: @",
        "Public endpoint: @ (TLS)",
        "Staging is live at @!",
        "[deploy] released v1.2.3 to @",
        "Now serving at @",
        "Accessible via @",
        "DEPLOYED_URL=@",
        "preview_url: @",
        "PREVIEW_URL=\"@\"",
        "| Preview | @ |",
        "Access the application: @",
        "Service is available here: @",
        "Production deployment: @",
        "Hosted here: @",
        "deployed web 1.2.3 => @",
    ]);
}

#[test]
fn tools_beside_a_deploy_announce_nothing() {
    none(&[
        "Downloading from central: @/repo/a.jar",
        "+ curl -fsS @/health",
        "Smoke test of @ passed",
        "Running e2e tests against @",
        "Checking @ ... 200 OK",
        "Purging the cache of @",
        "Recorded Run: @/projects/a/runs/1",
        "Results at: @/dashboard?id=a",
        "Sonar URL: https://sonar.example.com",
        "Jenkins: @/job/a/12",
        "Job: @/job/12",
        "Pipeline: @/pipelines/12",
        "Ticket: @/browse/A-12",
        "Screenshots: @/s/12",
        "Swagger UI: @/docs",
        "Health check: @/healthz",
        "Repository: @/acme/a.git",
        "Pushing to @/acme/a.git",
        "Login: @/login",
        "Admin panel: @",
        "Monitoring: @",
        "Grafana: @",
        "Homepage: @",
        "Calling @/api/deploy",
        "Request to @/api failed with 502",
        "Uploading source maps to @",
        "Slack webhook: @/services/x",
        "License: @/license",
        "Powered by @",
        "Vulnerability details: @/advisories/12",
        "Sitemap: @/sitemap.xml",
        "Approve the plan at @/app/acme/runs/run-1",
        "Waiting for approval: @/approvals/1",
        "Helm repo: @/charts",
        "Connecting to the cluster at @",
        "Kubernetes control plane is running at @:6443",
        "To see the logs, open @",
        "Contact support at @",
        "Proxy: @",
        "Registry: @",
    ]);
}

#[test]
fn more_hosts_of_apps_are_known() {
    for url in [
        "https://a-1.aws.databricksapps.com",
        "https://a.lovable.app",
        "https://a.gitbook.io",
        "https://a.laravel.cloud",
        "https://a.r2.dev",
    ] {
        check(&format!("done\n{url}\n"), url);
    }
    none(&[
        "https://linear.app/x",
        "https://acme.octopus.app",
        "https://x.grafana.net",
        "https://go.dev",
    ]);
}

#[test]
fn whole_logs_of_common_shapes() {
    // A list of services, the app among them.
    check(
        "Deployment complete\n\nServices:\n  API      https://api.example.com\n  Web      https://www.example.com\n  Docs     https://docs.example.com\n",
        "https://www.example.com",
    );
    // A smoke test of what was deployed.
    check(
        "Deploying web to production...\nrolling out 3/3\nSmoke test: GET https://www.example.com/health 200\n",
        None,
    );
    check("Release v1.2.3 deployed\n\nhttps://www.example.com\n", "https://www.example.com");
    check(
        "$ npm run build\nThe project was built assuming it is hosted at /.\nFind out more about deployment here:\n\n  https://cra.example/deployment\n",
        None,
    );
    check(
        "## Preview\n| Name | Link |\n| --- | --- |\n| Preview | https://pr-7.example.com |\n| Logs | https://ci.example.com/7 |\n",
        "https://pr-7.example.com",
    );
    check(
        "Application deployed successfully!\n\n  URL:      https://shop.example.com\n  Console:  https://cloud.vendor.example/apps/1\n  Docs:     https://docs.vendor.example\n",
        "https://shop.example.com",
    );
    check(
        "Uploading...\n✔ Done in 12s\n➜  Local:   http://localhost:4173/\n➜  Network: http://192.168.1.5:4173/\n",
        None,
    );
    check(
        "TASK [Check that the site answers] ***\nok: [web1] => {\"url\": \"https://internal.example.com/healthz\"}\n",
        None,
    );
    check(
        "→ creating release\n→ migrating database at https://db.example.com\n→ switching traffic\nyour app is now live: https://www.example.com (took 12 s)\n",
        "https://www.example.com",
    );
    check(
        "[1/3] build\n[2/3] push\n[3/3] deploy\nhttps://www.example.com is live\n",
        "https://www.example.com",
    );
    check("Applied. Visit the ArgoCD UI: https://argo.example.com/applications/web\n", None);
    check(
        "Frontend deployed: https://www.example.com\nBackend deployed: https://api.example.com\n",
        "https://www.example.com",
    );
}
