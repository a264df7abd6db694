//! Who may open, edit and publish an app, and why.

mod actions;
mod decide;
mod kept;
mod model;
mod pages;
mod sql;

pub use kept::may_delete;
pub(super) use kept::{Kept, decision, hold, is_for_everybody};
pub(super) use model::Act;
pub(super) use pages::{MayEdit, MayLook, MayPublish, routes};
