//! What can be done about workspaces, and about stays in them.

mod notice;
mod offers;
mod opening;
mod places;
mod stays;
mod witness;

pub(super) use offers::{end_offer, offer};
pub(super) use opening::keep;
pub(super) use places::{make, rename, set_closed, set_second};
pub(super) use stays::{agree, ask, end};
pub(super) use witness::UnderGrant;
