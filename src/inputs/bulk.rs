//! The inputs of `sweep`, `delete` and `wait`.
//! It looks at no deployment.

use std::time::Duration;

use super::errors::Validator;
use super::raw::RawInputs;
use super::values::{
    A_BOOLEAN, A_COUNT, A_DURATION, A_GRACE_PERIOD, boolean, count, duration, duration_above_zero,
};
use super::{DeleteOptions, EnvironmentGlob, RequestedState, SweepOptions, WaitOptions, status};
use crate::ci::Ci;
use crate::deployment::State;

/// `sweep` leaves younger deployments alone: their runs may still be alive.
const SWEEP_AGE: Duration = Duration::from_hours(6);

const WAIT_TIMEOUT: Duration = Duration::from_mins(10);

pub(super) fn sweep_options(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> SweepOptions {
    SweepOptions {
        environment: environment(raw_inputs),
        older_than: older_than(raw_inputs, validator).unwrap_or(SWEEP_AGE),
        any_owner: any_owner(raw_inputs, validator),
    }
}

/// None where no environment was given: the CI's own variable is not enough to delete by.
pub(super) fn delete_options(
    raw_inputs: &RawInputs,
    validator: &mut Validator<'_>,
) -> Option<DeleteOptions> {
    let texts = &raw_inputs.texts;
    let environment = environment(raw_inputs);
    if environment.is_none() {
        validator.add(
            "there is no environment to delete from: set `--environment` or INPUT_ENVIRONMENT to \
             its name, or to a pattern such as `preview-*`",
        );
    }
    let state = status::requested_state(raw_inputs, validator);
    if let Some(text) = texts.state.state.as_deref()
        && state.is_some_and(|state| state != RequestedState::State(State::Inactive))
    {
        validator.refuse(&raw_inputs.source("state"), text, "`inactive`, or nothing");
    }
    let delete_environment = texts.delete.delete_environment.as_deref();
    let delete_environment =
        validator.input("delete-environment", delete_environment, A_BOOLEAN, boolean);
    let keep = validator.input("keep", texts.delete.keep.as_deref(), A_COUNT, count);
    let older_than = older_than(raw_inputs, validator);
    let any_owner = any_owner(raw_inputs, validator);
    Some(DeleteOptions {
        environment: environment?,
        keep: keep.unwrap_or(0),
        older_than,
        any_owner,
        deactivate: state.is_some(),
        delete_environment: delete_environment.unwrap_or(false),
    })
}

pub(super) fn wait_options(
    raw_inputs: &RawInputs,
    ci: &Ci,
    json: bool,
    validator: &mut Validator<'_>,
) -> WaitOptions {
    let environment =
        environment(raw_inputs).or_else(|| ci.environment.as_deref().map(EnvironmentGlob::new));
    if environment.is_none() && raw_inputs.texts.common.deployment_id.is_none() {
        validator.add(
            "there is nothing to wait for: set `--environment` or INPUT_ENVIRONMENT, or \
             `--deployment-id` or INPUT_DEPLOYMENT_ID",
        );
    }
    let timeout = raw_inputs.texts.timeout.timeout.as_deref();
    let timeout = validator.input("timeout", timeout, A_DURATION, duration_above_zero);
    WaitOptions { environment, timeout: timeout.unwrap_or(WAIT_TIMEOUT), json }
}

/// The input alone; [`super::target`] checks its length and its characters.
fn environment(raw_inputs: &RawInputs) -> Option<EnvironmentGlob> {
    raw_inputs.texts.common.environment.as_deref().map(EnvironmentGlob::new)
}

fn older_than(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> Option<Duration> {
    let text = raw_inputs.texts.select.older_than.as_deref();
    validator.input("older-than", text, A_GRACE_PERIOD, duration)
}

fn any_owner(raw_inputs: &RawInputs, validator: &mut Validator<'_>) -> bool {
    let text = raw_inputs.texts.select.any_owner.as_deref();
    validator.input("any-owner", text, A_BOOLEAN, boolean).unwrap_or(false)
}
