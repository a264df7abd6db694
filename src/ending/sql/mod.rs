//! What is on its way out, what is gone, and what proves it.

mod endings;
mod park;
mod proofs;
mod returns;
mod settings;

pub(super) use endings::{
    children, clear, close, count_of, due, fail, forget, in_state, insert, known, of_instance, one,
    set_state, some_of, to_purge,
};
pub(super) use park::{
    Kept, delete, forget_kept, holding, is_referred_to, kept_places, park, quoted, referring,
    restore, tried,
};
pub(super) use proofs::{
    Certified, add_certificate, add_tombstone, certificate, has_tombstone, tombstones,
};
pub(super) use returns::{
    by_link, closed_of, cut_off, hold, insert_return, let_go, one_return, return_expired,
    return_failed, return_made, returns, returns_over, set_link, use_link, workspace_name,
};
pub(super) use settings::{keep_setting, setting};
