//! What tools print at their end, one test per kind of tool.
//! The hosts are made up; the words are what matters.

mod silent;
mod tables;

use super::super::{Rule, Scanner, find};
use crate::deployment::WebUrl;
use crate::redact::Redactor;

#[track_caller]
pub(super) fn check(log: &str, expected: impl Into<Option<&'static str>>) {
    let mut stdout = Scanner::new(&Rule::Detect);
    let mut stderr = Scanner::new(&Rule::Detect);
    stdout.observe(log.as_bytes());
    stdout.finish();
    stderr.finish();
    let found = find(&Rule::Detect, &stdout, &stderr, &Redactor::default());
    assert_eq!(found.url.as_ref().map(WebUrl::as_str), expected.into(), "in:\n{log}");
}

#[test]
fn static_hosts() {
    check(
        "==> Your service is live 🎉\n==> \n==> Available at your primary URL https://a.onrender.com\n",
        "https://a.onrender.com",
    );
    check(
        "Published w (1.2 sec)\n  https://w.s.workers.dev\nCurrent Deployment ID: 1-2\n",
        "https://w.s.workers.dev",
    );
    check(
        "Deployed w triggers (0.3 sec)\n  a.example.com (custom domain)\n",
        "https://a.example.com",
    );
    check(
        "✨ Deployment complete! Take a peek over at https://1a.p.pages.dev\n✨ Deployment alias URL: https://b.p.pages.dev\n",
        "https://b.p.pages.dev",
    );
    check(
        "🔍  Inspect: https://vercel.com/o/p/6 [1s]\n✅  Production: https://p.example.com [copied to clipboard] [9s]\n📝  Deployed to production. Run `vercel --prod` to overwrite later (https://vercel.link/2F).\n💡  To change the domain or build command, go to https://vercel.com/o/p/settings\n",
        "https://p.example.com",
    );
    check(
        "> https://p-1.now.sh [in clipboard] (sfo1) [2s]\n> Success! Deployment ready\n",
        "https://p-1.now.sh",
    );
    check("https://p-1-o.vercel.app", "https://p-1-o.vercel.app");
    check(
        "Deploying to main site URL...\n✔ Deploy is live!\n\nBuild logs:        https://app.netlify.com/sites/s/deploys/6\nFunction logs:     https://app.netlify.com/sites/s/functions\nUnique deploy URL: https://6--s.netlify.app\nWebsite URL:       https://s.netlify.app\n",
        "https://s.netlify.app",
    );
    check("   Success! - Published to a.surge.sh\n", "https://a.surge.sh");
    check(
        "          domain: a.surge.sh\n          upload: [====================] 100% eta: 0.0s (10 files, 1 bytes)\n            CDN: [====================] 100%\n     encryption: *.surge.sh, surge.sh (51 days)\n             IP: 138.197.235.123\n\n   Success! - Published to a.surge.sh\n",
        "https://a.surge.sh",
    );
    check(
        "INFO    -  Copying 'site' to 'gh-pages' branch and pushing to GitHub.\nINFO    -  Your documentation should shortly be available at: https://u.github.io/p/\n",
        "https://u.github.io/p/",
    );
    check("Website is live at \"https://docs.example.com/\".\n", "https://docs.example.com/");
    check(
        "Creating Pages deployment with payload:\nCreated deployment for 1ab, ID: 1ab\nGetting Pages deployment status...\nReported success!\nEvaluated environment url: https://u.github.io/p/\n",
        "https://u.github.io/p/",
    );
    check("✔ Deployed to https://p.deno.dev\n", "https://p.deno.dev");
    check(
        "✔ Production deployment complete. (2s)\n\nView at:\n - https://p-1a.deno.dev\n - https://p.deno.dev\n",
        "https://p.deno.dev",
    );
    check(
        "🎉 Your deployment is ready\n\nDashboard       https://expo.dev/projects/1/hosting/deployments\nDeployment URL  https://p--1.expo.app\nProduction URL  https://p.expo.app\n",
        "https://p.expo.app",
    );
    check(
        "SUCCESS: Deployed package (service 1, version 2)\n\nManage this service at:\n\thttps://manage.fastly.com/configure/services/1\n\nView this service at:\n\thttps://a.edgecompute.app\n",
        "https://a.edgecompute.app",
    );
    check(
        "🖥  Edge Console:\nhttps://app.layer0.co/t/p/env/default/builds/1\n\n🌎  Edge:           https://t-p-default.layer0.link\n",
        "https://t-p-default.layer0.link",
    );
    check(
        "Visit your site at: https://lively-sea-01.azurestaticapps.net\nThanks for using Azure Static Web Apps!\nExiting\n",
        "https://lively-sea-01.azurestaticapps.net",
    );
    check(
        "✔ Deployment complete!\nhttps://main.d1abc.amplifyapp.com\n",
        "https://main.d1abc.amplifyapp.com",
    );
    check(
        "✓ Zipping artifacts completed.\n✓ Deployment complete!\nhttps://main.example.org\n",
        "https://main.example.org",
    );
}

