//! The JSON that clients send, checked as GitHub checks it.
//! A body that GitHub would refuse becomes GitHub's error response, word for word where it is known.

use serde_json::{Map, Value, json};

use super::error_response::{self, Response};
use crate::deployment::State;

/// Longer descriptions of statuses are refused, in the other shape of `errors`.
const MAX_DESCRIPTION: usize = 140;

/// A status to be made.
#[derive(Clone, Debug)]
pub(super) struct StatusParams {
    pub(super) state: State,
    pub(super) log_url: String,
    pub(super) description: String,
    pub(super) environment: Option<String>,
    pub(super) environment_url: String,
    pub(super) auto_inactive: bool,
}

/// A deployment to be made.
#[derive(Clone, Debug)]
pub(super) struct DeploymentParams {
    pub(super) git_ref: String,
    pub(super) task: String,
    pub(super) environment: String,
    pub(super) description: Option<String>,
    /// An object or a string.
    pub(super) payload: Value,
    pub(super) transient: bool,
    pub(super) production: bool,
}

impl StatusParams {
    /// A state and nothing else.
    pub(super) fn with_state(state: State) -> Self {
        Self {
            state,
            log_url: String::new(),
            description: String::new(),
            environment: None,
            environment_url: String::new(),
            auto_inactive: true,
        }
    }

    pub(super) fn read(body: &[u8]) -> Result<Self, Response> {
        let fields = Fields::read(body, "DeploymentStatus")?;
        let state = fields.text("state")?.ok_or_else(|| not_supplied("state"))?;
        let state = State::parse(&state)
            .ok_or_else(|| fields.error("state", "state is not included in the list"))?;
        let target_url = fields.url("target_url")?;
        let log_url = fields.url("log_url")?;
        let description = fields.text("description")?.unwrap_or_default();
        fields.check_description(&description)?;
        Ok(Self {
            state,
            log_url: log_url.or(target_url).unwrap_or_default(),
            description,
            environment: fields.text("environment")?.filter(|name| !name.is_empty()),
            environment_url: fields.url("environment_url")?.unwrap_or_default(),
            auto_inactive: fields.flag("auto_inactive")?.unwrap_or(true),
        })
    }
}

impl DeploymentParams {
    /// What GitHub makes of a request that says little.
    pub(super) fn defaults(git_ref: &str, environment: &str, payload: Value) -> Self {
        Self {
            git_ref: git_ref.to_owned(),
            task: "deploy".to_owned(),
            environment: environment.to_owned(),
            description: None,
            payload: if payload.is_null() { json!({}) } else { payload },
            transient: false,
            production: environment == "production",
        }
    }

    pub(super) fn read(body: &[u8]) -> Result<Self, Response> {
        let fields = Fields::read(body, "Deployment")?;
        let git_ref = fields.text("ref")?.ok_or_else(|| not_supplied("ref"))?;
        if git_ref.is_empty() {
            return Err(fields.error("ref", "No ref found for: "));
        }
        let environment = fields.text("environment")?.filter(|name| !name.is_empty());
        let environment = environment.unwrap_or_else(|| "production".to_owned());
        let defaults = Self::defaults(&git_ref, &environment, fields.payload()?);
        fields.flag("auto_merge")?;
        fields.contexts()?;
        let description = match fields.get("description") {
            Some(Value::Null) | None => None,
            Some(_) => fields.text("description")?,
        };
        Ok(Self {
            task: fields.text("task")?.filter(|task| !task.is_empty()).unwrap_or(defaults.task),
            description,
            transient: fields.flag("transient_environment")?.unwrap_or(defaults.transient),
            production: fields.flag("production_environment")?.unwrap_or(defaults.production),
            ..defaults
        })
    }
}

/// An object's fields, read by the type that they must have.
pub(super) struct Fields {
    resource: &'static str,
    object: Map<String, Value>,
}

