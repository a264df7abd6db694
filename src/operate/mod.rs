//! How the instance stands: certificate, keys, limits, version; and the root
//! that browsers may trust.

mod actions;
mod model;
mod pages;
mod sql;

pub use actions::{ask_for_keys, change_keys, keys};
pub use model::{Error, KeyFacts, Keys, Wanted};
pub use pages::routes;