#[test]
fn platforms() {
    check(
        "remote: -----> Launching...\nremote:        Released v5\nremote:        https://a-1.herokuapp.com/ deployed to Heroku\nremote: \nremote: Verifying deploy... done.\nTo https://git.heroku.com/a.git\n   1..2  main -> main\n",
        "https://a-1.herokuapp.com/",
    );
    check(
        "-----> Attempting to run scripts.dokku.predeploy from app.json (if defined)\n=====> Application deployed:\n       http://a.example.com\n       https://a.example.com\n\nTo dokku.example.com:a\n",
        "https://a.example.com",
    );
    check("Build Logs: https://railway.com/project/1/service/2?id=3\nDeploy complete\n", None);
    check("Service Domain created:\n🚀 https://a.up.railway.app\n", "https://a.up.railway.app");
    check(
        "Deployed successfully a\nApp is available at https://a.captain.example.com\n",
        "https://a.captain.example.com",
    );
    check(
        "You can now access your application: https://app-1.cleverapps.io/\nManage your application at: https://console.clever-cloud.com/goto/app_1\n",
        "https://app-1.cleverapps.io/",
    );
    check(
        "The service at 'a' is ready.\nRun 'ibmcloud ce application get -n a' to check the application status.\nOK\n\nhttps://a.1b.us-south.codeengine.appdomain.cloud\n",
        "https://a.1b.us-south.codeengine.appdomain.cloud",
    );
    check(
        "name:              a\nrequested state:   started\nroutes:            a-b.cfapps.io\nlast uploaded:     Mon\n",
        "https://a-b.cfapps.io",
    );
    check(
        "ID    Spec Name    Default Ingress    Active Deployment ID\n1    a    https://a-1.ondigitalocean.app    2\n",
        "https://a-1.ondigitalocean.app",
    );
    check(
        "2024-01-01 10:00:00    INFO    Environment update completed successfully.\nApplication name: a\nCNAME: a.us-east-1.elasticbeanstalk.com\n",
        "http://a.us-east-1.elasticbeanstalk.com",
    );
    check(
        "INFO: Application available at a.us-east-1.elasticbeanstalk.com.\n",
        "http://a.us-east-1.elasticbeanstalk.com",
    );
    check(
        "✔ Deployed service f.\nRecommended follow-up action:\n  - Your service is accessible at http://a-Publi-1.us-west-2.elb.amazonaws.com over the internet.\n",
        "http://a-publi-1.us-west-2.elb.amazonaws.com",
    );
    check(
        "  Deployment successful.\n\n  The environment main has been activated\n  Environment routes\n    https://main-1.eu-5.platformsh.site/ is served by application `app`\n\nTo git.eu-5.platform.sh:1.git\n",
        "https://main-1.eu-5.platformsh.site/",
    );
    check(
        "Space available at https://huggingface.co/spaces/u/s\n",
        "https://huggingface.co/spaces/u/s",
    );
    check(
        "Application successfully deployed to https://u.shinyapps.io/a/\n",
        "https://u.shinyapps.io/a/",
    );
    check(
        "✔ Deployed Convex functions to https://happy-animal-1.convex.cloud\n",
        "https://happy-animal-1.convex.cloud",
    );
    check(
        "Release v1 created\nYour app is now live at https://a.example.dev 🎉\nView logs: https://example.dev/apps/a/logs\n",
        "https://a.example.dev",
    );
    check(
        "Deploying... done\n\n    https://a.example.dev\n\nOpen the dashboard: https://app.example.dev/a\n",
        "https://a.example.dev",
    );
}

