//! Each kind of mistake that was made on a real log, as small logs of our own.

use super::tools::check;

#[test]
fn a_deep_page_on_an_unknown_host_needs_plain_words() {
    for log in [
        "WARNING: Running pip as the 'root' user can break things. It is recommended to use a virtual environment instead: https://pip.pypa.example/warnings/venv\n",
        "Tell us how it went: https://forms.tool.example/s/a1b2\n",
        "Detailed session summary at: https://short.example/l/aB3dE\n",
        "View this release on our server: https://octopus.example.com/app#/Spaces-1/releases/Releases-12\n",
        "The live run can be visited at https://acme.app.lift.example/stack/web/run/01HZ\n",
        "View run able-shark-1 at: http://mlflow.example.com:5000/#/experiments/1/runs/0a1b\n",
        "To view this run in a browser, visit:\nhttps://tfe.example.com/app/acme/web/runs/run-1a2b\n",
        "Update URL: https://adb-12.4.cloud.example/#joblist/pipelines/1a2b/updates/3c4d\n",
        "==> View this job in the Web UI: http://nomad.example.com:4646/ui/jobs/web@default\n",
        "Details: https://ci.example.com/o/p/12\n",
        "See https://tool.example.com/telemetry to opt out\n",
        "More at https://tool.example.com/whats-new\n",
        "trace: https://tool.example.com/t/123\n",
        "Rule web: https://rules.example.org/axe/4.10/label-mismatch\n",
        "notice: https://tool.example.com/v2\n",
        "[notice] A new release of pip is available: https://pip.example.com/news\n",
        "npm notice To update run: https://npm.example.com/update\n",
        "DEPRECATED: the option will go, see https://tool.example.com/options\n",
    ] {
        check(log, None);
    }
    check("Preview: https://example.com/pr-12/\n", "https://example.com/pr-12/");
    check("Your app is live at https://example.com/shop\n", "https://example.com/shop");
    check("Access your app at https://example.com/shop\n", "https://example.com/shop");
    check("URL: https://apps.example.com/acme/shop\n", "https://apps.example.com/acme/shop");
    check(
        "Documentation deployed to https://docs.example.com/v2/\n",
        "https://docs.example.com/v2/",
    );
    check(
        "Published to https://intranet.example.com/~me/site/\n",
        "https://intranet.example.com/~me/site/",
    );
}

