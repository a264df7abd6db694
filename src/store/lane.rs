//! Who waits for whom.

use crate::base::Bound;

/// Who waits for whom: work in one lane never takes a seat in another, so a
/// long export leaves the pages their connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A page somebody waits for.
    Page,
    /// A builder trying a query.
    Desk,
    /// An export that may take minutes.
    Export,
}

impl Lane {
    pub(super) fn bound(self) -> Bound {
        match self {
            Lane::Page => Bound::Page,
            Lane::Desk => Bound::Desk,
            Lane::Export => Bound::Export,
        }
    }
}
