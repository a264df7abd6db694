//! Making apps: drafts, versions, files, and a whole app from one table.

mod actions;
mod difference;
mod generate;
mod guide;
mod model;
mod pages;
mod present;

pub use actions::{Made, check, export, find, import, make};
pub(super) use model::MOST;
pub use model::{Author, Found, Import};
pub(super) use pages::routes;
pub(super) use present::Present;
