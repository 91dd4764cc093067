//! Deployments and their statuses in the sandbox: the same answers as GitHub's.

use std::collections::HashSet;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::github::{FakeGithub, repository_path, statuses_path};

const AUTHORIZATION: [(&str, &str); 1] = [("Authorization", "Bearer t0ken")];

#[track_caller]
fn check_refusal(answer: &crate::github::Answer, expected: &Expect) {
    let said = answer.json();
    expected.assert_eq(&format!("{} {}: {}", answer.status, said["message"], said["errors"]));
}

#[test]
fn a_status_is_created_with_a_location_and_read_back() {
    let github = FakeGithub::start(&[]);
    let path = statuses_path(github.deployment("staging"));

    let made = github.post(
        &path,
        &json!({"state": "success", "log_url": "https://ci/1", "environment_url": "https://app"}),
    );

    assert_eq!(made.status, 201);
    let status = made.json();
    assert_eq!(status["target_url"], "https://ci/1");
    assert_eq!(status["description"], "");
    assert_eq!(status["environment"], "staging");
    let location = made.header("location").expect("a creation has a location");
    assert_eq!(status["url"], location);
    let again = github.get(location.trim_start_matches(github.url()));
    assert_eq!(again.json(), status);
    assert_eq!(github.get(&path).json(), json!([status]));
}

#[test]
fn all_seven_states_are_held_and_listed_newest_first() {
    let github = FakeGithub::start(&[]);
    let path = statuses_path(github.deployment("staging"));
    let states = ["queued", "pending", "in_progress", "success", "failure", "error", "inactive"];

    for state in states {
        assert_eq!(github.post(&path, &json!({"state": state})).status, 201);
    }

    let listed = github.get(&path).json();
    let listed: Vec<&Value> = listed.as_array().unwrap().iter().map(|s| &s["state"]).collect();
    assert_eq!(listed, states.iter().rev().collect::<Vec<_>>());
}

#[test]
fn a_status_moves_its_deployment_to_another_environment() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");

    github.post_status(id, &json!({"state": "queued", "environment": "qa"}));
    github.post_status(id, &json!({"state": "success"}));

    assert_eq!(github.statuses(id)[1].environment, "qa");
    let deployment = &github.deployments()[0];
    assert_eq!(deployment["environment"], "qa");
    assert_eq!(deployment["original_environment"], "staging");
}

#[test]
fn pages_are_linked_as_github_links_them() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");
    for _ in 0..5 {
        github.post_status(id, &json!({"state": "pending"}));
    }

    let link = |query: &str| {
        let answer = github.get(&format!("{}?{query}", statuses_path(id)));
        let link = answer.header("link").unwrap_or("none").to_owned();
        let count = answer.json().as_array().map_or(0, Vec::len);
        let short = link.replace(&format!("{}/repositories/70001/deployments", github.url()), "");
        format!("{count}: {short}\n")
    };

    let seen = [link("per_page=2"), link("per_page=2&page=2"), link("page=3&per_page=2"), link("")];
    expect![[r#"
        2: </1001/statuses?per_page=2&page=2>; rel="next", </1001/statuses?per_page=2&page=3>; rel="last"
        2: </1001/statuses?per_page=2&page=1>; rel="prev", </1001/statuses?per_page=2&page=3>; rel="next", </1001/statuses?per_page=2&page=3>; rel="last", </1001/statuses?per_page=2&page=1>; rel="first"
        1: </1001/statuses?per_page=2&page=2>; rel="prev", </1001/statuses?per_page=2&page=1>; rel="first"
        5: none
    "#]]
    .assert_eq(&seen.concat());
}

#[test]
fn a_page_has_100_items_at_most() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");
    for _ in 0..101 {
        github.post_status(id, &json!({"state": "pending"}));
    }
    let listed = github.get(&format!("{}?per_page=500", statuses_path(id))).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(100));
}

#[test]
fn deployments_are_filtered_by_sha_ref_task_and_environment() {
    let github = FakeGithub::start(&[]);
    let sha = "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";
    let first = github.deployment_of(&json!({"ref": sha, "environment": "qa"}));
    let second = github.deployment_of(&json!({"ref": "main", "task": "migrate"}));

    let ids = |query: &str| -> Vec<u64> {
        let listed = github.get(&repository_path(&format!("/deployments?{query}"))).json();
        listed.as_array().unwrap().iter().filter_map(|each| each["id"].as_u64()).collect()
    };

    assert_eq!(ids(""), [second, first]);
    assert_eq!(ids(&format!("sha={sha}")), [first]);
    assert_eq!(ids("ref=main"), [second]);
    assert_eq!(ids("task=migrate&environment=production"), [second]);
    assert_eq!(ids("environment=production&task=deploy"), [0; 0]);
}

