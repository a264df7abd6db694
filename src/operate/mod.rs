//! How the instance stands: certificate, keys, limits, version; the root that
//! browsers may trust; whether they come by TLS only; whom to tell of a hole.

mod actions;
mod model;
mod pages;
mod sql;

pub use actions::{
    ask_for_keys, change_keys, forget_snapshots, keys, recall, tell_of_versions,
};
pub use model::{Error, KeyFacts, Keys, Wanted};
pub use pages::routes;
