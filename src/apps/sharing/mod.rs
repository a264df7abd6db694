//! Who may open, edit and publish an app, and why.

mod actions;
mod decide;
mod kept;
mod model;
mod pages;
mod sql;

pub(super) use kept::{Kept, decision, hold};
pub(super) use model::Act;
pub(super) use pages::{MayDelete, MayEdit, MayLook, MayPublish, routes};
