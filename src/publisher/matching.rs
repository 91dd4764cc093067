//! What the list of statuses says about one that we sent. It asks for nothing itself.

use crate::deployment::{Description, NewStatus, Status, StatusId, WebUrl};

/// The status that says what we sent, among those that came after the newest that we knew.
pub(super) fn find<'a>(
    held: &'a [Status],
    sent: &NewStatus,
    newest: Option<StatusId>,
) -> Option<&'a Status> {
    held.iter()
        .take_while(|status| match newest {
            Some(newest) => status.id > newest,
            // What lies below a final status is from an earlier deploy.
            None => !status.is_final() || states_the_same(status, sent),
        })
        .find(|status| states_the_same(status, sent))
}

/// Where a status lies that was sent before another, which GitHub holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Above,
    Below,
    Nowhere,
}

pub(super) fn position(held: &[Status], sent: &NewStatus, other: StatusId) -> Position {
    let mut above = held.iter().take_while(|status| status.id > other);
    let below = held.iter().position(|status| status.id < other).unwrap_or(held.len());
    if above.any(|status| states_the_same(status, sent)) {
        Position::Above
    } else if find(&held[below..], sent, None).is_some() {
        Position::Below
    } else {
        Position::Nowhere
    }
}

fn states_the_same(held: &Status, sent: &NewStatus) -> bool {
    fn same(held: Option<&String>, sent: Option<&str>) -> bool {
        sent.is_none_or(|sent| held.is_some_and(|held| held == sent))
    }
    held.state == sent.state.as_str()
        && same(held.description.as_ref(), sent.description.as_ref().map(Description::as_str))
        && same(held.environment.as_ref(), sent.environment.as_deref())
        && same(held.environment_url.as_ref(), sent.environment_url.as_ref().map(WebUrl::as_str))
        && same(held.target_url.as_ref(), sent.target_url.as_ref().map(WebUrl::as_str))
        && same(held.log_url.as_ref(), sent.log_url.as_ref().map(WebUrl::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::deployment::State;

    const URL: &str = "https://example.com/";

    /// What says everything that a status can say.
    fn full() -> Value {
        json!({
            "id": 7, "state": "pending", "description": "Deploying", "environment": "qa",
            "environment_url": URL, "target_url": URL, "log_url": URL,
        })
    }

    fn held(id: u64, state: &str) -> Status {
        read(json!({ "id": id, "state": state }))
    }

    fn read(status: Value) -> Status {
        serde_json::from_value(status).expect("it is a status")
    }

    fn sent(state: State) -> NewStatus {
        NewStatus {
            state,
            target_url: WebUrl::parse(URL),
            log_url: WebUrl::parse(URL),
            description: Some(Description::new("Deploying")),
            environment: Some("qa".to_owned()),
            environment_url: WebUrl::parse(URL),
            auto_inactive: None,
        }
    }

    #[test]
    fn a_status_that_says_anything_else_is_not_what_was_sent() {
        let pending = sent(State::Pending);
        assert!(states_the_same(&read(full()), &pending));
        let fields = full();
        for field in fields.as_object().expect("it is an object").keys().filter(|key| *key != "id")
        {
            let mut other = full();
            other[field] = json!("something else");
            assert!(!states_the_same(&read(other), &pending), "{field}");
        }
    }

    #[test]
    fn what_was_not_sent_may_be_anything() {
        let bare = NewStatus::of(State::Pending);
        assert!(states_the_same(&read(full()), &bare));
        assert!(!states_the_same(&held(7, "queued"), &bare));
    }

    #[test]
    fn a_status_is_found_above_the_newest_that_was_known_or_above_an_earlier_deploy() {
        let bare = NewStatus::of(State::Pending);
        let found = |list: &[Status], newest| find(list, &bare, newest).map(|found| found.id);
        let pending = held(5, "pending");
        let id = pending.id;

        assert_eq!(found(&[held(6, "in_progress"), pending.clone()], None), Some(id));
        assert_eq!(found(&[held(6, "success"), pending.clone()], None), None);
        let alone = [pending];
        assert_eq!(found(&alone, Some(held(4, "queued").id)), Some(id));
        assert_eq!(found(&alone, Some(id)), None);
    }

    #[test]
    fn an_earlier_status_lies_above_or_below_the_later_one_or_nowhere() {
        let bare = NewStatus::of(State::Pending);
        let of = |list: &[Status]| position(list, &bare, held(6, "success").id);

        assert_eq!(of(&[held(7, "pending"), held(6, "success")]), Position::Above);
        assert_eq!(of(&[held(6, "success"), held(5, "pending")]), Position::Below);
        assert_eq!(of(&[held(6, "success"), held(5, "queued")]), Position::Nowhere);
        assert_eq!(of(&[held(6, "pending")]), Position::Nowhere);
    }
}
