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
