//! SQL of deliveries: what was set up, and the log of who got what.

mod log;
mod settings;

pub(super) use log::{
    Making, by_link, due, end, has_open, insert, is_known, is_named, later, made, make_anew,
    newest_mark, open, set_link, use_link,
};
pub(in crate::surveys) use log::{list, one as delivered};
pub(in crate::surveys) use settings::{all, one};
pub(super) use settings::{keep, remove, scheduled, set_slot, stop};
