//! A tag in front of a line, and what is left behind it.

/// How far a logger's name may reach.
pub(super) const MAX_NAME: usize = 64;

/// What is left when a tag is taken away.
pub(super) struct Tag<'a> {
    pub(super) rest: &'a str,
    pub(super) is_complaint: bool,
    pub(super) label: Option<&'a str>,
}

impl<'a> Tag<'a> {
    pub(super) fn plain(rest: &'a str) -> Self {
        Self::of_level(rest, false)
    }

    pub(super) fn of_level(rest: &'a str, is_complaint: bool) -> Self {
        Self { rest, is_complaint, label: None }
    }
}
