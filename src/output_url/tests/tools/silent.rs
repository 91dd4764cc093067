//! Tools that print URLs, none of which leads to something deployed.

use super::check;

#[test]
fn tools_that_deploy_no_page() {
    check(
        "npm notice Publishing to https://registry.npmjs.org/ with tag latest and public access\n+ p@1.0.0\n",
        None,
    );
    check(
        "npm warn deprecated har@5: this library is no longer supported\n5 packages are looking for funding\n  run `npm fund` for details\nnpm notice New major version of npm available! 8 -> 9\nnpm notice Changelog: https://github.com/npm/cli/releases/tag/v9\n",
        None,
    );
    check(
        "    Updating crates.io index\n   Uploading p v0.1.0 (/p)\nnote: waiting for p to be available at registry `crates-io`.\n   Published p v0.1.0 at registry `crates-io`\n",
        None,
    );
    check(
        "The push refers to repository [registry.example.com/t/a]\n1: digest: sha256:1 size: 1\n",
        None,
    );
    check("Pushed: registry.example.com/charts/a:0.1.0\nDigest: sha256:1\n", None);
    check(
        "NOTES:\n1. Get the application URL by running these commands:\n  export POD_NAME=$(kubectl get pods)\n  echo \"Visit http://127.0.0.1:8080 to use your application\"\n  kubectl port-forward $POD_NAME 8080:80\n",
        None,
    );
    check("NOTES:\n  export NODE_PORT=1\n  echo http://$NODE_IP:$NODE_PORT\n", None);
    check("[percy] Finalized build #1: https://percy.io/o/p/builds/1\n", None);
    check(
        "Open the report at https://storage.googleapis.com/lighthouse-infrastructure.appspot.com/reports/1.report.html\n",
        None,
    );
    check(
        "> Bundled 10 files for upload\nView your release at https://o.sentry.io/releases/1/\n",
        None,
    );
    check(
        "Build details: https://expo.dev/accounts/o/projects/p/builds/1\nWaiting for build to complete.\n",
        None,
    );
    check(
        "View Live: https://app.pulumi.com/o/p/dev/updates/1\nResources:\n    + 1 created\n",
        None,
    );
    check("You are using an old version. Read more: https://tool.example.com/migrate\n", None);
    check("Please visit https://login.example.com/device and enter code ABCD\n", None);
    check(
        "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code A\n",
        None,
    );
    check(
        "> Local:   http://localhost:3000\n> Network: http://192.168.0.2:3000\nServer running at http://localhost:3000/\n",
        None,
    );
    check(
        "Cloning into 'a'...\nremote: Create a pull request for 'b' on GitHub by visiting:\nremote:      https://github.com/o/a/pull/new/b\n",
        None,
    );
    check("To https://git.example.com/a.git\n   1..2  main -> main\n", None);
    check(
        "Analyzing... QUALITY GATE STATUS: PASSED - View details on https://sonar.example.com/dashboard?id=a\n",
        None,
    );
    check("error: deploy failed, see https://help.example.com/errors/12\n", None);
    check(
        "Downloading https://files.example.com/tool/v1/tool-linux-amd64\nInstalling from https://get.example.com\n",
        None,
    );
}