impl Fields {
    pub(super) fn read(body: &[u8], resource: &'static str) -> Result<Self, Response> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self { resource, object }),
            Ok(_) => Err(error_response::bad_request("Body should be a JSON object")),
            Err(_) => Err(error_response::bad_request("Problems parsing JSON")),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.object.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Response> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(wrong_type(name, other, "a string")),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Response> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => {
                value.as_u64().map(Some).ok_or_else(|| wrong_type(name, value, "an integer"))
            }
        }
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Response> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(wrong_type(name, other, "a boolean")),
        }
    }

    /// A blank URL is none.
    fn url(&self, name: &str) -> Result<Option<String>, Response> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        match text {
            Some(text) if !is_web_url(&text) => {
                Err(self.error(name, &format!("{name} must use http(s) scheme")))
            }
            text => Ok(text),
        }
    }

    fn payload(&self) -> Result<Value, Response> {
        match self.get("payload") {
            None => Ok(Value::Null),
            Some(given @ (Value::Object(_) | Value::String(_))) => Ok(given.clone()),
            Some(other) => Err(wrong_type("payload", other, "an object or a string")),
        }
    }

    fn contexts(&self) -> Result<(), Response> {
        match self.get("required_contexts") {
            None => Ok(()),
            Some(Value::Array(contexts)) if contexts.iter().all(Value::is_string) => Ok(()),
            Some(other) => Err(wrong_type("required_contexts", other, "an array of strings")),
        }
    }

    fn check_description(&self, text: &str) -> Result<(), Response> {
        if text.chars().any(|c| c > '\u{FFFF}') {
            return Err(self.error("description", "description doesn't accept 4-byte Unicode"));
        }
        if text.chars().count() > MAX_DESCRIPTION {
            return Err(error_response::validation(&json!(format!(
                "Validation failed: Description is too long (maximum is {MAX_DESCRIPTION} \
                 characters)"
            ))));
        }
        Ok(())
    }

    fn error(&self, field: &str, message: &str) -> Response {
        error_response::validation(&json!([{
            "resource": self.resource,
            "code": "custom",
            "field": field,
            "message": message,
        }]))
    }
}

fn is_web_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn not_supplied(name: &str) -> Response {
    error_response::invalid_request(&format!("\"{name}\" wasn't supplied."))
}

fn wrong_type(name: &str, found: &Value, wanted: &str) -> Response {
    let found = if found.is_null() { "nil".to_owned() } else { found.to_string() };
    error_response::invalid_request(&format!("For 'properties/{name}', {found} is not {wanted}."))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(body: &Value, expected: &Expect) {
        let response = StatusParams::read(body.to_string().as_bytes()).expect_err("it is rejected");
        let said: Value = serde_json::from_str(&response.body).expect("error responses are JSON");
        let errors = said.get("errors").map(ToString::to_string).unwrap_or_default();
        let message = said["message"].as_str().unwrap_or_default();
        expected.assert_eq(&format!("{} {message} {errors}", response.status.as_u16()));
    }

    #[test]
    fn a_description_of_140_characters_is_accepted_and_one_of_141_is_not() {
        let of = |count| json!({"state": "success", "description": "ü".repeat(count)});
        assert!(StatusParams::read(of(140).to_string().as_bytes()).is_ok());
        check(
            &of(141),
            &expect![[
                r#"422 Validation Failed "Validation failed: Description is too long (maximum is 140 characters)""#
            ]],
        );
    }

    #[test]
    fn an_emoji_in_a_description_is_refused() {
        check(
            &json!({"state": "success", "description": "🚀"}),
            &expect![[
                r#"422 Validation Failed [{"code":"custom","field":"description","message":"description doesn't accept 4-byte Unicode","resource":"DeploymentStatus"}]"#
            ]],
        );
    }

    #[test]
    fn only_web_urls_are_accepted() {
        check(
            &json!({"state": "success", "environment_url": "ftp://x.example/"}),
            &expect![[
                r#"422 Validation Failed [{"code":"custom","field":"environment_url","message":"environment_url must use http(s) scheme","resource":"DeploymentStatus"}]"#
            ]],
        );
    }

    #[test]
    fn a_state_must_be_one_that_clients_may_say() {
        check(
            &json!({"state": "waiting"}),
            &expect![[
                r#"422 Validation Failed [{"code":"custom","field":"state","message":"state is not included in the list","resource":"DeploymentStatus"}]"#
            ]],
        );
        check(
            &json!({}),
            &expect![[r#"
            422 Invalid request.

            "state" wasn't supplied. "#]],
        );
    }

    #[test]
    fn null_is_not_a_string() {
        check(
            &json!({"state": "success", "log_url": null}),
            &expect![[r#"
            422 Invalid request.

            For 'properties/log_url', nil is not a string. "#]],
        );
    }

    #[test]
    fn a_log_url_wins_over_a_target_url() {
        let body = json!({"state": "queued", "target_url": "http://t", "log_url": "http://l"});
        let params = StatusParams::read(body.to_string().as_bytes()).expect("it is good");
        assert_eq!(params.log_url, "http://l");
    }
}
