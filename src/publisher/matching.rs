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
            None => !status.is_final() || says(status, sent),
        })
        .find(|status| says(status, sent))
}

/// Where a status lies that was sent before another, which GitHub holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Above,
    Below,
    Nowhere,
}

pub(super) fn place(held: &[Status], sent: &NewStatus, other: StatusId) -> Place {
    let mut above = held.iter().take_while(|status| status.id > other);
    let below = held.iter().position(|status| status.id < other).unwrap_or(held.len());
    if above.any(|status| says(status, sent)) {
        Place::Above
    } else if find(&held[below..], sent, None).is_some() {
        Place::Below
    } else {
        Place::Nowhere
    }
}

fn says(held: &Status, sent: &NewStatus) -> bool {
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
