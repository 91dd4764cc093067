//! What the sandbox has beside deployments and statuses: environments, workflow runs and pull
//! requests, and how tests set the state.

use serde_json::{Value, json};

use crate::github::{Answer, FakeGithub, repository_path, statuses_path};

const SHA: &str = "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";

fn send(github: &FakeGithub, method: &str, path: &str, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    github
        .send(method, &repository_path(path), &[("Authorization", &authorization)], None)
        .expect("the sandbox answers")
}

/// Posts with the header `X-Sandbox`.
fn control(github: &FakeGithub, path: &str, directives: &str, body: &Value) -> Answer {
    let body = body.to_string();
    github
        .send("POST", path, &[("X-Sandbox", directives)], Some(&body))
        .expect("the sandbox answers")
}

fn names(listed: &Value) -> Vec<&str> {
    let environments = listed["environments"].as_array().expect("there is a list");
    environments.iter().filter_map(|each| each["name"].as_str()).collect()
}

#[test]
fn an_environment_comes_with_its_first_deployment_in_whatever_case() {
    let github = FakeGithub::start(&["--deployment", "42:qa"]);
    for environment in ["Review/PR-7 ü", "review/pr-7 Ü", "QA"] {
        github.deployment(environment);
    }
    github.post_status(42, &json!({"state": "queued", "environment": "moved"}));

    let listed = github.get(&repository_path("/environments")).json();
    assert_eq!(names(&listed), ["qa", "Review/PR-7 ü", "moved"]);
    assert_eq!(listed["total_count"], 3);
    let page = github.get(&repository_path("/environments?per_page=1&page=2"));
    assert_eq!(names(&page.json()), ["Review/PR-7 ü"]);
    assert_eq!(page.json()["total_count"], 3);
    assert!(page.header("link").is_some_and(|link| link.contains("rel=\"next\"")));

    let found = github.get(&repository_path("/environments/review%2FPR-7%20%C3%BC")).json();
    assert_eq!(found["name"], "Review/PR-7 ü");
    let url = found["url"].as_str().expect("it has a URL").trim_start_matches(github.url());
    assert_eq!(github.get(url).json(), found);
}

#[test]
fn an_environment_is_deleted_and_its_deployments_stay() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("review/pr-7");

    assert_eq!(send(&github, "DELETE", "/environments/Review%2Fpr-7", "t").status, 204);
    assert_eq!(send(&github, "DELETE", "/environments/review%2Fpr-7", "t").status, 404);
    assert_eq!(send(&github, "GET", "/environments/review%2Fpr-7", "t").status, 404);
    assert_eq!(github.deployments()[0]["id"], id);

    github.deployment("review/pr-7");
    assert_eq!(send(&github, "GET", "/environments/review%2Fpr-7", "t").status, 200);
}

#[test]
fn each_permission_opens_what_it_names() {
    let grants = ["reader:read", "job:deployments", "writer:write", "owner:admin"];
    let arguments: Vec<&str> = grants.iter().flat_map(|grant| ["--grant", grant]).collect();
    let pull = format!("9:{SHA}");
    let github = FakeGithub::start(
        &[arguments.as_slice(), &["--run", "7:queued", "--pull", &pull]].concat(),
    );

    let check = |method: &str, path: &str, expected: [(u16, Option<&str>); 4]| {
        for (token, (status, needed)) in ["reader", "job", "writer", "owner"].iter().zip(expected) {
            github.deployment("qa");
            let answer = send(&github, method, path, token);
            let found = (answer.status, answer.header("x-accepted-github-permissions"));
            assert_eq!(found, (status, needed), "{method} {path} by {token}");
        }
    };
    let no = |needed| (403, Some(needed));
    let yes = (200, None);
    check("GET", "/deployments", [yes; 4]);
    check("GET", "/actions/runs/7", [yes, no("actions=read"), yes, yes]);
    check("GET", "/environments/qa", [yes, no("actions=read"), yes, yes]);
    check("GET", "/pulls/9", [yes, no("pull_requests=read"), yes, yes]);
    let admin = no("administration=write");
    check("DELETE", "/environments/qa", [admin, admin, admin, (204, None)]);
    let write = no("deployments=write");
    check("DELETE", "/deployments/1", [write, (404, None), (404, None), (404, None)]);
}

