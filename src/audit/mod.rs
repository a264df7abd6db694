//! The chain, for reading. Writing the journal is everyone's business; see
//! [`crate::journal`].

mod pages;
mod sql;

pub use pages::routes;
