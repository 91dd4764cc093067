//! Whose deployment is it? Its payload names the run and the job that made it; where that names
//! nobody, the page does that its latest status points at.

use serde_json::{Map, Value, json};

use crate::ci::Ci;
use crate::ci::pages::Page;
use crate::deployment::Status;

/// Whose a deployment is. Nobody writes to what is another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ownership {
    Ours,
    /// In words: `run 2`, `job 9 of run 2`.
    Anothers(String),
    /// Ours to take, if it is of our commit.
    Nobodys,
}

/// Who counts as we.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// For `run` and `create`: another job of our own run is another.
    Job,
    /// For `finish` and `sweep`: any job of our run.
    Run,
}

/// The key in a payload under which the owner stands.
const OWNER: &str = "deployment_status";

impl Ownership {
    /// Whose a deployment with this payload and this latest status is.
    pub(crate) fn of(payload: &Value, latest: Option<&Status>, ci: &Ci, scope: Scope) -> Self {
        match Self::by_payload(payload, ci, scope) {
            Self::Nobodys => {
                let page = latest.and_then(page_of);
                page.map_or(Self::Nobodys, |page| Self::by_page(page, ci, scope))
            }
            known => known,
        }
    }

    /// Whose it is as far as the payload says; nobody's where that names no run.
    pub(crate) fn by_payload(payload: &Value, ci: &Ci, scope: Scope) -> Self {
        let Some(owner) = owner_in(payload) else { return Self::Nobodys };
        let (Some(run), job) = (text(&owner, "run"), text(&owner, "job")) else {
            return Self::Nobodys;
        };
        if run != ci.run {
            return Self::Anothers(format!("run {run}"));
        }
        if scope == Scope::Job && !ci.has_job_id && is_elsewhere(&owner, ci) {
            return Self::Anothers(format!("another job of run {run}"));
        }
        match job {
            Some(job) if scope == Scope::Job && !ci.job.is_empty() && job != ci.job => {
                Self::Anothers(format!("job {job} of run {run}"))
            }
            Some(_) | None => Self::Ours,
        }
    }

    fn by_page(page: &str, ci: &Ci, scope: Scope) -> Self {
        match (ci.page(page), scope) {
            (Page::OurJob, _) | (Page::OurRun | Page::OurRunsJob(_), Scope::Run) => Self::Ours,
            (Page::OurRun | Page::OfNoRun, _) => Self::Nobodys,
            (Page::OurRunsJob(whose), Scope::Job) | (Page::AnotherRun(whose), _) => {
                Self::Anothers(whose)
            }
        }
    }

    pub(crate) fn is_anothers(&self) -> bool {
        matches!(self, Self::Anothers(_))
    }
}

/// The run that made the deployment, if the payload names one.
pub(crate) fn run_in(payload: &Value) -> Option<String> {
    text(&owner_in(payload)?, "run")
}

/// The payload names who made the deployment, be it also by a blank name.
pub(crate) fn is_named(payload: &Value) -> bool {
    owner_in(payload).is_some()
}

/// Jobs of a matrix share a name where the runner gives them no id, but no runner.
fn is_elsewhere(owner: &Map<String, Value>, ci: &Ci) -> bool {
    !ci.runner.is_empty() && text(owner, "runner").is_some_and(|runner| runner != ci.runner)
}

/// Both payloads name the same owner, to the last key.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    owner_in(one).is_some_and(|owner| owner_in(other) == Some(owner))
}

/// Who makes a deployment, besides run and job.
#[derive(Clone, Debug)]
pub(super) enum Claim {
    /// A `run`: no other `run` is to take its deployment up. Blank where the job is enough.
    Run { use_id: Option<String> },
    /// A `create`: whoever follows in the same job is to take it up.
    Create,
}

impl Claim {
    /// Of a `run` with this input `use`. Where the CI does not tell one job from another, a mark
    /// does.
    pub(super) fn of_run(use_id: Option<&str>, ci: &Ci) -> Self {
        let use_id = use_id.map(str::to_owned);
        Self::Run { use_id: use_id.or_else(|| (!ci.has_job_id).then(mark)) }
    }

    /// The deployment was made by a `run`, and not by this one.
    pub(super) fn is_of_another_run(&self, payload: &Value) -> bool {
        let made_by = owner_in(payload).and_then(|owner| text(&owner, "use"));
        match (self, made_by) {
            (Self::Run { use_id }, Some(made_by)) => use_id.as_ref() != Some(&made_by),
            (Self::Run { .. }, None) | (Self::Create, _) => false,
        }
    }
}

fn mark() -> String {
    format!("{:016x}", fastrand::u64(..))
}

/// The payload with our name in it, unless it is of a kind that has no room for one.
pub(super) fn payload_with_owner(payload: &Value, ci: &Ci, claim: &Claim) -> Value {
    let mut owner = Map::new();
    let mut name = |key: &str, name: &str| {
        if !name.is_empty() {
            owner.insert(key.to_owned(), name.into());
        }
    };
    name("run", &ci.run);
    name("attempt", &ci.attempt);
    name("job", &ci.job);
    name("ref_name", &ci.ref_name);
    if !ci.has_job_id {
        name("runner", &ci.runner);
    }
    match claim {
        Claim::Run { use_id } => name("use", use_id.as_deref().unwrap_or_default()),
        Claim::Create if ci.has_job_id => {}
        // Two jobs that the CI does not tell apart are not to find each other's creation.
        Claim::Create => name("mark", &mark()),
    }
    match payload {
        Value::Null => json!({ OWNER: owner }),
        Value::Object(given) => {
            let mut merged = given.clone();
            merged.insert(OWNER.to_owned(), owner.into());
            Value::Object(merged)
        }
        other => other.clone(),
    }
}

