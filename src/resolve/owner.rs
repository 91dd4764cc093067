//! Whose deployment is it? The payload names the run, the attempt and the job that made it.

use serde_json::{Value, json};

use crate::ci::Ci;

/// The payload with our name in it, unless it is of a kind that has no room for one. Where the CI
/// does not tell one job from another, a mark does: so a matrix's legs do not take each other's.
pub(super) fn payload_with_owner(payload: &Value, ci: &Ci) -> Value {
    let mut owner = json!({ "run": ci.run, "attempt": ci.attempt, "job": ci.job });
    if ci.job_page.is_none() {
        owner["mark"] = format!("{:016x}", fastrand::u64(..)).into();
    }
    match payload {
        Value::Null => json!({ OWNER: owner }),
        Value::Object(given) => {
            let mut merged = given.clone();
            merged.insert(OWNER.to_owned(), owner);
            Value::Object(merged)
        }
        other => other.clone(),
    }
}

/// The key in a payload under which the run, attempt and job stand that made the deployment.
const OWNER: &str = "deployment_status";

/// Who made it, if it was one of us.
pub(super) fn of(payload: &Value) -> Option<&Value> {
    payload.get(OWNER).filter(|owner| owner.is_object())
}

/// Another run, attempt or job made it.
pub(super) fn is_another(payload: &Value, ci: &Ci) -> bool {
    of(payload).is_some_and(|owner| {
        let is = |key: &str, ours: &str| owner.get(key).and_then(Value::as_str) == Some(ours);
        !(is("run", &ci.run) && is("attempt", &ci.attempt) && is("job", &ci.job))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::WebUrl;

    fn ci() -> Ci {
        Ci {
            run: "1".to_owned(),
            attempt: "2".to_owned(),
            job: "3".to_owned(),
            job_page: WebUrl::parse("https://ci.example/1/3"),
            ..Ci::default()
        }
    }

    #[test]
    fn the_owner_is_merged_into_an_object() {
        assert_eq!(
            payload_with_owner(&json!({ "a": 1 }), &ci()),
            json!({ "a": 1, "deployment_status": { "run": "1", "attempt": "2", "job": "3" } })
        );
        assert_eq!(payload_with_owner(&json!("text"), &ci()), json!("text"));
    }

    #[test]
    fn another_job_and_another_attempt_are_not_us() {
        let ours = payload_with_owner(&Value::Null, &ci());
        assert!(!is_another(&ours, &ci()));
        assert!(is_another(&ours, &Ci { job: "4".to_owned(), ..ci() }));
        assert!(is_another(&ours, &Ci { attempt: "1".to_owned(), ..ci() }));
        assert!(!is_another(&json!({ "a": 1 }), &ci()));
        assert!(!is_another(&json!(""), &ci()));
    }

    #[test]
    fn two_jobs_that_the_ci_does_not_tell_apart_are_marked() {
        let unknown = || Ci { job_page: None, ..ci() };
        let [one, other] = [(); 2].map(|()| payload_with_owner(&Value::Null, &unknown()));
        assert_ne!(one, other);
        assert!(!is_another(&one, &unknown()));
    }
}
