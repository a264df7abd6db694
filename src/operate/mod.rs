//! How the instance stands: certificate, keys, limits, version; the root that
//! browsers may trust; whether they come by TLS only; whom to tell of a hole.

mod actions;
mod image;
mod model;
mod pages;
mod sql;
mod watch;

pub use actions::{ask_for_keys, change_keys, keys, recall, tell_of_versions};
pub use model::{Error, KeyFacts, Keys, Wanted};
pub use pages::routes;
pub use watch::watch;