/// Some clients send an object as a text, which GitHub keeps as one.
fn owner_in(payload: &Value) -> Option<Map<String, Value>> {
    let owner = match payload {
        Value::String(text) => serde_json::from_str::<Value>(text).ok()?.get(OWNER)?.clone(),
        other => other.get(OWNER)?.clone(),
    };
    match owner {
        Value::Object(owner) => Some(owner),
        _ => None,
    }
}

fn text(owner: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match owner.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Where a status says that the work can be watched.
pub(crate) fn page_of(status: &Status) -> Option<&str> {
    let urls = [&status.log_url, &status.target_url].into_iter().flatten();
    urls.map(String::as_str).find(|url| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ci() -> Ci {
        let name = |text: &str| text.to_owned();
        Ci {
            run: name("1"),
            attempt: name("2"),
            job: name("3"),
            has_job_id: true,
            ref_name: name("main"),
            ..Ci::default()
        }
    }

    fn whose(payload: &Value, scope: Scope) -> Ownership {
        Ownership::by_payload(payload, &ci(), scope)
    }

    fn anothers(whose: &str) -> Ownership {
        Ownership::Anothers(whose.to_owned())
    }

    #[test]
    fn the_owner_is_merged_into_an_object() {
        assert_eq!(
            payload_with_owner(&json!({ "a": 1 }), &ci(), &Claim::Create),
            json!({
                "a": 1,
                "deployment_status": { "run": "1", "attempt": "2", "job": "3", "ref_name": "main" }
            })
        );
        assert_eq!(payload_with_owner(&json!("text"), &ci(), &Claim::Create), json!("text"));
    }

    #[test]
    fn a_payload_says_whose_a_deployment_is() {
        let owner = |run: Value, job: Value| json!({ OWNER: { "run": run, "job": job } });
        assert_eq!(whose(&owner("1".into(), "3".into()), Scope::Job), Ownership::Ours);
        assert_eq!(whose(&owner(1.into(), Value::Null), Scope::Job), Ownership::Ours);
        let sibling = owner("1".into(), "4".into());
        assert_eq!(whose(&sibling, Scope::Job), anothers("job 4 of run 1"));
        assert_eq!(whose(&sibling, Scope::Run), Ownership::Ours);
        assert_eq!(whose(&owner("2".into(), "3".into()), Scope::Run), anothers("run 2"));
        for nobody in
            [json!({ "a": 1 }), json!(""), json!({ OWNER: 7 }), owner("".into(), 3.into())]
        {
            assert_eq!(whose(&nobody, Scope::Job), Ownership::Nobodys, "{nobody}");
        }
        let as_text = json!(owner("2".into(), "3".into()).to_string());
        assert_eq!(whose(&as_text, Scope::Job), anothers("run 2"));
    }

    #[test]
    fn outside_a_ci_what_names_a_run_is_anothers() {
        let made = payload_with_owner(&Value::Null, &ci(), &Claim::Create);
        let laptop = Ci::default();
        assert_eq!(Ownership::by_payload(&made, &laptop, Scope::Run), anothers("run 1"));
        let made = payload_with_owner(&Value::Null, &laptop, &Claim::Create);
        assert_eq!(Ownership::by_payload(&made, &laptop, Scope::Job), Ownership::Nobodys);
    }

    #[test]
    fn two_jobs_that_the_ci_does_not_tell_apart_are_marked() {
        let unknown = || Ci { has_job_id: false, ..ci() };
        let [one, other] =
            [(); 2].map(|()| payload_with_owner(&Value::Null, &unknown(), &Claim::Create));
        assert!(!is_same(&one, &other) && is_same(&one, &one));
        assert_eq!(Ownership::by_payload(&one, &unknown(), Scope::Job), Ownership::Ours);
    }

    #[test]
    fn two_jobs_of_one_name_on_two_runners_are_two() {
        let on = |runner: &str| Ci { has_job_id: false, runner: runner.to_owned(), ..ci() };
        let made = payload_with_owner(&Value::Null, &on("a"), &Claim::Create);
        assert_eq!(Ownership::by_payload(&made, &on("a"), Scope::Job), Ownership::Ours);
        assert!(Ownership::by_payload(&made, &on("b"), Scope::Job).is_anothers());
        assert_eq!(Ownership::by_payload(&made, &on("b"), Scope::Run), Ownership::Ours);
    }

    #[test]
    fn two_runs_in_one_job_are_told_apart_by_their_use() {
        let of_run = |use_id: &str| Claim::of_run(Some(use_id), &ci());
        let made = payload_with_owner(&Value::Null, &ci(), &of_run("a"));
        assert!(of_run("b").is_of_another_run(&made) && !of_run("a").is_of_another_run(&made));
        assert!(!Claim::Create.is_of_another_run(&made));
        let created = payload_with_owner(&Value::Null, &ci(), &Claim::Create);
        assert!(!of_run("b").is_of_another_run(&created));
    }
}
