//! The last lines of deploy scripts in their authors' own words, and of tools beside the deploy.

use super::tools::check;

const URL: &str = "https://a.example.com";

#[track_caller]
fn found(lines: &[&str]) {
    for line in lines {
        check(&format!("{line}\n").replace('@', URL), URL);
    }
}

#[track_caller]
fn none(lines: &[&str]) {
    for line in lines {
        check(&format!("{line}\n").replace('@', URL), None);
    }
}

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