#[test]
fn what_a_runner_puts_in_front_is_no_word() {
    for tag in [
        "admin:deploy: ",
        "@acme/admin: ",
        "@acme/admin:deploy: ",
        "[admin] ",
        "admin-1  | ",
        "apps/admin deploy: ",
        "2026-01-02T03:04:05.678Z ",
        "[03:04:05] ",
        "03:04:05 admin.1 | ",
        "INFO:root:",
        "INFO ",
        "[INFO] ",
        "info  - ",
        "remote: ",
        "#9 1.23 ",
        "| ",
        "==> ",
        "2026-01-02 03:04:05,678 - admin - INFO - ",
        "Jan  2 03:04:05 host admin[12]: ",
        "2026-01-02 03:04:05.678  INFO 12 --- [  main] c.e.Admin : ",
        "::notice::",
        "2026-01-02T03:04:05Z\tINFO\tadmin/main.go:12\t",
        "level=info msg=\"",
        "[2026-01-02T03:04:05.1+00:00] admin.INFO: ",
        "I, [2026-01-02T03:04:05.1 #12]  INFO -- admin: ",
        "[admin] › ℹ  info      ",
        "2026-01-02T03:04:05+00:00 app[admin.1]: ",
        "admin-6c9f9f6c7d-2xkzl admin ",
        "admin\tRun ./admin.sh\t2026-01-02T03:04:05.1Z ",
        "              +admin | ",
        "{\"level\":\"info\",\"msg\":\"",
        "\x1b[36madmin:deploy: \x1b[0m",
        "\x1b[1m[admin]\x1b[22m ",
    ] {
        check(&format!("{tag}Production: https://a.example.com\n"), "https://a.example.com");
        check(&format!("{tag}Dashboard: https://a.example.com\n"), None);
        check(
            &format!("{tag}Deployment complete!\n{tag}https://a.example.com\n"),
            "https://a.example.com",
        );
    }
    check("Frontend: https://a.example.com\n", "https://a.example.com");
    check("admin: Production: https://a.example.com\n", "https://a.example.com");
    check("Admin: https://a.example.com\n", None);
    check("[preview] https://a.example.com\n", "https://a.example.com");
    check(
        r#"{"level":"info","msg":"deployed","url":"https://a.example.com"}"#,
        "https://a.example.com",
    );
    check(r#"{"level":"warn","msg":"deployed to https://a.example.com"}"#, None);
    check("level=info msg=\"deployed\" url=https://a.example.com\n", "https://a.example.com");
}

#[test]
fn an_items_own_label_outranks_its_heading() {
    check(
        "Service URLs:\n  App:      https://app.example.com\n  Grafana:  https://stats.example.com\n",
        "https://app.example.com",
    );
    check(
        "Access your services:\n - Game: https://game.example.com\n - Queue UI: https://q.example.com\n",
        "https://game.example.com",
    );
    check(
        "🔗 Available services:\n   Keycloak:  https://kc.example.com\n   Web:       https://www.example.com\n   RabbitMQ:  https://mq.example.com\n",
        "https://www.example.com",
    );
    check(
        "URLs:\n  Shop: https://shop.example.com\n  Partner: https://partner.example.com\n",
        "https://shop.example.com",
    );
    check(
        "Identity: https://x.example.com\nWallet: https://y.example.com\npgAdmin: https://z.example.com\n",
        None,
    );
}

#[test]
fn of_a_changed_output_the_new_value_counts() {
    check(
        "Outputs:\n  ~ url: \"https://a.example.com\" => \"https://b.example.com\"\n",
        "https://b.example.com",
    );
    check(
        "Changes to Outputs:\n  ~ site_url = \"https://a.example.com\" -> \"https://b.example.com\"\n",
        "https://b.example.com",
    );
    check(
        "  ~ cloudfront_domain = \"d1a.cloudfront.net\" -> \"d2b.cloudfront.net\"\n",
        "https://d2b.cloudfront.net",
    );
    check("  ~ site_url = \"https://a.example.com\" -> (known after apply)\n", None);
}

#[test]
fn this_machine_is_nobodys_page() {
    for host in [
        "localhost",
        "localhost:3000",
        "app.localhost",
        "127.0.0.1:80",
        "0.0.0.0:8080",
        "[::1]:80",
        "127.1.2.3",
    ] {
        check(&format!("Your app is live at http://{host}/\n"), None);
    }
    check("Kudu: deployed to https://a.scm.azurewebsites.net\n", None);
    check("Deployed to https://a-1b2c.scm.westeurope-01.azurewebsites.net\n", None);
    check(
        "http_invoke_url: https://functions.yandexcloud.net/d4e7\n",
        "https://functions.yandexcloud.net/d4e7",
    );
}

#[test]
fn traces_and_complaints_announce_nothing() {
    for log in [
        "< location: https://a.example.com/\n",
        "< HTTP/2 301\n< link: <https://a.example.com/>; rel=preload\n",
        "location: https://a.example.com/\n",
        "report-to: {\"endpoints\":[{\"url\":\"https://a.example.com\"}]}\n",
        "* Issue another request to this URL: 'https://a.example.com/'\n",
        "* Connected to a.example.com (192.0.2.7) port 443\n",
        "> Host: a.example.com\n",
        "Invalid URL: https://a.example.com\n",
        "not reachable: https://a.example.com\n",
        "The site is not available at https://a.example.com\n",
        "Could not reach the app at https://a.example.com\n",
        "https://a.example.com is not reachable\n",
        "Waiting for https://a.example.com to answer\n",
        "Health check of https://a.example.com timed out\n",
        "Deploying to production...\nhttps://console.vendor.example/x\n",
    ] {
        check(log, None);
    }
    check("Deploying...\nDone.\nLive: https://a.example.com\n", "https://a.example.com");
}

#[test]
fn a_failure_takes_back_no_more_than_it_must() {
    let live = "Deployed to https://a.example.com\n";
    let preview = "Preview: https://a.example.com\n";
    let url = "https://a.example.com";
    for after in [
        "Deployments failed: 0\n",
        "Failed: 0\n",
        "error: 0\n",
        "0 errors, 0 failed\n",
        "if the deployment failed, check the logs\n",
        "rollback-on: deployment failed\n",
        "warning: the optional build failed for sharp\n",
        "[WARN] cache push failed\n",
        "Deploy failed, trying again\nDeployment succeeded\n",
        "Deployment failed (1 of 2)\nRetrying\nDeployed successfully\n",
    ] {
        check(&format!("{live}{after}"), url);
        check(&format!("{preview}{after}"), url);
    }
    check(&format!("{live}Deployment failed\n"), None);
    check(&format!("{live}Deployment failed\nUpload complete\n"), None);
    check(&format!("{preview}Error: it did not start\n"), None);
}

#[test]
fn a_heading_does_not_reach_over_a_blank_line() {
    check(
        "Service URLs:\n  shopfront: https://a.example.com\n\n  metrics: https://b.example.com\n",
        "https://a.example.com",
    );
    check("Deployed to:\n  the cluster\n\nhttps://b.example.com\n", None);
    check("Available at:\n\n  https://a.example.com\n", "https://a.example.com");
}

#[test]
fn the_environment_of_a_job_is_nobodys_page() {
    for line in [
        "GITHUB_API_URL=https://git.example.com/api/v3",
        "GITHUB_SERVER_URL=https://git.example.com",
        "SENTRY_URL=https://sentry.example.com",
        "export CI_SERVER_URL=https://git.example.com",
        "declare -x RUNNER_URL=https://git.example.com",
        "npm_config_registry_url=https://npm.example.com",
        "HTTPS_PROXY=http://cache.example.com",
        "ACTIONS_RUNTIME_URL=https://x.example.com/",
    ] {
        check(&format!("{line}\n"), None);
    }
    check("DEPLOY_URL=https://a.example.com\n", "https://a.example.com");
    check("URL=https://a.example.com\n", "https://a.example.com");
}

#[test]
fn a_link_that_gives_rights_is_not_reported() {
    for tail in
        ["?token=1", "?x-vercel-protection-bypass=1", "#access_token=1", "?sig=1", ";jsessionid=1"]
    {
        check(&format!("Preview: https://a.fly.dev/{tail}\n"), None);
    }
}

#[test]
fn what_overwrites_a_line_hides_it() {
    check(
        "⠋ Deploying\r⠙ Deploying\r\x1b[2KDeployed to https://a.example.com\n",
        "https://a.example.com",
    );
    check(
        "Deployed to:\n\x1b[2K\r⠋ working\r\x1b[2K  https://a.example.com\r\n",
        "https://a.example.com",
    );
}