#[test]
fn a_workflow_run_goes_on_as_it_is_set() {
    let github = FakeGithub::start(&["--run", "7/2:in_progress", "--run", "8:failure"]);
    let state = |id: u64| {
        let run = github.get(&repository_path(&format!("/actions/runs/{id}"))).json();
        (run["status"].clone(), run["conclusion"].clone(), run["run_attempt"].clone())
    };

    assert_eq!(state(7), (json!("in_progress"), Value::Null, json!(2)));
    assert_eq!(state(8), (json!("completed"), json!("failure"), json!(1)));
    assert_eq!(github.get(&repository_path("/actions/runs/9")).status, 404);

    let path = repository_path("/actions/runs/7");
    assert_eq!(github.aside("PUT", &path, Some(&json!({"state": "success"}))).status, 200);
    assert_eq!(state(7), (json!("completed"), json!("success"), json!(1)));
    let put = github.aside("PUT", &path, Some(&json!({"state": "done"})));
    assert_eq!(put.status, 422, "{}", put.body);
    // GitHub has no such method.
    let authorization = [("Authorization", "Bearer t")];
    let put = github.send("PUT", &path, &authorization, Some(r#"{"state":"queued"}"#));
    assert_eq!(put.expect("the sandbox answers").status, 404);
}

#[test]
fn a_pull_request_has_a_head_and_is_merged() {
    let pull = format!("7:{}", SHA.to_uppercase());
    let github = FakeGithub::start(&["--pull", &pull]);
    let path = repository_path("/pulls/7");

    let open = github.get(&path).json();
    assert_eq!(open["head"]["sha"], SHA);
    assert_eq!((&open["state"], &open["merged"]), (&json!("open"), &json!(false)));
    github.aside("PUT", &path, Some(&json!({"sha": SHA, "state": "merged"})));
    let merged = github.get(&path).json();
    assert_eq!((&merged["state"], &merged["merged"]), (&json!("closed"), &json!(true)));
    assert_eq!(merged["merge_commit_sha"].as_str().map(str::len), Some(40));
    assert_eq!(github.get(&repository_path("/pulls/8")).status, 404);
}

#[test]
fn what_is_created_is_as_old_as_it_should_be_and_by_whom() {
    let github = FakeGithub::start(&["--age", "7h", "--deployment", "42"]);
    let path = repository_path("/deployments");
    let order = json!({"ref": "main", "environment": "qa"});
    let made = control(&github, &path, "aside, age 30d, creator vercel[bot]", &order).json();
    let id = made["id"].as_u64().expect("it was made");
    github.post_status(id, &json!({"state": "success"}));

    let deployments = github.deployments();
    let hours = |value: &Value| {
        let created = value["created_at"].as_str().expect("there is a time");
        let created = humantime::parse_rfc3339(created).expect("it is a time");
        created.elapsed().expect("it lies back").as_secs() / 3600
    };
    let creator =
        |value: &Value| format!("{} {}", value["creator"]["login"], value["creator"]["type"]);
    let seen: Vec<_> = deployments.iter().map(|each| (hours(each), creator(each))).collect();
    assert_eq!(
        seen,
        [
            (7, r#""github-actions[bot]" "Bot""#.to_owned()),
            (720, r#""vercel[bot]" "Bot""#.to_owned()),
        ]
    );
    let status = &github.get(&statuses_path(id)).json()[0];
    assert_eq!(hours(status), 7);
}

#[test]
fn a_status_of_more_than_90_days_is_gone() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("qa");
    let path = statuses_path(id);
    let old = control(&github, &path, "aside, age 91d", &json!({"state": "success"})).json();
    control(&github, &path, "aside, age 89d", &json!({"state": "failure"}));

    assert_eq!(github.states(id), ["failure"]);
    let status = repository_path(&format!("/deployments/{id}/statuses/{}", old["id"]));
    assert_eq!(github.get(&status).status, 404);
}

#[test]
fn a_control_header_that_is_not_understood_is_a_bad_request() {
    let github = FakeGithub::start(&[]);
    let answer = control(&github, &statuses_path(1), "aside, quiet", &json!({}));
    assert_eq!(answer.status, 400);
    let why = "X-Sandbox: `quiet` is none of `aside`, `age DURATION` and `creator LOGIN`";
    assert_eq!(answer.json()["message"], why);
}

#[test]
fn an_active_deployment_in_another_case_is_company() {
    let github = FakeGithub::start(&[]);
    let old = github.deployment("QA");
    github.post_status(old, &json!({"state": "success"}));
    let new = github.deployment("qa");
    let path = |id| format!("/deployments/{id}");

    assert_eq!(send(&github, "DELETE", &path(old), "t").status, 422);
    github.post_status(new, &json!({"state": "success"}));
    assert_eq!(github.states(old), ["success", "inactive"]);
    assert_eq!(send(&github, "DELETE", &path(old), "t").status, 204);
    assert_eq!(send(&github, "DELETE", &path(old), "t").status, 404);
    let filtered = github.get(&repository_path("/deployments?environment=Qa")).json();
    assert_eq!(filtered.as_array().map(Vec::len), Some(1));
}
