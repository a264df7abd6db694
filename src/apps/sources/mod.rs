//! Which database elsewhere an app asks under each name of its `uses`.

mod actions;
mod changing;
mod gate;
mod model;
mod policy;
mod sql;
mod who;
mod words;

pub(super) use actions::{Choice, choices, choose};
pub(super) use gate::unheld;
pub(super) use model::{Looked, Place, Places};
