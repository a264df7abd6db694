//! How the instance stands: certificate, fingerprint, version; the root that
//! browsers may trust; whether they come by TLS only; whom to tell of a hole.

mod actions;
mod pages;
mod sql;

pub use actions::recall;
pub use pages::routes;
