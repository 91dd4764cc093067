//! What the path and the fragment of a URL tell about what is behind it.

use std::sync::LazyLock;

use super::super::data::labels;
use super::super::data::phrase_table::PhraseTable;
use super::host::{HostClass, Reason};

static SEGMENTS: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(&[labels::SEGMENTS]));

static FILES: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(&[labels::FILES]));

/// What stands on a chain is shown by its explorer: an address or a transaction has 40 digits or more.
const ON_CHAIN: i32 = -8;
const CHAIN_DIGITS: usize = 40;

/// Behind `app.` a vendor shows one customer's things.
const BEHIND_APP: i32 = -2;

/// An app's pages are the app; on a host that is known for apps a name in the path says little.
const PAGE_OF_APP: i32 = -1;

/// What only machines ask for is nobody's page, whoever runs it.
const FOR_MACHINES: i32 = -6;

/// A page deep inside of a host that nobody knows.
const UNANNOUNCED_PAGE: i32 = -4;

/// What a path says against a URL; never more than nothing.
pub(in super::super) fn reason(
    path: &str,
    host: &str,
    class: HostClass,
) -> impl Iterator<Item = (Reason, i32)> {
    let is_behind_app = path.len() > 1 && host.starts_with("app.") && class == HostClass::Unknown;
    let behind_app = is_behind_app.then_some((Reason::BehindApp, BEHIND_APP));
    behind_app.into_iter().chain(named(path, class))
}

/// Whether it leads deeper than to a front page, so that words must say what it is.
pub(in super::super) fn is_inner(path: &str) -> bool {
    !matches!(path.trim_end_matches('/'), "" | "?" | "#" | "/#" | "/index.html" | "/index.htm")
}

/// What a deep page on an unknown host costs where no plain words announce it.
pub(in super::super) fn unannounced() -> (Reason, i32) {
    (Reason::Unannounced, UNANNOUNCED_PAGE)
}

fn named(path: &str, class: HostClass) -> Option<(Reason, i32)> {
    if path.len() <= 1 {
        return None;
    }
    let lower = path.to_ascii_lowercase();
    let file = lower.split(['?', '#']).next().unwrap_or_default();
    if let Some(end) = file.rsplit_once('.').and_then(|(_, end)| FILES.get(end)) {
        return Some((Reason::File(end.text), end.weight));
    }
    let route = lower.split('?').next().unwrap_or_default();
    let is_hex = |digits: &str| {
        digits.len() >= CHAIN_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit())
    };
    if route.split(['/', '#']).any(|part| part.strip_prefix("0x").is_some_and(is_hex)) {
        return Some((Reason::Segment("0x…"), ON_CHAIN));
    }
    let segment = route.split(['/', '#', '@']).find_map(|segment| SEGMENTS.get(segment))?;
    let points = match class {
        HostClass::App if labels::MACHINE_SEGMENTS.contains(&segment.text) => FOR_MACHINES,
        HostClass::App => PAGE_OF_APP,
        HostClass::Shared | HostClass::Vendor | HostClass::Unknown => segment.weight,
    };
    Some((Reason::Segment(segment.text), points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_machines_ask_for_counts_against_an_app_too() {
        for segment in labels::MACHINE_SEGMENTS {
            let found = named(&format!("/{segment}"), HostClass::App);
            assert_eq!(found, Some((Reason::Segment(segment), FOR_MACHINES)));
        }
    }
}
