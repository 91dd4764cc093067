//! What came of a line, which says whether one like it is to be judged again.

/// What came of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A candidate, or something that depends on what has been seen before.
    Something,
    /// Nothing, and a line like it is nothing wherever it stands.
    Nothing,
    /// Nothing, because of what is above it.
    NothingHere,
}

impl Outcome {
    pub(super) fn nothing(wherever: bool) -> Self {
        if wherever { Self::Nothing } else { Self::NothingHere }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Something, _) | (_, Self::Something) => Self::Something,
            (Self::NothingHere, _) | (_, Self::NothingHere) => Self::NothingHere,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}
