//! Making apps: drafts, versions, files, and a whole app from one table.

mod actions;
mod changes;
mod difference;
mod generate;
mod guide;
mod lint;
mod model;
mod pages;
mod present;
mod statement;
mod trying;

pub use actions::{Made, check, export, find, import, make};
pub(super) use actions::{begin, free};
pub(super) use model::MOST;
pub use model::{Author, Found, Import};
pub(super) use pages::{arrived, fault, routes};
pub(super) use present::Present;
