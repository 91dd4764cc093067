//! GitHub's own description of its API, to hold answers and requests against.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::github::Request;

/// The slice of GitHub's description that is about deployments.
pub(crate) struct Description(Value);

impl Description {
    /// None, with a note, where the description is not at hand.
    pub(crate) fn load() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = ["../shared", "../../shared"]
            .map(|shared| root.join(shared).join("openapi/deployments.json"));
        let Some(text) = files.iter().find_map(|file| fs::read_to_string(file).ok()) else {
            eprintln!("skipped: GitHub's OpenAPI description is not at {files:?}");
            return None;
        };
        let mut description = serde_json::from_str(&text).expect("a description is JSON");
        allow_null(&mut description);
        Some(Self(description))
    }

    /// Holds an answer against the schema for its path and code, which must be there.
    #[track_caller]
    pub(crate) fn check_answer(&self, method: &str, path: &str, status: u16, body: &Value) {
        let operation = self.operation(method, path).expect("the path is described");
        let answer = self.resolve(&operation["responses"][status.to_string()]);
        assert!(!answer.is_null(), "{method} {path}: {status} is not described");
        self.check(&answer["content"]["application/json"]["schema"], body, path);
    }

    /// Holds everything that a client sent against the schema for it.
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

#[test]
fn what_is_not_described_is_noticed() {
    let Some(description) = Description::load() else {
        return;
    };
    let schema = json!({"$ref": "#/components/schemas/deployment-status"});
    let errors = description.errors(&schema, &json!({"state": "waiting", "creator": null}));
    assert!(errors.iter().any(|error| error.starts_with("/state: ")), "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("\"node_id\" is a required")), "{errors:?}");
    assert!(!errors.iter().any(|error| error.starts_with("/creator: ")), "{errors:?}");
}
