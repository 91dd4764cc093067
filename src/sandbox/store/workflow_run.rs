//! A workflow run: where it stands, and how each state is written.

use std::time::SystemTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkflowRun {
    pub(in crate::sandbox) id: u64,
    /// The newest one.
    pub(in crate::sandbox) attempt: u64,
    pub(in crate::sandbox) status: &'static str,
    /// `None` until it is completed.
    pub(in crate::sandbox) conclusion: Option<&'static str>,
    pub(in crate::sandbox) created: SystemTime,
}

/// A run that is not over has a status alone.
/// <https://docs.github.com/en/rest/actions/workflow-runs>
const STATUSES: [&str; 5] = ["queued", "in_progress", "waiting", "requested", "pending"];

const CONCLUSIONS: [&str; 9] = [
    "success",
    "failure",
    "cancelled",
    "skipped",
    "timed_out",
    "action_required",
    "neutral",
    "stale",
    "startup_failure",
];

impl WorkflowRun {
    /// Reads `ID:STATE` or `ID/ATTEMPT:STATE`.
    pub(in crate::sandbox) fn parse(text: &str) -> Result<Self, String> {
        let run = text.split_once(':').and_then(|(id, state)| {
            let (id, attempt) = id.split_once('/').unwrap_or((id, "1"));
            Self::new(id.parse().ok()?, attempt.parse().ok()?, state)
        });
        run.ok_or_else(|| {
            format!(
                "`{text}` is no workflow run: write `ID:STATE` or `ID/ATTEMPT:STATE`, with a \
                 status ({}) or a conclusion ({})",
                STATUSES.join(", "),
                CONCLUSIONS.join(", ")
            )
        })
    }

    /// `None` if the state is neither a status nor a conclusion, or a number is out of range.
    pub(in crate::sandbox) fn new(id: u64, attempt: u64, state: &str) -> Option<Self> {
        let find = |words: &[&'static str]| words.iter().copied().find(|word| *word == state);
        let (status, conclusion) = match (find(&STATUSES), find(&CONCLUSIONS)) {
            (Some(status), _) => (status, None),
            (None, Some(conclusion)) => ("completed", Some(conclusion)),
            (None, None) => return None,
        };
        let is_number = |number: u64| (1..=i64::MAX.unsigned_abs()).contains(&number);
        (is_number(id) && is_number(attempt)).then(|| Self {
            id,
            attempt,
            status,
            conclusion,
            created: SystemTime::now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: (u64, u64, &str, Option<&str>)) {
        let run = WorkflowRun::parse(text).expect("it is a run");
        assert_eq!((run.id, run.attempt, run.status, run.conclusion), expected);
    }

    #[test]
    fn a_run_is_an_id_and_a_status_or_a_conclusion() {
        check("7:in_progress", (7, 1, "in_progress", None));
        check("7:failure", (7, 1, "completed", Some("failure")));
        check("7/2:queued", (7, 2, "queued", None));
    }

    #[test]
    fn a_run_in_no_known_state_is_refused() {
        for text in
            ["7", "7:done", ":queued", "0:queued", "7/:queued", "99999999999999999999:queued"]
        {
            let why = WorkflowRun::parse(text).expect_err("it is refused");
            assert!(why.starts_with(&format!("`{text}` is no workflow run: ")), "{why}");
        }
    }
}
