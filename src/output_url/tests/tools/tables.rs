//! What tools print in tables, and what they print when they fail.

use super::check;

#[test]
fn the_host_in_a_table_is_found() {
    check(
        "deployment.apps/w configured\nNAME   CLASS   HOSTS           ADDRESS      PORTS   AGE\nw      nginx   w.example.com   192.0.2.15   80      41d\n",
        "https://w.example.com",
    );
    check(
        "NAME   TYPE           CLUSTER-IP   EXTERNAL-IP                       PORT(S)\nw      LoadBalancer   10.100.1.7   a-1.us-east-1.elb.amazonaws.com   80:31425/TCP\n",
        "http://a-1.us-east-1.elb.amazonaws.com",
    );
    check(
        "NAME   HOST/PORT            PATH   SERVICES\nw      w-p.apps.example.com          w\n",
        "https://w-p.apps.example.com",
    );
    check("ID   NAME   DOMAINS\n1    w      [\"w-o-1.koyeb.app\"]\n", "https://w-o-1.koyeb.app");
}

#[test]
fn a_table_of_machines_or_databases_gives_none() {
    check("HOST              STATUS\nweb1.example.net  ok\n", None);
    check("NAME   TYPE           EXTERNAL-IP\nw      LoadBalancer   192.0.2.15\n", None);
    check("NAME   ENDPOINT\nmain   m.c0.us-east-1.rds.amazonaws.com\n", None);
    check("NAME   HOSTS\na      a.example.com\nb      b.example.com\n", None);
}

#[test]
fn what_was_planned_before_a_failure_was_not_deployed() {
    check(
        "Preview: https://p-1-o.vercel.app [1s]\nBuilding\nError: Command \"npm run build\" exited with 1\n",
        None,
    );
    check(
        "target url:      [https://p.appspot.com]\nUpdating service...failed.\nERROR: (gcloud.app.deploy) the build did not pass\n",
        None,
    );
    check("         domain: a.surge.sh\n\n   Aborted - you do not have permission\n", None);
    check(
        "Error: the check of '/' answered 502\nhttps://1.execute-api.eu-west-1.amazonaws.com/dev\n",
        None,
    );
    check("Live at https://a.example.com\nDeployment failed, it was rolled back\n", None);
}

#[test]
fn what_was_deployed_outlives_an_error_elsewhere() {
    check(
        "Published deploy: https://pr-1--s.netlify.app\nError: cannot comment on the pull request\n",
        "https://pr-1--s.netlify.app",
    );
    check(
        "Error: timed out, trying again\nDeployed to https://a.example.com\n",
        "https://a.example.com",
    );
    check("Deploy failed, trying again\nLive at https://a.example.com\n", "https://a.example.com");
}