#[test]
fn clouds() {
    check(
        "target project:              [p]\ntarget version:              [1]\ntarget url:                  [https://p.uc.r.appspot.com]\nUpdating service [default]...done.\nDeployed service [default] to [https://p.uc.r.appspot.com]\n\nYou can stream logs from the command line by running:\n  $ gcloud app logs tail -s default\n",
        "https://p.uc.r.appspot.com",
    );
    check(
        "Logs are available at [ https://console.cloud.google.com/cloud-build/builds/1?project=2 ].\nhttpsTrigger:\n  securityLevel: SECURE_ALWAYS\n  url: https://us-central1-p.cloudfunctions.net/f\nsourceUploadUrl: https://storage.googleapis.com/x?GoogleAccessId=1&Signature=2\n",
        "https://us-central1-p.cloudfunctions.net/f",
    );
    check(
        "Function URL (api(us-central1)): https://us-central1-p.cloudfunctions.net/api\n\n✔  Deploy complete!\n\nProject Console: https://console.firebase.google.com/project/p/overview\n",
        "https://us-central1-p.cloudfunctions.net/api",
    );
    check(
        "Container app created. Access your app at https://a.happysea-1.eastus.azurecontainerapps.io/\n",
        "https://a.happysea-1.eastus.azurecontainerapps.io/",
    );
    check(
        "Functions in a:\n    T - [httpTrigger]\n        Invoke url: https://a.azurewebsites.net/api/t\n",
        "https://a.azurewebsites.net/api/t",
    );
    check("        Invoke url: https://a.azurewebsites.net/api/t?code=abc==\n", None);
    check(
        "  (✓) Done: Deploying service web\n  - Endpoint: https://a.azurewebsites.net/\n\nSUCCESS: Your application was deployed to Azure in 1 minute.\nYou can view the resources created under the resource group rg in Azure Portal:\nhttps://portal.azure.com/#@/resource/subscriptions/1/resourceGroups/rg/overview\n",
        "https://a.azurewebsites.net/",
    );
    check(
        " ✅  S\n\nOutputs:\nS.ApiEndpoint4F = https://1.execute-api.us-east-1.amazonaws.com/prod/\nStack ARN:\narn:aws:cloudformation:us-east-1:1:stack/S/1\n",
        "https://1.execute-api.us-east-1.amazonaws.com/prod/",
    );
    check("Outputs:\n\nbucket = \"b\"\nurl = \"https://a.example.com\"\n", "https://a.example.com");
    check(
        "{\n    \"FunctionUrl\": \"https://1.lambda-url.eu-west-1.on.aws/\",\n    \"AuthType\": \"NONE\"\n}\n",
        "https://1.lambda-url.eu-west-1.on.aws/",
    );
    check(
        "{\n  \"Service\": {\n    \"ServiceArn\": \"arn:1\",\n    \"ServiceUrl\": \"1a.us-east-1.awsapprunner.com\"\n}}\n",
        "https://1a.us-east-1.awsapprunner.com",
    );
    check("✔ Complete\n   Router: https://d1.cloudfront.net\n", "https://d1.cloudfront.net");
    check(
        "Service 'h' created to latest revision 'h-1' is available at URL:\nhttp://h.default.1.2.3.4.sslip.io\n",
        "http://h.default.1.2.3.4.sslip.io",
    );
    check(
        "✅ Function deployed in namespace \"default\" and exposed at URL: \n   http://f.default.example.com\n",
        "http://f.default.example.com",
    );
}

#[test]
fn previews_and_tunnels() {
    check(
        "→ View your Storybook at https://5-a.chromatic.com\n✖ Found 2 visual changes: Review the changes at https://www.chromatic.com/build?appId=5&number=2\n",
        "https://5-a.chromatic.com",
    );
    check(
        "Running on local URL:  http://127.0.0.1:7860\nRunning on public URL: https://1.gradio.live\n",
        "https://1.gradio.live",
    );
    check("your url is: https://a.loca.lt\n", "https://a.loca.lt");
    check(
        "|  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |\n|  https://a-b.trycloudflare.com                                         |\n",
        "https://a-b.trycloudflare.com",
    );
    check(
        "Web Interface                 http://127.0.0.1:4040\nForwarding                    https://1a.ngrok.io -> http://localhost:80\n",
        "https://1a.ngrok.io",
    );
    check(
        "Share your theme preview:\n  https://s.myshopify.com/?preview_theme_id=1\n\nCustomize this theme in the Theme Editor:\n  https://s.myshopify.com/admin/themes/1/editor\n",
        "https://s.myshopify.com/?preview_theme_id=1",
    );
    check(
        "Available on the internet:\n\nhttps://h.tail1.ts.net/\n|-- proxy http://127.0.0.1:3000\n",
        "https://h.tail1.ts.net/",
    );
}

#[test]
fn one_line_scripts() {
    check("https://a.example.com\n", "https://a.example.com");
    check("Deployed to https://a.example.com\n", "https://a.example.com");
    check("Deployed: https://a.example.com\n", "https://a.example.com");
    check("building\nURL=https://a.example.com\ndone\n", "https://a.example.com");
    check("Application available at http://10.0.0.5\n", "http://10.0.0.5");
    check("Preview: https://u:p@pr-1.example.com/\n", "https://pr-1.example.com/");
    check("app is up: https://a.example.com:8443/x\n", "https://a.example.com:8443/x");
    check("deployed https://a.example.com\n", "https://a.example.com");
    check("Live: https://münchen.example/\n", "https://xn--mnchen-3ya.example/");
    check("::notice::Deployed to https://a.example.com\n", "https://a.example.com");
    check(
        "=== Done ===\nFrontend: http://192.0.2.7\nBackend:  http://192.0.2.7:4000/api\n",
        "http://192.0.2.7",
    );
    check(
        "Your app is live at:\n   https://a.pages.dev\n\nBackend API:\n   https://b.fly.dev\n",
        "https://a.pages.dev",
    );
    check("Deployed to https://blog.example.com\n", "https://blog.example.com");
    check("website_url = \"https://portal.example.com\"\n", "https://portal.example.com");
    check("Talking to the servers at https://eu-1.deploy.example.com\n", None);
    check("API endpoint: https://api.run.example.com\n", None);
    check(
        "alb_dns_name = \"a-1.us-east-2.elb.amazonaws.com\"\n",
        "http://a-1.us-east-2.elb.amazonaws.com",
    );
    check(
        "Access your app at https://a.fly.dev/\nBrowse to your app at: http://a.fly.dev\n",
        "https://a.fly.dev/",
    );
    check(
        "2024-06-01T08:00:05.3Z INFO  Finished\n2024-06-01T08:00:05.4Z INFO  https://a.example.com\n",
        "https://a.example.com",
    );
}
