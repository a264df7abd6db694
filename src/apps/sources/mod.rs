//! Which database elsewhere an app asks under each name of its `uses`.

mod actions;
mod gate;
mod model;
mod policy;
mod sql;
mod words;

pub(super) use actions::{Choice, choices, choose};
pub(super) use gate::unheld;
pub(super) use model::{Place, Places};
