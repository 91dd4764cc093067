//! The inputs that say which deployment is meant, and how one is made.
//! Only the local git repository is read here, and only where nothing else gives the commit.

use serde_json::Value;

use super::errors::Validator;
use super::raw::RawInputs;
use super::values::{A_BOOLEAN, A_NUMBER, boolean, line, list};
use super::{CreateDeployment, RequiredContexts, Target};
use crate::ci::Ci;
use crate::ci::event::Event;
use crate::ci::git;
use crate::deployment::DeploymentId;

/// GitHub's own limit for names, in characters.
const LONGEST: usize = 255;

const A_LINE: &str = "one line of at most 255 characters";

pub(super) fn target(
    raw_inputs: &RawInputs,
    ci: &Ci,
    event: &Event,
    is_sandbox: bool,
    validator: &mut Validator<'_>,
) -> Target {
    let (common, status) = (&raw_inputs.texts.common, &raw_inputs.texts.status);
    for (name, text) in [
        ("environment", &common.environment),
        ("ref", &common.git_ref),
        ("task", &status.task),
        ("payload", &status.payload),
        ("required-contexts", &status.required_contexts),
    ] {
        validator.refuse_secret(name, text.as_deref());
    }
    let deployment_id = common.deployment_id.as_deref();
    let deployment_id =
        validator.input("deployment-id", deployment_id, A_NUMBER, DeploymentId::parse);
    let environment = common.environment.as_deref();
    let environment =
        validator.input("environment", environment, A_LINE, |text| line(text, LONGEST));
    let git_ref = common.git_ref.as_deref();
    let git_ref = validator.input("ref", git_ref, "a branch, a tag or a commit", |text| {
        line(text, LONGEST).filter(|text| !text.contains(char::is_whitespace))
    });
    let known = event.commit.clone().or_else(|| ci.commit.clone());
    let needs_commit = !is_sandbox && common.deployment_id.is_none() && common.git_ref.is_none();
    let task = status.task.as_deref();
    let task = validator.input("task", task, A_LINE, |text| line(text, LONGEST));
    let mut flag = |name, text| validator.input(name, text, A_BOOLEAN, boolean);
    let transient = flag("transient-environment", status.transient_environment.as_deref());
    let production = flag("production-environment", status.production_environment.as_deref());
    let auto_merge = flag("auto-merge", status.auto_merge.as_deref());
    Target {
        deployment_id,
        environment_is_input: common.environment.is_some(),
        environment: environment.or_else(|| ci.environment.clone()),
        git_ref,
        commit: known.or_else(|| needs_commit.then(|| git::head(&raw_inputs.variables)).flatten()),
        task,
        create: creation(raw_inputs, validator),
        payload: payload(raw_inputs, validator),
        transient_environment: transient,
        production_environment: production,
        required_contexts: required_contexts(raw_inputs, validator),
        auto_merge: auto_merge.unwrap_or(false),
    }
}

fn creation(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> CreateDeployment {
    let text = raw_inputs.texts.status.create_deployment.as_deref();
    let accepted = "`if-missing`, `always` or `never`";
    let creation = validator.input("create-deployment", text, accepted, |word| match word {
        "always" => Some(CreateDeployment::Always),
        "if-missing" => Some(CreateDeployment::IfMissing),
        "never" => Some(CreateDeployment::Never),
        _ => None,
    });
    creation.unwrap_or(CreateDeployment::IfMissing)
}

/// An object, or a text: GitHub takes nothing else.
fn payload(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Value {
    let text = raw_inputs.texts.status.payload.as_deref();
    let accepted = "a JSON object, or a text";
    let payload =
        validator.input("payload", text, accepted, |text| match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Some(Value::Object(object)),
            Ok(Value::String(inner)) => Some(Value::String(inner)),
            Err(_) if text.starts_with(['{', '[']) => None,
            Ok(_) | Err(_) => Some(Value::String(text.to_owned())),
        });
    payload.unwrap_or(Value::Null)
}

fn required_contexts(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> RequiredContexts {
    let text = raw_inputs.texts.status.required_contexts.as_deref();
    let accepted = "names as a JSON list or with commas between them, or `*`";
    match validator.input("required-contexts", text, accepted, list) {
        Some(names) if names == ["*"] => RequiredContexts::All,
        Some(names) => RequiredContexts::These(names),
        None => RequiredContexts::These(Vec::new()),
    }
}
