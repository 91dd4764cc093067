//! Descriptions of GitHub's API to check answers and requests against: a slice of GitHub's own,
//! where it is at hand, and a small one of ours, which always is.

use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value, json};

use crate::github::Request;

/// The slice of GitHub's description that is about deployments.
pub(crate) struct Description(Value);

impl Description {
    /// GitHub's own; `None`, with a note, where it is not at hand.
    ///
    /// # Panics
    /// If it is not at hand and `REQUIRE_TOOLS` is 1.
    pub(crate) fn load() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = ["../shared", "../../shared"]
            .map(|shared| root.join(shared).join("openapi/deployments.json"));
        let Some(text) = files.iter().find_map(|file| fs::read_to_string(file).ok()) else {
            eprintln!("!!! SKIPPED: GitHub's OpenAPI description is not at {files:?}");
            let is_required = env::var_os("REQUIRE_TOOLS").is_some_and(|value| value == "1");
            assert!(!is_required, "REQUIRE_TOOLS=1, and GitHub's OpenAPI description is missing");
            return None;
        };
        Some(Self::parse(&text))
    }

    /// The shapes that we rely on, in our own words.
    pub(crate) fn own() -> Self {
        Self::parse(include_str!("openapi/own.json"))
    }

    fn parse(text: &str) -> Self {
        let mut description = serde_json::from_str(text).expect("a description is JSON");
        allow_null(&mut description);
        Self(description)
    }

    /// Whether the path and method are in it.
    pub(crate) fn has(&self, method: &str, path: &str) -> bool {
        self.operation(method, path).is_some()
    }

    /// Checks an answer against the schema for its path and code, which must be there. An answer
    /// without a schema has no body.
    #[track_caller]
    pub(crate) fn check_answer(&self, method: &str, path: &str, status: u16, body: &str) {
        let operation = self.operation(method, path).expect("the path is described");
        let answer = self.resolve(&operation["responses"][status.to_string()]);
        assert!(!answer.is_null(), "{method} {path}: {status} is not described");
        let schema = &answer["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert_eq!(body, "", "{method} {path}: {status} has no body");
        } else {
            self.check(schema, &serde_json::from_str(body).expect("a body is JSON"), path);
        }
    }

    /// Checks everything that a client sent against its schema.
    #[track_caller]
    pub(crate) fn check_requests(&self, requests: &[Request]) {
        for Request { method, path, body, .. } in requests.iter().filter(|it| !it.body.is_null()) {
            if let Some(operation) = self.operation(method, path) {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                self.check(schema, body, path);
            }
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches("/api/v3").split('/').collect();
        let paths = self.0["paths"].as_object().expect("a description has paths");
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(t, part)| t.starts_with('{') || t == part)
        };
        let (_, operations) = paths.iter().find(|(template, _)| fits(template))?;
        operations.get(method.to_ascii_lowercase())
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else {
            return value;
        };
        self.0.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere")
    }

    #[track_caller]
    fn check(&self, schema: &Value, body: &Value, path: &str) {
        let errors = self.errors(schema, body);
        assert!(errors.is_empty(), "{path}: {errors:#?}\n{body:#}");
    }

    fn errors(&self, schema: &Value, body: &Value) -> Vec<String> {
        let whole = json!({"allOf": [schema], "components": self.0["components"]});
        let validator = jsonschema::validator_for(&whole).expect("a schema is one");
        let errors = validator.iter_errors(body);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

/// `OpenAPI` 3.0 says `nullable`, where JSON Schema has a type `null`.
fn allow_null(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(allow_null);
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                let strict = Value::Object(std::mem::take(fields));
                *fields = Map::from_iter([("anyOf".to_owned(), json!([strict, {"type": "null"}]))]);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[track_caller]
fn check_notices_what_is_not_described(description: &Description, schema: &str) {
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    let errors = description.errors(&schema, &json!({"state": "waiting", "creator": null}));
    assert!(errors.iter().any(|error| error.starts_with("/state: ")), "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("\"node_id\" is a required")), "{errors:?}");
    assert!(!errors.iter().any(|error| error.starts_with("/creator: ")), "{errors:?}");
}

#[test]
fn what_is_not_described_is_noticed() {
    check_notices_what_is_not_described(&Description::own(), "status");
    if let Some(description) = Description::load() {
        check_notices_what_is_not_described(&description, "deployment-status");
    }
}