#[test]
fn permissions_are_checked_as_they_were_granted() {
    let github = FakeGithub::start(&["--grant", "reader:read", "--grant", "writer:write"]);
    let path = statuses_path(github.deployment("staging"));
    let send = |method, authorization: &[(&str, &str)]| {
        let body = r#"{"state":"pending"}"#;
        github.send(method, &path, authorization, Some(body)).expect("the sandbox answers")
    };

    check_refusal(&send("GET", &[]), &expect![[r#"401 "Requires authentication": null"#]]);
    check_refusal(
        &send("GET", &[("Authorization", "Bearer stranger")]),
        &expect![[r#"401 "Bad credentials": null"#]],
    );
    let refused = send("POST", &[("Authorization", "token reader")]);
    check_refusal(&refused, &expect![[r#"403 "Resource not accessible by integration": null"#]]);
    assert_eq!(refused.header("x-accepted-github-permissions"), Some("deployments=write"));
    assert_eq!(send("GET", &[("Authorization", "token reader")]).status, 200);
    assert_eq!(send("POST", &[("Authorization", "Bearer writer")]).status, 201);
    assert!(!github.log().contains("reader"), "{}", github.log());
}

#[test]
fn what_is_not_there_is_not_found() {
    let github = FakeGithub::start(&[]);
    let id = github.deployment("staging");

    for path in [
        "/user".to_owned(),
        repository_path("/deployments/7"),
        repository_path(&format!("/deployments/{id}/")),
        format!("/repos/octo/other/deployments/{id}/statuses"),
        "/repositories/1/deployments".to_owned(),
    ] {
        check_refusal(&github.get(&path), &expect![[r#"404 "Not Found": null"#]]);
    }
}

#[test]
fn a_body_that_is_no_json_is_a_bad_request() {
    let github = FakeGithub::start(&[]);
    let path = statuses_path(github.deployment("staging"));
    let send = |body| github.send("POST", &path, &AUTHORIZATION, Some(body)).unwrap();

    check_refusal(&send("{"), &expect![[r#"400 "Problems parsing JSON": null"#]]);
    check_refusal(&send("[]"), &expect![[r#"400 "Body should be a JSON object": null"#]]);
}

#[test]
fn the_same_api_is_found_below_the_prefix_of_enterprise_servers() {
    let github = FakeGithub::start(&["--deployment", "42:qa"]);
    let made =
        github.post("/api/v3/repos/OCTO/App/deployments/42/statuses", &json!({"state": "success"}));
    let prefix = format!("{}/api/v3/repos/OCTO/App/deployments/42/statuses/", github.url());
    assert!(made.header("location").expect("a creation has one").starts_with(&prefix));
    assert_eq!(github.states(42), ["success"]);
}

#[test]
fn an_active_deployment_is_deleted_only_if_it_is_alone() {
    let github = FakeGithub::start(&[]);
    let old = github.deployment("staging");
    github.post_status(old, &json!({"state": "success"}));
    let new = github.deployment("staging");
    let delete = |id| {
        let path = repository_path(&format!("/deployments/{id}"));
        github.send("DELETE", &path, &AUTHORIZATION, None).unwrap()
    };

    let refused = delete(old);
    check_refusal(
        &refused,
        &expect![[
            r#"422 "We cannot delete an active deployment unless it is the only deployment in a given environment.": null"#
        ]],
    );
    assert_eq!(delete(new).status, 204);
    assert_eq!(delete(old).status, 204);
    assert_eq!(github.deployments(), [Value::Null; 0]);
}

#[test]
fn every_answer_has_an_id_and_the_limits() {
    let github = FakeGithub::start(&[]);
    let answers: Vec<_> = (0..3).map(|_| github.get("/repos/octo/app")).collect();

    let ids: HashSet<_> = answers.iter().map(|it| it.header("x-github-request-id")).collect();
    assert_eq!(ids.len(), 3);
    let used: Vec<_> = answers.iter().map(|it| it.header("x-ratelimit-used")).collect();
    assert_eq!(used, [Some("1"), Some("2"), Some("3")]);
    assert_eq!(answers[0].header("content-type"), Some("application/json; charset=utf-8"));
}

#[test]
fn an_app_creates_a_token_and_writes_with_it() {
    // The claims are {"iss":"1","exp":4102444800}: far too long a life.
    let eternal = "Bearer e30.eyJpc3MiOiIxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2ln";
    let github = FakeGithub::start(&["--grant", "other:write"]);
    let path = statuses_path(github.deployment("staging"));
    let authorized = |method, path: &str, authorization: &str, body| {
        github.send(method, path, &[("Authorization", authorization)], body).unwrap()
    };
    check_refusal(
        &authorized("GET", &repository_path("/installation"), eternal, None),
        &expect![[r#"401 "'Expiration time' claim ('exp') is too far in the future": null"#]],
    );

    let jwt = format!("Bearer {}", fresh_jwt());
    let found = authorized("GET", &repository_path("/installation"), &jwt, None).json();
    let tokens_path = format!("/app/installations/{}/access_tokens", found["id"]);
    let created = authorized("POST", &tokens_path, &jwt, None);

    assert_eq!(created.status, 201);
    let token = format!("Bearer {}", created.json()["token"].as_str().expect("a token is text"));
    let made = authorized("POST", &path, &token, Some(r#"{"state":"queued"}"#));
    assert_eq!(made.status, 201);
}

fn fresh_jwt() -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.expect("it is later than 1970");
    let claims = json!({"iss": "1", "exp": now.as_secs() + 540}).to_string();
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
}
