//! A pull request: its head, and whether it is open, closed or merged.

use std::time::SystemTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PullRequest {
    pub(in crate::sandbox) number: u64,
    /// The commit at its head, 40 hexadecimal digits.
    pub(in crate::sandbox) head: String,
    pub(in crate::sandbox) state: PullState,
    pub(in crate::sandbox) created: SystemTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum PullState {
    Open,
    Closed,
    Merged,
}

impl PullRequest {
    /// Reads `NUMBER:SHA` or `NUMBER:SHA:STATE`.
    pub(in crate::sandbox) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let number = parts.next().and_then(|number| number.parse().ok());
        let head = parts.next().unwrap_or_default();
        let state = parts.next().unwrap_or("open");
        number.and_then(|number| Self::new(number, head, state)).ok_or_else(|| {
            format!(
                "`{text}` is no pull request: write `NUMBER:SHA` or `NUMBER:SHA:STATE`, with 40 \
                 digits of SHA and `open`, `closed` or `merged`"
            )
        })
    }

    pub(in crate::sandbox) fn new(number: u64, head: &str, state: &str) -> Option<Self> {
        let state = match state {
            "open" => PullState::Open,
            "closed" => PullState::Closed,
            "merged" => PullState::Merged,
            _ => return None,
        };
        let is_sha = head.len() == 40 && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_sha && (1..=i64::MAX.unsigned_abs()).contains(&number)).then(|| Self {
            number,
            head: head.to_ascii_lowercase(),
            state,
            created: SystemTime::now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA: &str = "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d";

    #[test]
    fn a_pull_request_is_a_number_a_sha_and_perhaps_a_state() {
        let state = |text: &str| PullRequest::parse(text).map(|pull| (pull.number, pull.state));
        assert_eq!(state(&format!("7:{SHA}")), Ok((7, PullState::Open)));
        assert_eq!(state(&format!("7:{SHA}:merged")), Ok((7, PullState::Merged)));
        for text in ["7", "7:main", "7:", &format!("x:{SHA}"), &format!("7:{SHA}:gone")] {
            assert!(PullRequest::parse(text).is_err(), "{text}");
        }
    }
}
