//! Requests that GitHub holds for invalid, and creations that something stands against.

use expect_test::expect;

use super::super::{Caller, Operation};
use super::{described, refusal, refused};

#[test]
fn errors_that_are_objects() {
    let body = r#"{"message":"Validation Failed","errors":[
        {"resource":"DeploymentStatus","code":"custom","field":"environment_url","message":"environment_url must use http(s) scheme"},
        {"resource":"DeploymentStatus","code":"missing_field","field":"state"},
        {"resource":"DeploymentStatus","code":"invalid","field":"log_url"},
        {"reason":7}]}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: environment_url must use http(s) scheme; `state` is missing; `log_url` is invalid; {"reason":7} (request C0DE:1234)
        help: `environment-url`, `target-url` and `log-url` are http or https URLs
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn errors_that_are_a_sentence() {
    let body = r#"{"message":"Validation Failed","errors":"Validation failed: Description is too long (maximum is 140 characters)","status":"422"}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: Validation failed: Description is too long (maximum is 140 characters) (request C0DE:1234)
        help: shorten the input `description`
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn errors_that_are_sentences() {
    let body = r#"{"message":"Validation Failed","errors":["One","Two"]}"#;
    expect![[r#"
        cannot post a status to deployment `42`: GitHub answered 422 Unprocessable Entity: Validation Failed: One; Two (request C0DE:1234)
        GiveUp
    "#]]
    .assert_eq(&refused(422, &[], body));
}

#[test]
fn a_ref_that_is_not_there() {
    let body = r#"{"message":"No ref found for: topic"}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 422, &[], body);
    assert!(!err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 422 Unprocessable Entity: No ref found for: topic (request C0DE:1234)
        help: push it first: `ref` is a branch, a tag or a commit that GitHub knows
        GiveUp
    "#]]
    .assert_eq(&described(&err));
}

#[test]
fn a_merge_conflict() {
    let body = r#"{"message":"Conflict merging main into topic."}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict merging main into topic (request C0DE:1234)
        help: merge the default branch into the ref, or leave `auto-merge` out
        GiveUp
    "#]]
    .assert_eq(&described(&err));
}

#[test]
fn a_conflict_of_another_kind_has_no_remedy() {
    let body = r#"{"message":"Conflict"}"#;
    let err = refusal(Operation::ListDeployments, Caller::Token, 409, &[], body);
    assert!(err.help().is_none(), "{}", described(&err));
}

#[test]
fn contexts_that_are_not_green() {
    let body = r#"{"message":"Conflict: Commit status checks failed for topic.","errors":[{"contexts":[{"context":"ci/build","state":"failure"}],"resource":"Deployment","field":"required_contexts","code":"invalid"}]}"#;
    let err = refusal(Operation::CreateDeployment, Caller::Token, 409, &[], body);
    assert!(err.forbids_the_deploy());
    expect![[r#"
        cannot create a deployment: GitHub answered 409 Conflict: Conflict: Commit status checks failed for topic: `required_contexts` is invalid (request C0DE:1234)
        help: deploy when the checks are green, or name in `required-contexts` only those that must be
        GiveUp
    "#]]
    .assert_eq(&described(&err));
}
