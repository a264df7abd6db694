//! Where workspaces, stays in them, and what was opened are kept.

mod openings;
mod places;
mod stays;

pub(super) use openings::{opened, seen};
pub(super) use places::{
    Admin, admins, all, insert, is_member, needs_second, one, rename, set_closed, set_second,
};
pub(super) use stays::{
    agree, clear_away, end, end_of_offer, end_offer, insert_offer, insert_stay, of_everybody,
    of_workspace, offer_for, offers, stay,
};
